//! Numbers, text, protobuf fields and JSON as bytes of a page.

mod json_lines;
pub(crate) mod number;
mod page_buffer;
pub(crate) mod wire;

pub(crate) use json_lines::{json_lines, json_string, write_json};
pub(crate) use page_buffer::{PageBuffer, ROOM};
