//! A call site: one annotated function.

use std::any::TypeId;

use once_cell::race::OnceBox;

use super::{
    CappedValue, Outcome, SiteDeclaration,
    call_start::CallStart,
    resolved_site::{OWN, ResolvedSite},
};
use crate::{
    label::Dimension,
    registry::{Declared, Registry},
};

/// Call site of an annotated function: a `static` that resolves its metrics once.
#[derive(Debug)]
pub struct CallSite {
    declaration: &'static SiteDeclaration,
    plan: OnceBox<ResolvedSite>,
}

impl CallSite {
    /// Creates an unresolved call site.
    pub const fn new(declaration: &'static SiteDeclaration) -> Self {
        Self { declaration, plan: OnceBox::new() }
    }

    /// Returns the position of a capped label's value; `dimension` is the label's index among the dimensions of the site.
    pub fn capped(&'static self, dimension: usize, value: &(impl CappedValue + ?Sized)) -> u32 {
        value.with_text(|text| self.plan().position(dimension, text))
    }

    /// Resolves a site that has labels whose types are known only in a call.
    #[inline]
    pub fn prepare(&'static self, dimensions: impl FnOnce() -> Vec<Dimension>) {
        if self.plan.get().is_none() {
            self.resolve(&dimensions());
        }
    }

    #[inline]
    fn plan(&'static self) -> &'static ResolvedSite {
        match self.plan.get() {
            Some(plan) => plan,
            None => self.resolve(&[]),
        }
    }

    #[cold]
    #[inline(never)]
    fn resolve(&'static self, dimensions: &[Dimension]) -> &'static ResolvedSite {
        self.plan.get_or_init(|| Box::new(ResolvedSite::resolve(self.declaration, dimensions)))
    }

    /// Records the start of a call. It is not inlined, nor is anything below, so that an annotated function grows by a few instructions.
    #[inline(never)]
    pub(super) fn record_start<const ARGUMENTS: usize>(&'static self) -> CallStart {
        match self.plan.get() {
            Some(plan) => plan.record_start::<ARGUMENTS>(&[]),
            None => self.record_start_with(&[]),
        }
    }

    /// Records the start of a call with labels of arguments.
    #[inline(never)]
    pub(super) fn record_start_with(&'static self, arguments: &[u32]) -> CallStart {
        self.plan().record_start::<OWN>(arguments)
    }

    /// Records the end of a call.
    #[inline(never)]
    pub(super) fn record_end<const ARGUMENTS: usize>(&'static self, entry: CallStart, outcome: Outcome) {
        // The site was resolved at the start of the call.
        if let Some(plan) = self.plan.get() {
            plan.record_end::<ARGUMENTS>(entry, outcome);
        }
    }

    /// Records the end of a call with labels.
    #[inline(never)]
    pub(super) fn record_end_with(
        &'static self,
        entry: CallStart,
        arguments: &[u32],
        returned: &[u32],
        outcome: Outcome,
    ) {
        self.plan().record_end_with(entry, arguments, returned, outcome);
    }

    /// Records the end of a call that returned nothing.
    #[inline(never)]
    pub(super) fn record_drop(&'static self, entry: CallStart, arguments: &[u32], dropped: Outcome) {
        self.plan().record_end_with(entry, arguments, &[], entry.outcome(dropped));
    }
}

impl Declared for CallSite {
    /// Registers the metrics of the site, if the types of all labels are known.
    fn register_in(&'static self, registry: &Registry, _: &[TypeId]) {
        let is_known = || self.declaration.dimensions.iter().all(Option::is_some);
        if self.plan.get().is_none() && is_known() && self.declaration.registry().is(registry) {
            self.plan();
        }
    }
}
