//! Reference tables in the documentation are complete: features of a crate, and rules for names.

use std::{collections::BTreeSet, fs, path::Path};

fn read(path: &str) -> String {
    fs::read_to_string(Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/../..")).join(path)).unwrap()
}

/// Returns the part of a document from a heading to the next heading of the same level.
fn section<'d>(document: &'d str, heading: &str) -> &'d str {
    let start = document.find(&format!("{heading}\n")).unwrap_or_else(|| panic!("{heading} is missing"));
    let text = &document[start + heading.len()..];
    let marker = heading.split(' ').take(2).collect::<Vec<_>>().join(" ");
    let end = text.find(&format!("\n{marker} ")).or_else(|| text.find("\n\n"));
    end.map_or(text, |end| &text[..end])
}

/// Returns the words in backticks in the first cells of tables and before the first colon of list items.
fn listed(text: &str) -> BTreeSet<&str> {
    let first = |line: &'_ str| -> Option<usize> {
        let start = line.find("| `").or_else(|| line.find("* `"))?;
        let rest = &line[start + 2..];
        rest.find(" |").or_else(|| rest.find(": ")).map(|end| start + 2 + end)
    };
    let heads = text.lines().filter_map(|line| first(line).map(|end| &line[..end]));
    heads.flat_map(|head| head.split('`').skip(1).step_by(2)).collect()
}

/// Returns the features in a manifest, without `default`.
fn features(manifest: &str) -> BTreeSet<&str> {
    let text = manifest.split("[features]\n").nth(1).unwrap_or_default();
    let text = text.split("\n[").next().unwrap_or_default();
    let names = text.lines().filter_map(|line| line.split_once(" = [").map(|(name, _)| name));
    names.filter(|name| *name != "default").collect()
}

#[test]
fn features_are_documented() {
    for package in ["metrics-core", "metrics-actix"] {
        let (manifest, library) =
            (read(&format!("{package}/Cargo.toml")), read(&format!("{package}/src/lib.rs")));
        let documented = listed(section(&library, "//! # Features"));
        assert!(documented.len() > 5, "{package}: {documented:?}");
        assert_eq!(documented, features(&manifest), "{package}");
    }
}

#[test]
fn rules_are_documented() {
    let (rules, library) = (read("metrics-lint/src/rule.rs"), read("metrics-macros/src/lib.rs"));
    let table = rules.split("\nrules! {\n").nth(1).expect("the table of rules");
    let names = table.lines().filter_map(|line| line.split('"').nth(1));
    let names: BTreeSet<&str> = names.collect();
    assert!(names.len() > 20, "{names:?}");
    assert_eq!(listed(section(&library, "/// # Rules")), names);
}
