//! The metrics of the library about itself.

use super::Registry;
use crate::{
    collectors::rust_info,
    definition::Definition,
    exemplar::{self, Dropped},
    exposition::Format,
    family::Family,
    field::GroupField,
    group::register_or_detach,
    label::{Dimension, Interners, LabelField, LabelSet, LabelValue},
    metric::{Counter, CounterFn, Gauge, Histogram, Info, Summary},
};

/// What the global registry counts about itself. Of scrapes a page tells what is known while it is made: of those before.
#[derive(Debug)]
pub(crate) struct OwnMetrics {
    pub(crate) registration_errors: Counter,
    pub(crate) scrape_errors: Family<ScrapeError, Counter>,
    pub(crate) scrapes: Family<FormatLabel, Counter>,
    pub(crate) scrapes_in_flight: Gauge,
    pub(crate) scrape_duration: Histogram,
    pub(crate) scrape_size: Summary,
    pub(crate) series: Gauge,
    _exemplars_dropped: Family<Dropped, CounterFn>,
    _rust: Info,
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

/// A format: the label `format`.
#[derive(Clone, Copy, Debug)]
pub(crate) struct FormatLabel(pub(crate) Format);

impl LabelValue for FormatLabel {
    const COUNT: usize = 4;

    fn index(&self) -> usize {
        match self.0 {
            Format::Text => 0,
            Format::OpenMetrics => 1,
            Format::Protobuf => 2,
            Format::Json => 3,
        }
    }

    fn name_at(index: usize) -> &'static str {
        ["text", "openmetrics", "protobuf", "json"].get(index).copied().unwrap_or_default()
    }
}

impl LabelSet for FormatLabel {
    const DIMENSIONS: &'static [Dimension] = &[Dimension::of::<Self>("format")];
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

/// From pages that nobody notices to those that a scraper gives up on.
const DURATIONS: [f64; 7] = [0.0005, 0.0025, 0.01, 0.05, 0.25, 1.0, 10.0];

impl OwnMetrics {
    /// Registers them in an empty registry, where nothing can contradict them.
    pub(super) fn register_in(registry: &Registry) -> Self {
        fn register<F: GroupField>(registry: &Registry, name: &str, help: &'static str) -> F {
            register_or_detach(registry, &Definition::new(name, help))
        }
        let duration = Definition::new(
            "metrics_scrape_duration_seconds",
            "Time that the pages of former scrapes took; one in chunks waits for whoever takes them.",
        );
        Self {
            _exemplars_dropped: register_dropped(registry),
            _rust: rust_info(registry),
            registration_errors: register(
                registry,
                "metrics_registration_errors_total",
                "Metrics that could not be registered; they are counted where nobody sees them.",
            ),
            scrape_errors: register(
                registry,
                "metrics_scrape_errors_total",
                "Scrapes without a whole page, and families or collectors left out of one, by cause.",
            ),
            scrapes: register(registry, "metrics_scrapes_total", "Pages made for former scrapes, by format."),
            scrapes_in_flight: register(
                registry,
                "metrics_scrapes_in_flight",
                "Pages that are being made, this one included.",
            ),
            scrape_duration: register_or_detach(registry, &duration.buckets(&DURATIONS)),
            scrape_size: register(
                registry,
                "metrics_scrape_size_bytes",
                "Size of the pages of former scrapes, compressed if they were.",
            ),
            series: register(
                registry,
                "metrics_series",
                "Series that the page has, those included that are left out while they are zero.",
            ),
        }
    }
}

/// The exemplars that were dropped, which are counted beside the cells.
fn register_dropped(registry: &Registry) -> Family<Dropped, CounterFn> {
    let definition = Definition::new(
        "metrics_exemplars_dropped_total",
        "Exemplars that were dropped, by cause: too long, illegal labels, no room, or a source that panicked.",
    );
    let exemplars: Family<Dropped, CounterFn> = register_or_detach(registry, &definition);
    for cause in Dropped::ALL {
        exemplars.with(cause).read_from(move || exemplar::dropped(cause));
    }
    exemplars
}
