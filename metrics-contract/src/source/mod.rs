//! Readers of files that have queries.

mod collected;
mod dashboards;
mod markdown;
mod rule_files;
mod variables;

pub use collected::Sources;
pub(crate) use variables::{UNKNOWN_NAME, UNKNOWN_VALUE};
