//! Follows the `mod` items of a crate from its root.

use std::fmt;

use syn::{Item, ItemMod};

use crate::{
    attributes::{explicit_path, is_for_tests},
    crate_tree::{CrateTree, Module, ModuleId},
    imports,
    sources::Sources,
};

/// A file that is missing, outside of the crate or no Rust.
#[derive(Debug, PartialEq, Eq)]
pub struct LoadError {
    /// Path of the file that was read.
    pub file: String,
    /// Line of the `mod` item, or of the syntax error.
    pub line: usize,
    /// Reason, without a full stop.
    pub reason: String,
}

impl fmt::Display for LoadError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}: {}", self.file, self.line, self.reason)
    }
}

impl std::error::Error for LoadError {}

impl CrateTree {
    /// Reads all modules from the root file on, except those behind `cfg(test)`.
    ///
    /// # Errors
    ///
    /// If a file is missing or no Rust, or a `#[path]` leads out of the crate's `src`.
    pub fn load(sources: &Sources, root: &str) -> Result<Self, LoadError> {
        let mut tree = Self::default();
        load_file(&mut tree, sources, root, None, folder_of(root))?;
        Ok(tree)
    }
}

/// Folders in which a file's child modules are looked for.
#[derive(Clone, Debug)]
struct ChildFolders {
    /// For `mod child;`.
    named: String,
    /// For `#[path = "…"] mod child;`.
    explicit: String,
}

fn folder_of(file: &str) -> String {
    file.rsplit_once('/').map_or_else(String::new, |(folder, _)| format!("{folder}/"))
}

fn load_file(
    tree: &mut CrateTree,
    sources: &Sources,
    file: &str,
    parent: Option<ModuleId>,
    named: String,
) -> Result<ModuleId, LoadError> {
    let error = |line, reason: String| LoadError { file: file.to_owned(), line, reason };
    let text = sources.get(file).ok_or_else(|| error(1, "no such file".to_owned()))?;
    let parsed =
        syn::parse_file(text).map_err(|cause| error(cause.span().start().line, cause.to_string()))?;
    let folders = ChildFolders { named, explicit: folder_of(file) };
    load_items(tree, sources, &parsed.items, file, parent, &folders)
}

fn load_items(
    tree: &mut CrateTree,
    sources: &Sources,
    items: &[Item],
    file: &str,
    parent: Option<ModuleId>,
    folders: &ChildFolders,
) -> Result<ModuleId, LoadError> {
    let id = tree.modules.len();
    tree.modules.push(Module { file: file.to_owned(), parent, ..Module::default() });
    imports::collect(tree, id, items);
    for item in items {
        if let Item::Mod(child) = item
            && !is_for_tests(&child.attrs)
        {
            let child_id = load_child(tree, sources, child, file, id, folders)?;
            tree.modules[id].children.entry(child.ident.to_string()).or_insert(child_id);
        }
    }
    Ok(id)
}

fn load_child(
    tree: &mut CrateTree,
    sources: &Sources,
    child: &ItemMod,
    file: &str,
    parent: ModuleId,
    folders: &ChildFolders,
) -> Result<ModuleId, LoadError> {
    let name = child.ident.to_string();
    let below = format!("{}{name}/", folders.named);
    if let Some((_, items)) = &child.content {
        let folders = ChildFolders { named: below.clone(), explicit: below };
        return load_items(tree, sources, items, file, Some(parent), &folders);
    }
    if let Some(path) = explicit_path(&child.attrs) {
        let path = format!("{}{path}", folders.explicit);
        if path.contains("../") || path.starts_with('/') {
            let reason =
                format!("`{path}` is outside of the crate's `src`, and would not be published with it");
            return Err(LoadError { file: file.to_owned(), line: child.ident.span().start().line, reason });
        }
        let named = folder_of(&path);
        return load_file(tree, sources, &path, Some(parent), named);
    }
    let folder_file = format!("{below}mod.rs");
    let child_file =
        if sources.get(&folder_file).is_some() { folder_file } else { format!("{}{name}.rs", folders.named) };
    load_file(tree, sources, &child_file, Some(parent), below)
}
