//! Arrows between the files of a crate.

use std::{collections::BTreeMap, fmt};

use crate::{
    crate_tree::{CrateTree, Import, ModuleId},
    resolve::Target,
};

/// One file names what another one defines.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Arrow {
    /// The file that names it.
    pub from: String,
    /// First line in `from` that does.
    pub line: usize,
    /// The file that defines it.
    pub to: String,
    /// The path as written.
    pub path: String,
}

impl fmt::Display for Arrow {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{} names `{}`, which {} defines", self.from, self.line, self.path, self.to)
    }
}

/// The arrows of a crate, one for each two files, sorted.
pub fn arrows(tree: &CrateTree) -> Vec<Arrow> {
    let mut found = Found { tree, arrows: BTreeMap::new() };
    for (id, module) in tree.modules.iter().enumerate() {
        for import in &module.imports {
            found.add_import(id, import);
        }
        for inline in &module.paths {
            if let Some(Target::Item(target)) = tree.resolve(id, &inline.path) {
                found.add(id, inline.line, target, &inline.path);
            }
        }
    }
    found.arrows.into_values().collect()
}

struct Found<'a> {
    tree: &'a CrateTree,
    arrows: BTreeMap<(&'a str, &'a str), Arrow>,
}

impl<'a> Found<'a> {
    fn add(&mut self, from: ModuleId, line: usize, to: ModuleId, path: &[String]) {
        let tree: &'a CrateTree = self.tree;
        let (from, to) = (tree.modules[from].file.as_str(), tree.modules[to].file.as_str());
        if from == to {
            return;
        }
        let path = path.join("::");
        let arrow = Arrow { from: from.to_owned(), line, to: to.to_owned(), path };
        self.arrows
            .entry((from, to))
            .and_modify(|first| *first = first.clone().min(arrow.clone()))
            .or_insert(arrow);
    }

    fn add_import(&mut self, id: ModuleId, import: &Import) {
        let tree = self.tree;
        let Some(target) = tree.resolve(id, &import.path) else { return };
        let used = &tree.modules[id].used;
        match (target, &import.name) {
            (Target::Item(to), Some(name)) => {
                let only_passes_on = import.is_reexport && tree.is_within(to, id) && !used.contains(name);
                if !only_passes_on {
                    self.add(id, import.line, to, &import.path);
                }
            }
            (Target::Item(to), None) => self.add(id, import.line, to, &import.path),
            (Target::Module(_), Some(_)) => {}
            (Target::Module(module), None) => {
                for name in used {
                    if let Some(Target::Item(to)) = tree.resolve_exported(module, name) {
                        let path: Vec<_> = import.path.iter().chain([name]).cloned().collect();
                        self.add(id, import.line, to, &path);
                    }
                }
            }
        }
    }
}
