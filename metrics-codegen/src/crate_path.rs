//! The path of `metrics_core` in the crate that uses a macro.

use std::{cell::RefCell, path::Path as FilePath};

use proc_macro2::Ident;
use quote::format_ident;
use syn::{LitStr, Path, parse_quote};

use crate::span::mixed_site;

const PACKAGE: &str = "metrics-core";
const DEFAULT: &str = "metrics_core";

/// The path that generated code uses: `crate = "…"` where given, else the dependency's name in the manifest.
pub(crate) fn path(written: Option<&LitStr>) -> syn::Result<Path> {
    written.map_or_else(|| Ok(found()), overridden)
}

/// The path of `crate = "…"`, which is absolute because generated code stands in scopes of any kind.
fn overridden(written: &LitStr) -> syn::Result<Path> {
    let path: Path = written
        .parse()
        .map_err(|_| syn::Error::new(written.span(), "`crate` takes a path: `crate = \"::metrics_core\"`"))?;
    let starts_at_root = path.segments.first().is_some_and(|first| first.ident == "crate");
    if path.leading_colon.is_some() || starts_at_root {
        return Ok(path);
    }
    let text = written.value();
    let message = format!(
        "`crate` takes an absolute path: `crate = \"::{text}\"` for a dependency, `crate = \"crate::{text}\"` for a module of this crate"
    );
    Err(syn::Error::new(written.span(), message))
}

thread_local! {
    /// The manifest's folder and the name found in it: a compiler asks for each macro, an editor's server for many crates.
    static FOUND: RefCell<Option<(String, String)>> = const { RefCell::new(None) };
}

/// The name of the dependency on metrics-core, `::metrics_core` where the manifest does not rename it.
pub(crate) fn found() -> Path {
    let name = name_in_this_manifest();
    let ident = if syn::parse_str::<Ident>(&name).is_ok() {
        Ident::new(&name, mixed_site())
    } else {
        format_ident!("{DEFAULT}", span = mixed_site())
    };
    parse_quote!(::#ident)
}

fn name_in_this_manifest() -> String {
    let Ok(folder) = std::env::var("CARGO_MANIFEST_DIR") else { return DEFAULT.to_owned() };
    FOUND.with_borrow_mut(|found| match found {
        Some((known, name)) if *known == folder => name.clone(),
        _ => {
            let name = name_in(FilePath::new(&folder)).unwrap_or_else(|| DEFAULT.to_owned());
            *found = Some((folder, name.clone()));
            name
        }
    })
}

/// The new name of a renamed dependency, in the manifest of a folder or inherited from the root of its workspace.
fn name_in(folder: &FilePath) -> Option<String> {
    let manifest = std::fs::read_to_string(folder.join("Cargo.toml")).ok()?;
    if let Some(name) = renamed_in(&manifest) {
        return Some(name);
    }
    let inherited = inherited_in(&manifest);
    if inherited.is_empty() {
        return None;
    }
    let root = folder.ancestors().find_map(|folder| {
        let manifest = std::fs::read_to_string(folder.join("Cargo.toml")).ok()?;
        manifest.lines().any(|line| line.trim().starts_with("[workspace")).then_some(manifest)
    })?;
    let renamed = renamed_in_workspace(&root)?;
    inherited.contains(&renamed).then(|| identifier(&renamed))
}

/// The dependencies that a manifest inherits: `m.workspace = true`, `m = { workspace = true }`, and a table with that line.
fn inherited_in(manifest: &str) -> Vec<String> {
    let mut table = Table::Other;
    let mut inherited = Vec::new();
    for line in manifest.lines().map(without_comment) {
        if let Some(header) = line.strip_prefix('[') {
            table = Table::of(header.trim_end_matches(']').trim());
            continue;
        }
        let Some((key, value)) = line.split_once('=') else { continue };
        let key = key.trim().trim_matches('"');
        let is_inherited = |value: &str| field_of(value, "workspace") == Some("true");
        match &table {
            Table::Dependencies => match key.split_once('.') {
                Some((name, "workspace")) if value.trim() == "true" => inherited.push(name.to_owned()),
                None if is_inherited(value) => inherited.push(key.to_owned()),
                _ => {}
            },
            Table::Dependency(name) if key == "workspace" && value.trim() == "true" => {
                inherited.push(name.clone());
            }
            Table::Dependency(_) | Table::Other => {}
        }
    }
    inherited
}

/// The new name of the dependency in `[workspace.dependencies]`.
fn renamed_in_workspace(manifest: &str) -> Option<String> {
    let mut table = String::new();
    for line in manifest.lines().map(without_comment) {
        if let Some(header) = line.strip_prefix('[') {
            header.trim_end_matches(']').trim().clone_into(&mut table);
            continue;
        }
        let Some((key, value)) = line.split_once('=') else { continue };
        let key = key.trim().trim_matches('"');
        if table == "workspace.dependencies" && names_package(value) {
            return Some(key.to_owned());
        }
        let own = table.strip_prefix("workspace.dependencies.").map(|name| name.trim_matches('"'));
        if let Some(name) = own
            && key == "package"
            && unquoted(value) == PACKAGE
        {
            return Some(name.to_owned());
        }
    }
    None
}

/// The name of a dependency in paths.
fn identifier(name: &str) -> String {
    name.replace('-', "_")
}

/// The new name of a dependency on metrics-core that is renamed: `m = { package = "metrics-core" }` in a table of
/// dependencies, or a table `[dependencies.m]` with that line. `None` where it also stands under its own name.
fn renamed_in(manifest: &str) -> Option<String> {
    let mut table = Table::Other;
    let mut renamed = None;
    for line in manifest.lines().map(without_comment) {
        if let Some(header) = line.strip_prefix('[') {
            table = Table::of(header.trim_end_matches(']').trim());
            if table == Table::Dependency(PACKAGE.to_owned()) {
                return None;
            }
            continue;
        }
        let Some((key, value)) = line.split_once('=') else { continue };
        let key = key.trim().trim_matches('"');
        match &table {
            Table::Dependencies if names_package(value) => renamed = Some(key.to_owned()),
            Table::Dependencies if key.split('.').next() == Some(PACKAGE) => return None,
            Table::Dependency(name) if key == "package" && unquoted(value) == PACKAGE => {
                renamed = Some(name.clone());
            }
            _ => {}
        }
    }
    renamed.as_deref().map(identifier)
}

/// A table of the manifest, as far as dependencies go.
#[derive(PartialEq)]
enum Table {
    Dependencies,
    Dependency(String),
    Other,
}

impl Table {
    fn of(header: &str) -> Self {
        let mut parts = header.split('.').map(|part| part.trim().trim_matches('"')).rev();
        let is_list = |part: &str| matches!(part, "dependencies" | "dev-dependencies" | "build-dependencies");
        match (parts.next(), parts.next()) {
            (Some(last), before) if is_list(last) && before != Some("workspace") => Self::Dependencies,
            (Some(last), Some(before)) if is_list(before) && parts.next() != Some("workspace") => {
                Self::Dependency(last.to_owned())
            }
            _ => Self::Other,
        }
    }
}

/// Returns `true` for an inline table with `package = "metrics-core"`.
fn names_package(value: &str) -> bool {
    field_of(value, "package") == Some(PACKAGE)
}

/// A field of an inline table.
fn field_of<'a>(table: &'a str, name: &str) -> Option<&'a str> {
    let fields = table.trim().strip_prefix('{')?.trim_end_matches('}').split(',');
    let mut fields = fields.filter_map(|field| field.split_once('='));
    fields.find(|(key, _)| key.trim() == name).map(|(_, value)| unquoted(value))
}

fn unquoted(value: &str) -> &str {
    value.trim().trim_matches(['"', '\''])
}

/// Returns a line without its comment. The searched lines have no `#` in a string.
fn without_comment(line: &str) -> &str {
    line.split('#').next().unwrap_or_default().trim()
}

#[cfg(test)]
mod tests {
    use super::{name_in, renamed_in};

    #[test]
    fn an_inline_rename_is_found() {
        let manifest =
            "[dependencies]\nserde = \"1\"\nm = { version = \"1\", package = \"metrics-core\" } # ours\n";
        assert_eq!(renamed_in(manifest).as_deref(), Some("m"));
    }

    #[test]
    fn a_table_rename_is_found() {
        let manifest = "[dev-dependencies.my-metrics]\npackage = 'metrics-core'\n[features]\n";
        assert_eq!(renamed_in(manifest).as_deref(), Some("my_metrics"));
    }

    #[test]
    fn a_rename_for_a_target_is_found() {
        let manifest = "[target.'cfg(unix)'.dependencies]\nmm = { package = \"metrics-core\" }\n";
        assert_eq!(renamed_in(manifest).as_deref(), Some("mm"));
    }

    #[test]
    fn its_own_name_wins() {
        let manifest =
            "[dependencies]\nmetrics-core = \"1\"\n[dev-dependencies]\nm = { package = \"metrics-core\" }\n";
        assert_eq!(renamed_in(manifest), None);
        assert_eq!(renamed_in("[dependencies]\nmetrics-core.workspace = true\n"), None);
        assert_eq!(renamed_in("[dependencies.metrics-core]\npath = \"x\"\n"), None);
    }

    #[test]
    fn a_rename_is_inherited_from_the_workspace() {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let write = |path: &str, text: &str| {
            let path = folder.path().join(path);
            std::fs::create_dir_all(path.parent().expect("a folder")).expect("a folder");
            std::fs::write(path, text).expect("a file");
        };
        let name = |path: &str| name_in(&folder.path().join(path));
        write(
            "Cargo.toml",
            "[workspace]\n[workspace.dependencies]\nmy-metrics = { package = \"metrics-core\" }\n",
        );
        write("a/Cargo.toml", "[dependencies]\nmy-metrics.workspace = true\n");
        write("b/c/Cargo.toml", "[dependencies]\nmy-metrics = { workspace = true, features = [\"gzip\"] }\n");
        write("d/Cargo.toml", "[dev-dependencies.my-metrics]\nworkspace = true\n");
        write("e/Cargo.toml", "[dependencies]\nserde.workspace = true\n");
        write("f/Cargo.toml", "[dependencies]\nmetrics-core.workspace = true\n");
        for path in ["a", "b/c", "d"] {
            assert_eq!(name(path).as_deref(), Some("my_metrics"), "{path}");
        }
        assert_eq!((name("e"), name("f"), name("nowhere")), (None, None, None));
        write(
            "Cargo.toml",
            "[workspace]\nmembers = []\n[workspace.dependencies.my-metrics]\npackage = \"metrics-core\"\n",
        );
        assert_eq!(name("a").as_deref(), Some("my_metrics"));
    }

    #[test]
    fn other_tables_do_not_count() {
        assert_eq!(renamed_in("[workspace.dependencies]\nm = { package = \"metrics-core\" }\n"), None);
        assert_eq!(renamed_in("[package]\nname = \"x\"\n"), None);
    }
}
