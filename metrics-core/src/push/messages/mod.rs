//! Protobuf messages of the protocols, with the published numbers and types of their fields.

pub(super) mod client;
#[cfg(feature = "otlp")]
pub(super) mod otlp;
#[cfg(feature = "remote-write")]
pub(super) mod write_v1;
#[cfg(feature = "remote-write")]
pub(super) mod write_v2;
