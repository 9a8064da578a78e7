//! YAML, with the place of each value.

use std::collections::BTreeMap;

use saphyr_parser::{Event, Parser, ScalarStyle};

use super::{
    alignment::Quoting,
    node::{Content, MAX_DEPTH, Node, ReadError},
};
use crate::source_file::SourceFile;

/// A list or map that is being read, with its anchor.
struct Open {
    start: usize,
    is_map: bool,
    elements: Vec<Node>,
}

/// Reads the documents of a YAML file.
pub(crate) fn read_yaml(file: &SourceFile) -> Result<Vec<Node>, ReadError> {
    // Places come as characters.
    let bytes: Vec<usize> = file.text().char_indices().map(|(at, _)| at).collect();
    let byte = |character: usize| bytes.get(character).copied().unwrap_or(file.text().len());
    let mut documents = Vec::new();
    let mut open: Vec<Open> = Vec::new();
    let mut anchors: BTreeMap<usize, Node> = BTreeMap::new();
    for event in Parser::new_from_str(file.text()) {
        let (event, span) = event.map_err(|error| ReadError {
            offset: byte(error.marker().index()),
            message: format!("no YAML: {}", error.info()),
        })?;
        let start = byte(span.start.index());
        let node = match event {
            Event::SequenceStart(..) | Event::MappingStart(..) => {
                if open.len() > MAX_DEPTH {
                    let message = "no YAML: the values are nested too deeply".to_owned();
                    return Err(ReadError { offset: start, message });
                }
                let is_map = matches!(event, Event::MappingStart(..));
                open.push(Open { start, is_map, elements: Vec::new() });
                continue;
            }
            Event::Scalar(value, style, anchor, _) => {
                let node = Node { start, content: scalar(value.into_owned(), style) };
                if anchor > 0 {
                    anchors.insert(anchor, node.clone());
                }
                node
            }
            // Texts alone: copies of copies of lists grow without bound.
            Event::Alias(anchor) => {
                anchors.get(&anchor).cloned().unwrap_or(Node { start, content: Content::Other })
            }
            Event::SequenceEnd | Event::MappingEnd => match open.pop() {
                Some(ended) => closed(ended),
                None => continue,
            },
            _ => continue,
        };
        match open.last_mut() {
            Some(parent) => parent.elements.push(node),
            None => documents.push(node),
        }
    }
    Ok(documents)
}

const fn scalar(value: String, style: ScalarStyle) -> Content {
    let quoting = match style {
        ScalarStyle::Plain => Quoting::Plain,
        ScalarStyle::SingleQuoted => Quoting::Single,
        ScalarStyle::DoubleQuoted => Quoting::Double,
        ScalarStyle::Literal | ScalarStyle::Folded => Quoting::Block,
    };
    Content::Text { value, quoting }
}

fn closed(ended: Open) -> Node {
    let content = if ended.is_map {
        let mut members = Vec::new();
        let mut elements = ended.elements.into_iter();
        while let (Some(key), Some(value)) = (elements.next(), elements.next()) {
            members.push((key.text().unwrap_or_default().to_owned(), value));
        }
        Content::Map(members)
    } else {
        Content::List(ended.elements)
    };
    Node { start: ended.start, content }
}
