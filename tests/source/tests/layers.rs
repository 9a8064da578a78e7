//! The arrows between the files of this repository point one way.
//!
//! `cargo run -p tests-source` prints the same, also for another working tree: `cargo run -p tests-source -- PATH metrics-core`.

use std::path::Path;

use tests_source::repository;

fn root() -> &'static Path {
    Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/../.."))
}

fn packages() -> Vec<String> {
    let packages = repository::packages(root()).unwrap();
    for known in [
        "metrics-core",
        "metrics-codegen",
        "metrics-macros",
        "metrics-actix",
        "metrics-lint",
        "examples/quickstart",
    ] {
        assert!(packages.iter().any(|package| package == known), "{known} is not in {packages:?}");
    }
    packages
}

#[test]
fn no_arrow_points_up() {
    let mut found = Vec::new();
    for package in packages() {
        let violations = repository::layer_violations(root(), &package).unwrap();
        found.extend(violations.into_iter().map(|violation| format!("{package}/src: {violation}")));
    }
    assert!(found.is_empty(), "\n{}\n", found.join("\n"));
}

#[test]
fn no_files_form_a_circle() {
    let mut found = Vec::new();
    for package in packages() {
        let circles = repository::file_circles(root(), &package).unwrap();
        found.extend(circles.into_iter().map(|circle| format!("{package}/src: {circle}")));
    }
    assert!(found.is_empty(), "\n{}\n", found.join("\n"));
}
