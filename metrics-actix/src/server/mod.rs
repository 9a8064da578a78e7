//! Server for the metrics, on a port of its own.

mod metrics_server;
mod ports;
mod running_server;
#[cfg(feature = "rustls")]
mod tls;

pub use metrics_server::MetricsServer;
pub use running_server::RunningServer;
