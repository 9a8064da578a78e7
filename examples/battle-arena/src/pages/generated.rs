//! Documents generated from the metrics: `/generated/…`.

use actix_web::{HttpResponse, get, http::header::ContentType};
use metrics_core::catalog;

/// Shows a dashboard for Grafana with a panel for every metric of the arena.
#[get("/generated/dashboard.json")]
pub(super) async fn dashboard() -> HttpResponse {
    let mut catalog = catalog();
    // The metrics of the library and of the process depend on its version and features. They have panels by hand.
    let of_library = ["metrics_", "process_", "build_", "tokio_"];
    let kept = ["process_cpu_seconds_total", "process_resident_memory_bytes"];
    catalog.metrics.retain(|metric| {
        let name = metric.name.as_str();
        kept.contains(&name) || !of_library.iter().any(|prefix| name.starts_with(prefix))
    });
    let dashboard = catalog.to_grafana_dashboard("Arena generated");
    HttpResponse::Ok().content_type(ContentType::json()).body(dashboard)
}

/// Shows rules for Prometheus: recordings and alerts of the objectives.
#[get("/generated/objectives.yml")]
pub(super) async fn objectives() -> HttpResponse {
    HttpResponse::Ok().content_type("application/yaml").body(catalog().to_prometheus_rules())
}

/// Shows all metrics as a table.
#[get("/generated/catalogue.md")]
pub(super) async fn catalogue() -> HttpResponse {
    HttpResponse::Ok().content_type("text/markdown; charset=utf-8").body(catalog().to_markdown())
}
