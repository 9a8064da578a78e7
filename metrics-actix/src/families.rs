//! The metrics of HTTP requests.

use metrics_core::{Counter, DEFAULT_BUCKETS, Definition, Family, Gauge, Histogram, Interned, Registry};

use crate::labels::{MOST_ENDPOINTS, MOST_STATUSES, PanicLabels, RequestLabels, RouteLabels};

/// What an [`HttpMetrics`](crate::HttpMetrics) is told before it is used.
#[derive(Clone, Debug)]
pub(crate) struct Options {
    pub(crate) registry: Registry,
    pub(crate) namespace: Option<String>,
    pub(crate) buckets: Vec<f64>,
    /// Paths and patterns that are left out.
    pub(crate) excluded: Vec<String>,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            registry: Registry::global().clone(),
            namespace: None,
            buckets: DEFAULT_BUCKETS.to_vec(),
            excluded: vec!["/metrics".into()],
        }
    }
}

impl Options {
    /// Whether a path or a pattern is left out.
    pub(crate) fn excludes(&self, path: &str) -> bool {
        self.excluded.iter().any(|excluded| excluded == path)
    }

    fn definition(&self, name: &str, help: &'static str) -> Definition {
        match &self.namespace {
            Some(namespace) => Definition::new(format!("{namespace}_{name}"), help),
            None => Definition::new(name, help),
        }
    }
}

/// The metrics of HTTP requests.
#[derive(Debug)]
pub(crate) struct Families {
    pub(crate) requests: Family<RequestLabels, Counter>,
    pub(crate) duration: Family<RouteLabels, Histogram>,
    pub(crate) in_progress: Family<RouteLabels, Gauge>,
    pub(crate) panics: Family<PanicLabels, Counter>,
}

/// A value of the label `endpoint`, which every family has looked up for itself.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Endpoint {
    pub(crate) requests: Interned<MOST_ENDPOINTS>,
    pub(crate) duration: Interned<MOST_ENDPOINTS>,
    pub(crate) in_progress: Interned<MOST_ENDPOINTS>,
    pub(crate) panics: Interned<MOST_ENDPOINTS>,
}

impl Families {
    /// The families as the options say: those there are in the registry, or new ones.
    pub(crate) fn register(options: &Options) -> Self {
        let registry = &options.registry;
        let define = |name, help| options.definition(name, help);
        let duration = define(
            "http_request_duration_seconds",
            "Time from the start of an HTTP request to the last byte of its response.",
        );
        Self {
            requests: registry
                .register_or_detach(&define("http_requests_total", "HTTP requests that have ended.")),
            duration: registry.register_or_detach(&duration.buckets(&options.buckets)),
            in_progress: registry
                .register_or_detach(&define("http_requests_in_progress", "HTTP requests in progress.")),
            panics: registry.register_or_detach(&define(
                "http_panics_total",
                "HTTP requests that ended with a panic in the service.",
            )),
        }
    }

    /// The value of the label `endpoint` for a text.
    pub(crate) fn endpoint(&self, text: &str) -> Endpoint {
        Endpoint {
            requests: self.requests.intern(1, text),
            duration: self.duration.intern(1, text),
            in_progress: self.in_progress.intern(1, text),
            panics: self.panics.intern(0, text),
        }
    }

    /// The value of the label `status` for a code.
    pub(crate) fn status(&self, code: u16) -> Interned<MOST_STATUSES> {
        self.requests.intern(2, &code.to_string())
    }
}
