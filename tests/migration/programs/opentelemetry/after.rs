//! The service with the middleware of this library, under OpenTelemetry's names.

use actix_web::{App, HttpServer, get, web::Path};
use metrics_actix::{HttpMetrics, MetricsRoute, Preset};

#[get("/orders/{id}")]
async fn order(id: Path<u32>) -> String {
    format!("order {id}\n")
}

#[actix_web::main]
async fn main() -> std::io::Result<()> {
    let http = HttpMetrics::new().preset(Preset::OpenTelemetry).request_size().response_size();
    let server = HttpServer::new(move || {
        App::new().wrap(http.clone()).service(MetricsRoute::new("/metrics")).service(order)
    });
    let server = server.workers(1).bind(("127.0.0.1", 0))?;
    println!("http://{}", server.addrs()[0]);
    server.run().await
}
