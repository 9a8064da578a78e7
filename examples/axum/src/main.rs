//! A service of axum with metrics.
//!
//! `cargo run -p axum-example`, then open <http://127.0.0.1:8081/metrics/live>. See README.md.

mod metrics;
mod pages;

use std::{env, io, net::SocketAddr};

use axum::{Router, routing::get};
use tokio::net::TcpListener;

const DEFAULT_PORT: u16 = 8081;

#[tokio::main(flavor = "current_thread")]
async fn main() -> io::Result<()> {
    let port = env::var("PORT").ok().and_then(|port| port.parse().ok()).unwrap_or(DEFAULT_PORT);
    let listener = TcpListener::bind(("127.0.0.1", port)).await?;
    println!("open http://{}/metrics/live in a browser, then http://{0}/greet/you", listener.local_addr()?);
    let app = Router::new().route("/greet/{name}", get(pages::greet)).merge(metrics::router());
    axum::serve(listener, app.into_make_service_with_connect_info::<SocketAddr>()).await
}
