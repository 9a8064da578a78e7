//! Timestamps of the creation of series.

#![cfg(feature = "enabled")]

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use metrics_core::{Capped, Counter, Definition, Family, Gauge, Histogram, LabelSet, Registry, Summary};

fn now() -> f64 {
    SystemTime::now().duration_since(UNIX_EPOCH).unwrap().as_secs_f64()
}

/// Returns the page with `NOW` in place of each timestamp, which must be later than the start of the test.
fn page(registry: &Registry, begin: f64) -> String {
    let line = |line: &str| match line.rsplit_once(' ') {
        Some((name, time)) if name.contains("_created") && !line.starts_with('#') => {
            let time: f64 = time.parse().unwrap();
            assert!(begin - 0.01 < time && time < now() + 0.01, "{line}");
            format!("{name} NOW\n")
        }
        _ => format!("{line}\n"),
    };
    kept_pages::open_metrics(registry.open_metrics()).lines().map(line).collect()
}

#[test]
fn types_with_timestamps() {
    let begin = now();
    let registry = Registry::new();
    let define = |name: &str| Definition::new(name, "Help.");
    let jobs: Counter = registry.register(&define("jobs_total").label("a", "b")).unwrap();
    let _odd: Counter = registry.register(&define("odd")).unwrap();
    let _level: Gauge = registry.register(&define("level")).unwrap();
    let _time: Histogram = registry.register(&define("time_seconds").buckets(&[1.0])).unwrap();
    let _size: Summary = registry.register(&define("size_bytes")).unwrap();
    jobs.inc();
    assert!(!kept_pages::open_metrics(registry.open_metrics()).contains("_created"));
    registry.created_timestamps(true);
    assert_eq!(
        page(&registry, begin),
        "# TYPE jobs counter\n# HELP jobs Help.\njobs_total{a=\"b\"} 1\njobs_created{a=\"b\"} NOW\n\
         # TYPE level gauge\n# HELP level Help.\nlevel 0\n\
         # TYPE odd unknown\n# HELP odd Help.\nodd 0\n\
         # TYPE size_bytes summary\n# HELP size_bytes Help.\nsize_bytes_sum 0\nsize_bytes_count 0\n\
         size_bytes_created NOW\n\
         # TYPE time_seconds histogram\n# HELP time_seconds Help.\ntime_seconds_bucket{le=\"1.0\"} 0\n\
         time_seconds_bucket{le=\"+Inf\"} 0\ntime_seconds_sum 0\ntime_seconds_count 0\ntime_seconds_created NOW\n\
         # EOF\n"
    );
    assert!(!kept_pages::text(registry.text()).contains("_created"));
    registry.created_timestamps(false);
    assert!(!kept_pages::open_metrics(registry.open_metrics()).contains("_created"));
}

/// Checks names that end in `_created`: those of a histogram's and a summary's timestamp are refused, and a counter beside a gauge of
/// that name has no known type.
#[test]
fn name_clashes() {
    let registry = Registry::new();
    registry.created_timestamps(true);
    let define = |name: &str| Definition::new(name, "Help.");
    let _time: Summary = registry.register(&define("x")).unwrap();
    let refused = registry.register::<Gauge>(&define("x_created")).unwrap_err().to_string();
    assert!(refused.starts_with("metric `x_created` declared at "), "{refused}");
    assert!(refused.contains(" has samples named like those of `x` declared at "), "{refused}");
    let _when: Gauge = registry.register(&define("z_created")).unwrap();
    assert!(registry.register::<Histogram>(&define("z")).is_err());
    assert!(registry.register::<Counter>(&define("z")).is_ok());
    let _count: Counter = registry.register(&define("y_total")).unwrap();
    let other: Gauge = registry.register(&define("y_created")).unwrap();
    other.set(7);
    let page = kept_pages::open_metrics(registry.open_metrics());
    assert_eq!(page.matches("\nx_created ").count(), 1, "{page}");
    assert!(page.contains("# TYPE y_total unknown\n") && page.contains("\ny_created 7\n"), "{page}");
}

#[derive(Clone, LabelSet)]
struct Tenant {
    tenant: Capped<4>,
}

#[derive(Clone, Copy, LabelSet)]
struct Ranked {
    ranked: bool,
}

/// Returns the timestamp of a series.
fn since(registry: &Registry, series: &str) -> f64 {
    let page = kept_pages::open_metrics(registry.open_metrics());
    page.lines().find_map(|line| line.strip_prefix(series)?.trim().parse().ok()).expect("a series")
}

#[test]
fn start_of_a_series() {
    let registry = Registry::new();
    registry.created_timestamps(true);
    let capped: Family<Tenant, Counter> = registry.register(&Definition::new("a_total", "A.")).unwrap();
    let dense: Family<Ranked, Counter> = registry.register(&Definition::new("b_total", "B.")).unwrap();
    let tenant = |tenant: &str| Tenant { tenant: tenant.into() };
    capped.with(tenant("x")).inc();
    dense.with(Ranked { ranked: true }).inc();
    std::thread::sleep(Duration::from_millis(20));
    capped.with(tenant("y")).inc();
    capped.remove(tenant("x"));
    capped.with(tenant("x")).inc();
    let between = since(&registry, "b_created{ranked=\"true\"}");
    dense.remove(Ranked { ranked: true });
    dense.with(Ranked { ranked: true }).inc();
    let (first, again) =
        (since(&registry, "b_created{ranked=\"false\"}"), since(&registry, "b_created{ranked=\"true\"}"));
    assert!(first <= between && first + 0.015 < again, "{first} {between} {again}");
    for series in ["a_created{tenant=\"x\"}", "a_created{tenant=\"y\"}"] {
        assert!(since(&registry, series) > first + 0.015);
    }
}
