//! Native histograms.

use std::{collections::BTreeMap, future::Future as _, thread, time::Duration};

use metrics_core::{
    Capped, Definition, Family, Histogram, LabelSet, MetricGroup, Registry, counted, in_flight, timed,
};
use tests::protobuf::{self as proto, families};

/// Returns the first histogram of a registry.
fn only(registry: &Registry) -> proto::Histogram {
    let families = families(registry, &[]);
    families.iter().find_map(|family| family.metrics.first()?.histogram.clone()).expect("a histogram")
}

fn native(schema: i8) -> (Registry, Histogram) {
    let registry = Registry::new();
    let definition = Definition::new("size", "Size.").buckets(&[]).native_schema(schema);
    let histogram = registry.register(&definition).unwrap();
    (registry, histogram)
}

/// Returns the bucket of a value, computed by logarithms.
#[allow(clippy::cast_possible_truncation)] // it has 19 bits at most
fn expected(size: f64, schema: i32) -> i32 {
    (size.log2() * f64::from(schema).exp2()).ceil() as i32
}

/// Returns the upper bound of a bucket.
fn bound(index: i32, schema: i32) -> f64 {
    (f64::from(index) / f64::from(schema).exp2()).exp2()
}

struct Random(u64);

impl Random {
    fn bits(&mut self) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0
    }

    fn unit(&mut self) -> f64 {
        (self.bits() >> 11) as f64 / (1_u64 << 53) as f64
    }
}

#[test]
fn empty_histogram() {
    let (registry, _histogram) = native(3);
    let shown = only(&registry);
    assert_eq!((shown.schema, shown.count, shown.zeros), (Some(3), Some(0), Some(0)));
    assert_eq!(shown.zero_threshold, Some(2.0_f64.powi(-128)));
    assert_eq!(shown.positive_spans, [proto::Span::default()], "a span of no length");
    assert!(shown.positive_deltas.is_empty() && shown.negative_spans.is_empty() && shown.buckets.is_empty());
    assert_eq!(
        kept_pages::text(registry.text()),
        "# HELP size Size.\n# TYPE size histogram\nsize_bucket{le=\"+Inf\"} 0\nsize_sum 0\nsize_count 0\n"
    );
}

#[test]
fn buckets_of_the_schema() {
    for schema in -4..=8 {
        let (registry, histogram) = native(schema);
        for value in [1.0, 1.1, 1.1, -1.0, 0.0, -0.0, 1e-300, -1e-40] {
            histogram.observe(value);
        }
        let shown = only(&registry);
        let schema = i32::from(schema);
        assert_eq!((shown.schema(), shown.zeros(), shown.count()), (schema, 4, 8));
        assert_eq!(shown.native(false), [(0, 1), (expected(1.1, schema), 2)], "{schema}");
        assert_eq!(shown.native(true), [(0, 1)]);
    }
}

#[test]
fn infinities_and_nan() {
    for schema in [8, 3, 0, -4] {
        let (registry, histogram) = native(schema);
        for value in [f64::INFINITY, f64::INFINITY, f64::NEG_INFINITY, f64::MAX, 1.5] {
            histogram.observe(value);
        }
        let shown = only(&registry);
        let greatest = expected(f64::MAX, shown.schema());
        assert_eq!(shown.native(false).last(), Some(&(greatest + 1, 2)));
        assert_eq!(shown.native(true), [(greatest + 1, 1)]);
        assert_eq!(shown.native(false)[..2], [(expected(1.5, shown.schema()), 1), (greatest, 1)]);
        histogram.observe(f64::NAN);
        let shown = only(&registry);
        assert!(shown.sum().is_nan());
        let in_buckets: u64 = [false, true].iter().flat_map(|sign| shown.native(*sign)).map(|(_, n)| n).sum();
        assert_eq!((shown.count(), in_buckets), (6, 5));
    }
}

/// Checks with random values that the buckets are those of one pass over all values at the final schema, and not too many.
#[test]
fn random_values() {
    let mut random = Random(0x9E37_79B9_7F4A_7C15);
    for round in 0..60 {
        let start = i8::try_from(round % 13).unwrap() - 4;
        let (registry, histogram) = native(start);
        // Values of one magnitude up to values of all magnitudes.
        let spread = f64::exp2(f64::from(round % 12) - 2.0);
        let mut values = Vec::new();
        for _ in 0..400 {
            let size = ((random.unit() - 0.5) * spread).exp2() * 1e-3;
            let size = size.clamp(1e-38, f64::MAX);
            values.push(if random.bits().is_multiple_of(4) { -size } else { size });
        }
        for value in &values {
            histogram.observe(*value);
        }
        let shown = only(&registry);
        let schema = shown.schema();
        assert!(schema <= i32::from(start));
        for negative in [false, true] {
            let mut wanted = BTreeMap::new();
            for size in values.iter().filter(|value| (**value < 0.0) == negative).map(|value| value.abs()) {
                *wanted.entry(expected(size, schema)).or_insert(0_u64) += 1;
            }
            let found = shown.native(negative);
            assert_eq!(found, wanted.into_iter().collect::<Vec<_>>(), "{start} {spread} {schema}");
            assert!(found.len() <= 160, "{}", found.len());
        }
        assert_eq!(shown.count(), 400);
        // The resolution is as high as possible: twice the resolution would need too many buckets.
        if schema < i32::from(start) {
            let sizes =
                || values.iter().filter(|value| **value > 0.0).map(|value| expected(*value, schema + 1));
            let positive = sizes().max().unwrap() - sizes().min().unwrap();
            assert!(positive > 40, "{start} {spread} {schema} {positive}");
        }
    }
}

#[test]
fn classic_and_native_buckets() {
    let registry = Registry::new();
    let definition = Definition::new("time_seconds", "Time.").buckets(&[0.1, 1.0]).native();
    let time: Histogram = registry.register(&definition).unwrap();
    time.observe(0.05);
    time.observe_duration(Duration::from_millis(500));
    time.observe_with(3.0, [("id", "x")]);
    let shown = only(&registry);
    let classic: Vec<_> = shown.buckets.iter().map(|bucket| (bucket.bound(), bucket.count())).collect();
    assert_eq!(classic, [(0.1, 1), (1.0, 2), (f64::INFINITY, 3)]);
    assert_eq!((shown.count(), shown.sum()), (3, 3.55));
    assert_eq!(shown.native(false).len(), 3);
    for (index, _) in shown.native(false) {
        let near =
            |value: f64| bound(index - 1, shown.schema()) < value && value <= bound(index, shown.schema());
        assert!([0.05, 0.5, 3.0].into_iter().any(near), "{index}");
    }
    assert_eq!(shown.exemplars.len(), 1);
    assert_eq!(shown.exemplars[0].value, Some(3.0));
    assert!(shown.exemplars[0].timestamp.is_some());
    assert_eq!(shown.buckets[2].exemplar.as_ref(), shown.exemplars.first());
    assert_eq!((time.count(), time.sum()), (3, 3.55));
    assert!(kept_pages::text(registry.text()).contains("time_seconds_bucket{le=\"1\"} 2\n"));
}

#[test]
fn exemplars_without_classic_buckets() {
    let (registry, histogram) = native(3);
    for power in 0..6 {
        histogram.observe_with(f64::exp2(f64::from(power)) * 1.5, [("power", power.to_string())]);
    }
    let shown = only(&registry);
    assert_eq!(shown.exemplars.len(), 6);
    assert_eq!(shown.buckets.len(), 1);
    let page = kept_pages::open_metrics(registry.open_metrics());
    let line = page.lines().find(|line| line.starts_with("size_bucket")).unwrap();
    assert!(line.starts_with("size_bucket{le=\"+Inf\"} 6 # {power=\""), "{line}");
    for power in 0..100 {
        histogram.observe_with(f64::exp2(f64::from(power)), [("power", power.to_string())]);
    }
    assert_eq!(only(&registry).exemplars.len(), 8);
}

#[test]
fn concurrent_threads() {
    let (registry, histogram) = native(8);
    thread::scope(|scope| {
        for part in 0..4_u32 {
            let histogram = &histogram;
            scope.spawn(move || {
                for at in 0..2000_u32 {
                    let power = (f64::from(at) - 1000.0) / 20.0 * f64::from(part + 1) / 4.0;
                    histogram.observe(power.exp2());
                }
            });
        }
        for _ in 0..100 {
            let shown = only(&registry);
            let in_buckets: u64 = shown.native(false).iter().map(|(_, count)| count).sum();
            assert_eq!(shown.count(), in_buckets + shown.zeros());
        }
    });
    let shown = only(&registry);
    let in_buckets: u64 = shown.native(false).iter().map(|(_, count)| count).sum();
    assert_eq!((shown.count(), in_buckets, histogram.count()), (8000, 8000, 8000));
    assert!(shown.native(false).len() <= 160);
}

#[derive(Clone, LabelSet)]
struct Tenant {
    tenant: Capped<2>,
}

#[test]
fn removed_series() {
    let registry = Registry::new();
    let definition = Definition::new("size", "Size.").buckets(&[]).native();
    let sizes: Family<Tenant, Histogram> = registry.register(&definition).unwrap();
    let tenant = |tenant: &str| Tenant { tenant: tenant.into() };
    for round in 1..=5_u64 {
        let late = sizes.with(tenant("a"));
        (0..round).for_each(|_| late.observe(1.5));
        let shown = only(&registry);
        assert_eq!((shown.count(), shown.native(false).len()), (round, 1));
        sizes.remove(tenant("a"));
        sizes.with(tenant("b")).observe(8.0);
        late.observe(1.5);
        let shown = only(&registry);
        assert_eq!((shown.count(), shown.native(false)), (1, vec![(3 << 5, 1)]), "{round}");
        sizes.remove(tenant("b"));
    }
    drop(sizes);
    for _ in 0..3 {
        let (registry, histogram) = native(0);
        assert_eq!(only(&registry).count(), 0);
        histogram.observe(2.0);
        assert_eq!(only(&registry).native(false), [(1, 1)]);
        let family: Family<(), Histogram> =
            registry.register(&Definition::new("a", "A.").buckets(&[]).native_schema(0)).unwrap();
        family.with(()).observe(4.0);
        family.remove(());
        family.with(()).observe(8.0);
        assert_eq!(only(&registry).native(false), [(3, 1)]);
    }
}

#[test]
fn conflicts() {
    let registry = Registry::new();
    let define = || Definition::new("time_seconds", "Time.").buckets(&[1.0]);
    let _one: Histogram = registry.register(&define().native()).unwrap();
    let _same: Histogram = registry.register(&define().native()).unwrap();
    assert!(registry.register::<Histogram>(&define()).is_err());
    assert!(registry.register::<Histogram>(&define().native_schema(0)).is_err());
    assert!(registry.register::<metrics_core::Counter>(&Definition::new("a_total", "A.").native()).is_err());
    assert!(registry.register::<Histogram>(&Definition::new("b", "B.").buckets(&[])).is_err());
}

#[derive(MetricGroup)]
#[metrics(namespace = "native")]
struct Times {
    /// Beside classic buckets.
    #[metric(native, buckets(0.1, 1.0))]
    beside_duration_seconds: Histogram,
    /// Instead of them.
    #[metric(native(only))]
    alone_bytes: Family<Tenant, Histogram>,
    /// Classic alone.
    #[metric(buckets(1.0))]
    classic_bytes: Histogram,
}

#[test]
fn group_fields() {
    let registry = Registry::new();
    let times = Times::register_in(&registry).unwrap();
    times.beside_duration_seconds.observe(0.5);
    times.alone_bytes.with(Tenant { tenant: "a".into() }).observe(3.0);
    times.classic_bytes.observe(3.0);
    let families = families(
        &registry,
        &["native_alone_bytes", "native_beside_duration_seconds", "native_classic_bytes"],
    );
    let [alone, beside, classic] = &families[..] else { panic!("three families: {families:?}") };
    let histogram = |family: &proto::MetricFamily| family.metrics[0].histogram.clone().unwrap();
    assert_eq!((histogram(alone).buckets.len(), histogram(alone).native(false).len()), (0, 1));
    assert_eq!((histogram(beside).buckets.len(), histogram(beside).native(false).len()), (3, 1));
    assert_eq!((histogram(classic).buckets.len(), histogram(classic).schema), (2, None));
}

#[timed(name = "native_work_duration_seconds", help = "Time.", native)]
fn work() {}

#[timed(name = "native_alone_duration_seconds", help = "Time.", native(only))]
async fn alone() {
    std::future::ready(()).await;
}

#[test]
fn timed_functions() {
    (0..3).for_each(|_| work());
    let mut context = std::task::Context::from_waker(std::task::Waker::noop());
    assert!(std::pin::pin!(alone()).poll(&mut context).is_ready());
    let families =
        families(Registry::global(), &["native_alone_duration_seconds", "native_work_duration_seconds"]);
    let [alone, work] = &families[..] else { panic!("two families: {families:?}") };
    let (alone, work) =
        (alone.metrics[0].histogram.clone().unwrap(), work.metrics[0].histogram.clone().unwrap());
    let counts = |histogram: &proto::Histogram| histogram.native(false).iter().map(|(_, n)| n).sum::<u64>();
    assert_eq!((alone.count(), counts(&alone) + alone.zeros(), alone.buckets.len()), (1, 1, 0));
    assert_eq!((work.count(), counts(&work) + work.zeros(), work.buckets.len()), (3, 3, 17));
}

#[counted(name = "native_reads_total", help = "Reads.", labels(result))]
#[timed(name = "native_read_duration_seconds", help = "Time.", labels(result), native)]
#[in_flight(name = "native_reads_in_flight", help = "Reads.")]
fn read(number: u64) -> Result<u64, u64> {
    if number == 0 { Err(number) } else { Ok(number) }
}

#[timed(name = "native_error_duration_seconds", help = "Time.", native, only = error)]
fn fail(number: u64) -> Result<u64, u64> {
    if number == 0 { Err(number) } else { Ok(number) }
}

#[test]
fn timed_functions_by_outcome() {
    for number in [0, 1, 2] {
        let _either = (read(number), fail(number));
    }
    let names = ["native_error_duration_seconds", "native_read_duration_seconds"];
    let families = families(Registry::global(), &names);
    let [failed, reads] = &families[..] else { panic!("two families: {families:?}") };
    let count = |family: &proto::MetricFamily, result: &str| -> (u64, u64) {
        let has = |metric: &&proto::Metric| {
            result.is_empty() || metric.labels.iter().any(|label| label.value.as_deref() == Some(result))
        };
        let histogram = family.metrics.iter().find(has).and_then(|metric| metric.histogram.clone()).unwrap();
        let native = histogram.native(false).iter().map(|(_, n)| n).sum::<u64>();
        (histogram.count(), native + histogram.zeros())
    };
    assert_eq!((count(reads, "ok"), count(reads, "error"), count(failed, "")), ((2, 2), (1, 1), (1, 1)));
    let page = kept_pages::text(Registry::global().text());
    for line in [
        "native_reads_total{result=\"ok\"} 2\n",
        "native_reads_total{result=\"error\"} 1\n",
        "native_reads_in_flight 0\n",
        "native_read_duration_seconds_count{result=\"ok\"} 2\n",
        "native_read_duration_seconds_count{result=\"error\"} 1\n",
    ] {
        assert!(page.contains(line), "{line} in {page}");
    }
}
