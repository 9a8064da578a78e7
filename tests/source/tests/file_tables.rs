//! `docs/files.md` lists every source file with the first sentence of its documentation.
//!
//! `BLESS=1 cargo test -p tests-source --test file_tables` writes it anew.

use std::{env, fmt::Write as _, fs, path::Path};

use tests_source::{RepositoryFile, rust_files};

/// Folders in the document, each a heading.
const FOLDERS: [&str; 12] = [
    "metrics-lint/src/",
    "metrics-macros/src/",
    "metrics-codegen/src/",
    "metrics-core/src/",
    "metrics-core/tests/",
    "metrics-actix/src/",
    "metrics-actix/tests/",
    "metrics-contract/src/",
    "metrics-contract/tests/",
    "tests/",
    "examples/",
    "benches/",
];

/// Files of one subject each, whose name says all.
const LEFT_OUT: [&str; 1] = ["tests/ui/fail/"];

fn root() -> &'static Path {
    Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/../.."))
}

fn listed(files: &[RepositoryFile]) -> Vec<&RepositoryFile> {
    files.iter().filter(|file| !LEFT_OUT.iter().any(|folder| file.path.starts_with(folder))).collect()
}

#[test]
fn every_file_says_what_it_holds() {
    let files = rust_files(root()).unwrap();
    let silent: Vec<_> = listed(&files)
        .into_iter()
        .filter(|file| FOLDERS.iter().any(|folder| file.path.starts_with(folder)))
        .filter(|file| !file.path.ends_with("/tests.rs") && file.summary().is_none())
        .map(|file| file.path.as_str())
        .collect();
    assert!(silent.is_empty(), "files without a first line of documentation: {silent:#?}");
}

#[test]
fn the_tables_are_made_of_the_files() {
    let files = rust_files(root()).unwrap();
    let files = listed(&files);
    let mut made = String::from(
        "# Files\n\nEach file with the first sentence of its documentation. \
         `BLESS=1 cargo test -p tests-source --test file_tables` makes this document; a test keeps it true.\n",
    );
    for folder in FOLDERS {
        write!(made, "\n## `{folder}`\n\n| file | contents |\n|---|---|\n").unwrap();
        for file in files.iter().filter(|file| file.path.starts_with(folder)) {
            if let Some(summary) = file.summary() {
                let name = &file.path[folder.len()..];
                writeln!(made, "| [`{name}`](../{}) | {} |", file.path, summary.replace('|', "\\|")).unwrap();
            }
        }
    }
    let path = root().join("docs/files.md");
    if env::var_os("BLESS").is_some() {
        fs::write(&path, &made).unwrap();
    }
    let stored = fs::read_to_string(&path).unwrap_or_default();
    let differences: Vec<_> =
        made.lines().filter(|line| !stored.lines().any(|other| other == *line)).collect();
    assert!(
        made == stored,
        "docs/files.md is not what the files say; run with BLESS=1:\n{}",
        differences.join("\n")
    );
}
