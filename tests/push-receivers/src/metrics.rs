//! A registry with metrics of every type.

use metrics_core::{
    Capped, Counter, Definition, Family, Gauge, Histogram, Info, LabelSet, LabelValue, Registry, StateSet,
    Summary,
};

/// States of a state set.
#[derive(Clone, Copy, Debug, LabelValue)]
pub enum Phase {
    /// The first.
    Starting,
    /// The second.
    Running,
}

/// A label with any text.
#[derive(Clone, Debug, LabelSet)]
pub struct Odd {
    /// The text.
    pub odd: Capped<10>,
}

/// A text with all that formats escape.
pub const ODD: &str = "a\\\"b\nc{}=,#ä";

/// Id of a span's trace, as exemplars have it.
pub const TRACE_ID: &str = "4bf92f3577b34da6a3ce929d0e0e4736";
/// Id of a span.
pub const SPAN_ID: &str = "00f067aa0ba902b7";

/// Metrics of the registry.
#[derive(Debug)]
pub struct Metrics {
    /// A counter with a label and an exemplar.
    pub jobs: Counter,
    /// A gauge of floats.
    pub level: Gauge<f64>,
    /// Gauges by text.
    pub odd: Family<Odd, Gauge>,
    /// A histogram with classic buckets.
    pub classic: Histogram,
    /// A histogram with native buckets alone.
    pub native: Histogram,
    /// A histogram with both.
    pub both: Histogram,
    /// A summary without quantiles.
    pub size: Summary,
    /// An info.
    pub build: Info,
    /// A state set.
    pub phase: StateSet<Phase>,
}

impl Metrics {
    /// Registers the metrics.
    pub fn register(registry: &Registry) -> Self {
        let define = |name: &str| Definition::new(name, "Help \\ with \"all\"\nof it.");
        Self {
            jobs: registry.register(&define("jobs_total").label("queue", "mail")).unwrap(),
            level: registry.register(&define("level_celsius")).unwrap(),
            odd: registry.register(&define("odd")).unwrap(),
            classic: registry
                .register(&define("classic_seconds").unit("seconds").buckets(&[0.1, 1.0, 1e6]))
                .unwrap(),
            native: registry.register(&define("native_bytes").buckets(&[]).native_schema(3)).unwrap(),
            both: registry.register(&define("both_bytes").buckets(&[100.0, 1000.0]).native()).unwrap(),
            size: registry.register(&define("size_bytes")).unwrap(),
            build: registry.register(&define("build_info").label("version", "1.2")).unwrap(),
            phase: registry.register(&define("phase")).unwrap(),
        }
    }

    /// Counts and observes.
    pub fn record(&self) {
        self.jobs.inc_by_with(3, [("trace_id", TRACE_ID), ("span_id", SPAN_ID)]);
        self.level.set(-2.5);
        self.odd.with(Odd { odd: ODD.into() }).set(7);
        self.classic.observe(0.05);
        self.classic.observe_with(0.5, [("trace_id", "observed"), ("other", "o")]);
        for value in 1..=1000_u32 {
            self.native.observe(f64::from(value));
            self.both.observe(f64::from(value));
        }
        self.native.observe(0.0);
        self.native.observe(-5.0);
        self.native.observe_with(500.0, [("trace_id", "native")]);
        self.size.observe(2.5);
        self.phase.set(Phase::Running);
    }
}
