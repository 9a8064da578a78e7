//! What a scrape gets.

mod foreign;
pub(crate) mod number;
pub(crate) mod openmetrics;
mod openmetrics_foreign;
mod page;
pub(crate) mod text;
