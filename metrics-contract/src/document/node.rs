//! A value of a document.

use super::alignment::{Quoting, align};
use crate::mapped_text::MappedText;

/// Nesting past which a document is refused.
pub(super) const MAX_DEPTH: usize = 200;

/// A value of a document, and its first byte in the file.
#[derive(Clone, Debug)]
pub(crate) struct Node {
    pub(crate) start: usize,
    pub(crate) content: Content,
}

/// Contents of a value.
#[derive(Clone, Debug)]
pub(crate) enum Content {
    Text {
        value: String,
        quoting: Quoting,
    },
    List(Vec<Node>),
    /// Members in the order of the file.
    Map(Vec<(String, Node)>),
    /// A number, `true`, `null`, or nothing.
    Other,
}

/// A document that cannot be read: the byte in the file, and the reason.
#[derive(Debug)]
pub(crate) struct ReadError {
    pub(crate) offset: usize,
    pub(crate) message: String,
}

impl Node {
    /// Returns a member of a map.
    pub(crate) fn get(&self, key: &str) -> Option<&Self> {
        match &self.content {
            Content::Map(members) => members.iter().find_map(|(name, value)| (name == key).then_some(value)),
            Content::Text { .. } | Content::List(_) | Content::Other => None,
        }
    }

    /// Returns the elements of a list, or none.
    pub(crate) fn elements(&self) -> &[Self] {
        if let Content::List(elements) = &self.content { elements } else { &[] }
    }

    /// Returns the members of a map, or none.
    pub(crate) fn members(&self) -> &[(String, Self)] {
        if let Content::Map(members) = &self.content { members } else { &[] }
    }

    /// Returns the text of a text.
    pub(crate) fn text(&self) -> Option<&str> {
        if let Content::Text { value, .. } = &self.content { Some(value) } else { None }
    }

    /// Returns the text of a member.
    pub(crate) fn text_of(&self, key: &str) -> Option<&str> {
        self.get(key)?.text()
    }

    /// Returns a text with the place of each byte in the source.
    pub(crate) fn mapped(&self, source: &str) -> Option<MappedText> {
        match &self.content {
            Content::Text { value, quoting } => Some(align(value, source, self.start, *quoting)),
            Content::List(_) | Content::Map(_) | Content::Other => None,
        }
    }
}
