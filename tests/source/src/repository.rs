//! The crates of this repository and their layers.

use std::{error::Error, fs, io, path::Path};

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

/// Layers of metrics-actix: each file of a request's way knows those before it.
pub const METRICS_ACTIX: Layers = Layers {
    rooms: &[
        &["warnings", "labels", "label_values", "asked_paths", "request_body"],
        &["options", "route_matcher"],
        &["metric_specs", "extra_labels"],
        &["families"],
        &["routes", "nesting", "outcome_series"],
        &["route_prediction", "mounted_routes"],
        &["matched_route"],
        &["series_cache"],
        &["in_flight"],
        &["completion"],
        &["response_body"],
        &["response_future"],
        &["middleware"],
        &["config", "scrape", "health", "client"],
        &["server"],
    ],
    above_all: &["lib"],
};

/// Packages with layers.
const LAYERS: [(&str, Layers); 2] = [("metrics-core", METRICS_CORE), ("metrics-actix", METRICS_ACTIX)];

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

/// Trees of one package: the library's, the program's and those of further programs.
///
/// # Errors
///
/// If its sources cannot be read or are no Rust.
pub fn trees(repository: &Path, package: &str) -> Result<Vec<CrateTree>, Box<dyn Error>> {
    let sources = Sources::read(&repository.join(package).join("src"))?;
    let trees: Result<Vec<_>, _> = sources.roots().map(|root| CrateTree::load(&sources, root)).collect();
    trees.map_err(|error| format!("{package}/src/{error}").into())
}

/// Arrows of one package that its layers rule out, as a person reads them.
///
/// # Errors
///
/// If its sources cannot be read or are no Rust.
pub fn layer_violations(repository: &Path, package: &str) -> Result<Vec<String>, Box<dyn Error>> {
    let layers = LAYERS.iter().find(|(name, _)| *name == package);
    let mut found = Vec::new();
    for tree in trees(repository, package)? {
        let violations = layers.map(|(_, layers)| layers.violations(tree.files(), &arrows(&tree)));
        found.extend(violations.unwrap_or_default().iter().map(ToString::to_string));
    }
    Ok(found)
}

/// Circles of files in one package, as a person reads them.
///
/// # Errors
///
/// If its sources cannot be read or are no Rust.
pub fn file_circles(repository: &Path, package: &str) -> Result<Vec<String>, Box<dyn Error>> {
    let found = trees(repository, package)?;
    Ok(found.iter().flat_map(|tree| circles(&arrows(tree))).map(|circle| circle.to_string()).collect())
}
