//! A server for `scripts/load`: `load-server MIDDLEWARE PORT`, with a middleware or `none`.

use std::{env, io};

use actix_web::{App, HttpServer, web};
use actix_web_prom::PrometheusMetricsBuilder;
use metrics_actix::{HttpMetrics, InProgress};
use opentelemetry_instrumentation_actix_web::RequestMetrics;
use opentelemetry_sdk::metrics::{ManualReader, SdkMeterProvider};

async fn user(id: web::Path<u64>) -> String {
    format!("user {id}")
}

fn routes(config: &mut web::ServiceConfig) {
    config.route("/", web::get().to(|| async { "hello" })).route("/users/{id}", web::get().to(user));
}

/// Serves an app with one worker.
macro_rules! serve {
    ($port:expr, $app:expr) => {{
        let address = ("127.0.0.1", $port);
        HttpServer::new(move || $app.configure(routes)).workers(1).bind(address)?.run().await
    }};
}

#[actix_web::main]
async fn main() -> io::Result<()> {
    let arguments: Vec<_> = env::args().skip(1).collect();
    let [middleware, port] = &arguments[..] else {
        return Err(io::Error::other("usage: load-server MIDDLEWARE PORT"));
    };
    let port = port.parse().map_err(io::Error::other)?;
    match &**middleware {
        // Twice the same: how far they differ is what the machine does.
        "none" | "none-again" => serve!(port, App::new()),
        "ours" => {
            let http = HttpMetrics::new();
            serve!(port, App::new().wrap(http.clone()))
        }
        "ours-by-method" => {
            let http = HttpMetrics::new().in_progress(InProgress::ByMethod);
            serve!(port, App::new().wrap(http.clone()))
        }
        "actix-web-prom" => {
            let metrics = PrometheusMetricsBuilder::new("api").endpoint("/metrics").build();
            let metrics = metrics.map_err(|error| io::Error::other(error.to_string()))?;
            serve!(port, App::new().wrap(metrics.clone()))
        }
        "opentelemetry" => {
            // Without a reader nothing would be recorded.
            let provider = SdkMeterProvider::builder().with_reader(ManualReader::builder().build()).build();
            let metrics = RequestMetrics::builder().with_meter_provider(provider).build();
            serve!(port, App::new().wrap(metrics.clone()))
        }
        other => Err(io::Error::other(format!("there is no middleware {other}"))),
    }
}
