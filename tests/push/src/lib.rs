//! Receivers that tests push to, and a registry with one metric of each type.
#![expect(clippy::missing_panics_doc, reason = "a test's support panics wherever the test has failed")]

pub mod receiver;
pub mod samples;
pub mod shop;
