//! Prints what is wrong with the arrows between the files of each package of a repository.
//!
//! `cargo run -p tests-source -- [REPOSITORY [PACKAGE…]]`, where the repository is the current folder unless named.

use std::{error::Error, path::PathBuf, process::ExitCode};

use tests_source::repository;

fn main() -> Result<ExitCode, Box<dyn Error>> {
    let mut arguments = std::env::args().skip(1);
    let root = PathBuf::from(arguments.next().unwrap_or_else(|| ".".to_owned()));
    let mut packages: Vec<String> = arguments.collect();
    if packages.is_empty() {
        packages = repository::packages(&root)?;
    }
    let mut is_clean = true;
    for package in packages {
        let violations =
            repository::violations(&root, &package).map_err(|error| format!("{package}/src/{error}"))?;
        is_clean &= violations.is_empty();
        println!("{package}: {} violations", violations.len());
        for violation in violations {
            println!("  {violation}");
        }
    }
    Ok(if is_clean { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}
