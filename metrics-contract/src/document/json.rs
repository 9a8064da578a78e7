//! JSON, with the place of each value: raw values are parts of the text.

use std::collections::BTreeMap;

use serde_json::value::RawValue;

use super::{
    alignment::Quoting,
    node::{Content, MAX_DEPTH, Node, ReadError},
};
use crate::source_file::SourceFile;

/// Reads the JSON of a file.
pub(crate) fn read_json(file: &SourceFile) -> Result<Node, ReadError> {
    let raw: &RawValue = serde_json::from_str(file.text()).map_err(|error| ReadError {
        offset: file.offset(error.line(), error.column()),
        message: format!("no JSON: {}", without_place(&error)),
    })?;
    node(file.text(), raw, 0)
}

/// Returns the message of an error without its line and column.
fn without_place(error: &serde_json::Error) -> String {
    let message = error.to_string();
    message.split(" at line ").next().unwrap_or_default().to_owned()
}

fn node(source: &str, raw: &RawValue, depth: usize) -> Result<Node, ReadError> {
    let text = raw.get();
    let start = text.as_ptr().addr().saturating_sub(source.as_ptr().addr());
    let error = |message: String| ReadError { offset: start, message: format!("no JSON: {message}") };
    if depth > MAX_DEPTH {
        return Err(error("the values are nested too deeply".to_owned()));
    }
    let content = match text.as_bytes().first() {
        Some(b'{') => {
            let members: BTreeMap<String, &RawValue> =
                serde_json::from_str(text).map_err(|problem| error(without_place(&problem)))?;
            let member = |(name, raw): (String, &RawValue)| Ok((name, node(source, raw, depth + 1)?));
            let mut members = members.into_iter().map(member).collect::<Result<Vec<_>, _>>()?;
            members.sort_by_key(|(_, value)| value.start);
            Content::Map(members)
        }
        Some(b'[') => {
            let elements: Vec<&RawValue> =
                serde_json::from_str(text).map_err(|problem| error(without_place(&problem)))?;
            let elements = elements.into_iter().map(|raw| node(source, raw, depth + 1));
            Content::List(elements.collect::<Result<_, _>>()?)
        }
        Some(b'"') => {
            let value = serde_json::from_str(text).map_err(|problem| error(without_place(&problem)))?;
            Content::Text { value, quoting: Quoting::Double }
        }
        _ => Content::Other,
    };
    Ok(Node { start, content })
}
