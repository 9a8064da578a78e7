//! The modules of one crate and the names in their scopes.

use std::collections::{BTreeMap, BTreeSet};

/// Index of a module in its crate's tree. The root is 0.
pub(crate) type ModuleId = usize;

/// Segments of a path as written, without generic arguments. A path from the extern prelude begins with an empty one.
pub(crate) type Segments = Vec<String>;

/// One leaf of a `use` item.
#[derive(Clone, Debug)]
pub(crate) struct Import {
    pub(crate) path: Segments,
    /// The name that it brings into scope; `None` for a glob.
    pub(crate) name: Option<String>,
    pub(crate) line: usize,
    pub(crate) is_reexport: bool,
}

/// A path in the code of a module, outside of `use` items.
#[derive(Clone, Debug)]
pub(crate) struct InlinePath {
    pub(crate) path: Segments,
    pub(crate) line: usize,
}

/// A module, in a file of its own or inline.
#[derive(Debug, Default)]
pub(crate) struct Module {
    pub(crate) file: String,
    pub(crate) parent: Option<ModuleId>,
    pub(crate) children: BTreeMap<String, ModuleId>,
    pub(crate) items: BTreeSet<String>,
    pub(crate) imports: Vec<Import>,
    pub(crate) paths: Vec<InlinePath>,
    /// Names that the code uses on their own or as the first segment of a path.
    pub(crate) used: BTreeSet<String>,
}

/// The modules of one crate, without those for tests.
#[derive(Debug, Default)]
pub struct CrateTree {
    pub(crate) modules: Vec<Module>,
    /// Names that stand for the crate itself, by `extern crate self as …`.
    pub(crate) own_names: BTreeSet<String>,
    /// Macros that `#[macro_export]` puts into the root, by the module that defines them.
    pub(crate) exported_macros: BTreeMap<String, ModuleId>,
}

impl CrateTree {
    /// Paths of all files, sorted.
    pub fn files(&self) -> BTreeSet<&str> {
        self.modules.iter().map(|module| module.file.as_str()).collect()
    }

    /// Returns true if `inner` is `outer` or stands somewhere in it.
    pub(crate) fn is_within(&self, inner: ModuleId, outer: ModuleId) -> bool {
        let mut module = Some(inner);
        while let Some(current) = module {
            if current == outer {
                return true;
            }
            module = self.modules[current].parent;
        }
        false
    }
}
