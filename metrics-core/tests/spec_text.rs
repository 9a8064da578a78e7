//! Rules of the text format 0.0.4, each with a test.
//!
//! <https://prometheus.io/docs/instrumenting/exposition_formats/#text-based-format>

use std::{
    collections::{BTreeMap, BTreeSet, HashMap},
    slice,
};

use metrics_core::{
    Capped, Counter, Definition, Family, Format, Gauge, Histogram, LabelSet, Page, Registry, Scrape, Summary,
    prometheus::{
        core::{Collector, Desc},
        proto,
    },
};

#[derive(Clone, LabelSet)]
struct Tenant {
    tenant: Capped<10>,
}

/// A collector of one gauge.
struct Given(Desc, proto::MetricFamily);

impl Collector for Given {
    fn desc(&self) -> Vec<&Desc> {
        vec![&self.0]
    }

    fn collect(&self) -> Vec<proto::MetricFamily> {
        slice::from_ref(&self.1).to_vec()
    }
}

/// Metrics that are kept alive until the page is made.
struct Metrics {
    _jobs: Family<Tenant, Counter>,
    level: Gauge<f64>,
    waits: Histogram,
    _sizes: Summary,
}

fn registry() -> (Registry, Metrics) {
    let registry = Registry::new();
    let define = |name: &str| Definition::new(name, "Help \\ \"with\"\nall.");
    let jobs: Family<Tenant, Counter> = registry.register(&define("jobs_total")).unwrap();
    for tenant in ["a", "\\", "\"", "\n", "ä"] {
        jobs.with(Tenant { tenant: tenant.into() }).inc();
    }
    let metrics = Metrics {
        _jobs: jobs,
        level: registry.register(&define("level")).unwrap(),
        waits: registry.register(&define("wait_seconds").buckets(&[0.1, 1.0])).unwrap(),
        _sizes: registry.register(&define("size_bytes").quantiles(&[0.5, 0.99])).unwrap(),
    };
    for seconds in [0.05, 0.5, 0.5, 5.0] {
        metrics.waits.observe(seconds);
    }
    give(&registry, "given", 1_700_000_000_123);
    // A series of an own family.
    give(&registry, "level", 0);
    (registry, metrics)
}

/// Registers a collector of a gauge with one series.
fn give(registry: &Registry, name: &str, millis: i64) {
    let mut gauge = proto::Gauge::default();
    gauge.set_value(2.5);
    let mut label = proto::LabelPair::default();
    label.set_name("from".into());
    label.set_value("others".into());
    let mut metric = proto::Metric::from_label(vec![label]);
    metric.set_gauge(gauge);
    metric.set_timestamp_ms(millis);
    let mut family = proto::MetricFamily::default();
    family.set_name(name.into());
    family.set_help("Given.".into());
    family.set_field_type(proto::MetricType::GAUGE);
    family.set_metric(vec![metric]);
    let desc = Desc::new(format!("{name}_of_others"), "Given.".into(), Vec::new(), HashMap::new()).unwrap();
    registry.register_collector(Given(desc, family)).unwrap();
}

fn page() -> String {
    kept_pages::text(registry().0.text())
}

fn samples(page: &str) -> impl Iterator<Item = &str> {
    page.lines().filter(|line| !line.starts_with('#'))
}

/// T1: UTF-8, lines end with `\n`, the last one as well.
#[test]
fn t1_line_feeds() {
    let page = page();
    assert!(page.ends_with('\n') && !page.ends_with("\n\n") && !page.contains('\r'), "{page}");
    assert!(page.lines().all(|line| !line.is_empty()), "{page}");
}

/// T2, T3: one HELP and one TYPE a name, before its samples; the lines of a family are contiguous.
#[test]
fn t2_t3_metadata() {
    let page = page();
    let mut seen = BTreeSet::new();
    let mut lines = page.lines().peekable();
    while let Some(line) = lines.next() {
        let help = line.strip_prefix("# HELP ").unwrap_or_else(|| panic!("{line} in\n{page}"));
        let (name, _) = help.split_once(' ').unwrap();
        assert!(seen.insert(name), "{name} twice in\n{page}");
        let kind = lines.next().and_then(|line| line.strip_prefix("# TYPE ")).unwrap();
        assert!(kind.starts_with(&format!("{name} ")), "{kind} in\n{page}");
        let mut count = 0;
        while let Some(sample) = lines.next_if(|line| !line.starts_with('#')) {
            // T3: the lines of a family are contiguous.
            assert!(sample.starts_with(name), "{sample} in\n{page}");
            count += 1;
        }
        assert!(count > 0, "{name} has no samples in\n{page}");
    }
    assert_eq!(seen.len(), 6, "{page}");
}

/// T4: HELP escapes `\\` and `\n`; label values escape `\\`, `\"` and `\n`.
#[test]
fn t4_escapes() {
    let page = page();
    assert!(page.contains("# HELP level Help \\\\ \"with\"\\nall.\n"), "{page}");
    for value in ["\\\\", "\\\"", "\\n", "ä"] {
        assert!(page.contains(&format!("jobs_total{{tenant=\"{value}\"}} 1\n")), "{value} in\n{page}");
    }
}

/// T5: the types are counter, gauge, histogram, summary and untyped.
#[test]
fn t5_types() {
    let page = page();
    let types: BTreeMap<_, _> = page
        .lines()
        .filter_map(|line| line.strip_prefix("# TYPE ")?.split_once(' '))
        .filter(|(name, _)| !name.starts_with("metrics_"))
        .collect();
    let expected = [
        ("given", "gauge"),
        ("jobs_total", "counter"),
        ("level", "gauge"),
        ("size_bytes", "summary"),
        ("wait_seconds", "histogram"),
    ];
    assert_eq!(types, expected.into());
}

/// T6: a name with its labels is on one line.
#[test]
fn t6_unique_series() {
    let page = page();
    let series: Vec<_> = samples(&page).map(|line| line.rsplit_once(' ').unwrap().0).collect();
    assert_eq!(series.iter().collect::<BTreeSet<_>>().len(), series.len(), "{page}");
}

/// T7: `+Inf` equals `_count`; buckets and quantiles ascend; there are `_sum` and `_count`.
#[test]
fn t7_histograms_and_summaries() {
    let page = page();
    let expected = "wait_seconds_bucket{le=\"0.1\"} 1\nwait_seconds_bucket{le=\"1\"} 3\n\
                    wait_seconds_bucket{le=\"+Inf\"} 4\nwait_seconds_sum 6.05\nwait_seconds_count 4\n";
    assert!(page.contains(expected), "{page}");
    let expected = "size_bytes{quantile=\"0.5\"} NaN\nsize_bytes{quantile=\"0.99\"} NaN\n\
                    size_bytes_sum 0\nsize_bytes_count 0\n";
    assert!(page.contains(expected), "{page}");
}

/// T8: values are floats as Go parses them, or `NaN`, `+Inf`, `-Inf`.
#[test]
fn t8_values() {
    let (registry, metrics) = registry();
    for (value, text) in [
        (f64::INFINITY, "+Inf"),
        (f64::NEG_INFINITY, "-Inf"),
        (f64::NAN, "NaN"),
        (5e-324, "5e-324"),
        (-0.0, "-0"),
        (1e300, "1e300"),
        (0.1 + 0.2, "0.30000000000000004"),
    ] {
        metrics.level.set(value);
        assert!(
            kept_pages::text(registry.text()).contains(&format!("\nlevel {text}\n")),
            "{text} in\n{}",
            kept_pages::text(registry.text())
        );
    }
}

/// T9: timestamps are whole milliseconds.
#[test]
fn t9_timestamps() {
    assert!(page().contains("\ngiven{from=\"others\"} 2.5 1700000000123\n"), "{}", page());
}

/// T10: names that would need quotes are not in this format.
#[test]
fn t10_legacy_names() {
    let registry = Registry::new();
    for name in ["a.b", "ä", "a b", "1a", ""] {
        assert!(registry.register::<Gauge>(&Definition::new(name, "Help.")).is_err(), "{name}");
    }
    assert_eq!(kept_pages::text(registry.text()), "");
}

/// T11: `Content-Type: text/plain; version=0.0.4; charset=utf-8`.
#[test]
fn t11_content_type() {
    let (registry, metrics) = registry();
    let mut page = Page::default();
    registry.scrape(&Scrape::new(Format::Text), &mut page);
    assert_eq!(page.content_type(), "text/plain; version=0.0.4; charset=utf-8");
    drop(metrics);
}

/// Short and long pieces of lines, which are written in different ways, are both right.
#[test]
fn lines_of_any_length() {
    let lengths = [1, 26, 27, 28, 29, 32, 58, 59, 60, 61, 62, 93, 123, 154, 155, 156, 157, 161, 300];
    for (named, length) in
        [1, 5, 14, 24, 25, 26, 27, 300].into_iter().flat_map(|named| lengths.map(|length| (named, length)))
    {
        for count in [0, 9, 10, 9_999_999, 10_000_000, 99_999_999, 100_000_000, u64::MAX] {
            let (name, value) = ("n".repeat(named), "v".repeat(length));
            let registry = Registry::new();
            let define =
                |suffix| Definition::new(format!("{name}{suffix}"), "Help.").label("l", value.clone());
            let counter: Counter = registry.register(&define("_total")).unwrap();
            counter.inc_by(count);
            let histogram: Histogram =
                registry.register(&define("_ratio").buckets(&[1e-300, 0.125, 123_456_789.25])).unwrap();
            histogram.observe(0.1);
            histogram.observe(0.1);
            let labels = format!("l=\"{value}\"");
            let expected = format!(
                "{name}_ratio_bucket{{{labels},le=\"1e-300\"}} 0\n\
                 {name}_ratio_bucket{{{labels},le=\"0.125\"}} 2\n\
                 {name}_ratio_bucket{{{labels},le=\"1.2345678925e+08\"}} 2\n\
                 {name}_ratio_bucket{{{labels},le=\"+Inf\"}} 2\n"
            );
            let page = kept_pages::text(registry.text());
            assert!(page.contains(&expected), "{page}");
            assert!(page.ends_with(&format!("\n{name}_total{{{labels}}} {count}\n")), "{count}: {page}");
        }
    }
}
