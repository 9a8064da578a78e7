//! Doc comments begin with a verb or a noun phrase, and files stay short.

use std::path::Path;

use tests_source::{RepositoryFile, rust_files};

const MAX_LINES: usize = 400;

fn files() -> Vec<RepositoryFile> {
    let files = rust_files(Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/../.."))).unwrap();
    assert!(files.iter().any(|file| file.path == "metrics-core/src/lib.rs"));
    files
}

#[test]
fn no_doc_comment_begins_with_a_question_word() {
    let openings: Vec<_> = files().iter().flat_map(openings).collect();
    assert!(openings.is_empty(), "\n{}\n", openings.join("\n"));
}

fn openings(file: &RepositoryFile) -> Vec<String> {
    let openings = file.question_openings();
    openings.into_iter().map(|(line, text)| format!("{}:{line}: {text}", file.path)).collect()
}

#[test]
fn no_file_is_long() {
    let files = files();
    let long: Vec<_> = files
        .iter()
        .filter(|file| file.line_count() > MAX_LINES)
        .map(|file| format!("{} has {} lines, more than {MAX_LINES}", file.path, file.line_count()))
        .collect();
    assert!(long.is_empty(), "\n{}\n", long.join("\n"));
}
