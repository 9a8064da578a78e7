//! A service with actix-web-prom.

use actix_web::{App, HttpServer, get, web::Path};
use actix_web_prom::PrometheusMetricsBuilder;

#[get("/orders/{id}")]
async fn order(id: Path<u32>) -> String {
    format!("order {id}\n")
}

#[actix_web::main]
async fn main() -> std::io::Result<()> {
    let http = PrometheusMetricsBuilder::new("shop")
        .endpoint("/metrics")
        .buckets(&[0.01, 0.1, 1.0])
        .build()
        .expect("the metrics are registered");
    let server = HttpServer::new(move || App::new().wrap(http.clone()).service(order)).workers(1);
    let server = server.bind(("127.0.0.1", 0))?;
    println!("http://{}", server.addrs()[0]);
    server.run().await
}
