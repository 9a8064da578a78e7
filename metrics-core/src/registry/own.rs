//! The metrics of the library about itself.

use super::Registry;
use crate::{
    definition::Definition,
    exemplar::{self, Dropped},
    family::Family,
    label::{Dimension, Interners, LabelField, LabelSet, LabelValue},
    metric::{Counter, CounterFn},
};

/// What the global registry counts about itself.
#[derive(Debug)]
pub(crate) struct OwnMetrics {
    pub(crate) registration_errors: Counter,
    pub(crate) scrape_errors: Family<ScrapeError, Counter>,
    _exemplars_dropped: Family<Dropped, CounterFn>,
}

/// What went wrong in a scrape: the label `cause`.
#[derive(Clone, Copy, Debug)]
pub(crate) enum ScrapeError {
    /// A collector of the `prometheus` crate or a callback panicked.
    Panic,
    /// A family of the `prometheus` crate has the name of one of ours and another type.
    Conflict,
    /// A family of the `prometheus` crate has an illegal name, a series twice, or buckets out of order.
    Inconsistent,
    /// A page was not finished in the time that it had.
    Timeout,
    /// A scraper went away before it had the page.
    Abandoned,
    /// A scrape was refused, as there were as many as may be at once.
    Busy,
}

impl ScrapeError {
    const CAUSES: [&'static str; 6] = ["panic", "conflict", "inconsistent", "timeout", "abandoned", "busy"];
}

impl LabelValue for ScrapeError {
    const COUNT: usize = Self::CAUSES.len();

    fn index(&self) -> usize {
        *self as usize
    }

    fn name_at(index: usize) -> &'static str {
        Self::CAUSES.get(index).copied().unwrap_or_default()
    }
}

impl LabelSet for ScrapeError {
    const DIMENSIONS: &'static [Dimension] = &[Dimension::of::<Self>("cause")];
    const CAPPED: bool = false;

    fn index(&self, interners: &Interners) -> usize {
        LabelField::position(self, interners, 0)
    }
}

impl LabelValue for Dropped {
    const COUNT: usize = Self::ALL.len();

    fn index(&self) -> usize {
        *self as usize
    }

    fn name_at(index: usize) -> &'static str {
        Self::NAMES.get(index).copied().unwrap_or_default()
    }
}

impl LabelSet for Dropped {
    const DIMENSIONS: &'static [Dimension] = &[Dimension::of::<Self>("cause")];
    const CAPPED: bool = false;

    fn index(&self, interners: &Interners) -> usize {
        LabelField::position(self, interners, 0)
    }
}

impl OwnMetrics {
    /// Registers them in an empty registry, where nothing can contradict them.
    pub(super) fn register_in(registry: &Registry) -> Self {
        let errors = Definition::new(
            "metrics_registration_errors_total",
            "Metrics that could not be registered; they are counted where nobody sees them.",
        );
        let scrapes = Definition::new(
            "metrics_scrape_errors_total",
            "Scrapes without a whole page, and families or collectors left out of one, by cause.",
        );
        let exemplars = Definition::new(
            "metrics_exemplars_dropped_total",
            "Exemplars that were dropped, by cause: too long, illegal labels, no room, or a source that panicked.",
        );
        let exemplars_dropped: Family<Dropped, CounterFn> =
            crate::group::register_or_detach(registry, &exemplars);
        for cause in Dropped::ALL {
            exemplars_dropped.with(cause).read_from(move || exemplar::dropped(cause));
        }
        Self {
            _exemplars_dropped: exemplars_dropped,
            registration_errors: crate::group::register_or_detach(registry, &errors),
            scrape_errors: crate::group::register_or_detach(registry, &scrapes),
        }
    }
}
