//! The output in the README is that of its program. Its examples are also doc tests of this package.

use std::process::Command;

const README: &str = include_str!("../../README.md");
const APP: &str = include_str!("../src/bin/app.rs");

/// Returns the first block of a language.
fn block(language: &str) -> &'static str {
    let (_, rest) = README.split_once(&format!("```{language}\n")).unwrap();
    rest.split_once("```").unwrap().0
}

#[test]
fn first_program_is_this_one() {
    let (_, program) = APP.split_once("\n\n").unwrap();
    assert_eq!(block("rust"), program, "below the first line of tests/src/bin/app.rs");
}

#[test]
fn first_program_prints_its_lines() {
    let output = Command::new(env!("CARGO_BIN_EXE_app")).output().unwrap();
    assert!(output.status.success(), "{output:?}");
    let page = String::from_utf8(output.stdout).unwrap();
    let mut lines = page.lines();
    for shown in block("text").lines().filter(|line| *line != "…") {
        assert!(
            lines.any(|line| line == shown),
            "{shown:?} is not on the page, or not at its place:\n{page}"
        );
    }
}
