//! The live page: its own script, as it is served, draws real metrics.

mod browser;
mod live;
mod scraper;
