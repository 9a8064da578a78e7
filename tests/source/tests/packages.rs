//! Each package compiles the files of its own folder alone, so that it can be published.

use std::path::{Component, Path, PathBuf};

use tests_source::rust_files;

fn root() -> &'static Path {
    Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/../.."))
}

/// Files that a source file has the compiler read as Rust, as written: of `#[path]` and of `include!`.
fn compiled_files(text: &str) -> impl Iterator<Item = &str> {
    let starts = ["#[path = \"", "include!(\""];
    starts.into_iter().flat_map(move |start| {
        text.split(start).skip(1).filter_map(|rest| rest.split_once('"').map(|(path, _)| path))
    })
}

/// Removes `..` from a path.
fn normal(path: &Path) -> PathBuf {
    let mut normal = PathBuf::new();
    for part in path.components() {
        if part == Component::ParentDir && normal.file_name().is_some() {
            normal.pop();
        } else {
            normal.push(part);
        }
    }
    normal
}

/// Folder of the package that a file belongs to, below the repository's root.
fn package(file: &Path) -> &Path {
    let package = file.ancestors().skip(1).find(|folder| root().join(folder).join("Cargo.toml").is_file());
    package.unwrap_or_else(|| panic!("{} is in no package", file.display()))
}

/// Files that are compiled by a package of another folder.
fn strangers(file: &str, text: &str) -> Vec<String> {
    let file = Path::new(file);
    let folder = file.parent().expect("a folder");
    compiled_files(text)
        .filter(|path| !normal(&folder.join(path)).starts_with(package(file)))
        .map(|path| format!("{} compiles {path}, which is outside of its package", file.display()))
        .collect()
}

#[test]
fn no_package_compiles_a_file_of_another() {
    let files = rust_files(root()).unwrap();
    assert!(
        files.iter().any(|file| file.path.starts_with("fuzz/")),
        "the fuzz targets are looked at as well"
    );
    // The checker's own tests have such paths in texts.
    let found: Vec<_> = files
        .iter()
        .filter(|file| !file.path.starts_with("tests/source/"))
        .flat_map(|file| strangers(&file.path, &file.text))
        .collect();
    assert!(found.is_empty(), "\n{}\n", found.join("\n"));
}

#[test]
fn a_file_of_another_package_is_found() {
    let text =
        "#[path = \"../../metrics-codegen/src/attr.rs\"] mod attr; const A: &[&str] = &include!(\"a.in\");";
    assert_eq!(strangers("fuzz/fuzz_targets/expand.rs", text).len(), 1);
    assert_eq!(strangers("tests/fuzz-cases/src/lib.rs", "include!(\"../../ui.rs\");").len(), 1);
    assert_eq!(strangers("tests/fuzz-cases/src/lib.rs", "#[path = \"../tests/a.rs\"] mod a;"), [""; 0]);
}
