//! Exemplars that the caller gives with an observation.

#![cfg(feature = "enabled")]

use std::{
    thread,
    time::{Duration, SystemTime, UNIX_EPOCH},
};

use metrics_core::{
    Capped, Counter, Definition, Family, Format, Gauge, Histogram, LabelSet, Page, Registry, Scrape, Summary,
};

/// Returns the lines with an exemplar, with `TIME` in place of the timestamp, which must be recent.
fn with_exemplar(page: &str) -> Vec<String> {
    let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap().as_secs_f64();
    let line = |line: &str| {
        let (rest, time) = line.rsplit_once(' ').unwrap();
        let (_, decimals) = time.split_once('.').unwrap();
        assert_eq!(decimals.len(), 3, "{line}");
        assert!((now - time.parse::<f64>().unwrap()).abs() < 60.0, "{line}");
        format!("{rest} TIME")
    };
    page.lines().filter(|line| line.contains(" # ")).map(line).collect()
}

fn page(registry: &Registry, format: Format) -> Vec<u8> {
    let mut page = Page::default();
    registry.scrape(&Scrape::new(format), &mut page);
    page.as_ref().to_vec()
}

#[test]
fn counter_keeps_the_latest() {
    let registry = Registry::new();
    let jobs: Counter = registry.register(&Definition::new("jobs_total", "Jobs.")).unwrap();
    let spent: Counter<f64> = registry.register(&Definition::new("spent_total", "Spent.")).unwrap();
    jobs.inc_with([("trace_id", "one")]);
    jobs.inc();
    jobs.inc_by_with(3, [("trace_id", String::from("two")), ("span_id", "a\"\\\n".into())]);
    spent.inc_by_with(0.5, [("trace_id", "three")]);
    spent.inc_by_with(-1.0, [("trace_id", "not counted")]);
    assert_eq!(
        with_exemplar(&kept_pages::open_metrics(registry.open_metrics())),
        [
            r#"jobs_total 5 # {trace_id="two",span_id="a\"\\\n"} 3 TIME"#,
            r#"spent_total 0.5 # {trace_id="three"} 0.5 TIME"#
        ]
    );
    jobs.inc_with([("", ""); 0]);
    assert_eq!(
        with_exemplar(&kept_pages::open_metrics(registry.open_metrics()))[0],
        "jobs_total 6 # {} 1 TIME"
    );
}

#[test]
fn one_per_bucket() {
    let registry = Registry::new();
    let definition = Definition::new("time_seconds", "Time.").buckets(&[0.1, 1.0]);
    let time: Histogram = registry.register(&definition).unwrap();
    let sizes: Histogram =
        registry.register(&Definition::new("size", "Size.").buckets(&[-1.0, 2.0])).unwrap();
    for (value, id) in
        [(0.05, "a"), (0.1, "b"), (0.100_000_001, "c"), (1.0, "d"), (30.0, "e"), (f64::NAN, "f")]
    {
        time.observe_with(value, [("id", id)]);
    }
    time.observe_duration_with(Duration::from_millis(500), [("id", "g")]);
    for (value, id) in [(-1.0, "a"), (-0.5, "b"), (f64::INFINITY, "c")] {
        sizes.observe_with(value, [("id", id)]);
    }
    sizes.observe_duration_with(Duration::from_secs(2), [("id", "d")]);
    assert_eq!(
        with_exemplar(&kept_pages::open_metrics(registry.open_metrics())),
        [
            r#"size_bucket{le="-1.0"} 1 # {id="a"} -1 TIME"#,
            r#"size_bucket{le="2.0"} 3 # {id="d"} 2 TIME"#,
            r#"size_bucket{le="+Inf"} 4 # {id="c"} +Inf TIME"#,
            r#"time_seconds_bucket{le="0.1"} 2 # {id="b"} 0.1 TIME"#,
            r#"time_seconds_bucket{le="1.0"} 5 # {id="g"} 0.5 TIME"#,
            r#"time_seconds_bucket{le="+Inf"} 7 # {id="e"} 30 TIME"#,
        ]
    );
    assert_eq!((time.count(), time.sum()), (7, 31.750_000_001));
}

#[test]
fn text_has_none() {
    let registry = Registry::new();
    let jobs: Counter = registry.register(&Definition::new("jobs_total", "Jobs.")).unwrap();
    jobs.inc_with([("trace_id", "one")]);
    assert_eq!(
        kept_pages::text(registry.text()),
        "# HELP jobs_total Jobs.\n# TYPE jobs_total counter\njobs_total 1\n"
    );
}

#[test]
fn unknown_type_has_none() {
    let registry = Registry::new();
    let odd: Counter = registry.register(&Definition::new("odd", "No suffix.")).unwrap();
    odd.inc_with([("trace_id", "one")]);
    assert_eq!(with_exemplar(&kept_pages::open_metrics(registry.open_metrics())), [""; 0]);
}

#[test]
fn invalid_labels_are_dropped() {
    let dropped = |cause: &str| {
        let page = kept_pages::text(Registry::global().text());
        let name = format!("metrics_exemplars_dropped_total{{cause=\"{cause}\"}} ");
        page.lines().find_map(|line| line.strip_prefix(&name)?.parse::<u64>().ok()).unwrap()
    };
    let registry = Registry::new();
    let jobs: Counter = registry.register(&Definition::new("jobs_total", "Jobs.")).unwrap();
    let (length, label) = (dropped("length"), dropped("label"));
    jobs.inc_with([("id", "ä".repeat(126))]);
    let longest = kept_pages::open_metrics(registry.open_metrics());
    assert_eq!(with_exemplar(&longest).len(), 1);
    jobs.inc_with([("id", "ä".repeat(127))]);
    jobs.inc_with([("a b", "x")]);
    jobs.inc_with([("a", "x"), ("a", "y")]);
    assert_eq!(
        kept_pages::open_metrics(registry.open_metrics()),
        longest.replace("jobs_total 1", "jobs_total 4")
    );
    assert_eq!((dropped("length"), dropped("label")), (length + 1, label + 2));
}

#[test]
fn json() {
    let registry = Registry::new();
    let definition = Definition::new("time_seconds", "Time.").buckets(&[0.1]);
    let time: Histogram = registry.register(&definition).unwrap();
    let jobs: Counter = registry.register(&Definition::new("jobs_total", "Jobs.")).unwrap();
    time.observe_with(0.05, [("id", "a\"")]);
    jobs.inc_with([("id", "b")]);
    let json = String::from_utf8(page(&registry, Format::Json)).unwrap();
    for part in [
        r#"{"labels":{},"value":1,"exemplar":{"labels":{"id":"b"},"value":1,"timestamp":"#,
        r#"{"le":0.1,"count":1,"exemplar":{"labels":{"id":"a\""},"value":0.05,"timestamp":"#,
        r#"{"le":"+Inf","count":1}],"sum":0.05,"count":1}"#,
    ] {
        assert!(json.contains(part), "{part} in {json}");
    }
}

#[derive(Clone, LabelSet)]
struct Tenant {
    tenant: Capped<2>,
}

#[test]
fn removed_with_the_series() {
    let registry = Registry::new();
    let calls: Family<Tenant, Counter> =
        registry.register(&Definition::new("calls_total", "Calls.")).unwrap();
    let tenant = |tenant: &str| Tenant { tenant: tenant.into() };
    calls.with(tenant("a")).inc_with([("id", "a")]);
    calls.with(tenant("b")).inc();
    assert_eq!(
        with_exemplar(&kept_pages::open_metrics(registry.open_metrics())),
        [r#"calls_total{tenant="a"} 1 # {id="a"} 1 TIME"#]
    );
    calls.remove(tenant("a"));
    calls.with(tenant("c")).inc();
    assert_eq!(with_exemplar(&kept_pages::open_metrics(registry.open_metrics())), [""; 0]);
    drop(calls);
    let families: Vec<Family<(), Counter>> = (0..50)
        .map(|at| registry.register(&Definition::new(format!("f{at}_total"), "F.")).unwrap())
        .collect();
    for family in &families {
        family.with(()).inc_with([("id", "old")]);
    }
    drop(families);
    let again: Vec<Family<(), Counter>> = (0..50)
        .map(|at| registry.register(&Definition::new(format!("g{at}_total"), "G.")).unwrap())
        .collect();
    assert_eq!(with_exemplar(&kept_pages::open_metrics(registry.open_metrics())), [""; 0], "{}", again.len());
}

#[test]
fn restarted_series_has_none() {
    let registry = Registry::new();
    let calls: Family<(), Counter> = registry.register(&Definition::new("calls_total", "Calls.")).unwrap();
    calls.with(()).inc_with([("id", "a")]);
    calls.remove(());
    calls.with(()).inc();
    assert_eq!(with_exemplar(&kept_pages::open_metrics(registry.open_metrics())), [""; 0]);
    assert!(kept_pages::open_metrics(registry.open_metrics()).contains("calls_total 1\n"));
}

#[test]
fn concurrent_threads() {
    let registry = Registry::new();
    let jobs: Counter = registry.register(&Definition::new("jobs_total", "Jobs.")).unwrap();
    thread::scope(|scope| {
        for id in 0..4_u64 {
            let jobs = &jobs;
            scope.spawn(move || {
                for round in 0..2000_u64 {
                    let text = format!("{id}-{round}");
                    jobs.inc_by_with(id + 1, [("id", &text), ("again", &text)]);
                }
            });
        }
        for _ in 0..200 {
            for line in with_exemplar(&kept_pages::open_metrics(registry.open_metrics())) {
                let parts: Vec<_> = line.split('"').collect();
                assert_eq!(parts[1], parts[3], "{line}");
                let id: u64 = parts[1].split('-').next().unwrap().parse().unwrap();
                assert!(line.ends_with(&format!("}} {} TIME", id + 1)), "{line}");
            }
        }
    });
    assert_eq!(jobs.get(), 2000 * (1 + 2 + 3 + 4));
}

#[test]
fn gauges_and_summaries() {
    let registry = Registry::new();
    let level: Gauge = registry.register(&Definition::new("level", "Level.")).unwrap();
    let sizes: Summary = registry.register(&Definition::new("sizes", "Sizes.")).unwrap();
    level.inc();
    sizes.observe(1.0);
    assert!(!kept_pages::open_metrics(registry.open_metrics()).contains(" # "));
}
