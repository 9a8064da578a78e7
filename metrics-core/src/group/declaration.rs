//! Groups on the link-time list.

use std::any::TypeId;

use crate::registry::{Declared, Registry};

/// A group with a global instance.
#[derive(Debug)]
pub struct GroupDeclaration {
    /// Returns the id of the group's type.
    pub type_id: fn() -> TypeId,
    /// Types of the groups inside it: they are exposed with it and not on their own.
    pub nested: &'static [fn() -> TypeId],
    /// The registry of `registry = PATH`; `None` is the global one.
    pub registry: Option<fn() -> &'static Registry>,
    /// Creates the static instance.
    pub touch: fn(),
}

impl Declared for GroupDeclaration {
    fn contained_groups(&self) -> &'static [fn() -> TypeId] {
        self.nested
    }

    fn register_in(&'static self, registry: &Registry, contained: &[TypeId]) {
        let own = self.registry.map_or_else(Registry::global, |own| own());
        if own.is(registry) && contained.binary_search(&(self.type_id)()).is_err() {
            (self.touch)();
        }
    }
}
