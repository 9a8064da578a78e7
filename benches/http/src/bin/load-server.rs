//! A server for `scripts/load`: `load-server none|ours|actix-web-prom PORT`.

use std::env;

use actix_web::{App, HttpServer, web};
use actix_web_prom::PrometheusMetricsBuilder;
use metrics_actix::{HttpMetrics, MetricsRoute};

async fn user(id: web::Path<u64>) -> String {
    format!("user {id}")
}

fn routes(config: &mut web::ServiceConfig) {
    config.route("/", web::get().to(|| async { "hello" })).route("/users/{id}", web::get().to(user));
}

#[actix_web::main]
async fn main() -> std::io::Result<()> {
    let arguments: Vec<_> = env::args().skip(1).collect();
    let [middleware, port] = &arguments[..] else {
        eprintln!("usage: load-server none|ours|actix-web-prom PORT");
        return Ok(());
    };
    let address = ("127.0.0.1", port.parse().unwrap_or(0));
    match &**middleware {
        "ours" => {
            let http = HttpMetrics::new();
            let app = move || {
                App::new().wrap(http.clone()).service(MetricsRoute::new("/metrics")).configure(routes)
            };
            HttpServer::new(app).workers(1).bind(address)?.run().await
        }
        "actix-web-prom" => {
            let metrics = PrometheusMetricsBuilder::new("api").endpoint("/metrics").build();
            let metrics = metrics.map_err(|error| std::io::Error::other(error.to_string()))?;
            let app = move || App::new().wrap(metrics.clone()).configure(routes);
            HttpServer::new(app).workers(1).bind(address)?.run().await
        }
        _ => HttpServer::new(|| App::new().configure(routes)).workers(1).bind(address)?.run().await,
    }
}
