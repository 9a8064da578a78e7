//! Prints the arrows between the files of each package of a repository that point up or form a circle.
//!
//! `cargo run -p tests-source -- [--arrows] [REPOSITORY [PACKAGE…]]`, where the repository is the current folder unless named;
//! `--arrows` prints all arrows.

use std::{error::Error, path::PathBuf, process::ExitCode};

use tests_source::{arrows, repository};

fn main() -> Result<ExitCode, Box<dyn Error>> {
    let mut arguments = std::env::args().skip(1).peekable();
    let prints_all = arguments.next_if_eq("--arrows").is_some();
    let root = PathBuf::from(arguments.next().unwrap_or_else(|| ".".to_owned()));
    let mut packages: Vec<String> = arguments.collect();
    if packages.is_empty() {
        packages = repository::packages(&root)?;
    }
    let mut is_clean = true;
    for package in packages {
        if prints_all {
            for arrow in repository::trees(&root, &package)?.iter().flat_map(arrows) {
                println!("{package}/src/{arrow}");
            }
            continue;
        }
        let mut violations = repository::layer_violations(&root, &package)?;
        violations.extend(repository::file_circles(&root, &package)?);
        is_clean &= violations.is_empty();
        println!("{package}: {} violations", violations.len());
        for violation in violations {
            println!("  {violation}");
        }
    }
    Ok(if is_clean { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}
