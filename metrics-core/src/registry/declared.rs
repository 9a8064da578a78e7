//! The list that the linker makes of what macros declare.

use std::{any::TypeId, fmt};

use super::registry::Registry;
use crate::model::RegistrationError;

/// A declaration that registers itself: an annotated function, a group with a global instance, a build.
pub trait Declared: Sync + fmt::Debug {
    /// Types of the groups that this one contains. They are registered with it and not on their own.
    fn contained_groups(&self) -> &'static [fn() -> TypeId] {
        &[]
    }

    /// Registers the metrics that belong to this registry and are not registered yet; `contained` lists the groups that are part
    /// of others, sorted.
    fn register_in(&'static self, registry: &Registry, contained: &[TypeId]);
}

/// An entry of the list.
#[derive(Debug)]
pub struct DeclaredItem(pub &'static dyn Declared);

inventory::collect!(DeclaredItem);

impl Registry {
    /// Registers what macros have declared for this registry.
    ///
    /// The list is walked at every scrape, as a library that is loaded later adds to it; what is registered costs one load.
    pub(crate) fn declare(&self) {
        let items = || inventory::iter::<DeclaredItem>.into_iter();
        let mut contained: Vec<TypeId> =
            items().flat_map(|item| item.0.contained_groups()).map(|type_id| type_id()).collect();
        contained.sort_unstable();
        for item in items() {
            item.0.register_in(self, &contained);
        }
    }

    /// Returns the registrations that failed, each with the locations of both declarations; empty where all is well.
    ///
    /// Call it in a test, or at the start of a program that must not run with a metric missing.
    pub fn registration_errors(&self) -> Vec<RegistrationError> {
        self.declare();
        self.noted_errors()
    }
}
