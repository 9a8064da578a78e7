//! A service with OpenTelemetry's middleware and its exporter for Prometheus.

use actix_web::{App, HttpServer, get, web::Path};
use opentelemetry_instrumentation_actix_web::RequestMetrics;
use opentelemetry_sdk::metrics::SdkMeterProvider;
use prometheus::TextEncoder;

#[get("/orders/{id}")]
async fn order(id: Path<u32>) -> String {
    format!("order {id}\n")
}

#[get("/metrics")]
async fn metrics() -> String {
    TextEncoder::new().encode_to_string(&prometheus::gather()).expect("a page")
}

#[actix_web::main]
async fn main() -> std::io::Result<()> {
    let exporter = opentelemetry_prometheus::exporter()
        .with_registry(prometheus::default_registry().clone())
        .build()
        .expect("the exporter is registered");
    let provider = SdkMeterProvider::builder().with_reader(exporter).build();
    let http = RequestMetrics::builder().with_meter_provider(provider.clone()).build();
    let server = HttpServer::new(move || App::new().wrap(http.clone()).service(metrics).service(order));
    let server = server.workers(1).bind(("127.0.0.1", 0))?;
    println!("http://{}", server.addrs()[0]);
    server.run().await
}
