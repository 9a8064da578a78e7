//! Metrics of a Tokio runtime; with the feature `tokio`.
#![cfg(feature = "tokio")]

use metrics_core::{MetricType, Registry, TokioMetrics};
use tokio::runtime::Builder;

#[test]
fn two_runtimes() {
    let (one, other) =
        (Builder::new_current_thread().build().unwrap(), Builder::new_current_thread().build().unwrap());
    let registry = Registry::new();
    registry.register_collector(TokioMetrics::new("one", one.handle()).unwrap()).unwrap();
    registry.register_collector(TokioMetrics::new("other", other.handle()).unwrap()).unwrap();
    let task = one.spawn(std::future::pending::<()>());
    one.block_on(async { tokio::task::yield_now().await });
    let page = registry.text();
    for line in [
        "# TYPE tokio_workers gauge",
        "tokio_workers{runtime=\"one\"} 1",
        "tokio_workers{runtime=\"other\"} 1",
        "tokio_alive_tasks{runtime=\"one\"} 1",
        "tokio_alive_tasks{runtime=\"other\"} 0",
        "tokio_global_queue_tasks{runtime=\"other\"} 0",
        "# TYPE tokio_worker_busy_seconds_total counter",
        "tokio_worker_busy_seconds_total{runtime=\"other\",worker=\"0\"} 0",
        "# TYPE tokio_worker_parks_total counter",
        "# TYPE tokio_worker_park_unparks_total counter",
        "tokio_worker_park_unparks_total{runtime=\"other\",worker=\"0\"} 0",
    ] {
        assert_eq!(page.lines().filter(|other| *other == line).count(), 1, "{line} in\n{page}");
    }
    let busy = "tokio_worker_busy_seconds_total{runtime=\"one\",worker=\"0\"} ";
    let busy = page.lines().find_map(|line| line.strip_prefix(busy)?.parse::<f64>().ok());
    assert!(busy.is_some_and(|busy| busy > 0.0), "{page}");
    task.abort();
    assert!(registry.register_collector(TokioMetrics::new("one", one.handle()).unwrap()).is_err());
}

#[test]
fn the_catalogue_and_the_dashboard_have_the_runtime() {
    let registry = Registry::new();
    let runtimes = ["one", "other"].map(|name| (name, Builder::new_current_thread().build().unwrap()));
    for (name, runtime) in &runtimes {
        registry.register_collector(TokioMetrics::new(*name, runtime.handle()).unwrap()).unwrap();
    }
    let catalog = registry.catalog();
    let workers = catalog.metrics.iter().find(|metric| metric.name == "tokio_workers").expect("an entry");
    assert_eq!(
        (workers.metric_type, workers.help.as_str()),
        (MetricType::Gauge, "Number of worker threads.")
    );
    let parks =
        catalog.metrics.iter().find(|metric| metric.name == "tokio_worker_parks_total").expect("an entry");
    assert_eq!(parks.metric_type, MetricType::Counter);
    let labels: Vec<_> = parks.labels.iter().map(|label| (label.name.as_str(), label.values.len())).collect();
    assert_eq!(labels, [("runtime", 0), ("worker", 1)], "the runtimes are told apart");
    let dashboard = catalog.to_grafana_dashboard("Main");
    for text in [
        r#""type":"row","title":"tokio""#,
        r#""expr":"sum by (runtime) (rate(tokio_worker_parks_total{job=~\"$job\", instance=~\"$instance\"}[$__rate_interval]))""#,
    ] {
        assert!(dashboard.contains(text), "{text} in\n{dashboard}");
    }
}

#[cfg(tokio_unstable)]
#[test]
fn unstable_figures() {
    use metrics_core::testing::value;

    let mut builder = Builder::new_current_thread();
    let runtime = builder.enable_metrics_poll_time_histogram().build().unwrap();
    let registry = Registry::new();
    registry.register_collector(TokioMetrics::new("main", runtime.handle()).unwrap()).unwrap();
    let read =
        |name: &str, labels: &str| value(&registry, &format!("tokio_{name}{{runtime=\"main\"{labels}}}"));
    runtime.block_on(async {
        for _ in 0..10 {
            tokio::spawn(async {}).await.unwrap();
        }
        tokio::task::spawn_blocking(|| {}).await.unwrap();
    });
    assert_eq!(read("spawned_tasks_total", ""), Some(10.0));
    assert_eq!(read("blocking_threads", ""), Some(1.0));
    assert_eq!(read("blocking_queue_tasks", ""), Some(0.0));
    assert!(read("worker_polls_total", ",worker=\"0\"").is_some_and(|polls| polls >= 10.0));
    for name in ["noops", "steals", "steal_operations", "local_schedules", "overflows"] {
        assert!(read(&format!("worker_{name}_total"), ",worker=\"0\"").is_some(), "{name}");
    }
    let polls = read("poll_duration_seconds_count", "");
    assert!(polls.is_some_and(|polls| polls >= 10.0), "{}", registry.text());
    assert_eq!(read("poll_duration_seconds_bucket", ",le=\"+Inf\""), polls);
    assert!(read("poll_duration_seconds_sum", "").is_some_and(|sum| sum > 0.0));
}
