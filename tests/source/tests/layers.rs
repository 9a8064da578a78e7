//! The arrows between the files of this repository point one way.
//!
//! `cargo run -p tests-source` prints the same, also for another working tree: `cargo run -p tests-source -- PATH metrics-core`.

use std::path::Path;

use tests_source::repository;

/// Packages whose files are still to be put in an order. Take out the ones that are.
const NOT_YET: &[&str] = &["examples/battle-arena", "metrics-core"];

fn root() -> &'static Path {
    Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/../.."))
}

#[test]
fn no_arrow_points_up_and_no_circle() {
    let packages = repository::packages(root()).unwrap();
    assert!(packages.iter().any(|package| package == "metrics-core"), "{packages:?}");
    assert!(NOT_YET.iter().all(|package| packages.iter().any(|known| known == package)), "{packages:?}");
    let ordered = packages.iter().filter(|package| !NOT_YET.contains(&package.as_str()));
    let violations: Vec<_> = ordered
        .flat_map(|package| {
            let found = repository::violations(root(), package);
            let found = found.unwrap_or_else(|error| vec![error.to_string()]);
            found.into_iter().map(move |violation| format!("{package}/src: {violation}"))
        })
        .collect();
    assert!(violations.is_empty(), "\n{}\n", violations.join("\n"));
}
