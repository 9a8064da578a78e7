//! JSON with line breaks, for documents that people read and that are under version control.

use std::io;

use serde::Serialize;
use serde_json::ser::{CompactFormatter, Formatter, Serializer};

/// Writes a document. Each element of an array in the outermost object begins a line, and so does the key after the array.
pub(crate) fn write_json(out: impl io::Write, document: &impl Serialize) -> serde_json::Result<()> {
    document.serialize(&mut Serializer::with_formatter(out, JsonLines::default()))
}

/// Returns the document of [`write_json`].
pub(crate) fn json_lines(document: &impl Serialize) -> String {
    let mut out = Vec::new();
    // Writing to memory does not fail, and all keys are strings.
    let _ = write_json(&mut out, document);
    String::from_utf8(out).unwrap_or_default()
}

/// Returns a text as a JSON string, which is also a string in YAML and `PromQL`.
pub(crate) fn json_string(text: &str) -> String {
    serde_json::to_string(text).unwrap_or_default()
}

#[derive(Default)]
struct JsonLines {
    depth: usize,
    has_array_ended: bool,
}

/// Depth within an array of the outermost object.
const IN_ARRAY: usize = 2;

impl Formatter for JsonLines {
    fn begin_array<W: ?Sized + io::Write>(&mut self, writer: &mut W) -> io::Result<()> {
        self.depth += 1;
        CompactFormatter.begin_array(writer)
    }

    fn end_array<W: ?Sized + io::Write>(&mut self, writer: &mut W) -> io::Result<()> {
        self.has_array_ended = self.depth == IN_ARRAY;
        self.depth -= 1;
        CompactFormatter.end_array(writer)
    }

    fn begin_array_value<W: ?Sized + io::Write>(&mut self, writer: &mut W, first: bool) -> io::Result<()> {
        if !first && self.depth == IN_ARRAY {
            return writer.write_all(b",\n ");
        }
        CompactFormatter.begin_array_value(writer, first)
    }

    fn begin_object<W: ?Sized + io::Write>(&mut self, writer: &mut W) -> io::Result<()> {
        self.depth += 1;
        CompactFormatter.begin_object(writer)
    }

    fn end_object<W: ?Sized + io::Write>(&mut self, writer: &mut W) -> io::Result<()> {
        self.depth -= 1;
        CompactFormatter.end_object(writer)
    }

    fn begin_object_key<W: ?Sized + io::Write>(&mut self, writer: &mut W, first: bool) -> io::Result<()> {
        if !first && self.depth == 1 && self.has_array_ended {
            self.has_array_ended = false;
            return writer.write_all(b",\n");
        }
        CompactFormatter.begin_object_key(writer, first)
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn elements_of_the_outer_arrays_have_lines() {
        let document = json!({"a": [{"b": [1, 2]}, {"c": {"d": []}}], "e": "f\n", "g": [], "h": 1});
        assert_eq!(
            json_lines(&document),
            "{\"a\":[{\"b\":[1,2]},\n {\"c\":{\"d\":[]}}],\n\"e\":\"f\\n\",\"g\":[],\n\"h\":1}"
        );
        assert_eq!(json_lines(&json!({})), "{}");
    }
}
