//! Registries that are pushed, and a server that answers by a script, for the tests in `tests/`.
#![expect(clippy::missing_panics_doc, reason = "a panic is a failed test")]

pub mod metrics;
pub mod scripted_server;
pub mod victoria_metrics;
pub mod write_messages;
