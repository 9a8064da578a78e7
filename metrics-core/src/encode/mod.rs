//! Numbers, text and protobuf fields as bytes of a page.

pub(crate) mod number;
mod page_buffer;
pub(crate) mod wire;

pub(crate) use page_buffer::{PageBuffer, ROOM};
