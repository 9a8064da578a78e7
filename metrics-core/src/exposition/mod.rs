//! What a scrape gets.

mod foreign;
pub(crate) mod number;
mod page;
pub(crate) mod text;
