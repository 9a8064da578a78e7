//! Collectors of the `prometheus` crate with families that no page can show.

use std::{
    collections::HashMap,
    sync::{
        Arc, Mutex, MutexGuard, PoisonError,
        atomic::{AtomicBool, Ordering::Relaxed},
    },
};

use metrics_core::{
    Definition, Gauge, Isolated, Registry,
    prometheus::{
        self,
        core::{Collector, Desc},
        proto,
    },
};

/// Serializes the tests, as all read error counts of the global registry.
fn alone() -> MutexGuard<'static, ()> {
    static ALONE: Mutex<()> = Mutex::new(());
    ALONE.lock().unwrap_or_else(PoisonError::into_inner)
}

/// A collector of fixed families.
struct Given(Desc, Vec<proto::MetricFamily>);

impl Collector for Given {
    fn desc(&self) -> Vec<&Desc> {
        vec![&self.0]
    }

    fn collect(&self) -> Vec<proto::MetricFamily> {
        self.1.clone()
    }
}

fn family(name: &str, kind: proto::MetricType, metrics: Vec<proto::Metric>) -> proto::MetricFamily {
    let mut family = proto::MetricFamily::default();
    family.set_name(name.into());
    family.set_help("Given.".into());
    family.set_field_type(kind);
    family.set_metric(metrics);
    family
}

fn gauge(labels: &[(&str, &str)]) -> proto::Metric {
    let pair = |(name, value): &(&str, &str)| {
        let mut pair = proto::LabelPair::default();
        pair.set_name((*name).into());
        pair.set_value((*value).into());
        pair
    };
    proto::Metric::from_label(labels.iter().map(pair).collect())
}

fn histogram(buckets: &[(f64, u64)]) -> proto::Metric {
    let bucket = |(bound, count): &(f64, u64)| {
        let mut bucket = proto::Bucket::default();
        bucket.set_upper_bound(*bound);
        bucket.set_cumulative_count(*count);
        bucket
    };
    let mut histogram = proto::Histogram::default();
    histogram.set_bucket(buckets.iter().map(bucket).collect());
    histogram.set_sample_count(9);
    let mut metric = proto::Metric::default();
    metric.set_histogram(histogram);
    metric
}

fn labelled(mut metric: proto::Metric, name: &str) -> proto::Metric {
    metric.set_label(gauge(&[(name, "b")]).get_label().to_vec());
    metric
}

/// Label names that scrapers accept although registration refuses them.
#[test]
fn readable_labels_are_shown() {
    use proto::MetricType::{GAUGE, HISTOGRAM};
    let registry = Registry::new();
    let desc = Desc::new("odd".into(), "Given.".into(), Vec::new(), HashMap::new()).unwrap();
    let families = vec![
        family("odd_gauge", GAUGE, vec![gauge(&[("_a", "b"), ("_", "c"), ("le", "d"), ("quantile", "e")])]),
        family("odd_histogram", HISTOGRAM, vec![labelled(histogram(&[(1.0, 5)]), "_a")]),
    ];
    registry.register_collector(Given(desc, families)).unwrap();
    for page in [kept_pages::text(registry.text()), kept_pages::open_metrics(registry.open_metrics())] {
        let lines: Vec<_> = page.lines().filter(|line| !line.starts_with('#')).collect();
        let gauge = r#"odd_gauge{_a="b",_="c",le="d",quantile="e"} 0"#;
        assert_eq!(lines[0], gauge, "{page}");
        assert!(lines[1].starts_with(r#"odd_histogram_bucket{_a="b",le="1"#), "{page}");
        assert_eq!(lines[2], r#"odd_histogram_bucket{_a="b",le="+Inf"} 9"#, "{page}");
    }
}

#[test]
fn inconsistent_family_is_skipped() {
    use proto::MetricType::{GAUGE, HISTOGRAM, SUMMARY};
    let _alone = alone();
    let bad = vec![
        family("bad name", GAUGE, vec![gauge(&[])]),
        family("bad_label", GAUGE, vec![gauge(&[("a-b", "c")])]),
        family("bad_reserved", GAUGE, vec![gauge(&[("__a", "b")])]),
        family("bad_bucket", HISTOGRAM, vec![labelled(histogram(&[(1.0, 5)]), "le")]),
        family("bad_quantile", SUMMARY, vec![labelled(proto::Metric::default(), "quantile")]),
        family("bad_twice", GAUGE, vec![gauge(&[("a", "b")]), gauge(&[("a", "b")])]),
        family("bad_counts", HISTOGRAM, vec![histogram(&[(1.0, 5), (2.0, 4)])]),
        family("bad_bounds", HISTOGRAM, vec![histogram(&[(2.0, 4), (1.0, 5)])]),
        family("bad_last", HISTOGRAM, vec![histogram(&[(1.0, 10)])]),
    ];
    let count = bad.len() as u64;
    let good = family("good_given", GAUGE, vec![gauge(&[("a", "b")]), gauge(&[("a", "c")])]);
    let desc = Desc::new("given".into(), "Given.".into(), Vec::new(), HashMap::new()).unwrap();
    let given = Given(desc, bad.into_iter().chain([good]).collect());
    prometheus::default_registry().register(Box::new(given)).unwrap();
    let registry = Registry::global();
    let page = kept_pages::text(registry.text());
    assert!(page.contains("good_given{a=\"b\"} 0\ngood_given{a=\"c\"} 0\n"), "{page}");
    assert!(!page.contains("bad"), "{page}");
    let inconsistent = errors(&kept_pages::text(registry.text()), "inconsistent");
    assert_eq!(errors(&kept_pages::text(registry.text()), "inconsistent"), inconsistent + count);
}

/// A collector that panics on demand.
struct Panicking(Desc, Arc<AtomicBool>);

impl Panicking {
    fn new(name: &str) -> (Self, Arc<AtomicBool>) {
        let panics = Arc::new(AtomicBool::new(false));
        let desc = Desc::new(name.into(), "Panics.".into(), Vec::new(), HashMap::new()).unwrap();
        (Self(desc, Arc::clone(&panics)), panics)
    }
}

impl Collector for Panicking {
    fn desc(&self) -> Vec<&Desc> {
        vec![&self.0]
    }

    fn collect(&self) -> Vec<proto::MetricFamily> {
        assert!(!self.1.load(Relaxed), "for the test");
        vec![family(&self.0.fq_name, proto::MetricType::GAUGE, vec![gauge(&[])])]
    }
}

fn errors(page: &str, cause: &str) -> u64 {
    let start = format!("metrics_scrape_errors_total{{cause=\"{cause}\"}} ");
    page.lines().find_map(|line| line.strip_prefix(&start)?.parse().ok()).expect("it is on the page")
}

#[test]
fn panicking_collector_is_skipped() {
    let _alone = alone();
    let registry = Registry::new();
    let (panicking, panics) = Panicking::new("panicking");
    registry.register_collector(panicking).unwrap();
    let (calm, _) = Panicking::new("calm");
    registry.register_collector(calm).unwrap();
    let _ours: Gauge = registry.register(&Definition::new("ours", "Ours.")).unwrap();
    let all = "# HELP calm Given.\n# TYPE calm gauge\ncalm 0\n# HELP ours Ours.\n# TYPE ours gauge\nours 0\n";
    let panicking = "# HELP panicking Given.\n# TYPE panicking gauge\npanicking 0\n";
    assert_eq!(kept_pages::text(registry.text()), format!("{all}{panicking}"));
    panics.store(true, Relaxed);
    let before = errors(&kept_pages::text(Registry::global().text()), "panic");
    assert_eq!(kept_pages::text(registry.text()), all);
    assert_eq!(errors(&kept_pages::text(Registry::global().text()), "panic"), before + 1);
    panics.store(false, Relaxed);
    assert_eq!(kept_pages::text(registry.text()), format!("{all}{panicking}"));
}

#[test]
fn isolated_in_the_default_registry() {
    let _alone = alone();
    let registry = Registry::global();
    let (isolated, isolated_panics) = Panicking::new("default_isolated");
    prometheus::register(Box::new(Isolated::new(isolated))).unwrap();
    let (bare, bare_panics) = Panicking::new("default_bare");
    prometheus::register(Box::new(bare)).unwrap();
    let (calm, _) = Panicking::new("default_calm");
    prometheus::register(Box::new(calm)).unwrap();
    let (ours, _) = Panicking::new("registered_with_us");
    registry.register_collector(ours).unwrap();
    let shown = || {
        let page = kept_pages::text(registry.text());
        let names = ["default_isolated", "default_bare", "default_calm", "registered_with_us"];
        names.map(|name| page.contains(&format!("\n{name} 0\n")))
    };
    assert_eq!(shown(), [true; 4]);
    isolated_panics.store(true, Relaxed);
    assert_eq!(shown(), [false, true, true, true]);
    let before = errors(&kept_pages::text(registry.text()), "panic");
    // The `prometheus` crate gathers all or nothing.
    bare_panics.store(true, Relaxed);
    assert_eq!(shown(), [false, false, false, true]);
    assert!(errors(&kept_pages::text(registry.text()), "panic") > before);
    bare_panics.store(false, Relaxed);
    isolated_panics.store(false, Relaxed);
    assert_eq!(shown(), [true; 4]);
}

#[test]
fn duplicate_series() {
    use proto::MetricType::{COUNTER, GAUGE};
    let _alone = alone();
    let registry = Registry::new();
    let give = |families: Vec<proto::MetricFamily>| {
        let name = format!("given_{}", families[0].name());
        let desc = Desc::new(name, "Given.".into(), Vec::new(), HashMap::new()).unwrap();
        registry.register_collector(Given(desc, families)).unwrap();
    };
    let level: Gauge = registry.register(&Definition::new("level", "Level.").label("a", "b")).unwrap();
    level.set(7);
    give(vec![family("level", GAUGE, vec![gauge(&[("a", "b")])])]);
    let page = kept_pages::text(registry.text());
    assert_eq!(page, "# HELP level Level.\n# TYPE level gauge\nlevel{a=\"b\"} 7\n");
    drop(level);
    assert!(kept_pages::text(registry.text()).contains("level{a=\"b\"} 0\n"), "ours is gone");
    // A negative counter is invalid.
    let mut below = proto::Counter::default();
    below.set_value(-1.0);
    let mut metric = proto::Metric::default();
    metric.set_counter(below);
    give(vec![family("below_total", COUNTER, vec![metric])]);
    assert!(!kept_pages::text(registry.text()).contains("below_total"));
}
