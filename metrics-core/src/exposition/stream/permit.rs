//! Permits of scrapes, whose number is limited.

use std::sync::atomic::{AtomicBool, Ordering::Relaxed};

use crate::registry::{Registry, ScrapeError};

/// Permit of one scrape in flight: see [`Registry::begin_scrape`].
///
/// It is for servers. The thread that makes the page and the task that sends it share the permit, and the scrape ends when it is
/// dropped.
///
/// ```
/// use metrics_core::Registry;
///
/// let registry = Registry::new();
/// let one = registry.begin_scrape(1).expect("the first one");
/// assert!(registry.begin_scrape(1).is_none()); // answer with 503
/// drop(one);
/// assert!(registry.begin_scrape(1).is_some());
/// ```
#[derive(Debug)]
pub struct ScrapePermit {
    registry: Registry,
    ended: AtomicBool,
}

impl ScrapePermit {
    /// Begins a scrape; returns `None` if `most` scrapes are in flight, and counts the refusal.
    pub(in crate::exposition) fn begin(registry: &Registry, most: usize) -> Option<Self> {
        let one_more = |count| (count < most).then_some(count + 1);
        if registry.scrapes_in_flight().fetch_update(Relaxed, Relaxed, one_more).is_err() {
            registry.count_scrape_error(ScrapeError::Busy);
            return None;
        }
        Some(Self { registry: registry.clone(), ended: AtomicBool::new(false) })
    }

    /// Records that the page was not finished in time, unless another outcome is recorded.
    pub fn timed_out(&self) {
        self.count(ScrapeError::Timeout);
    }

    /// Records that the scraper went away before it had the page, unless another outcome is recorded.
    pub fn abandoned(&self) {
        self.count(ScrapeError::Abandoned);
    }

    /// Records that the scraper has the whole page, unless another outcome is recorded.
    pub fn finished(&self) {
        self.ended.store(true, Relaxed);
    }

    fn count(&self, error: ScrapeError) {
        if !self.ended.swap(true, Relaxed) {
            self.registry.count_scrape_error(error);
        }
    }
}

impl Drop for ScrapePermit {
    fn drop(&mut self) {
        self.registry.scrapes_in_flight().fetch_sub(1, Relaxed);
    }
}
