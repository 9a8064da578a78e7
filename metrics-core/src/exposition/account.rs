//! What a scrape is counted as.

use super::format::Format;
use crate::{
    clock::Stopwatch,
    registry::{FormatLabel, OwnMetrics, Registry},
};

/// A scrape that goes on: it is in flight until this is dropped, and counted once its page is whole.
#[derive(Debug)]
pub(super) struct Account<'a> {
    own: Option<&'a OwnMetrics>,
    format: Format,
    begin: Stopwatch,
}

impl<'a> Account<'a> {
    pub(super) fn begin(registry: &'a Registry, format: Format) -> Self {
        let own = registry.own_metrics();
        if let Some(own) = own {
            own.scrapes_in_flight.inc();
        }
        Self { own, format, begin: Stopwatch::start() }
    }

    /// Counts a scrape whose page is whole and has so many bytes.
    pub(super) fn finish(self, bytes: usize) {
        if let Some(own) = self.own {
            own.scrapes.with(FormatLabel(self.format)).inc();
            own.scrape_duration.observe_duration(self.begin.elapsed());
            own.scrape_size.observe(bytes as f64);
        }
    }
}

impl Drop for Account<'_> {
    fn drop(&mut self) {
        if let Some(own) = self.own {
            own.scrapes_in_flight.dec();
        }
    }
}
