//! Rules of OpenMetrics 1.0.0, each with a test, on a page with all types.
//!
//! <https://prometheus.io/docs/specs/om/open_metrics_spec/>

#![cfg(feature = "enabled")]

use std::{
    collections::{BTreeSet, HashMap},
    thread,
};

use metrics_core::{
    Counter, Definition, Family, Format, Gauge, Histogram, Info, LabelSet, LabelValue, Page, Registry,
    Scrape, StateSet, Summary,
    prometheus::{
        self,
        core::{Collector, Desc},
        proto,
    },
};

#[derive(Clone, Copy, LabelValue)]
enum Phase {
    Starting,
    Running,
}

#[derive(Clone, Copy, LabelSet)]
struct Side {
    left: bool,
}

/// Metrics of all types.
struct Metrics {
    registry: Registry,
    jobs: Counter,
    sent: Counter<f64>,
    sides: Family<Side, Counter>,
    level: Gauge<f64>,
    time: Histogram,
    _shift: Histogram,
    _size: Summary,
    _build: Info,
    phase: StateSet<Phase>,
}

fn define(name: &str) -> Definition {
    Definition::new(name, "\"Help\"\r\nwith \\ all.")
}

fn metrics() -> Metrics {
    let registry = Registry::new();
    registry.created_timestamps(true);
    let metrics = Metrics {
        jobs: registry.register(&define("jobs_total").label("queue", "a\"\r\n\\b")).unwrap(),
        sent: registry.register(&define("sent_bytes_total").unit("bytes")).unwrap(),
        sides: registry.register(&define("sides_total")).unwrap(),
        level: registry.register(&define("level_ratio").unit("ratio")).unwrap(),
        time: registry
            .register(&define("time_seconds").unit("seconds").buckets(&[1e-5, 0.001, 1.0, 1e6]))
            .unwrap(),
        _shift: registry.register(&define("shift").buckets(&[-1.0, 1.0])).unwrap(),
        _size: registry.register(&define("size_bytes")).unwrap(),
        _build: registry.register(&define("app_build_info").label("version", "1.2")).unwrap(),
        phase: registry.register(&define("phase")).unwrap(),
        registry,
    };
    metrics.jobs.inc_with([("trace_id", "jobs")]);
    metrics.sent.inc_by(0.5);
    metrics.level.set(f64::NAN);
    metrics.time.observe_with(0.5, [("trace_id", "time")]);
    metrics.time.observe_with(1e7, [("trace_id", "long")]);
    metrics.phase.set(Phase::Starting);
    metrics.phase.set(Phase::Running);
    metrics
}

fn page() -> String {
    metrics().registry.open_metrics()
}

/// Splits a line of metadata into the keyword, the family and the rest.
fn metadata(line: &str) -> Option<(&str, &str, &str)> {
    let mut words = line.strip_prefix("# ")?.splitn(3, ' ');
    Some((words.next()?, words.next()?, words.next().unwrap_or_default()))
}

/// Returns the families in their order: the name and the lines.
fn families(page: &str) -> Vec<(&str, Vec<&str>)> {
    let mut families: Vec<(&str, Vec<&str>)> = Vec::new();
    for line in page.lines().filter(|line| *line != "# EOF") {
        if let Some(("TYPE", name, _)) = metadata(line) {
            families.push((name, Vec::new()));
        }
        families.last_mut().expect("a page begins with a type").1.push(line);
    }
    families
}

/// Returns the names of a page's samples.
fn sample_names(page: &str) -> Vec<&str> {
    let samples = page.lines().filter(|line| !line.starts_with('#'));
    samples.map(|line| line.split(['{', ' ']).next().unwrap_or_default()).collect()
}

/// Returns the value of a sample without an exemplar.
fn value<'a>(page: &'a str, sample: &str) -> &'a str {
    let line = page.lines().find_map(|line| line.strip_prefix(sample)?.strip_prefix(' '));
    line.unwrap_or_else(|| panic!("no {sample} in\n{page}")).split(' ').next().unwrap_or_default()
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

fn give(name: &str, kind: proto::MetricType, metric: proto::Metric) {
    let mut family = proto::MetricFamily::default();
    family.set_name(name.into());
    family.set_help("Given.".into());
    family.set_field_type(kind);
    family.set_metric(vec![metric]);
    let desc = Desc::new(name.into(), "Given.".into(), Vec::new(), HashMap::new()).unwrap();
    prometheus::register(Box::new(Given(desc, vec![family]))).unwrap();
}

/// O1: `application/openmetrics-text; version=1.0.0; charset=utf-8`.
#[test]
fn o1_content_type() {
    let mut page = Page::default();
    metrics().registry.scrape(&Scrape::new(Format::OpenMetrics), &mut page);
    assert_eq!(page.content_type(), "application/openmetrics-text; version=1.0.0; charset=utf-8");
}

/// O2: the page ends with `# EOF`; no blank lines, no `\r`, no byte order mark, no other comments.
#[test]
fn o2_lines() {
    for page in [
        page(),
        kept_pages::open_metrics(Registry::new().open_metrics()),
        kept_pages::open_metrics(Registry::global().open_metrics()),
    ] {
        assert!(page.ends_with("# EOF\n") && page.matches("# EOF").count() == 1, "{page}");
        assert!(!page.starts_with('\u{FEFF}'));
        for line in page.split_terminator('\n') {
            assert!(!line.is_empty(), "a blank line in\n{page}");
            let known = !line.starts_with('#')
                || line == "# EOF"
                || metadata(line).is_some_and(|(what, _, _)| ["TYPE", "UNIT", "HELP"].contains(&what));
            assert!(known, "{line}");
        }
    }
    // `\r` in a help text or label value does not end a line.
    assert_eq!(page().matches("jobs_total{queue=\"a\\\"\r\\n\\\\b\"} 1").count(), 1);
}

/// O3: TYPE, UNIT and HELP in this order, each at most once, before the samples.
#[test]
fn o3_metadata() {
    let page = page();
    for (name, lines) in families(&page) {
        let all: Vec<_> = lines.iter().map_while(|line| metadata(line)).collect();
        assert!(lines[all.len()..].iter().all(|line| !line.starts_with('#')), "{lines:?}");
        let kinds: Vec<_> = all.iter().map(|(kind, _, _)| *kind).collect();
        assert!(kinds == ["TYPE", "HELP"] || kinds == ["TYPE", "UNIT", "HELP"], "{lines:?}");
        assert!(all.iter().all(|(_, of, _)| *of == name), "{lines:?}");
    }
}

/// O4: a counter's family has no `_total`, its sample has; `_created` is in seconds.
#[test]
fn o4_counters() {
    let before = std::time::UNIX_EPOCH.elapsed().unwrap().as_secs_f64();
    let page = page();
    assert!(page.contains("# TYPE sent_bytes counter\n") && !page.contains("# TYPE sent_bytes_total"));
    assert_eq!(value(&page, "sent_bytes_total"), "0.5");
    let created: f64 = value(&page, "sent_bytes_created").parse().unwrap();
    assert!((created - before).abs() < 60.0, "{created} is not in seconds");
}

/// O5: families, metrics and points are not interleaved.
#[test]
fn o5_contiguous() {
    let metrics = metrics();
    metrics.sides.with(Side { left: true }).inc();
    metrics.registry.created_timestamps(true);
    let page = kept_pages::open_metrics(metrics.registry.open_metrics());
    let mut seen = BTreeSet::new();
    for (name, lines) in families(&page) {
        assert!(seen.insert(name), "{name} is there twice");
        let samples = lines.iter().filter(|line| !line.starts_with('#'));
        for sample in samples.clone() {
            assert!(sample.starts_with(name), "{sample} in {name}");
        }
        // The samples of one label set, without `le`, follow each other.
        let series = |line: &&&str| {
            let labels = line.split_once('{').map_or("", |(_, rest)| rest.split('}').next().unwrap());
            let own = |label: &&str| !label.starts_with("le=") && !label.starts_with("phase=");
            labels.split(',').filter(own).collect::<Vec<_>>().join(",")
        };
        let mut runs: Vec<_> = samples.collect::<Vec<_>>().iter().map(series).collect();
        runs.dedup();
        assert_eq!(runs.iter().collect::<BTreeSet<_>>().len(), runs.len(), "{lines:?}");
    }
}

/// O6: HELP escapes `"` as well.
#[test]
fn o6_help_escapes() {
    assert!(page().contains("# HELP jobs \\\"Help\\\"\r\\nwith \\\\ all.\n"), "{}", page());
}

/// O7: UNIT only if the name ends with it; infos and state sets have none.
#[test]
fn o7_units() {
    let page = page();
    for line in page.lines() {
        if let Some(("UNIT", name, unit)) = metadata(line) {
            assert!(name.ends_with(&format!("_{unit}")), "{line}");
        }
    }
    assert!(page.contains("# UNIT sent_bytes bytes\n") && page.contains("# UNIT time_seconds seconds\n"));
    // A unit that is not in the name is not shown; infos and state sets have none.
    let registry = Registry::new();
    let _level: Gauge = registry.register(&define("level").unit("bytes")).unwrap();
    let _info: Info = registry.register(&define("a_info").unit("info").label("a", "b")).unwrap();
    let _phase: StateSet<Phase> = registry.register(&define("a_phase").unit("phase")).unwrap();
    assert!(
        !kept_pages::open_metrics(registry.open_metrics()).contains("# UNIT"),
        "{}",
        kept_pages::open_metrics(registry.open_metrics())
    );
}

/// O8: an info's sample is `_info` with 1; a state set has a sample of 0 or 1 for each state.
#[test]
fn o8_infos_and_state_sets() {
    let page = page();
    assert!(page.contains("# TYPE app_build info\n"));
    assert_eq!(value(&page, "app_build_info{version=\"1.2\"}"), "1");
    let states: Vec<_> = page.lines().filter(|line| line.starts_with("phase")).collect();
    assert_eq!(states, ["phase{phase=\"Starting\"} 0", "phase{phase=\"Running\"} 1"]);
}

/// O9: counters are not negative and not NaN.
#[test]
fn o9_counter_values() {
    let metrics = metrics();
    metrics.sent.inc_by(-3.0);
    metrics.sent.inc_by(f64::NAN);
    assert_eq!(value(&kept_pages::open_metrics(metrics.registry.open_metrics()), "sent_bytes_total"), "0.5");
    for (name, count) in [("o9_negative_total", -1.0), ("o9_nan_total", f64::NAN), ("o9_good_total", 2.0)] {
        let mut counter = proto::Counter::default();
        counter.set_value(count);
        let mut metric = proto::Metric::default();
        metric.set_counter(counter);
        give(name, proto::MetricType::COUNTER, metric);
    }
    let page = kept_pages::open_metrics(Registry::global().open_metrics());
    assert_eq!(value(&page, "o9_good_total"), "2");
    assert!(!page.contains("o9_negative") && !page.contains("o9_nan"), "{page}");
}

/// O10: `+Inf`, unique ascending canonical bounds, whole counts; no `_sum` with negative buckets.
#[test]
fn o10_histograms() {
    let page = page();
    let bounds = |name: &str| -> Vec<_> {
        let start = format!("{name}_bucket{{le=\"");
        page.lines().filter_map(|line| line.strip_prefix(&start)?.split_once('"')).collect()
    };
    let of_time = bounds("time_seconds");
    let names: Vec<_> = of_time.iter().map(|(bound, _)| *bound).collect();
    assert_eq!(names, ["1e-05", "0.001", "1.0", "1e+06", "+Inf"]);
    for (_, rest) in &of_time {
        let count = rest.trim_start_matches("} ").split(' ').next().unwrap();
        assert!(count.parse::<u64>().is_ok(), "{rest}");
    }
    assert_eq!(value(&page, "time_seconds_count"), "2");
    assert_eq!(value(&page, "time_seconds_sum"), "10000000.5");
    // A histogram with negative buckets has neither sum nor count.
    assert_eq!(bounds("shift").len(), 3);
    assert!(!page.contains("shift_sum") && !page.contains("shift_count"));
}

/// O11: `_gcount` and `_gsum` belong to gauge histograms, which do not exist here.
#[test]
fn o11_gauge_histograms() {
    for page in [page(), kept_pages::open_metrics(Registry::global().open_metrics())] {
        let known = ["counter", "gauge", "histogram", "summary", "info", "stateset", "unknown"];
        for (_, _, kind) in page.lines().filter_map(metadata).filter(|(what, _, _)| *what == "TYPE") {
            assert!(known.contains(&kind), "{kind}");
        }
        assert!(!page.contains("_gcount") && !page.contains("_gsum"), "{page}");
    }
}

/// O12: exemplars only on `_total` and `_bucket`, within the bucket, of at most 128 characters.
#[test]
fn o12_exemplars() {
    let metrics = metrics();
    let shown = |page: &str| -> Vec<String> {
        let lines = page.lines().filter(|line| line.contains(" # "));
        lines.map(|line| line.rsplit_once(' ').unwrap().0.to_owned()).collect()
    };
    assert_eq!(
        shown(&kept_pages::open_metrics(metrics.registry.open_metrics())),
        [
            "jobs_total{queue=\"a\\\"\r\\n\\\\b\"} 1 # {trace_id=\"jobs\"} 1",
            "time_seconds_bucket{le=\"1.0\"} 1 # {trace_id=\"time\"} 0.5",
            "time_seconds_bucket{le=\"+Inf\"} 2 # {trace_id=\"long\"} 10000000",
        ]
    );
    metrics.jobs.inc_with([("id", "ä".repeat(126))]);
    assert!(kept_pages::open_metrics(metrics.registry.open_metrics()).contains(&"ä".repeat(126)));
    metrics.jobs.inc_with([("id", "ö".repeat(127))]);
    assert!(!kept_pages::open_metrics(metrics.registry.open_metrics()).contains('ö'));
    metrics.jobs.inc_with([("", ""); 0]);
    assert!(shown(&kept_pages::open_metrics(metrics.registry.open_metrics()))[0].ends_with(" # {} 1"));
    assert!(shown(&kept_pages::text(metrics.registry.text())).is_empty());
}

/// O13: timestamps are seconds.
#[test]
fn o13_timestamps() {
    let before = std::time::UNIX_EPOCH.elapsed().unwrap().as_secs_f64();
    let page = page();
    let line = page.lines().find(|line| line.contains("trace_id=\"time\"")).unwrap();
    let time: f64 = line.rsplit_once(' ').unwrap().1.parse().unwrap();
    assert!((time - before).abs() < 60.0, "{line}");
    let mut metric = proto::Metric::default();
    metric.set_gauge(proto::Gauge::default());
    metric.set_timestamp_ms(1_520_879_607_789);
    give("o13_given", proto::MetricType::GAUGE, metric);
    let page = kept_pages::open_metrics(Registry::global().open_metrics());
    assert!(page.contains("\no13_given 0 1520879607.789\n"), "{page}");
}

/// O14: no two families have samples of one name.
#[test]
fn o14_name_clashes() {
    let registry = Registry::new();
    registry.created_timestamps(true);
    let _total: Counter = registry.register(&define("foo_total")).unwrap();
    let _created: Gauge = registry.register(&define("foo_created")).unwrap();
    let _info: Info = registry.register(&define("bar_info").label("a", "b")).unwrap();
    let _plain: Gauge = registry.register(&define("bar")).unwrap();
    let page = kept_pages::open_metrics(registry.open_metrics());
    let (names, families) = (sample_names(&page), families(&page));
    assert_eq!(names.iter().collect::<BTreeSet<_>>().len(), names.len(), "{page}");
    assert_eq!(families.iter().map(|(name, _)| name).collect::<BTreeSet<_>>().len(), 4, "{page}");
}

/// O15: names of families and labels do not begin with `_`.
#[test]
fn o15_underscores() {
    let registry = Registry::new();
    for refused in [define("_jobs"), define("jobs").label("_a", "b"), define("jobs").label("__a", "b")] {
        let error = registry.register::<Gauge>(&refused).unwrap_err().to_string();
        assert!(
            error.contains("`_") && error.contains("OpenMetrics") || error.contains("Prometheus"),
            "{error}"
        );
    }
    assert_eq!(kept_pages::open_metrics(registry.open_metrics()), "# EOF\n");
}

/// O16: scrapes have no state, may run concurrently, and keep unchanged series.
#[test]
fn o16_stateless() {
    let metrics = metrics();
    let first = kept_pages::open_metrics(metrics.registry.open_metrics());
    assert_eq!(kept_pages::open_metrics(metrics.registry.open_metrics()), first);
    thread::scope(|scope| {
        let scrapes: Vec<_> = (0..4)
            .map(|_| scope.spawn(|| kept_pages::open_metrics(metrics.registry.open_metrics())))
            .collect();
        for scrape in scrapes {
            assert_eq!(scrape.join().unwrap(), first);
        }
    });
}
