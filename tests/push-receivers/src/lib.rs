//! Registries that are pushed, and messages of remote write, for the tests in `tests/`.
#![expect(clippy::missing_panics_doc, reason = "a panic is a failed test")]

pub mod metrics;
pub mod victoria_metrics;
pub mod write_messages;
