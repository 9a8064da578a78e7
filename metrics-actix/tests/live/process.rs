//! The title, and the overview of the process.

use metrics_core::{Counter, Definition, Family, Gauge, Info, Registry};

use super::Function;
use crate::browser::Service;

fn gauge(registry: &Registry, name: &'static str, value: f64) -> Gauge<f64> {
    let gauge: Gauge<f64> = registry.register(&Definition::new(name, "A value.")).expect("a new name");
    gauge.set(value);
    gauge
}

fn info(registry: &Registry, name: &'static str, labels: &[(&'static str, &'static str)]) -> Info {
    let definition = labels
        .iter()
        .fold(Definition::new(name, "Build."), |definition, (name, value)| definition.label(*name, *value));
    registry.register(&definition).expect("a new name")
}

#[test]
fn title_has_name_version_and_uptime() {
    for (name, labels, expected) in [
        ("build_info", &[("name", "shop"), ("version", "1.2.0"), ("commit", "8a90611")][..], "shop 1.2.0"),
        ("shop_build_info", &[("version", "1.2.0")], "shop 1.2.0"),
        ("target_info", &[("service_name", "shop"), ("service_version", "2")], "shop 2"),
        ("shop_info", &[("version", "1.2.0")], "shop.example:8080"),
    ] {
        let service = Service::new();
        let _info = info(&service.registry, name, labels);
        let browser = service.open();
        assert_eq!(browser.text("document.title"), expected, "{name}");
        let shown = browser.text("byId('service').children.map((part) => part.textContent).join(' ')");
        assert_eq!(shown, expected, "{name}");
        assert_eq!(browser.text("byId('uptime').textContent"), "", "the start is not known");
    }
}

#[test]
fn uptime_is_by_the_clock_of_the_service() {
    let service = Service::new();
    let _start = gauge(&service.registry, "process_start_time_seconds", 1_000_000_000.0);
    let browser = service.open();
    browser.set("text", &service.scrape());
    browser.run::<()>(
        "answer = { status: 200, text, date: new Date((1000000000 + 7500) * 1000).toUTCString() }; pass(2)",
    );
    assert_eq!(browser.text("byId('uptime').textContent"), "up 2 h 5 min");
}

#[test]
fn resources_have_charts_with_their_limits() {
    let service = Service::new();
    let registry = &service.registry;
    let _gauges = [
        gauge(registry, "process_resident_memory_bytes", 3_145_728.0),
        gauge(registry, "process_open_fds", 24.0),
        gauge(registry, "process_max_fds", 18_446_744_073_709_551_615.0),
        gauge(registry, "process_threads", 9.0),
        gauge(registry, "tokio_workers", 4.0),
        gauge(registry, "tokio_alive_tasks", 12.0),
        gauge(registry, "tokio_global_queue_tasks", 3.0),
    ];
    let seconds = |name: &'static str| Definition::new(name, "Time.");
    let cpu: Counter<f64> = registry.register(&seconds("process_cpu_seconds_total")).expect("a new name");
    let busy: Family<Function, Counter<f64>> =
        registry.register(&seconds("tokio_worker_busy_seconds_total")).expect("a new name");
    busy.with(Function::new("main", "0")).inc_by(0.0);
    let browser = service.open();
    cpu.inc_by(5.0);
    busy.with(Function::new("main", "0")).inc_by(10.0);
    busy.with(Function::new("main", "1")).inc_by(10.0);
    browser.scrape(10.0, &service.scrape());
    assert_eq!(
        browser.lines("chartsOf(byId('process-charts'))"),
        [
            "CPU, now: 50 %",
            "Memory, now: 3 MiB",
            "File descriptors, now: 24",
            "Threads, now: 9",
            "Runtime workers, now: 50 %",
            "Runtime tasks, now: 12",
        ]
    );
    assert_eq!(
        browser.lines("byId('process-charts').withClass('note').map((note) => note.textContent)"),
        ["of one core", "resident", "of unlimited", "busy, of 4", "3 queued"]
    );
}

#[test]
fn process_without_facts_has_no_overview() {
    let service = Service::new();
    let _info = info(&service.registry, "build_info", &[("name", "shop")]);
    let browser = service.open();
    assert!(browser.run::<bool>("byId('process').isShown && !byId('process-charts').isShown"));
}
