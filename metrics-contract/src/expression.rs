//! Queries as they stand in files.

use std::{fmt, sync::Arc};

use crate::{mapped_text::MappedText, source_file::SourceFile};

/// Owner of a query.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Owner {
    /// An alert of this name.
    Alert(String),
    /// A recording of this name.
    Recording(String),
    /// A dashboard's panel of this title.
    Panel(String),
    /// A dashboard's variable of this name.
    Variable(String),
    /// A dashboard's annotation of this name.
    Annotation(String),
    /// A block of a document.
    Document,
}

impl fmt::Display for Owner {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Alert(name) => write!(f, "alert `{name}`"),
            Self::Recording(name) => write!(f, "recording `{name}`"),
            Self::Panel(name) => write!(f, "panel `{name}`"),
            Self::Variable(name) => write!(f, "variable `{name}`"),
            Self::Annotation(name) => write!(f, "annotation `{name}`"),
            Self::Document => f.write_str("document"),
        }
    }
}

/// A query, its file and its owner.
#[derive(Clone, Debug)]
pub(crate) struct Expression {
    pub(crate) file: Arc<SourceFile>,
    pub(crate) owner: Owner,
    /// The query, once for each possible value of a dashboard's variables. The first that parses counts.
    pub(crate) readings: Vec<MappedText>,
}

/// A recording rule.
#[derive(Clone, Debug)]
pub(crate) struct Recording {
    pub(crate) name: String,
    /// The name's byte in the file.
    pub(crate) name_at: usize,
    /// Labels that the rule sets; `None` for a value made by a template.
    pub(crate) labels: Vec<(String, Option<String>)>,
    pub(crate) expression: Expression,
}
