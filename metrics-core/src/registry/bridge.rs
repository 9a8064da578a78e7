//! The bridge to the `prometheus` crate, both ways.
//!
//! The global registry is one collector in `prometheus::default_registry()`, so an existing `prometheus::gather()` shows this
//! library's metrics. A page of this library shows the other collectors of that registry: while it gathers them, its own
//! collector returns nothing, so that neither side shows anything twice.

use std::{
    cell::Cell,
    collections::HashMap,
    panic::{AssertUnwindSafe, catch_unwind},
    sync::{
        Condvar, Mutex, PoisonError,
        atomic::{
            AtomicBool,
            Ordering::{Acquire, Release},
        },
    },
    thread,
    time::{Duration, Instant},
};

use prometheus::{
    core::{Collector, Desc},
    proto,
};

use super::{family_snapshot::FamilySnapshot, handle::Registry};
use crate::{
    label::parse_block,
    model::{Buckets, Layout, MetricType, States},
    series::SeriesSet,
};

thread_local! {
    /// Set while this thread gathers for a page of this library.
    static GATHERING_OTHERS: Cell<bool> = const { Cell::new(false) };
}

/// The global registry as a collector of the `prometheus` crate.
struct Bridge {
    desc: Desc,
    registry: &'static Registry,
}

/// Longest time for which the first use of the global registry waits until its collector is registered. Registration takes some
/// microseconds, unless a `gather` is running.
const REGISTRATION_TIMEOUT: Duration = Duration::from_millis(250);

/// State of the registration of the collector.
enum Installation {
    Missing,
    Started(Instant),
    Done,
}

static INSTALLATION: Mutex<Installation> = Mutex::new(Installation::Missing);
static INSTALLED: AtomicBool = AtomicBool::new(false);
static CHANGED: Condvar = Condvar::new();

/// Registers the global registry as a collector in `prometheus::default_registry()`, once.
///
/// That registry is locked while it gathers, and the first use of a metric may be in a collector that it calls. So another
/// thread registers the collector, and this one waits no longer than [`REGISTRATION_TIMEOUT`].
pub(super) fn install(registry: &'static Registry) {
    if INSTALLED.load(Acquire) {
        return;
    }
    let mut installation = INSTALLATION.lock().unwrap_or_else(PoisonError::into_inner);
    if matches!(*installation, Installation::Missing) {
        *installation = Installation::Started(Instant::now());
        let thread = thread::Builder::new().name("metrics-collector".into());
        if thread.spawn(move || register_and_notify(registry)).is_err() {
            drop(installation);
            return register_and_notify(registry);
        }
    }
    while let Installation::Started(start) = *installation {
        let Some(rest) = REGISTRATION_TIMEOUT.checked_sub(start.elapsed()) else { return };
        installation = CHANGED
            .wait_timeout(installation, rest)
            .map_or_else(|poisoned| poisoned.into_inner().0, |woken| woken.0);
    }
}

fn register_and_notify(registry: &'static Registry) {
    register(registry);
    *INSTALLATION.lock().unwrap_or_else(PoisonError::into_inner) = Installation::Done;
    INSTALLED.store(true, Release);
    CHANGED.notify_all();
}

fn register(registry: &'static Registry) {
    let desc = Desc::new(
        "metrics_core_collector".into(),
        "The metrics of the metrics-core registry.".into(),
        Vec::new(),
        HashMap::new(),
    );
    if let Ok(desc) = desc
        && let Err(error) = prometheus::default_registry().register(Box::new(Bridge { desc, registry }))
    {
        log::error!(
            "cannot register in prometheus::default_registry(), so `prometheus::gather()` lacks these metrics: {error}"
        );
    }
}

/// Gathers the metrics of the `prometheus` crate that are fields of a registry's groups; `None` if a collector panicked.
pub(crate) fn gather_fields(registry: &Registry) -> Option<Vec<proto::MetricFamily>> {
    catch_unwind(AssertUnwindSafe(|| registry.foreign().gather())).ok()
}

/// Gathers `prometheus::default_registry()` without the metrics of this library; `None` if a collector panicked.
pub(crate) fn gather_others() -> Option<Vec<proto::MetricFamily>> {
    /// Resets the flag, also if a collector panics.
    struct Reset;
    impl Drop for Reset {
        fn drop(&mut self) {
            GATHERING_OTHERS.set(false);
        }
    }

    GATHERING_OTHERS.set(true);
    let _reset = Reset;
    catch_unwind(AssertUnwindSafe(|| prometheus::default_registry().gather())).ok()
}

impl Collector for Bridge {
    fn desc(&self) -> Vec<&Desc> {
        vec![&self.desc]
    }

    fn collect(&self) -> Vec<proto::MetricFamily> {
        if GATHERING_OTHERS.get() {
            return Vec::new();
        }
        let registry = self.registry;
        registry.declare();
        let fields = gather_fields(registry).unwrap_or_default();
        registry.snapshot().families().map(family).chain(fields).collect()
    }
}

fn family(snapshot: FamilySnapshot<'_>) -> proto::MetricFamily {
    let mut family = proto::MetricFamily::default();
    family.set_name(snapshot.name().to_owned());
    family.set_help(snapshot.help().to_owned());
    family.set_field_type(match snapshot.metric_type() {
        MetricType::Counter => proto::MetricType::COUNTER,
        MetricType::Gauge | MetricType::Info | MetricType::StateSet => proto::MetricType::GAUGE,
        MetricType::Histogram => proto::MetricType::HISTOGRAM,
        MetricType::Summary => proto::MetricType::SUMMARY,
    });
    family.set_metric(snapshot.sets().iter().flat_map(|set| metrics(set)).collect());
    family
}

fn metrics(set: &SeriesSet) -> Vec<proto::Metric> {
    let mut metrics = Vec::new();
    set.read(|series, sums| {
        let block = series.labels.text();
        if let Layout::StateSet(states) = set.layout() {
            return metrics.extend(state_metrics(states, block, sums));
        }
        let mut metric = proto::Metric::from_label(labels(block));
        let bits = sums.first().copied().unwrap_or_default();
        match set.layout() {
            Layout::Counter => set_counter(&mut metric, bits as f64),
            Layout::FloatCounter | Layout::ReadCounter => set_counter(&mut metric, f64::from_bits(bits)),
            Layout::Gauge => set_gauge(&mut metric, bits.cast_signed() as f64),
            Layout::FloatGauge => set_gauge(&mut metric, f64::from_bits(bits)),
            Layout::Info => set_gauge(&mut metric, 1.0),
            Layout::Histogram(buckets) => metric.set_histogram(histogram(buckets, sums)),
            Layout::Summary(buckets) => {
                metric.set_summary(summary(
                    buckets,
                    sums,
                    &set.quantiles(series.cells()).unwrap_or_default(),
                ));
            }
            Layout::StateSet(_) => {}
        }
        metrics.push(metric);
    });
    metrics
}

/// Returns one gauge for each state.
fn state_metrics(states: &States, block: &str, sums: &[u64]) -> Vec<proto::Metric> {
    let metric = |(at, state): (usize, &str)| {
        let separator = if block.is_empty() { "" } else { "," };
        let mut metric = proto::Metric::from_label(labels(&format!("{block}{separator}{state}")));
        set_gauge(&mut metric, f64::from(u8::from(states.is_current(at, sums))));
        metric
    };
    states.labels().enumerate().map(metric).collect()
}

fn summary(buckets: &Buckets, sums: &[u64], quantiles: &[(f64, f64)]) -> proto::Summary {
    let mut summary = proto::Summary::default();
    summary.set_sample_sum(buckets.sum(sums));
    summary.set_sample_count(Buckets::count(sums));
    let quantile = |(quantile, value): &(f64, f64)| {
        let mut of_summary = proto::Quantile::default();
        of_summary.set_quantile(*quantile);
        of_summary.set_value(*value);
        of_summary
    };
    summary.set_quantile(quantiles.iter().map(quantile).collect());
    summary
}

/// Returns the labels in the order of their names, which the `prometheus` crate requires.
fn labels(block: &str) -> Vec<proto::LabelPair> {
    let mut pairs = parse_block(block);
    pairs.sort_unstable();
    let pair = |(name, value)| {
        let mut pair = proto::LabelPair::default();
        pair.set_name(name);
        pair.set_value(value);
        pair
    };
    pairs.into_iter().map(pair).collect()
}

fn set_counter(metric: &mut proto::Metric, value: f64) {
    let mut counter = proto::Counter::default();
    counter.set_value(value);
    metric.set_counter(counter);
}

fn set_gauge(metric: &mut proto::Metric, value: f64) {
    let mut gauge = proto::Gauge::default();
    gauge.set_value(value);
    metric.set_gauge(gauge);
}

fn histogram(buckets: &Buckets, sums: &[u64]) -> proto::Histogram {
    let mut histogram = proto::Histogram::default();
    let counts = Buckets::counts(sums);
    let mut count = 0_u64;
    let mut cumulative = Vec::with_capacity(counts.len());
    for (bucket, bound) in counts.iter().zip(buckets.bounds().iter().chain([&f64::INFINITY])) {
        count = count.wrapping_add(*bucket);
        let mut bucket = proto::Bucket::default();
        bucket.set_upper_bound(*bound);
        bucket.set_cumulative_count(count);
        cumulative.push(bucket);
    }
    cumulative.pop();
    histogram.set_bucket(cumulative);
    histogram.set_sample_sum(buckets.sum(sums));
    histogram.set_sample_count(count);
    histogram
}
