//! A small service with metrics: the program to run first.
//!
//! `cargo run -p quickstart`, then open <http://127.0.0.1:8080>. See README.md.

mod counts;
mod metrics;
mod pages;
mod work;

use std::{
    env,
    io::{self, ErrorKind},
    process::ExitCode,
};

use actix_web::{App, HttpServer};
use metrics_actix::{HttpMetrics, MetricsRoute};

const HOST: &str = "127.0.0.1";
const DEFAULT_PORT: u16 = 8080;

// Name, version and commit, as labels of `build_info`.
metrics_core::build_info!();

#[actix_web::main]
async fn main() -> ExitCode {
    let variable = env::var_os("PORT").map(|text| text.to_string_lossy().into_owned());
    let served = match port(variable.as_deref()) {
        Ok(port) => serve(port).await.map_err(|error| explain(&error, port)),
        Err(message) => Err(message),
    };
    match served {
        Ok(()) => {
            println!("stopped");
            ExitCode::SUCCESS
        }
        Err(message) => {
            eprintln!("error: {message}");
            ExitCode::FAILURE
        }
    }
}

async fn serve(port: u16) -> io::Result<()> {
    let http = HttpMetrics::new();
    let server = HttpServer::new(move || {
        App::new()
            .wrap(http.clone())
            .service(MetricsRoute::new("/metrics").live("/metrics/live"))
            .service(counts::counts)
            .service(pages::index)
            .service(pages::work)
            .service(pages::error)
            .service(pages::slow)
    })
    // A request ends with status 499 when its client closes the connection.
    .h1_allow_half_closed(false)
    .bind((HOST, port))?;
    for address in server.addrs() {
        announce(&format!("http://{address}"));
    }
    server.run().await
}

fn announce(root: &str) {
    println!("open {root}/ in a browser:");
    for path in ["/work?size=100000", "/error", "/slow", "/metrics", "/metrics/live", "/api/metrics"] {
        println!("  {root}{path}");
    }
    println!("Ctrl-C stops the service");
}

/// Parses the variable `PORT`.
fn port(variable: Option<&str>) -> Result<u16, String> {
    let Some(text) = variable else { return Ok(DEFAULT_PORT) };
    text.parse().map_err(|_| format!("PORT is a number from 0 to 65535, not `{text}`; 0 picks a free port"))
}

fn explain(error: &io::Error, port: u16) -> String {
    match error.kind() {
        ErrorKind::AddrInUse => {
            format!("port {port} of {HOST} is taken; set PORT to another one, or to 0 for a free one")
        }
        ErrorKind::PermissionDenied => format!("port {port} may not be used; set PORT to another one"),
        _ => format!("cannot serve {HOST}:{port}: {error}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn port_is_validated() {
        assert_eq!(port(None), Ok(8080));
        assert_eq!(port(Some("0")), Ok(0));
        assert_eq!(port(Some("65535")), Ok(65535));
        for text in ["", "-1", "65536", "http"] {
            assert!(port(Some(text)).is_err_and(|message| message.contains("PORT")), "{text}");
        }
    }
}
