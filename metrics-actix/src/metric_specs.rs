//! Metrics that the options ask for, with their names, labels and buckets.

use metrics_core::{DEFAULT_BUCKETS, DEFAULT_BYTE_BUCKETS};

use crate::{
    labels::LabelSource,
    options::{HttpLabel, HttpMetric, InProgress, Options, Preset},
};

/// Buckets of `http.server.request.duration` in the OpenTelemetry conventions.
const OPEN_TELEMETRY_BUCKETS: [f64; 14] =
    [0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.25, 0.5, 0.75, 1.0, 2.5, 5.0, 7.5, 10.0];

/// Specification of one metric to register.
#[derive(Clone, Debug)]
pub(crate) struct MetricSpec {
    pub(crate) metric: HttpMetric,
    pub(crate) name: String,
    pub(crate) help: &'static str,
    /// Sources and names of the variable labels.
    pub(crate) labels: Vec<(LabelSource, String)>,
    /// Default bounds of the buckets.
    pub(crate) buckets: &'static [f64],
}

/// Returns the metrics that the options ask for.
pub(crate) fn metric_specs(options: &Options) -> Vec<MetricSpec> {
    let (prometheus, open_telemetry) = match options.preset {
        Preset::Prometheus => (true, false),
        Preset::OpenTelemetry => (false, true),
        Preset::Both => (true, true),
    };
    let mut specs = Vec::new();
    for metric in METRICS {
        if !options.is_enabled(metric) {
            continue;
        }
        let convention = conventional_name(metric);
        if prometheus || !has_convention(metric) {
            specs.push(prometheus_spec(options, metric));
        }
        if let (true, Some(name)) = (open_telemetry, convention) {
            specs.push(open_telemetry_spec(options, metric, name));
        }
    }
    specs
}

/// Buckets of the number of database operations. One of no operation is told from one with a single one.
const QUERY_BUCKETS: &[f64] = &[0.0, 1.0, 2.0, 5.0, 10.0, 20.0, 50.0, 100.0, 200.0, 500.0, 1000.0];

const METRICS: [HttpMetric; 9] = [
    HttpMetric::Requests,
    HttpMetric::Duration,
    HttpMetric::InProgress,
    HttpMetric::Panics,
    HttpMetric::RequestSize,
    HttpMetric::ResponseSize,
    HttpMetric::FirstByte,
    HttpMetric::DatabaseQueries,
    HttpMetric::DatabaseDuration,
];

/// Returns `true` if the OpenTelemetry conventions cover a metric. They count requests by the durations.
const fn has_convention(metric: HttpMetric) -> bool {
    conventional_name(metric).is_some() || matches!(metric, HttpMetric::Requests)
}

/// Returns a metric's name in the OpenTelemetry conventions.
const fn conventional_name(metric: HttpMetric) -> Option<&'static str> {
    match metric {
        HttpMetric::Duration => Some("http_server_request_duration_seconds"),
        HttpMetric::InProgress => Some("http_server_active_requests"),
        HttpMetric::RequestSize => Some("http_server_request_body_size_bytes"),
        HttpMetric::ResponseSize => Some("http_server_response_body_size_bytes"),
        HttpMetric::Requests
        | HttpMetric::Panics
        | HttpMetric::FirstByte
        | HttpMetric::DatabaseQueries
        | HttpMetric::DatabaseDuration => None,
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
        HttpMetric::DatabaseQueries => "http_request_db_queries",
        HttpMetric::DatabaseDuration => "http_request_db_duration_seconds",
    }
}

const fn help(metric: HttpMetric) -> &'static str {
    match metric {
        HttpMetric::Requests => "Number of completed HTTP requests.",
        HttpMetric::Duration => {
            "Time from the start of an HTTP request to the last byte of its response, in seconds."
        }
        HttpMetric::InProgress => "Number of HTTP requests in progress.",
        HttpMetric::Panics => "Number of HTTP requests that ended with a panic in the service.",
        HttpMetric::RequestSize => "Size of HTTP request bodies as read by the service, in bytes.",
        HttpMetric::ResponseSize => "Size of HTTP response bodies as sent by the service, in bytes.",
        HttpMetric::FirstByte => {
            "Time from the start of an HTTP request to the head of its response, in seconds."
        }
        HttpMetric::DatabaseQueries => "Number of database operations of an HTTP request.",
        HttpMetric::DatabaseDuration => "Time in database operations of an HTTP request, in seconds.",
    }
}

fn prometheus_spec(options: &Options, metric: HttpMetric) -> MetricSpec {
    let label = |label, source| (source, options.label_name(label));
    let method = || label(HttpLabel::Method, LabelSource::Method);
    let endpoint = || label(HttpLabel::Endpoint, LabelSource::Endpoint);
    let mut labels = match metric {
        HttpMetric::Panics | HttpMetric::DatabaseQueries | HttpMetric::DatabaseDuration => vec![endpoint()],
        HttpMetric::InProgress if options.in_progress == InProgress::ByMethod => vec![method()],
        HttpMetric::InProgress
        | HttpMetric::Requests
        | HttpMetric::Duration
        | HttpMetric::RequestSize
        | HttpMetric::ResponseSize
        | HttpMetric::FirstByte => vec![method(), endpoint()],
    };
    if metric == HttpMetric::Requests {
        labels.push(label(HttpLabel::Status, LabelSource::Status));
    }
    labels.extend(extra_labels(options, metric));
    let name = options.metric_name(metric).unwrap_or_else(|| default_name(metric).into());
    MetricSpec {
        metric,
        name: options.with_namespace(&name),
        help: help(metric),
        labels,
        buckets: buckets(metric),
    }
}

fn open_telemetry_spec(options: &Options, metric: HttpMetric, name: &str) -> MetricSpec {
    let mut labels = vec![
        (LabelSource::Method, "http_request_method"),
        (LabelSource::Route, "http_route"),
        (LabelSource::Status, "http_response_status_code"),
        (LabelSource::Scheme, "url_scheme"),
        (LabelSource::Version, "network_protocol_version"),
        (LabelSource::ErrorType, "error_type"),
    ];
    if metric == HttpMetric::InProgress {
        labels.retain(|(source, _)| matches!(source, LabelSource::Method | LabelSource::Scheme));
    }
    let named = labels.into_iter().map(|(source, name)| (source, name.to_owned()));
    let labels = named.chain(extra_labels(options, metric)).collect();
    let buckets = if metric == HttpMetric::Duration { &OPEN_TELEMETRY_BUCKETS } else { buckets(metric) };
    MetricSpec { metric, name: options.with_namespace(name), help: help(metric), labels, buckets }
}

/// Returns the user's labels of a metric: a gauge of requests in progress has none of the response.
fn extra_labels(options: &Options, metric: HttpMetric) -> Vec<(LabelSource, String)> {
    if matches!(metric, HttpMetric::Panics | HttpMetric::DatabaseQueries | HttpMetric::DatabaseDuration) {
        return Vec::new();
    }
    let of_request = options.request_labels.iter().enumerate();
    let of_request = of_request.map(|(at, label)| (LabelSource::Request(at), label.name.clone()));
    let of_response = options.response_labels.iter().enumerate();
    let of_response = of_response.map(|(at, label)| (LabelSource::Response(at), label.name.clone()));
    let with_response = metric != HttpMetric::InProgress;
    of_request.chain(of_response.filter(|_| with_response)).collect()
}

const fn buckets(metric: HttpMetric) -> &'static [f64] {
    match metric {
        HttpMetric::RequestSize | HttpMetric::ResponseSize => DEFAULT_BYTE_BUCKETS,
        HttpMetric::DatabaseQueries => QUERY_BUCKETS,
        HttpMetric::Requests
        | HttpMetric::Duration
        | HttpMetric::InProgress
        | HttpMetric::Panics
        | HttpMetric::FirstByte
        | HttpMetric::DatabaseDuration => DEFAULT_BUCKETS,
    }
}
