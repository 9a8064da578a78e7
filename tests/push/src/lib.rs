//! A registry with one metric of each type, and samples of its pages.
#![expect(clippy::missing_panics_doc, reason = "a test's support panics wherever the test has failed")]

pub mod samples;
pub mod shop;
