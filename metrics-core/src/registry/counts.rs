//! Counts of a registry's errors, which the self metrics read.

use std::sync::atomic::{AtomicU64, Ordering::Relaxed};

use crate::label::LabelValue;

/// Cause of a scrape error: the label `cause` of `metrics_scrape_errors_total`.
#[derive(Clone, Copy, Debug)]
pub(crate) enum ScrapeError {
    /// A collector of the `prometheus` crate or a callback panicked.
    Panic,
    /// A family of the `prometheus` crate has the name of another metric and another type.
    Conflict,
    /// A family of the `prometheus` crate has an illegal name, a series twice, or buckets out of order.
    Inconsistent,
    /// A page was not finished within its time limit.
    Timeout,
    /// A scraper went away before it had the page.
    Abandoned,
    /// A scrape was refused because too many were in flight.
    Busy,
    /// A scrape was refused because of its address or its credentials.
    Refused,
}

impl ScrapeError {
    pub(crate) const ALL: [Self; 7] = [
        Self::Panic,
        Self::Conflict,
        Self::Inconsistent,
        Self::Timeout,
        Self::Abandoned,
        Self::Busy,
        Self::Refused,
    ];

    const fn cause(self) -> &'static str {
        match self {
            Self::Panic => "panic",
            Self::Conflict => "conflict",
            Self::Inconsistent => "inconsistent",
            Self::Timeout => "timeout",
            Self::Abandoned => "abandoned",
            Self::Busy => "busy",
            Self::Refused => "refused",
        }
    }
}

impl LabelValue for ScrapeError {
    const COUNT: usize = Self::ALL.len();

    fn index(&self) -> usize {
        *self as usize
    }

    fn name_at(index: usize) -> &'static str {
        Self::ALL.get(index).map_or("", |error| error.cause())
    }
}

/// Counts of a registry's errors.
#[derive(Debug, Default)]
pub(crate) struct Counts {
    registration_errors: AtomicU64,
    scrape_errors: [AtomicU64; ScrapeError::ALL.len()],
}

impl Counts {
    pub(super) fn add_registration_error(&self) {
        self.registration_errors.fetch_add(1, Relaxed);
    }

    pub(super) fn add_scrape_error(&self, error: ScrapeError) {
        self.scrape_errors[error as usize].fetch_add(1, Relaxed);
    }

    /// Returns the number of registrations that failed.
    pub(crate) fn registration_errors(&self) -> u64 {
        self.registration_errors.load(Relaxed)
    }

    /// Returns the number of scrape errors of a cause.
    pub(crate) fn scrape_errors(&self, error: ScrapeError) -> u64 {
        self.scrape_errors[error as usize].load(Relaxed)
    }
}
