//! Pages: their families, formats, and transfer to a scraper.

mod bucket_lines;
mod compression;
mod foreign_check;
mod foreign_families;
mod json;
mod negotiation;
mod openmetrics;
mod page;
mod page_writer;
mod protobuf;
mod registry;
mod sample_lines;
mod scrape;
mod scrape_stats;
mod stream;
mod text;
mod view;

pub use scrape::{Page, Scrape};
pub use stream::{Chunk, PageChunks, ScrapePermit};
pub(crate) use view::overflow;
