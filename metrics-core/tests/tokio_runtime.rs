//! Metrics of a Tokio runtime; with the feature `tokio`.
#![cfg(feature = "tokio")]

use metrics_core::{Registry, TokioMetrics};
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
