//! Operations of SQL, by the first word of the statement.

use metrics_macros::LabelValue;

/// Operation of a statement: its first word, if it is one of these.
#[derive(Clone, Copy, Debug, PartialEq, Eq, LabelValue)]
#[label(rename_all = "SCREAMING_SNAKE_CASE", crate = "crate")]
pub(super) enum SqlOperation {
    Select,
    Insert,
    Update,
    Delete,
    With,
    Begin,
    Commit,
    Rollback,
    #[label(rename = "_OTHER")]
    Other,
}

impl SqlOperation {
    const WORDS: [(&'static str, Self); 8] = [
        ("SELECT", Self::Select),
        ("INSERT", Self::Insert),
        ("UPDATE", Self::Update),
        ("DELETE", Self::Delete),
        ("WITH", Self::With),
        ("BEGIN", Self::Begin),
        ("COMMIT", Self::Commit),
        ("ROLLBACK", Self::Rollback),
    ];

    /// Reads the first word of a statement.
    pub(super) fn of(statement: &str) -> Self {
        let word = statement.trim_start_matches(|start: char| start.is_whitespace() || start == '(');
        let end = word.find(|end: char| !end.is_ascii_alphabetic()).unwrap_or(word.len());
        let word = word.get(..end).unwrap_or_default();
        let known = Self::WORDS.iter().find(|(known, _)| known.eq_ignore_ascii_case(word));
        known.map_or(Self::Other, |(_, operation)| *operation)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_word_alone_counts() {
        for (statement, expected) in [
            ("SELECT 1", SqlOperation::Select),
            ("\n  select\n1", SqlOperation::Select),
            ("(SELECT 1) UNION (SELECT 2)", SqlOperation::Select),
            ("INSERT INTO a SELECT 1", SqlOperation::Insert),
            ("UPDATE a SET b = 1", SqlOperation::Update),
            ("DELETE FROM a", SqlOperation::Delete),
            ("WITH a AS (SELECT 1) SELECT * FROM a", SqlOperation::With),
            ("BEGIN;", SqlOperation::Begin),
            ("COMMIT", SqlOperation::Commit),
            ("ROLLBACK TO a", SqlOperation::Rollback),
            ("SELECTED", SqlOperation::Other),
            ("-- SELECT", SqlOperation::Other),
            ("λ", SqlOperation::Other),
            ("", SqlOperation::Other),
        ] {
            assert_eq!(SqlOperation::of(statement), expected, "{statement}");
        }
    }
}
