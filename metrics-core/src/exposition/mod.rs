//! What a scrape gets.

mod accept;
mod account;
mod compression;
mod consistency;
mod exemplars;
mod foreign;
mod format;
mod json;
mod json_template;
#[cfg(feature = "keep-pages")]
pub(crate) mod kept;
mod negotiation;
pub(crate) mod number;
pub(crate) mod openmetrics;
mod openmetrics_foreign;
mod openmetrics_names;
mod page;
mod page_buffer;
mod protobuf;
mod samples;
mod scrape;
mod stream;
pub(crate) mod text;
mod wire;

pub use format::Format;
pub use json_template::JsonTemplate;
pub(crate) use page::Filter;
pub(crate) use page_buffer::PageBuffer;
pub(crate) use scrape::write;
pub use scrape::{Page, Scrape};
pub use stream::{Chunk, PageChunks, ScrapePermit};
pub(crate) use stream::{Out, ScrapesInFlight};
