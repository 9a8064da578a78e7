//! The Rust files of a repository.

use std::{fs, io, path::Path};

/// Folders without source files of the project.
const SKIPPED: [&str; 3] = ["target", "goldens", ".git"];

/// A Rust file of the repository.
#[derive(Clone, Debug)]
pub struct RepositoryFile {
    /// Path below the repository's root.
    pub path: String,
    /// Contents.
    pub text: String,
}

/// Reads every `.rs` file below a folder, sorted by path.
///
/// # Errors
///
/// If a file or folder cannot be read.
pub fn rust_files(root: &Path) -> io::Result<Vec<RepositoryFile>> {
    let mut files = Vec::new();
    push_files(root, "", &mut files)?;
    files.sort_by(|a, b| a.path.cmp(&b.path));
    Ok(files)
}

fn push_files(folder: &Path, prefix: &str, files: &mut Vec<RepositoryFile>) -> io::Result<()> {
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        let name = entry.file_name().to_string_lossy().into_owned();
        let path = format!("{prefix}{name}");
        if entry.file_type()?.is_dir() {
            if !SKIPPED.contains(&name.as_str()) {
                push_files(&entry.path(), &format!("{path}/"), files)?;
            }
        } else if entry.path().extension().is_some_and(|extension| extension == "rs") {
            files.push(RepositoryFile { text: fs::read_to_string(entry.path())?, path });
        }
    }
    Ok(())
}

impl RepositoryFile {
    /// Number of lines.
    pub fn line_count(&self) -> usize {
        self.text.lines().count()
    }

    /// Doc comments that begin with a question word, each with its line number from 1.
    pub fn question_openings(&self) -> Vec<(usize, &str)> {
        let mut found = Vec::new();
        let mut previous = None;
        for (index, line) in self.text.lines().enumerate() {
            let comment = doc_comment(line);
            if let Some((_, text)) = comment
                && comment.map(|(marker, _)| marker) != previous
                && begins_with_question_word(text)
            {
                found.push((index + 1, line.trim()));
            }
            previous = comment.map(|(marker, _)| marker);
        }
        found
    }

    /// First sentence of the module's documentation, on one line. `None` if it has none.
    pub fn summary(&self) -> Option<String> {
        let comments = self.text.lines().map_while(|line| line.strip_prefix("//!"));
        let paragraph: Vec<_> = comments.map(str::trim).take_while(|line| !line.is_empty()).collect();
        let paragraph = paragraph.join(" ");
        let end = paragraph.find(". ").unwrap_or(paragraph.len());
        let sentence = paragraph[..end].trim_end_matches(['.', ':']);
        (!sentence.is_empty()).then(|| sentence.to_owned())
    }
}

/// Marker and text of a line of a doc comment.
fn doc_comment(line: &str) -> Option<(&str, &str)> {
    let line = line.trim_start();
    let (marker, text) = line.split_at_checked(3)?;
    (matches!(marker, "///" | "//!") && !text.starts_with('/')).then_some((marker, text))
}

/// Words that LANGUAGE's rule for doc comments rules out as the first one.
const QUESTION_WORDS: [&str; 6] = ["What", "Whether", "Where", "Which", "Who", "How"];

fn begins_with_question_word(text: &str) -> bool {
    let word = text.trim_start().split(|c: char| !c.is_alphabetic()).next();
    word.is_some_and(|word| QUESTION_WORDS.contains(&word))
}

#[cfg(test)]
mod tests {
    use super::RepositoryFile;

    fn file(text: &str) -> RepositoryFile {
        RepositoryFile { path: "a.rs".to_owned(), text: text.to_owned() }
    }

    #[test]
    fn question_words_begin_no_doc_comment() {
        let file = file(
            "//! How it works.\n/// What it is.\nfn a() {}\n/// Whichever it is.\n/// Which is fine here.\nfn b() {}\n\
             // What: no doc comment.\n//// Who: neither.\n    /// Where.\n",
        );
        let lines: Vec<_> = file.question_openings().into_iter().map(|(line, _)| line).collect();
        assert_eq!(lines, [1, 2, 9]);
    }

    #[test]
    fn summaries_are_one_sentence() {
        assert_eq!(
            file("//! Cells: where\n//! numbers live. More.\n").summary().unwrap(),
            "Cells: where numbers live"
        );
        assert_eq!(file("//! Cells.\n//!\n//! More.\n").summary().unwrap(), "Cells");
        assert_eq!(file("fn a() {}\n").summary(), None);
    }
}
