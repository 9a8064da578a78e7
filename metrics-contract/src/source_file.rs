//! A file's text, with lines and columns.

/// A file's path and text.
#[derive(Debug)]
pub struct SourceFile {
    path: String,
    text: String,
    line_starts: Vec<usize>,
}

impl SourceFile {
    /// Creates a file of a path and a text.
    ///
    /// ```
    /// use metrics_contract::SourceFile;
    ///
    /// let file = SourceFile::new("README.md", "# Über\ntext");
    /// assert_eq!(file.place(4), (1, 4));
    /// assert_eq!(file.place(9), (2, 2));
    /// ```
    pub fn new(path: impl Into<String>, text: impl Into<String>) -> Self {
        let text = text.into();
        let line_starts = std::iter::once(0).chain(text.match_indices('\n').map(|(at, _)| at + 1)).collect();
        Self { path: path.into(), text, line_starts }
    }

    /// Returns the path as it was given.
    pub fn path(&self) -> &str {
        &self.path
    }

    /// Returns the text.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// Returns the line and the column of a byte, each from 1; columns count characters.
    pub fn place(&self, offset: usize) -> (usize, usize) {
        let line = self.line_starts.partition_point(|start| *start <= offset);
        let start = line.checked_sub(1).and_then(|line| self.line_starts.get(line)).copied().unwrap_or(0);
        let before = self.text.get(start..offset.min(self.text.len())).unwrap_or_default();
        (line.max(1), before.chars().count() + 1)
    }

    /// Returns the byte at a line and a column, each from 1.
    pub(crate) fn offset(&self, line: usize, column: usize) -> usize {
        let start = line.checked_sub(1).and_then(|line| self.line_starts.get(line)).copied();
        let start = start.unwrap_or(self.text.len());
        let rest = self.text.get(start..).unwrap_or_default();
        start + rest.char_indices().nth(column.saturating_sub(1)).map_or(rest.len(), |(at, _)| at)
    }
}
