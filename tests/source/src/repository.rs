//! The crates of this repository and their layers.

use std::{fs, io, path::Path};

use crate::{CrateTree, Layers, Sources, arrows, circles};

/// Layers of metrics-core, as ARCHITECTURE.md shows them.
pub const METRICS_CORE: Layers = Layers {
    rooms: &[
        &["sync", "clock", "name", "encode"],
        &["cell"],
        &["label", "exemplar"],
        &["native"],
        &["model"],
        &["series"],
        &["registry"],
        &["group"],
        &["metric"],
        &["function", "builtin"],
        &["exposition", "prometheus"],
        &["catalog", "endpoint", "testing", "integrations", "push"],
    ],
    above_all: &["lib", "private", "guide", "models"],
};

/// Folders that packages stand in.
const PACKAGE_FOLDERS: [&str; 4] = ["", "benches/", "examples/", "tests/"];

/// Names of the packages' folders, sorted.
///
/// # Errors
///
/// If a folder cannot be read.
pub fn packages(repository: &Path) -> io::Result<Vec<String>> {
    let mut found = Vec::new();
    for folder in PACKAGE_FOLDERS {
        let Ok(entries) = fs::read_dir(repository.join(folder)) else { continue };
        for entry in entries {
            let name = format!("{folder}{}", entry?.file_name().to_string_lossy());
            let package = repository.join(&name);
            if package.join("Cargo.toml").is_file() && package.join("src").is_dir() {
                found.push(name);
            }
        }
    }
    found.sort();
    Ok(found)
}

/// Everything that is wrong with the arrows of one package, as a person reads it.
///
/// # Errors
///
/// If its sources cannot be read or are no Rust.
pub fn violations(repository: &Path, package: &str) -> Result<Vec<String>, Box<dyn std::error::Error>> {
    let sources = Sources::read(&repository.join(package).join("src"))?;
    let mut found = Vec::new();
    for root in sources.roots() {
        let tree = CrateTree::load(&sources, root)?;
        let arrows = arrows(&tree);
        if package == "metrics-core" {
            found.extend(METRICS_CORE.violations(tree.files(), &arrows).iter().map(ToString::to_string));
        }
        found.extend(circles(&arrows).iter().map(ToString::to_string));
    }
    Ok(found)
}
