//! Metrics of outgoing HTTP requests.

#[cfg(feature = "awc")]
mod awc;
mod client_metrics;
mod labels;
mod outgoing_request;
#[cfg(feature = "reqwest")]
mod reqwest;

pub use client_metrics::HttpClientMetrics;
