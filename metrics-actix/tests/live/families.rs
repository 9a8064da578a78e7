//! Values of single families.

use metrics_core::{
    Counter, Definition, Family, Gauge, Histogram, Info, LabelValue, Registry, StateSet, Summary,
};

use super::Function;
use crate::browser::{Browser, Service};

fn register<M: metrics_core::Metric>(registry: &Registry, definition: &Definition) -> M {
    registry.register(definition).expect("a new name")
}

fn now(browser: &Browser, name: &str) -> String {
    browser.text(&format!("family('{name}').withClass('now')[0].textContent"))
}

fn more(browser: &Browser, name: &str) -> String {
    browser.text(&format!("family('{name}').withClass('more')[0].textContent"))
}

fn open(browser: &Browser, name: &str) -> Vec<String> {
    browser.run::<()>(&format!("openFamily('{name}')"));
    browser.lines(&format!("tableRows(family('{name}'))"))
}

#[test]
fn every_family_shows_its_values() {
    let service = Service::new();
    let bytes: Gauge = register(&service.registry, &Definition::new("heap_bytes", "Heap."));
    let deltas = Definition::new("drift_seconds", "Drift.").buckets(&[0.0, 1.0]);
    let drift: Histogram = register(&service.registry, &deltas);
    let jobs: Family<Function, Counter> =
        service.registry.register(&Definition::new("jobs_total", "Jobs.")).expect("a new name");
    let job = |name: &str, number| jobs.with(Function::new(name, "m")).inc_by(number);
    bytes.set(1536);
    drift.observe(3.0);
    job("a", 5000);
    let browser = service.open();
    job("a", 10);
    job("b", 30);
    drift.observe(-4.0); // counts as zero
    drift.observe(2.0);
    browser.scrape(10.0, &service.scrape());
    assert_eq!(now(&browser, "heap_bytes"), "1.5 KiB");
    assert_eq!([now(&browser, "jobs_total"), more(&browser, "jobs_total")], ["5,040", "4/s · 2 series"]);
    assert_eq!([now(&browser, "drift_seconds"), more(&browser, "drift_seconds")], ["> 1 s", "0.2/s · p95"]);
    assert_eq!(
        open(&browser, "jobs_total"),
        [
            "labels | value | rate",
            "function=\"b\" module=\"m\" | 30 | 3/s",
            "function=\"a\" module=\"m\" | 5,010 | 1/s",
        ]
    );
    assert_eq!(
        browser.lines("chartsOf(family('jobs_total'))"),
        ["Rate, now: function=\"b\" module=\"m\" 3/s, function=\"a\" module=\"m\" 1/s"]
    );
    assert_eq!(
        open(&browser, "drift_seconds"),
        ["labels | rate | mean | p50 | p95 | p99", "no labels | 0.2/s | 1 s | < 0 s | > 1 s | > 1 s"]
    );
    assert_eq!(open(&browser, "heap_bytes"), ["labels | value", "no labels | 1.5 KiB"]);
}

#[test]
fn quantiles_of_a_summary_are_columns() {
    let service = Service::new();
    let definition = Definition::new("size_bytes", "Sizes.").quantiles(&[0.5, 0.9]);
    let sizes: Summary = register(&service.registry, &definition);
    let browser = service.open();
    (0..10).for_each(|_| sizes.observe(2048.0));
    browser.scrape(10.0, &service.scrape());
    assert_eq!([now(&browser, "size_bytes"), more(&browser, "size_bytes")], ["2 KiB", "1/s · mean"]);
    let rows = open(&browser, "size_bytes");
    assert_eq!(rows[0], "labels | rate | mean | p50 | p90");
    assert!(rows[1].starts_with("no labels | 1/s | 2 KiB | 2"), "{rows:?}");
}

#[test]
fn dates_are_dates() {
    let service = Service::new();
    let backup: Gauge<f64> =
        register(&service.registry, &Definition::new("backup_timestamp_seconds", "Last backup."));
    let start: Gauge = register(&service.registry, &Definition::new("process_start_time_seconds", "Start."));
    let browser = service.open();
    assert_eq!(now(&browser, "backup_timestamp_seconds"), "never");
    // In the browser's time zone, as a person reads it.
    backup.set(browser.run("new Date(2026, 10, 30, 9, 5, 7).getTime() / 1000"));
    start.set(browser.run("new Date(2026, 0, 2, 3, 4, 5).getTime() / 1000"));
    browser.run::<()>("click(fold('process-families'))");
    browser.scrape(10.0, &service.scrape());
    assert_eq!(now(&browser, "backup_timestamp_seconds"), "2026-11-30 09:05:07");
    assert_eq!(now(&browser, "process_start_time_seconds"), "2026-01-02 03:04:05");
    assert_eq!(
        open(&browser, "backup_timestamp_seconds"),
        ["labels | value", "no labels | 2026-11-30 09:05:07"]
    );
    assert_eq!(browser.lines("chartsOf(family('backup_timestamp_seconds'))").len(), 0, "no curve of a date");
}

#[test]
fn limits_that_are_not_set_are_unlimited() {
    let service = Service::new();
    let set = |name: &str, value: f64| {
        let gauge: Gauge<f64> = register(&service.registry, &Definition::new(name.to_owned(), "A value."));
        gauge.set(value);
        gauge
    };
    let _gauges = [
        set("pool_max_size", 18_446_744_073_709_551_615.0),
        set("memory_limit_bytes", f64::INFINITY),
        set("disk_limit_bytes", 1024.0),
        set("distance", f64::INFINITY),
        set("maximal_distance", 1e19),
    ];
    let browser = service.open();
    for (name, expected) in [
        ("pool_max_size", "unlimited"),
        ("memory_limit_bytes", "unlimited"),
        ("disk_limit_bytes", "1 KiB"),
        ("distance", "∞"),
        ("maximal_distance", "1.00e19"),
    ] {
        assert_eq!(now(&browser, name), expected, "{name}");
        assert_eq!(open(&browser, name)[1], format!("no labels | {expected}"));
    }
}

#[derive(Clone, Copy, Debug, LabelValue)]
enum Phase {
    Starting,
    Serving,
}

#[test]
fn facts_are_labels_and_states_are_names() {
    let service = Service::new();
    let definition =
        Definition::new("shop_build_info", "Build.").label("version", "1.2.0").label("commit", "8a90611");
    let _info: Info = register(&service.registry, &definition);
    let phase: StateSet<Phase> = register(&service.registry, &Definition::new("phase", "Phase."));
    phase.set(Phase::Serving);
    let browser = service.open();
    assert_eq!(now(&browser, "shop_build_info"), "version=\"1.2.0\" commit=\"8a90611\"");
    assert_eq!(open(&browser, "shop_build_info"), ["labels", "version=\"1.2.0\" commit=\"8a90611\""]);
    assert_eq!(
        now(&browser, "phase"),
        browser.text("latest().families.get('phase').series.size && 'Serving'")
    );
    assert_eq!(open(&browser, "phase")[1], "phase=\"Serving\" | 1");
}
