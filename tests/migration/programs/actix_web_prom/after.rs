//! The service with the middleware of this library, under the names that its dashboards know.

use actix_web::{App, HttpServer, get, web::Path};
use metrics_actix::{HttpMetric, HttpMetrics, MetricsRoute};

#[get("/orders/{id}")]
async fn order(id: Path<u32>) -> String {
    format!("order {id}\n")
}

#[actix_web::main]
async fn main() -> std::io::Result<()> {
    let http = HttpMetrics::new()
        .namespace("shop")
        .name(HttpMetric::Duration, "http_requests_duration_seconds")
        .buckets(&[0.01, 0.1, 1.0]);
    let server = HttpServer::new(move || {
        App::new().wrap(http.clone()).service(MetricsRoute::new("/metrics")).service(order)
    });
    let server = server.workers(1).bind(("127.0.0.1", 0))?;
    println!("http://{}", server.addrs()[0]);
    server.run().await
}
