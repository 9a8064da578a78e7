//! Finds the module that defines what a path names.

use crate::crate_tree::{CrateTree, ModuleId};

/// The end of a path within the crate.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Target {
    /// A module itself.
    Module(ModuleId),
    /// An item, or something within one, that the module defines.
    Item(ModuleId),
}

/// More steps than any path takes: imports of one name from one another end here.
const MAX_DEPTH: usize = 32;

/// Reading of a name that no item defines: made by a macro, or none of this module's.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Unknown {
    IsMacroMade,
    IsNone,
}

impl CrateTree {
    /// Resolves a path as it stands in a module. `None` for a path into another crate.
    pub(crate) fn resolve(&self, from: ModuleId, path: &[String]) -> Option<Target> {
        self.resolve_path(from, path, Unknown::IsMacroMade, 0)
    }

    /// Resolves a name that a glob import of `module` brings into scope.
    pub(crate) fn resolve_exported(&self, module: ModuleId, name: &str) -> Option<Target> {
        self.resolve_in(module, &[name.to_owned()], Unknown::IsNone, 0)
    }

    fn resolve_path(
        &self,
        from: ModuleId,
        path: &[String],
        unknown: Unknown,
        depth: usize,
    ) -> Option<Target> {
        let (first, rest) = path.split_first()?;
        match first.as_str() {
            "" => None,
            "crate" => self.resolve_in(0, rest, unknown, depth),
            "self" | "super" => self.resolve_in(from, path, unknown, depth),
            name if self.own_names.contains(name) => self.resolve_in(0, rest, unknown, depth),
            name if self.is_in_scope(from, name, path, depth) => self.resolve_in(from, path, unknown, depth),
            _ => None,
        }
    }

    /// Returns true if a name means something of this crate in a module. The import of `path` itself is not asked.
    fn is_in_scope(&self, from: ModuleId, name: &str, path: &[String], depth: usize) -> bool {
        let module = &self.modules[from];
        module.children.contains_key(name)
            || module.items.contains(name)
            || module.imports.iter().any(|import| import.name.as_deref() == Some(name) && import.path != path)
            || self.resolve_in_globs(from, &[name.to_owned()], depth).is_some()
    }

    /// Resolves a path whose first segment is a name in `module`.
    fn resolve_in(
        &self,
        module: ModuleId,
        path: &[String],
        unknown: Unknown,
        depth: usize,
    ) -> Option<Target> {
        if depth > MAX_DEPTH {
            return None;
        }
        let Some((first, rest)) = path.split_first() else { return Some(Target::Module(module)) };
        let here = &self.modules[module];
        match first.as_str() {
            "self" => return self.resolve_in(module, rest, unknown, depth),
            "super" => return self.resolve_in(here.parent?, rest, unknown, depth),
            _ => {}
        }
        // A module and an item may have one name: what goes on is the module, what ends is the item.
        if !rest.is_empty()
            && let Some(&child) = here.children.get(first)
        {
            return self.resolve_in(child, rest, unknown, depth);
        }
        if here.items.contains(first) {
            return Some(Target::Item(module));
        }
        for import in here.imports.iter().filter(|import| import.name.as_deref() == Some(first)) {
            match self.resolve_path(module, &import.path, Unknown::IsMacroMade, depth + 1) {
                Some(Target::Module(target)) => return self.resolve_in(target, rest, unknown, depth + 1),
                Some(item) => return Some(item),
                None => {}
            }
        }
        if let Some(&child) = here.children.get(first) {
            return self.resolve_in(child, rest, unknown, depth);
        }
        if module == 0
            && let Some(&definition) = self.exported_macros.get(first)
        {
            return Some(Target::Item(definition));
        }
        let is_foreign = here.imports.iter().any(|import| import.name.as_deref() == Some(first));
        self.resolve_in_globs(module, path, depth)
            .or_else(|| (unknown == Unknown::IsMacroMade && !is_foreign).then_some(Target::Item(module)))
    }

    fn resolve_in_globs(&self, module: ModuleId, path: &[String], depth: usize) -> Option<Target> {
        let globs = self.modules[module].imports.iter().filter(|import| import.name.is_none());
        globs.into_iter().find_map(|glob| {
            // `use a::*` looks `a` up in the same scope, and would ask itself.
            if depth > MAX_DEPTH || glob.path.first() == path.first() {
                return None;
            }
            match self.resolve_path(module, &glob.path, Unknown::IsNone, depth + MAX_DEPTH / 4)? {
                Target::Module(target) if target != module => {
                    self.resolve_in(target, path, Unknown::IsNone, depth + MAX_DEPTH / 4)
                }
                _ => None,
            }
        })
    }
}
