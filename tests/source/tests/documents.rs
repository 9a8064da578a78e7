//! The documents of the repository name files that exist, and ARCHITECTURE.md shows the layers that are checked.

use std::{fs, path::Path};

use tests_source::repository::METRICS_CORE;

fn root() -> &'static Path {
    Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/../.."))
}

fn read(document: &str) -> String {
    fs::read_to_string(root().join(document)).unwrap()
}

/// Words in backticks.
fn quoted(text: &str) -> impl Iterator<Item = &str> {
    text.split('`').skip(1).step_by(2)
}

#[test]
fn files_that_documents_name_exist() {
    let mut missing = Vec::new();
    for document in ["ARCHITECTURE.md", "CONTRIBUTING.md"] {
        let text = read(document);
        let text: String = text.split("```").step_by(2).collect();
        let paths: Vec<_> = quoted(&text)
            .filter(|word| !word.contains([' ', '*', '<', '{', '…', ':']))
            .filter(|word| {
                ["metrics-", "tests/", "examples/", "benches/", "scripts/"]
                    .iter()
                    .any(|top| word.starts_with(top))
            })
            .filter(|word| word.contains('/'))
            .collect();
        assert!(paths.len() > 5, "{document} names {paths:?}");
        missing.extend(
            paths.iter().filter(|path| !root().join(path).exists()).map(|path| format!("{document}: {path}")),
        );
    }
    assert!(missing.is_empty(), "\n{}\n", missing.join("\n"));
}

#[test]
fn the_table_of_layers_is_the_checked_one() {
    let text = read("ARCHITECTURE.md");
    let rows = text.lines().filter_map(|line| line.strip_prefix("| ")?.split_once(" | "));
    let rows: Vec<Vec<_>> = rows
        .filter(|(number, _)| number.parse::<usize>().is_ok())
        .map(|(_, rest)| {
            let rooms = rest.split(" | ").next().unwrap();
            quoted(rooms).map(|room| room.trim_end_matches('/').trim_end_matches(".rs")).collect()
        })
        .collect();
    assert_eq!(rows, METRICS_CORE.rooms);
}

#[test]
fn documents_are_short() {
    for (document, most) in [("README.md", 200), ("ARCHITECTURE.md", 150)] {
        let lines = read(document).lines().count();
        assert!(lines <= most, "{document} has {lines} lines, more than {most}");
    }
}

#[test]
fn every_example_is_in_the_readme_and_tested() {
    let readme = read("README.md");
    let mut names = Vec::new();
    for entry in fs::read_dir(root().join("examples")).unwrap() {
        let folder = entry.unwrap().path();
        if !folder.join("Cargo.toml").is_file() {
            continue;
        }
        let name = folder.file_name().unwrap().to_str().unwrap().to_owned();
        assert!(readme.contains(&format!("(examples/{name})")), "README.md does not list {name}");
        assert!(folder.join("README.md").is_file() && folder.join("tests").is_dir(), "{name}");
        // The two that show more than one thing.
        if !["battle-arena", "quickstart"].contains(&name.as_str()) {
            let files = fs::read_dir(folder.join("src")).unwrap().map(|file| file.unwrap().path());
            let lines: usize = files.map(|file| fs::read_to_string(file).unwrap().lines().count()).sum();
            assert!(lines <= 80, "{name} has {lines} lines, more than 80");
        }
        names.push(name);
    }
    assert!(names.len() >= 8, "{names:?}");
}

/// Numbers of the first row that begins with one of these texts, without its first cell.
fn figures(text: &str, starts: [&str; 2]) -> Vec<String> {
    let rows = text.lines().map(|line| line.trim_start_matches("//! "));
    let cells = rows.filter_map(|line| starts.iter().find_map(|start| line.strip_prefix(start)));
    cells.map(|cells| cells.trim().to_owned()).take(1).collect()
}

#[test]
fn the_memory_of_a_series_is_that_of_the_benches() {
    let (measured, limits) = (read("benches/README.md"), read("metrics-core/src/guide/limits.rs"));
    for starts in [
        ["| ours, counter with 3 labels |", "| counter with 3 finite labels |"],
        ["| ours, histogram of 14 buckets |", "| histogram of 14 buckets |"],
    ] {
        let figures = [figures(&measured, starts), figures(&limits, starts)];
        assert_eq!(figures[0].len(), 1, "benches/README.md has {}", starts[0]);
        assert_eq!(figures[0], figures[1], "{}", starts[1]);
    }
}
