//! Catalogue of a program's metrics, and the documents that are made of it.

mod builtin_entries;
mod collector_entries;
mod dashboard;
mod documents;
mod entry;
mod json;
mod markdown;
mod objectives;
mod package_path;
mod rules;

pub use documents::catalog;
pub use entry::{Catalog, CatalogEntry, CatalogLabel};
pub use objectives::{ObjectiveMetric, objectives};
