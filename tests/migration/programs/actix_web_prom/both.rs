//! A service with both middlewares, on one page.

use actix_web::{App, HttpServer, get, web::Path};
use actix_web_prom::PrometheusMetricsBuilder;
use metrics_actix::{HttpMetrics, MetricsRoute};
use metrics_core::prometheus;

#[get("/orders/{id}")]
async fn order(id: Path<u32>) -> String {
    format!("order {id}\n")
}

#[actix_web::main]
async fn main() -> std::io::Result<()> {
    let old = PrometheusMetricsBuilder::new("shop")
        .registry(prometheus::default_registry().clone()) // in place of `endpoint`
        .exclude("/metrics")
        .buckets(&[0.01, 0.1, 1.0])
        .build()
        .expect("the metrics are registered");
    let http = HttpMetrics::new().buckets(&[0.01, 0.1, 1.0]); // names without `shop_`
    let server = HttpServer::new(move || {
        App::new().wrap(old.clone()).wrap(http.clone()).service(MetricsRoute::new("/metrics")).service(order)
    });
    let server = server.workers(1).bind(("127.0.0.1", 0))?;
    println!("http://{}", server.addrs()[0]);
    server.run().await
}
