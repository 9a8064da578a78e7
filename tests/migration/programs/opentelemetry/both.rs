//! A service with both middlewares, on one page.

use actix_web::{App, HttpServer, get, web::Path};
use metrics_actix::{HttpMetrics, MetricsRoute};
use metrics_core::prometheus;
use opentelemetry_instrumentation_actix_web::RequestMetrics;
use opentelemetry_sdk::metrics::SdkMeterProvider;

#[get("/orders/{id}")]
async fn order(id: Path<u32>) -> String {
    format!("order {id}\n")
}

#[actix_web::main]
async fn main() -> std::io::Result<()> {
    let exporter = opentelemetry_prometheus::exporter()
        .with_registry(prometheus::default_registry().clone())
        .build()
        .expect("the exporter is registered");
    let provider = SdkMeterProvider::builder().with_reader(exporter).build();
    let old = RequestMetrics::builder().with_meter_provider(provider.clone()).build();
    let http = HttpMetrics::new(); // the names of Prometheus, which no metric of OpenTelemetry has
    let server = HttpServer::new(move || {
        App::new().wrap(old.clone()).wrap(http.clone()).service(MetricsRoute::new("/metrics")).service(order)
    });
    let server = server.workers(1).bind(("127.0.0.1", 0))?;
    println!("http://{}", server.addrs()[0]);
    server.run().await
}
