//! Queries that a change of the metrics breaks.

mod affected;
mod reads;

pub use affected::{Affected, affected};
