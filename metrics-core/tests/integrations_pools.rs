//! Connections of any pool; with the feature `pools`.

#![cfg(all(feature = "pools", feature = "enabled"))]

use std::{
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering::Relaxed},
    },
    time::Duration,
};

use allocation_counter::measure;
use metrics_core::{Format, Page, PoolMetrics, PoolStatus, PoolTimes, Registry, Scrape, testing};

#[test]
fn connections_by_state() {
    let registry = Registry::new();
    let idle = Arc::new(AtomicUsize::new(3));
    let read = Arc::clone(&idle);
    let status = move || PoolStatus {
        size: 5,
        idle: read.load(Relaxed),
        max: 8,
        pending: Some(4),
        ..PoolStatus::default()
    };
    let pool = PoolMetrics::register_in(&registry, "main", status).unwrap();
    let expected = |idle: usize, used: usize| {
        format!(
            r#"# HELP db_client_connection_count Number of open connections by state.
# TYPE db_client_connection_count gauge
db_client_connection_count{{db_client_connection_pool_name="main",db_client_connection_state="idle"}} {idle}
db_client_connection_count{{db_client_connection_pool_name="main",db_client_connection_state="used"}} {used}
# HELP db_client_connection_max Maximum number of open connections.
# TYPE db_client_connection_max gauge
db_client_connection_max{{db_client_connection_pool_name="main"}} 8
# HELP db_client_connection_pending_requests Number of requests that wait for a connection.
# TYPE db_client_connection_pending_requests gauge
db_client_connection_pending_requests{{db_client_connection_pool_name="main"}} 4
"#
        )
    };
    assert_eq!(registry.text(), expected(3, 2));
    // The two numbers may be read at different moments.
    idle.store(6, Relaxed);
    assert_eq!(registry.text(), expected(6, 0));
    drop(pool);
    assert_eq!(registry.text(), "");
    assert_eq!(Arc::strong_count(&idle), 1, "the closure is dropped with the metrics");
}

#[test]
fn two_pools_that_do_not_tell_who_waits() {
    let registry = Registry::new();
    let status = |size| move || PoolStatus { size, ..PoolStatus::default() };
    let _one = PoolMetrics::register_in(&registry, "one", status(1)).unwrap();
    let _other = PoolMetrics::register_in(&registry, "other", status(2)).unwrap();
    let used = |name: &str| {
        let labels = format!("db_client_connection_pool_name=\"{name}\",db_client_connection_state=\"used\"");
        testing::value(&registry, &format!("db_client_connection_count{{{labels}}}"))
    };
    assert_eq!((used("one"), used("other")), (Some(1.0), Some(2.0)));
    assert!(!registry.text().contains("pending"));
}

#[test]
fn a_scrape_allocates_nothing_for_a_connection() {
    let allocations = |connections: usize| {
        let registry = Registry::new();
        let status = move || PoolStatus {
            size: connections,
            idle: connections / 2,
            max: connections,
            ..PoolStatus::default()
        };
        let _pool = PoolMetrics::register_in(&registry, "main", status).unwrap();
        let (scrape, mut page) = (Scrape::new(Format::Text), Page::default());
        registry.scrape(&scrape, &mut page);
        measure(|| {
            registry.scrape(&scrape, &mut page);
        })
        .count_total
    };
    assert_eq!(allocations(2), allocations(100_000));
}

#[test]
fn counts_that_a_pool_tells() {
    let registry = Registry::new();
    let status = || PoolStatus {
        waits: Some(5),
        wait_time: Some(Duration::from_millis(1500)),
        timeouts: Some(2),
        created: Some(9),
        ..PoolStatus::default()
    };
    let pool = PoolMetrics::register_in(&registry, "main", status).unwrap();
    let read = |name: &str| {
        testing::value(
            &registry,
            &format!("db_client_connection_{name}{{db_client_connection_pool_name=\"main\"}}"),
        )
    };
    let names = ["waits_total", "wait_seconds_total", "timeouts_total", "created_total"];
    assert_eq!(names.map(read), [Some(5.0), Some(1.5), Some(2.0), Some(9.0)]);
    drop(pool);
    assert_eq!(registry.text(), "");
}

#[test]
fn waits_count_once() {
    let registry = Registry::new();
    let times = PoolTimes::register_in(&registry, "main").unwrap();
    let read = |name: &str| {
        testing::value(
            &registry,
            &format!("db_client_connection_{name}{{db_client_connection_pool_name=\"main\"}}"),
        )
    };
    let names =
        ["wait_time_seconds_count", "use_time_seconds_count", "timeouts_total", "acquire_errors_total"];
    assert_eq!(names.map(read), [Some(0.0); 4]);
    let is_timeout = |error: &&str| *error == "late";
    let first = times.wait_blocking(|| Ok::<_, &str>(1), is_timeout).unwrap();
    let second = times.wait_blocking(|| Ok::<_, &str>(2), is_timeout).unwrap();
    assert_eq!((*first, *second), (1, 2));
    drop(second);
    assert!(times.wait_blocking(|| Err::<(), _>("late"), is_timeout).is_err());
    assert!(times.wait_blocking(|| Err::<(), _>("late"), is_timeout).is_err());
    assert!(times.wait_blocking(|| Err::<(), _>("closed"), is_timeout).is_err());
    assert_eq!(names.map(read), [Some(2.0), Some(1.0), Some(2.0), Some(1.0)]);
    drop(times);
    assert_eq!(read("use_time_seconds_count"), Some(1.0), "a connection is in use");
    drop(first);
    assert_eq!(registry.text(), "");
}

#[test]
fn short_names() {
    let registry = Registry::new();
    registry.short_database_names(true);
    let status = || PoolStatus { size: 5, idle: 3, max: 8, pending: Some(4), ..PoolStatus::default() };
    let _pool = PoolMetrics::register_in(&registry, "main", status).unwrap();
    let times = PoolTimes::register_in(&registry, "main").unwrap();
    times.record_wait(Duration::from_millis(3));
    times.record_use(Duration::from_millis(500));
    times.record_use(Duration::from_millis(250));
    let page = registry.text();
    for line in [
        "db_pool_connections{pool=\"main\",state=\"idle\"} 3",
        "db_pool_connections{pool=\"main\",state=\"used\"} 2",
        "db_pool_max_connections{pool=\"main\"} 8",
        "db_pool_pending_requests{pool=\"main\"} 4",
        "db_pool_wait_duration_seconds_count{pool=\"main\"} 1",
        "db_pool_wait_duration_seconds_sum{pool=\"main\"} 0.003",
        "db_pool_use_duration_seconds_count{pool=\"main\"} 2",
        "db_pool_use_duration_seconds_sum{pool=\"main\"} 0.75",
        "db_pool_timeouts_total{pool=\"main\"} 0",
        "db_pool_acquire_errors_total{pool=\"main\"} 0",
    ] {
        assert!(page.lines().any(|other| other == line), "{line} in\n{page}");
    }
    assert!(!page.contains("db_client"), "{page}");
    // Those that are registered by other names stay.
    registry.short_database_names(false);
    let _other = PoolMetrics::register_in(&registry, "other", status).unwrap();
    let page = registry.text();
    assert!(
        page.contains("db_client_connection_max{db_client_connection_pool_name=\"other\"} 8\n"),
        "{page}"
    );
    assert!(page.contains("db_pool_max_connections{pool=\"main\"} 8\n"), "{page}");
}
