//! Files with queries, found in folders.

use std::{
    fs, io,
    path::{Path, PathBuf},
    sync::Arc,
};

use super::{dashboards, markdown, rule_files};
use crate::{
    document::ReadError,
    expression::{Expression, Recording},
    finding::{Finding, Rule},
    source_file::SourceFile,
};

/// Queries and recordings of files, and the files that could not be read.
#[derive(Debug, Default)]
pub struct Sources {
    pub(crate) expressions: Vec<Expression>,
    pub(crate) recordings: Vec<Recording>,
    pub(crate) unreadable: Vec<Finding>,
}

impl Sources {
    /// Reads files and all that is below folders: YAML, JSON and Markdown. Hidden folders, `target` and `node_modules` are left out.
    ///
    /// A file that cannot be read is a finding of [`check`](crate::check) and does not stop the others.
    ///
    /// ```
    /// use metrics_contract::Sources;
    ///
    /// let sources = Sources::read(&["no/such/folder"]);
    /// assert_eq!(sources.query_count(), 0);
    /// ```
    pub fn read(paths: &[impl AsRef<Path>]) -> Self {
        let mut sources = Self::default();
        for path in paths {
            sources.read_path(path.as_ref(), true);
        }
        sources
    }

    /// Returns the number of queries.
    pub fn query_count(&self) -> usize {
        self.expressions.len() + self.recordings.len()
    }

    fn read_path(&mut self, path: &Path, is_named: bool) {
        match files_of(path) {
            Ok(Some(files)) => files.iter().for_each(|file| self.read_path(file, false)),
            Ok(None) if is_named || has_queries(path) => match fs::read_to_string(path) {
                Ok(text) => self.add(SourceFile::new(path.to_string_lossy(), text)),
                Err(error) => self.refuse(path, &error),
            },
            Ok(None) => {}
            Err(error) => self.refuse(path, &error),
        }
    }

    fn refuse(&mut self, path: &Path, error: &io::Error) {
        let file = SourceFile::new(path.to_string_lossy(), "");
        self.unreadable.push(Finding::new(Rule::UnreadableFile, &file, 0, error.to_string()));
    }

    /// Adds the queries of a text. The ending of its path selects the format; the default is YAML.
    ///
    /// ```
    /// use metrics_contract::{SourceFile, Sources};
    ///
    /// let mut sources = Sources::default();
    /// sources.add(SourceFile::new("README.md", "```promql\nsum(up)\n```\n"));
    /// assert_eq!(sources.query_count(), 1);
    /// ```
    pub fn add(&mut self, file: SourceFile) {
        let file = Arc::new(file);
        let read = match Path::new(file.path()).extension().and_then(|ending| ending.to_str()) {
            Some("md" | "markdown") => Ok((markdown::read(&file), Vec::new())),
            Some("json") => dashboards::read(&file).map(|expressions| (expressions, Vec::new())),
            _ => rule_files::read(&file),
        };
        match read {
            Ok((expressions, recordings)) => {
                self.expressions.extend(expressions);
                self.recordings.extend(recordings);
            }
            Err(ReadError { offset, message }) => {
                self.unreadable.push(Finding::new(Rule::UnreadableFile, &file, offset, message));
            }
        }
    }
}

/// Returns the files and folders in a folder, sorted, or `None` for a file.
fn files_of(path: &Path) -> io::Result<Option<Vec<PathBuf>>> {
    if !fs::metadata(path)?.is_dir() {
        return Ok(None);
    }
    let mut files = Vec::new();
    for entry in fs::read_dir(path)? {
        let entry = entry?;
        let name = entry.file_name();
        let name = name.to_string_lossy();
        let is_linked_folder = entry.file_type()?.is_symlink() && entry.path().is_dir();
        if !name.starts_with('.') && name != "target" && name != "node_modules" && !is_linked_folder {
            files.push(entry.path());
        }
    }
    files.sort();
    Ok(Some(files))
}

fn has_queries(path: &Path) -> bool {
    let ending = path.extension().and_then(|ending| ending.to_str());
    matches!(ending, Some("yml" | "yaml" | "rules" | "json" | "md" | "markdown"))
}
