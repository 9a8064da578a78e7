//! What macros have declared: a list that the linker makes.

use std::any::TypeId;

use super::Registry;
use crate::{collectors::register_builds, function::CallSite};

/// A group with a global instance.
#[derive(Debug)]
pub struct GroupDeclaration {
    /// The group's type.
    pub type_id: fn() -> TypeId,
    /// The types of the groups inside it: they are exposed with it and not by themselves.
    pub nested: &'static [fn() -> TypeId],
    /// The registry of `registry = PATH`; `None` is the global one.
    pub registry: Option<fn() -> &'static Registry>,
    /// Makes the static instance.
    pub touch: fn(),
}

/// An entry of the list of groups.
#[derive(Debug)]
pub struct DeclaredGroup(pub &'static GroupDeclaration);

/// An entry of the list of annotated functions.
#[derive(Debug)]
pub struct DeclaredSite(pub &'static CallSite);

inventory::collect!(DeclaredGroup);
inventory::collect!(DeclaredSite);

/// Registers what is on the lists, belongs to a registry and is not registered yet.
///
/// The lists are walked at every scrape, as a library that is loaded later adds to them; for what is registered this is one
/// load an entry.
pub(super) fn register_in(registry: &Registry) {
    if cfg!(not(feature = "enabled")) {
        return;
    }
    for site in inventory::iter::<DeclaredSite> {
        site.0.register_in(registry);
    }
    if registry.is_global() {
        register_builds(registry);
    }
    let groups = || inventory::iter::<DeclaredGroup>.into_iter();
    let nested: Vec<TypeId> = groups().flat_map(|group| group.0.nested).map(|type_id| type_id()).collect();
    let here = |group: &&DeclaredGroup| {
        let own = group.0.registry.map_or_else(Registry::global, |own| own());
        own.is(registry) && !nested.contains(&(group.0.type_id)())
    };
    for group in groups().filter(here) {
        (group.0.touch)();
    }
}
