//! A call site: one annotated function.

use std::any::TypeId;

use once_cell::race::OnceBox;

use super::{
    Call, CappedValue, Outcome, SiteDeclaration,
    call::Entry,
    plan::{OWN, Plan},
};
use crate::{
    label::Dimension,
    registry::{Declared, Registry},
};

/// An annotated function: a `static` that resolves its metrics once.
#[derive(Debug)]
pub struct CallSite {
    declaration: &'static SiteDeclaration,
    plan: OnceBox<Plan>,
}

impl CallSite {
    /// A call site that is not resolved yet.
    pub const fn new(declaration: &'static SiteDeclaration) -> Self {
        Self { declaration, plan: OnceBox::new() }
    }

    /// Begins a call whose value decides how it ends; dropped before [`Call::finish`] it is cancelled, or has panicked.
    #[inline]
    pub fn begin<const ARGUMENTS: usize>(&'static self, arguments: [u32; ARGUMENTS]) -> Call<ARGUMENTS> {
        Call::begin(self, arguments, Outcome::Cancelled)
    }

    /// Begins a call of a function that cannot fail; dropped it has ended well, or has panicked.
    #[inline]
    pub fn begin_plain<const ARGUMENTS: usize>(
        &'static self,
        arguments: [u32; ARGUMENTS],
    ) -> Call<ARGUMENTS> {
        Call::begin(self, arguments, Outcome::Ok)
    }

    /// The position of a capped label's value; `dimension` is the label's place among the site's dimensions.
    pub fn capped(&'static self, dimension: usize, value: &(impl CappedValue + ?Sized)) -> u32 {
        value.with_text(|text| self.plan().position(dimension, text))
    }

    /// Resolves a site whose labels have types that are known only in a call.
    #[inline]
    pub fn prepare(&'static self, dimensions: impl FnOnce() -> Vec<Dimension>) {
        if self.plan.get().is_none() {
            self.resolve(&dimensions());
        }
    }

    #[inline]
    fn plan(&'static self) -> &'static Plan {
        match self.plan.get() {
            Some(plan) => plan,
            None => self.resolve(&[]),
        }
    }

    #[cold]
    #[inline(never)]
    fn resolve(&'static self, dimensions: &[Dimension]) -> &'static Plan {
        self.plan.get_or_init(|| Box::new(Plan::resolve(self.declaration, dimensions)))
    }

    /// A call begins. Out of line, as everything below, so that an annotated function grows by a few instructions.
    #[inline(never)]
    pub(super) fn enter<const ARGUMENTS: usize>(&'static self) -> Entry {
        match self.plan.get() {
            Some(plan) => plan.enter::<ARGUMENTS>(&[]),
            None => self.enter_with(&[]),
        }
    }

    /// A call with labels from arguments begins.
    #[inline(never)]
    pub(super) fn enter_with(&'static self, arguments: &[u32]) -> Entry {
        self.plan().enter::<OWN>(arguments)
    }

    /// A call ends.
    #[inline(never)]
    pub(super) fn leave<const ARGUMENTS: usize>(&'static self, entry: Entry, ending: Outcome) {
        // It was resolved when the call began.
        if let Some(plan) = self.plan.get() {
            plan.leave::<ARGUMENTS>(entry, ending);
        }
    }

    /// A call with labels from arguments or from the returned value ends.
    #[inline(never)]
    pub(super) fn leave_with(
        &'static self,
        entry: Entry,
        arguments: &[u32],
        returned: &[u32],
        ending: Outcome,
    ) {
        self.plan().leave_with(entry, arguments, returned, ending);
    }

    /// A call ends without a value.
    #[inline(never)]
    pub(super) fn abandon(&'static self, entry: Entry, arguments: &[u32], dropped: Outcome) {
        self.plan().leave_with(entry, arguments, &[], entry.ending(dropped));
    }
}

impl Declared for CallSite {
    /// Registers the site's metrics, where the types of all labels are known.
    fn register_in(&'static self, registry: &Registry, _: &[TypeId]) {
        let is_known = || self.declaration.dimensions.iter().all(Option::is_some);
        if self.plan.get().is_none() && is_known() && self.declaration.registry().is(registry) {
            self.plan();
        }
    }
}
