//! Metrics that could not be registered: they can be used, and affect no other metric.

use metrics_core::{
    __private::{Interners, register_static},
    Counter, Definition, Dimension, Family, Gauge, Histogram, LabelSet, LabelValue, MetricGroup, Registry,
};

/// Group that is registered first.
#[derive(MetricGroup)]
#[metrics(namespace = "app", global = false)]
struct First {
    /// Help.
    calls_total: Counter,
    /// Help.
    #[metric(allow(counter_total))]
    level: Counter,
    /// Help.
    #[metric(allow(counter_total))]
    time_seconds: Counter,
    /// Help.
    spread_total: Counter,
}

/// Group with the same names and other types.
#[derive(MetricGroup)]
#[metrics(namespace = "app", global = false)]
struct Second {
    /// Help.
    #[metric(allow(many_series))]
    calls_total: Family<Many, Counter>,
    /// Help.
    level: Gauge,
    /// Help.
    time_seconds: Histogram,
    /// Help.
    #[metric(allow(label_product))]
    spread_total: Family<TooMany, Counter>,
}

#[derive(Clone, Copy)]
struct At<const COUNT: usize>(usize);

impl<const COUNT: usize> LabelValue for At<COUNT> {
    const COUNT: usize = COUNT;

    fn index(&self) -> usize {
        self.0
    }

    fn name_at(_: usize) -> &'static str {
        "somewhere"
    }
}

impl<const COUNT: usize> LabelSet for At<COUNT> {
    const DIMENSIONS: &'static [Dimension] = &[Dimension::of::<Self>("at")];
    const CAPPED: bool = false;

    fn index(&self, _: &Interners) -> usize {
        self.0
    }
}

type Many = At<1000>;
type TooMany = At<{ usize::MAX / 2 }>;

#[test]
fn counts_are_not_shown() {
    let registry = Registry::new();
    let others: Vec<Counter> = (0..2000)
        .map(|at| registry.register(&Definition::new(format!("other_{at}_total"), "Other.")).unwrap())
        .collect();
    let first: First = register_static(&registry);
    first.calls_total.inc();
    let page = registry.text();
    let second: Second = register_static(&registry);
    for at in 0..1000 {
        second.calls_total.with(At(at)).inc();
    }
    // Numbers of slots are 32 bits.
    for at in [0, 1, 4_000_000, u32::MAX as usize, 1 << 31, (1 << 31) + 100, (1 << 32) + 2, (1 << 40) + 3] {
        second.spread_total.with(At(at)).inc();
    }
    second.level.set(7);
    second.level.inc();
    second.time_seconds.observe(0.5);
    assert_eq!(registry.registration_errors().len(), 4);
    assert_eq!(
        (second.calls_total.with(At(3)).get(), second.level.get(), second.time_seconds.count()),
        (0, 0, 0)
    );
    assert!(others.iter().all(|other| other.get() == 0));
    let after = registry.text();
    let ours =
        |page: &str| page.lines().filter(|line| !line.contains("metrics_registration_errors_total")).count();
    let counted = [&first.calls_total, &first.level, &first.time_seconds, &first.spread_total]
        .map(|counter| counter.get());
    assert_eq!((ours(&after), counted), (ours(&page), [1, 0, 0, 0]));
}

#[derive(MetricGroup)]
#[metrics(namespace = "traced", global = false)]
struct Third {
    /// Help.
    calls_total: Counter,
    /// Help.
    #[metric(allow(counter_total))]
    time_seconds: Counter,
}

#[derive(MetricGroup)]
#[metrics(namespace = "traced", global = false)]
struct Fourth {
    /// Help.
    #[metric(allow(many_series, label_product))]
    calls_total: Family<At<6000>, Counter>,
    /// Help.
    time_seconds: Histogram,
}

#[test]
fn exemplars_are_not_kept() {
    let registry = Registry::new();
    let others: Vec<Counter> = (0..100)
        .map(|at| registry.register(&Definition::new(format!("other_{at}_total"), "Other.")).unwrap())
        .collect();
    let there: Third = register_static(&registry);
    let detached: Fourth = register_static(&registry);
    assert_eq!(registry.registration_errors().len(), 2);
    let dropped = |page: &str| {
        let lines = page.lines().filter(|line| line.starts_with("metrics_exemplars_dropped_total"));
        lines.map(ToOwned::to_owned).collect::<Vec<_>>()
    };
    let before = dropped(&Registry::global().open_metrics());
    assert!(!before.is_empty());
    // More counts than there are slots of other metrics.
    for at in 0..6000 {
        detached.calls_total.with(At(at)).inc_with([("trace_id", "lost")]);
    }
    for seconds in [0.001, 0.5, 1e9] {
        detached.time_seconds.observe_with(seconds, [("trace_id", "lost")]);
    }
    let page = registry.open_metrics();
    assert!(!page.contains("lost") && !page.contains(" # {"), "{page}");
    assert_eq!(dropped(&Registry::global().open_metrics()), before);
    // Registered metrics keep their exemplars.
    there.calls_total.inc_with([("trace_id", "kept")]);
    assert!(others.iter().all(|other| other.get() == 0));
    assert_eq!(registry.open_metrics().matches("trace_id=\"kept\"").count(), 1);
    assert_eq!(there.time_seconds.get(), 0);
}
