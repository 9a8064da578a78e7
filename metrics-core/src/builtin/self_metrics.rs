//! Self metrics: those of the library about itself, on the page of the global registry.

use std::any::TypeId;

use once_cell::sync::Lazy;

use crate::{
    exemplar::{self, DropCause},
    group::GroupField,
    label::{Dimension, Interners, LabelField, LabelSet, LabelValue},
    metric::{Counter, CounterFn, Family, Gauge, Histogram, Info, Summary},
    model::Format,
    registry::{Declared, DeclaredItem, Definition, Registry, ScrapeError, log_after},
};

/// Metrics of the library about itself. A page shows those of the scrapes before it.
#[derive(Debug)]
pub(crate) struct SelfMetrics {
    scrapes: Family<FormatLabel, Counter>,
    pub(crate) scrapes_in_flight: Gauge,
    pub(crate) scrape_duration: Histogram,
    pub(crate) scrape_size: Summary,
    pub(crate) label_sets: Gauge,
    _registration_errors: CounterFn,
    scrape_errors: Family<ErrorLabel, CounterFn>,
    _exemplars_dropped: Family<DropLabel, CounterFn>,
    _rust: Info,
}

static SELF_METRICS: Lazy<SelfMetrics> = Lazy::new(|| SelfMetrics::register_in(Registry::global()));

/// Entry of the self metrics on the link-time list.
#[derive(Debug)]
struct Declaration;

impl Declared for Declaration {
    fn register_in(&'static self, registry: &Registry, _: &[TypeId]) {
        SelfMetrics::of(registry);
    }
}

inventory::submit! { DeclaredItem(&Declaration) }

/// The label `format`.
#[derive(Clone, Copy, Debug)]
struct FormatLabel(Format);

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

/// The label `cause` of scrape errors.
#[derive(Clone, Copy, Debug)]
struct ErrorLabel(ScrapeError);

impl LabelSet for ErrorLabel {
    const DIMENSIONS: &'static [Dimension] = &[Dimension::of::<ScrapeError>("cause")];
    const CAPPED: bool = false;

    fn index(&self, interners: &Interners) -> usize {
        LabelField::position(&self.0, interners, 0)
    }
}

/// The label `cause` of dropped exemplars.
#[derive(Clone, Copy, Debug)]
struct DropLabel(DropCause);

impl LabelValue for DropLabel {
    const COUNT: usize = DropCause::ALL.len();

    fn index(&self) -> usize {
        self.0 as usize
    }

    fn name_at(index: usize) -> &'static str {
        DropCause::NAMES.get(index).copied().unwrap_or_default()
    }
}

impl LabelSet for DropLabel {
    const DIMENSIONS: &'static [Dimension] = &[Dimension::of::<Self>("cause")];
    const CAPPED: bool = false;

    fn index(&self, interners: &Interners) -> usize {
        LabelField::position(self, interners, 0)
    }
}

/// Buckets from immediate pages to those for which a scraper does not wait.
const DURATIONS: [f64; 7] = [0.0005, 0.0025, 0.01, 0.05, 0.25, 1.0, 10.0];

impl SelfMetrics {
    /// Returns the self metrics of a registry, which only the global one has.
    pub(crate) fn of(registry: &Registry) -> Option<&'static Self> {
        registry.is_global().then(|| log_after(|| &*SELF_METRICS))
    }

    /// Reads the error counts again, so that a page shows the errors of its own scrape.
    pub(crate) fn read_errors(&self) {
        for error in ScrapeError::ALL {
            self.scrape_errors.with(ErrorLabel(error)).get();
        }
    }

    /// Counts a scrape whose page is complete.
    pub(crate) fn count_scrape(&self, format: Format) {
        self.scrapes.with(FormatLabel(format)).inc();
    }

    fn register_in(registry: &'static Registry) -> Self {
        fn register<F: GroupField>(registry: &Registry, name: &str, help: &'static str) -> F {
            registry.register_or_detach(&Definition::new(name, help))
        }
        let duration =
            Definition::new("metrics_scrape_duration_seconds", "Duration of former scrapes in seconds.");
        Self {
            _registration_errors: registration_errors(registry),
            scrape_errors: scrape_errors(registry),
            _exemplars_dropped: exemplars_dropped(registry),
            _rust: rust_info(registry),
            scrapes: register(registry, "metrics_scrapes_total", "Number of former scrapes by format."),
            scrapes_in_flight: register(
                registry,
                "metrics_scrapes_in_flight",
                "Number of scrapes in flight, this one included.",
            ),
            scrape_duration: registry.register_or_detach(&duration.buckets(&DURATIONS)),
            scrape_size: register(
                registry,
                "metrics_scrape_size_bytes",
                "Size of the pages of former scrapes in bytes, after compression.",
            ),
            label_sets: register(
                registry,
                "metrics_label_sets",
                "Number of label sets of all families, including those that are hidden while they are zero.",
            ),
        }
    }
}

fn registration_errors(registry: &'static Registry) -> CounterFn {
    let definition =
        Definition::new("metrics_registration_errors_total", "Number of metrics rejected at registration.");
    let errors: CounterFn = registry.register_or_detach(&definition);
    errors.read_from(|| registry.counts().registration_errors());
    errors
}

fn scrape_errors(registry: &'static Registry) -> Family<ErrorLabel, CounterFn> {
    let definition = Definition::new(
        "metrics_scrape_errors_total",
        "Number of incomplete scrapes and of families missing from a scrape, by cause.",
    );
    let errors: Family<ErrorLabel, CounterFn> = registry.register_or_detach(&definition);
    for error in ScrapeError::ALL {
        errors.with(ErrorLabel(error)).read_from(move || registry.counts().scrape_errors(error));
    }
    errors
}

fn exemplars_dropped(registry: &Registry) -> Family<DropLabel, CounterFn> {
    let definition =
        Definition::new("metrics_exemplars_dropped_total", "Number of exemplars dropped, by cause.");
    let exemplars: Family<DropLabel, CounterFn> = registry.register_or_detach(&definition);
    for cause in DropCause::ALL {
        exemplars.with(DropLabel(cause)).read_from(move || exemplar::dropped(cause));
    }
    exemplars
}

fn rust_info(registry: &Registry) -> Info {
    let definition = Definition::new("rust_info", "Compiler that built the service.")
        .label("version", env!("METRICS_CORE_RUSTC"))
        .label("target", env!("METRICS_CORE_TARGET"));
    registry.register_or_detach(&definition)
}
