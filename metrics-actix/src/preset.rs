//! Which metrics there are, and what they and their labels are called.

use metrics_core::{DEFAULT_BUCKETS, DEFAULT_BYTE_BUCKETS};

use crate::{labels::Attribute, options::Options};

/// The names that the metrics have.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Preset {
    /// `http_requests_total{method,endpoint,status}` and what goes with it: the names that actix-web-prom and most dashboards
    /// have.
    #[default]
    Prometheus,
    /// The stable names, labels and buckets of the [OpenTelemetry conventions for HTTP][conventions] as Prometheus has them:
    /// `http_server_request_duration_seconds{http_request_method,http_route,…}` and `http_server_active_requests`.
    ///
    /// There is no counter of requests: it is `http_server_request_duration_seconds_count`. `http_route` is absent where no
    /// route matches, and `error_type` where nothing went wrong. What the conventions do not name keeps its name:
    /// `http_panics_total` and `http_response_first_byte_seconds`.
    ///
    /// [conventions]: https://opentelemetry.io/docs/specs/semconv/http/http-metrics/
    OpenTelemetry,
    /// Both at once, while dashboards move from one to the other.
    Both,
}

/// A metric of the middleware, see [`HttpMetrics::name`](crate::HttpMetrics::name).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum HttpMetric {
    /// `http_requests_total`.
    Requests,
    /// `http_request_duration_seconds`.
    Duration,
    /// `http_requests_in_progress`.
    InProgress,
    /// `http_panics_total`.
    Panics,
    /// `http_request_size_bytes`.
    RequestSize,
    /// `http_response_size_bytes`.
    ResponseSize,
    /// `http_response_first_byte_seconds`.
    FirstByte,
}

/// A label of the middleware's metrics, see [`HttpMetrics::label_name`](crate::HttpMetrics::label_name).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum HttpLabel {
    /// `method`.
    Method,
    /// `endpoint`.
    Endpoint,
    /// `status`.
    Status,
}

/// The value of the label `status`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum StatusLabel {
    /// The code: `404`.
    #[default]
    Code,
    /// Its class: `4xx`.
    Class,
}

/// What the requests in progress are told apart by.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum InProgress {
    /// Method and endpoint. The endpoint has to be found before routing, by the path alone.
    #[default]
    ByEndpoint,
    /// The method alone: fewer series.
    ByMethod,
    /// There is no such metric.
    Off,
}

/// The buckets of `http.server.request.duration` in the OpenTelemetry conventions.
const OTEL_BUCKETS: [f64; 14] =
    [0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.25, 0.5, 0.75, 1.0, 2.5, 5.0, 7.5, 10.0];

/// One metric as it is to be registered.
#[derive(Clone, Debug)]
pub(crate) struct Plan {
    pub(crate) metric: HttpMetric,
    pub(crate) name: String,
    pub(crate) help: &'static str,
    /// The labels that vary, and what they are called.
    pub(crate) labels: Vec<(Attribute, String)>,
    /// The bounds of the buckets where nothing else is said.
    pub(crate) buckets: &'static [f64],
}

/// The metrics that the options ask for.
pub(crate) fn plans(options: &Options) -> Vec<Plan> {
    let default = options.preset != Preset::OpenTelemetry;
    let otel = options.preset != Preset::Prometheus;
    let mut plans = Vec::new();
    for metric in METRICS {
        if !options.asks_for(metric) {
            continue;
        }
        if default || has_no_convention(metric) {
            plans.push(of_prometheus(options, metric));
        }
        if let (true, Some(name)) = (otel, conventional_name(metric)) {
            plans.push(of_otel(options, metric, name));
        }
    }
    plans
}

const METRICS: [HttpMetric; 7] = [
    HttpMetric::Requests,
    HttpMetric::Duration,
    HttpMetric::InProgress,
    HttpMetric::Panics,
    HttpMetric::RequestSize,
    HttpMetric::ResponseSize,
    HttpMetric::FirstByte,
];

/// Whether the OpenTelemetry conventions have nothing for a metric. Requests they count by their durations.
const fn has_no_convention(metric: HttpMetric) -> bool {
    matches!(metric, HttpMetric::Panics | HttpMetric::FirstByte)
}

/// The name in the OpenTelemetry conventions.
const fn conventional_name(metric: HttpMetric) -> Option<&'static str> {
    match metric {
        HttpMetric::Duration => Some("http_server_request_duration_seconds"),
        HttpMetric::InProgress => Some("http_server_active_requests"),
        HttpMetric::RequestSize => Some("http_server_request_body_size_bytes"),
        HttpMetric::ResponseSize => Some("http_server_response_body_size_bytes"),
        HttpMetric::Requests | HttpMetric::Panics | HttpMetric::FirstByte => None,
    }
}

const fn default_name(metric: HttpMetric) -> &'static str {
    match metric {
        HttpMetric::Requests => "http_requests_total",
        HttpMetric::Duration => "http_request_duration_seconds",
        HttpMetric::InProgress => "http_requests_in_progress",
        HttpMetric::Panics => "http_panics_total",
        HttpMetric::RequestSize => "http_request_size_bytes",
        HttpMetric::ResponseSize => "http_response_size_bytes",
        HttpMetric::FirstByte => "http_response_first_byte_seconds",
    }
}

const fn help(metric: HttpMetric) -> &'static str {
    match metric {
        HttpMetric::Requests => "HTTP requests that have ended.",
        HttpMetric::Duration => "Time from the start of an HTTP request to the last byte of its response.",
        HttpMetric::InProgress => "HTTP requests in progress.",
        HttpMetric::Panics => "HTTP requests that ended with a panic in the service.",
        HttpMetric::RequestSize => {
            "Bytes of the bodies of HTTP requests, as far as the service has read them."
        }
        HttpMetric::ResponseSize => "Bytes of the bodies of HTTP responses, as far as they were given.",
        HttpMetric::FirstByte => "Time from the start of an HTTP request to the head of its response.",
    }
}

fn of_prometheus(options: &Options, metric: HttpMetric) -> Plan {
    let label = |label, attribute| (attribute, options.name_of_label(label));
    let mut labels = match (metric, options.in_progress) {
        (HttpMetric::Panics, _) => vec![label(HttpLabel::Endpoint, Attribute::Endpoint)],
        (HttpMetric::InProgress, InProgress::ByMethod) => vec![label(HttpLabel::Method, Attribute::Method)],
        _ => {
            vec![label(HttpLabel::Method, Attribute::Method), label(HttpLabel::Endpoint, Attribute::Endpoint)]
        }
    };
    if metric == HttpMetric::Requests {
        labels.push(label(HttpLabel::Status, Attribute::Status));
    }
    labels.extend(extra_labels(options, metric));
    let name = options.name_of(metric).unwrap_or_else(|| default_name(metric).into());
    Plan { metric, name: options.with_namespace(&name), help: help(metric), labels, buckets: buckets(metric) }
}

fn of_otel(options: &Options, metric: HttpMetric, name: &str) -> Plan {
    let mut labels = vec![
        (Attribute::Method, "http_request_method"),
        (Attribute::Route, "http_route"),
        (Attribute::Status, "http_response_status_code"),
        (Attribute::Scheme, "url_scheme"),
        (Attribute::Version, "network_protocol_version"),
        (Attribute::ErrorType, "error_type"),
    ];
    if metric == HttpMetric::InProgress {
        labels.retain(|(attribute, _)| matches!(attribute, Attribute::Method | Attribute::Scheme));
    }
    let named = labels.into_iter().map(|(attribute, name)| (attribute, name.to_owned()));
    let labels = named.chain(extra_labels(options, metric)).collect();
    let buckets = if metric == HttpMetric::Duration { &OTEL_BUCKETS } else { buckets(metric) };
    Plan { metric, name: options.with_namespace(name), help: help(metric), labels, buckets }
}

/// The labels that the user has added, as far as they are known when the metric is counted.
fn extra_labels(options: &Options, metric: HttpMetric) -> Vec<(Attribute, String)> {
    if metric == HttpMetric::Panics {
        return Vec::new();
    }
    let of_request = options.request_labels.iter().enumerate();
    let of_request = of_request.map(|(at, label)| (Attribute::Request(at), label.name.clone()));
    let of_response = options.response_labels.iter().enumerate();
    let of_response = of_response.map(|(at, label)| (Attribute::Response(at), label.name.clone()));
    let with_response = metric != HttpMetric::InProgress;
    of_request.chain(of_response.filter(|_| with_response)).collect()
}

const fn buckets(metric: HttpMetric) -> &'static [f64] {
    match metric {
        HttpMetric::RequestSize | HttpMetric::ResponseSize => DEFAULT_BYTE_BUCKETS,
        _ => DEFAULT_BUCKETS,
    }
}
