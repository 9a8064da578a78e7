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
            let manifest = std::fs::read_to_string(FilePath::new(&folder).join("Cargo.toml"));
            let name = renamed_in(&manifest.unwrap_or_default()).unwrap_or_else(|| DEFAULT.to_owned());
            *found = Some((folder, name.clone()));
            name
        }
    })
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
    renamed.map(|name| name.replace('-', "_"))
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
    let fields = value.trim().trim_start_matches('{').trim_end_matches('}').split(',');
    fields
        .filter_map(|field| field.split_once('='))
        .any(|(key, value)| key.trim() == "package" && unquoted(value) == PACKAGE)
}

fn unquoted(value: &str) -> &str {
    value.trim().trim_matches(['"', '\''])
}

/// A line without its comment; a `#` in a string does not occur in what is looked for.
fn without_comment(line: &str) -> &str {
    line.split('#').next().unwrap_or_default().trim()
}

#[cfg(test)]
mod tests {
    use super::renamed_in;

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
    fn other_tables_do_not_count() {
        assert_eq!(renamed_in("[workspace.dependencies]\nm = { package = \"metrics-core\" }\n"), None);
        assert_eq!(renamed_in("[package]\nname = \"x\"\n"), None);
    }
}
