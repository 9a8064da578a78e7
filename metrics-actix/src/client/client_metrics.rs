//! Configuration and histogram of outgoing requests.

use std::{
    collections::HashSet,
    sync::{Arc, OnceLock},
};

use metrics_core::{Definition, Registry};

use super::{
    labels::MAX_HOSTS,
    outgoing_request::{DurationFamily, OutgoingRequest},
};

/// Buckets of `http.client.request.duration` in the OpenTelemetry conventions, in seconds.
const BUCKETS: [f64; 14] = [0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.25, 0.5, 0.75, 1.0, 2.5, 5.0, 7.5, 10.0];

/// Measures outgoing HTTP requests: those of `awc` with the feature `awc`, those of `reqwest` with the feature `reqwest`.
///
/// The metric is the histogram `http_client_request_duration_seconds`, whose names are those of the OpenTelemetry conventions:
///
/// | label | value |
/// |---|---|
/// | `http_request_method` | one of the known methods, or `_OTHER` |
/// | `server_address` | the host, if it was [added](Self::host), or `_OTHER` |
/// | `http_response_status_code` | the status of the response; absent without one |
/// | `error_type` | the status from 400 on, or the error if there was no response; absent on success |
///
/// The time, in seconds, runs from the call to the head of the response. A request is counted once: with a response, with an
/// error, or with `error_type="cancelled"` if its future was dropped. The errors are `timeout`, `connect`, `send` (while sending
/// the request), `response` (the response was invalid), `request` (the request was invalid) and `other`.
///
/// Other hosts and methods count as `_OTHER`, and so do statuses after the first 40.
///
/// <https://opentelemetry.io/docs/specs/semconv/http/http-metrics/#metric-httpclientrequestduration>
#[derive(Clone, Debug)]
pub struct HttpClientMetrics {
    registry: Registry,
    buckets: Vec<f64>,
    /// In lower case.
    hosts: HashSet<String>,
    /// Registered with the first request, as the options are complete by then.
    durations: Arc<OnceLock<DurationFamily>>,
}

impl HttpClientMetrics {
    /// Creates metrics in the global registry. Without [`host`](Self::host) all requests have the `server_address` `_OTHER`.
    ///
    /// Clones share their series, and so do instances with the same options.
    pub fn new() -> Self {
        Self {
            registry: Registry::global().clone(),
            buckets: BUCKETS.to_vec(),
            hosts: HashSet::new(),
            durations: Arc::default(),
        }
    }

    /// Registers the histogram in a registry other than the global one.
    pub fn registry(mut self, registry: &Registry) -> Self {
        self.registry = registry.clone();
        self.durations = Arc::default();
        self
    }

    /// Adds a host that `server_address` names: a name or an address without a port, as in the requested URLs.
    ///
    /// At most 49 hosts have a value of their own; others count as `_OTHER`.
    ///
    /// ```
    /// # #[cfg(feature = "awc")]
    /// # #[actix_web::main]
    /// # async fn main() {
    /// use awc::{Client, ClientRequest};
    /// use metrics_actix::HttpClientMetrics;
    /// use metrics_core::Registry;
    ///
    /// let registry = Registry::new();
    /// let http = HttpClientMetrics::new().registry(&registry).host("localhost");
    /// let client = Client::default();
    /// // Nobody listens on port 1.
    /// for host in ["localhost", "LOCALHOST", "127.0.0.1"] {
    ///     http.send(client.get(format!("http://{host}:1/")), ClientRequest::send).await.unwrap_err();
    /// }
    /// let page = registry.text();
    /// for (host, count) in [("localhost", 2), ("_OTHER", 1)] {
    ///     let labels = format!(r#"http_request_method="GET",server_address="{host}",error_type="connect""#);
    ///     let line = format!("http_client_request_duration_seconds_count{{{labels}}} {count}\n");
    ///     assert!(page.contains(&line), "{page}");
    /// }
    /// # }
    /// # #[cfg(not(feature = "awc"))]
    /// # fn main() {}
    /// ```
    pub fn host(mut self, host: impl AsRef<str>) -> Self {
        if self.hosts.len() < MAX_HOSTS {
            self.hosts.insert(host.as_ref().to_ascii_lowercase());
        } else {
            log::warn!(
                "`{}` counts as `_OTHER` in `server_address`: at most {MAX_HOSTS} hosts have a value of their own",
                host.as_ref()
            );
        }
        self
    }

    /// Sets the upper bounds of the buckets, in seconds and increasing. The default is those of the OpenTelemetry conventions.
    ///
    /// ```
    /// # #[cfg(feature = "awc")]
    /// # #[actix_web::main]
    /// # async fn main() {
    /// use awc::{Client, ClientRequest};
    /// use metrics_actix::HttpClientMetrics;
    /// use metrics_core::Registry;
    ///
    /// let registry = Registry::new();
    /// let http = HttpClientMetrics::new().registry(&registry).buckets(&[0.1, 60.0]);
    /// // Nobody listens on port 1.
    /// http.send(Client::default().get("http://127.0.0.1:1/"), ClientRequest::send).await.unwrap_err();
    /// let page = registry.text();
    /// let bounds: Vec<_> = page.lines().filter_map(|line| line.split_once("le=\"")).collect();
    /// assert!(bounds.iter().map(|(_, rest)| rest.split_once('"').unwrap().0).eq(["0.1", "60", "+Inf"]));
    /// # }
    /// # #[cfg(not(feature = "awc"))]
    /// # fn main() {}
    /// ```
    pub fn buckets(mut self, bounds: &[f64]) -> Self {
        self.buckets = bounds.to_vec();
        self.durations = Arc::default();
        self
    }

    fn durations(&self) -> &DurationFamily {
        self.durations.get_or_init(|| {
            let definition = Definition::new(
                "http_client_request_duration_seconds",
                "Time from an outgoing HTTP request to the head of its response.",
            );
            self.registry.register_or_detach(&definition.buckets(&self.buckets))
        })
    }

    /// Starts measuring a request.
    pub(super) fn start(&self, method: &str, host: Option<&str>) -> OutgoingRequest {
        let host = host.map(str::to_ascii_lowercase).filter(|host| self.hosts.contains(host));
        OutgoingRequest::start(self.durations().clone(), method, host)
    }
}

impl Default for HttpClientMetrics {
    fn default() -> Self {
        Self::new()
    }
}
