//! Statistics of scrapes.

use crate::{builtin::SelfMetrics, clock::Stopwatch, model::Format, registry::Registry};

/// A scrape in flight, which is counted once its page is complete.
#[derive(Debug)]
pub(super) struct ScrapeStats {
    metrics: Option<&'static SelfMetrics>,
    format: Format,
    begin: Stopwatch,
}

impl ScrapeStats {
    pub(super) fn begin(registry: &Registry, format: Format) -> Self {
        let metrics = SelfMetrics::of(registry);
        if let Some(metrics) = metrics {
            metrics.scrapes_in_flight.inc();
        }
        Self { metrics, format, begin: Stopwatch::start() }
    }

    /// Counts a scrape whose page is complete and has this size.
    pub(super) fn finish(self, bytes: usize) {
        if let Some(metrics) = self.metrics {
            metrics.count_scrape(self.format);
            metrics.scrape_duration.observe_duration(self.begin.elapsed());
            metrics.scrape_size.observe(bytes as f64);
        }
    }
}

impl Drop for ScrapeStats {
    fn drop(&mut self) {
        if let Some(metrics) = self.metrics {
            metrics.scrapes_in_flight.dec();
        }
    }
}
