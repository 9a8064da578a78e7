//! The page: what is on it, in which format, and how it is given to a scraper.

mod compression;
mod consistency;
mod exemplars;
mod foreign;
mod json;
#[cfg(feature = "keep-pages")]
mod kept;
mod merge;
mod negotiation;
mod openmetrics;
mod openmetrics_foreign;
mod openmetrics_names;
mod page;
mod page_writer;
mod protobuf;
mod registry;
mod samples;
mod scrape;
mod scrape_stats;
mod stream;
mod text;

pub use scrape::{Page, Scrape};
pub use stream::{Chunk, PageChunks, ScrapePermit};
