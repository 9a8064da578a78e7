//! The link-time list of the groups, functions and builds that macros declare.

use std::{any::TypeId, fmt};

use super::handle::Registry;
use crate::model::RegistrationError;

/// A declaration that registers itself: an annotated function, a group with a global instance, a build.
pub trait Declared: Sync + fmt::Debug {
    /// Returns the types of the groups that this one contains. They are registered with it and not on their own.
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
    /// Registers the metrics that macros have declared for this registry.
    ///
    /// Every scrape walks the list, as a library that is loaded later adds to it; an item that is registered costs one load.
    pub(crate) fn declare(&self) {
        let items = || inventory::iter::<DeclaredItem>.into_iter();
        let mut contained: Vec<TypeId> =
            items().flat_map(|item| item.0.contained_groups()).map(|type_id| type_id()).collect();
        contained.sort_unstable();
        for item in items() {
            item.0.register_in(self, &contained);
        }
    }

    /// Returns the registrations that failed, each with both places of declaration, and lists at most 1,000 errors. It is empty if
    /// every metric is on the page.
    ///
    /// Functions that share a series by accident are listed as well: methods of one name, annotated one by one in one module. So are
    /// objectives of one name with different numbers.
    ///
    /// Call it in a test, or at the start of a program that must not run without a metric.
    ///
    /// ```
    /// use metrics_core::{Counter, Definition, Registry};
    ///
    /// let registry = Registry::new();
    /// let _jobs: Counter = registry.register_or_detach(&Definition::new("jobs_total", "Jobs that ended."));
    /// assert_eq!(registry.registration_errors(), []);
    /// ```
    pub fn registration_errors(&self) -> Vec<RegistrationError> {
        self.declare();
        self.noted_errors()
    }
}
