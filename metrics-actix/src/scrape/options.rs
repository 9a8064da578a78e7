//! What a route is told before it is used.

use std::time::Duration;

use metrics_core::Registry;

use super::{credentials::Credentials, networks::Origins};

/// How many scrapes go on at once unless the route is told otherwise.
const MOST_SCRAPES: usize = 32;

/// How long a scrape may take unless the route or the scraper says otherwise.
const TIMEOUT: Duration = Duration::from_secs(60);

#[derive(Clone, Debug)]
pub(crate) struct Options {
    pub(super) registry: Registry,
    pub(super) credentials: Credentials,
    pub(super) origins: Origins,
    pub(super) most_scrapes: usize,
    pub(super) timeout: Duration,
    /// What is wrong with what the route was told.
    pub(super) config_errors: Vec<String>,
}

impl Options {
    pub(super) fn new() -> Self {
        Self {
            registry: Registry::global().clone(),
            credentials: Credentials::default(),
            origins: Origins::default(),
            most_scrapes: MOST_SCRAPES,
            timeout: TIMEOUT,
            config_errors: Vec::new(),
        }
    }

    /// Takes note of a mistake.
    pub(super) fn note(&mut self, outcome: Result<(), String>) {
        self.config_errors.extend(outcome.err());
    }
}
