//! Options of the middleware, as [`HttpMetrics`](crate::HttpMetrics) collects them before the first worker starts.

use std::{fmt, sync::Arc};

use actix_web::{
    HttpRequest,
    dev::{ResponseHead, ServiceRequest},
};
use metrics_core::{Definition, Registry};
use regex::Regex;

use crate::{
    label_values::{CachedLabelValues, ValueId},
    labels::UNMATCHED,
};

/// Names of the metrics and labels, see [`HttpMetrics::preset`](crate::HttpMetrics::preset).
///
/// ```
/// # use actix_web::{App, HttpResponse, test, web};
/// use metrics_actix::{HttpMetrics, Preset};
/// # use metrics_core::Registry;
///
/// # #[actix_web::main]
/// # async fn main() {
/// # let registry = Registry::new();
/// let http = HttpMetrics::new().preset(Preset::Both);
/// # let http = http.registry(&registry);
/// # let app = App::new().wrap(http.clone()).route("/", web::get().to(HttpResponse::NoContent));
/// # test::call_service(&test::init_service(app).await, test::TestRequest::default().to_request()).await;
/// // GET /
/// let page = registry.text();
/// assert!(page.contains("http_requests_total{method=\"GET\",endpoint=\"/\",status=\"204\"} 1\n"));
/// assert!(page.contains("http_server_request_duration_seconds_count{http_request_method=\"GET\","));
/// # }
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Preset {
    /// `http_requests_total{method,endpoint,status}` and its companions: the names that actix-web-prom and most dashboards use.
    #[default]
    Prometheus,
    /// The stable names, labels and buckets of the [OpenTelemetry conventions for HTTP][conventions], translated to Prometheus:
    /// `http_server_request_duration_seconds{http_request_method,http_route,…}` and `http_server_active_requests`.
    ///
    /// There is no counter of requests; use `http_server_request_duration_seconds_count`. `http_route` is absent for requests
    /// without a route, and `error_type` for requests without an error. Metrics without a convention keep their names:
    /// `http_panics_total` and `http_response_first_byte_seconds`.
    ///
    /// [conventions]: https://opentelemetry.io/docs/specs/semconv/http/http-metrics/
    OpenTelemetry,
    /// Both, while dashboards migrate from one to the other.
    Both,
}

/// Metric of the middleware, see [`HttpMetrics::name`](crate::HttpMetrics::name).
///
/// ```
/// # use actix_web::{App, HttpResponse, test, web};
/// use metrics_actix::{HttpMetric, HttpMetrics};
/// # use metrics_core::Registry;
///
/// # #[actix_web::main]
/// # async fn main() {
/// # let registry = Registry::new();
/// let http = HttpMetrics::new().name(HttpMetric::Requests, "calls_total");
/// # let http = http.registry(&registry);
/// # let app = App::new().wrap(http.clone()).route("/", web::get().to(HttpResponse::NoContent));
/// # test::call_service(&test::init_service(app).await, test::TestRequest::default().to_request()).await;
/// // GET /
/// assert!(registry.text().contains("calls_total{method=\"GET\",endpoint=\"/\",status=\"204\"} 1\n"));
/// # }
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum HttpMetric {
    /// `http_requests_total`: completed requests.
    Requests,
    /// `http_request_duration_seconds`: seconds to the last byte of the response.
    Duration,
    /// `http_requests_in_progress`: requests that have not ended.
    InProgress,
    /// `http_panics_total`: requests that ended with a panic.
    Panics,
    /// `http_request_size_bytes`: bytes of request bodies.
    RequestSize,
    /// `http_response_size_bytes`: bytes of response bodies.
    ResponseSize,
    /// `http_response_first_byte_seconds`: seconds to the head of the response.
    FirstByte,
    /// `http_request_db_queries`: database operations of a request.
    DatabaseQueries,
    /// `http_request_db_duration_seconds`: seconds in database operations of a request.
    DatabaseDuration,
}

/// Label of the middleware's metrics, see [`HttpMetrics::label_name`](crate::HttpMetrics::label_name).
///
/// ```
/// # use actix_web::{App, HttpResponse, test, web};
/// use metrics_actix::{HttpLabel, HttpMetrics};
/// # use metrics_core::Registry;
///
/// # #[actix_web::main]
/// # async fn main() {
/// # let registry = Registry::new();
/// let http = HttpMetrics::new().label_name(HttpLabel::Endpoint, "route");
/// # let http = http.registry(&registry);
/// # let app = App::new().wrap(http.clone()).route("/", web::get().to(HttpResponse::NoContent));
/// # test::call_service(&test::init_service(app).await, test::TestRequest::default().to_request()).await;
/// // GET /
/// assert!(registry.text().contains("http_requests_total{method=\"GET\",route=\"/\",status=\"204\"} 1\n"));
/// # }
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum HttpLabel {
    /// `method`: the method of the request, or `_OTHER`.
    Method,
    /// `endpoint`: the pattern of the route, or `unmatched`.
    Endpoint,
    /// `status`: the code that the request ended with, or its class.
    Status,
}

/// Value of the label `status`, see [`HttpMetrics::status`](crate::HttpMetrics::status).
///
/// ```
/// # use actix_web::{App, HttpResponse, test, web};
/// use metrics_actix::{HttpMetrics, StatusLabel};
/// # use metrics_core::Registry;
///
/// # #[actix_web::main]
/// # async fn main() {
/// # let registry = Registry::new();
/// let http = HttpMetrics::new().status(StatusLabel::Class);
/// # let http = http.registry(&registry);
/// # let app = App::new().wrap(http.clone()).route("/", web::get().to(HttpResponse::NoContent));
/// # test::call_service(&test::init_service(app).await, test::TestRequest::default().to_request()).await;
/// // GET /
/// assert!(registry.text().contains("http_requests_total{method=\"GET\",endpoint=\"/\",status=\"2xx\"} 1\n"));
/// # }
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum StatusLabel {
    /// The code: `404`.
    #[default]
    Code,
    /// Its class: `4xx`.
    Class,
}

/// Labels of the gauge of requests in progress, see [`HttpMetrics::in_progress`](crate::HttpMetrics::in_progress).
///
/// ```
/// # use actix_web::{App, HttpResponse, test, web};
/// use metrics_actix::{HttpMetrics, InProgress};
/// # use metrics_core::Registry;
///
/// # #[actix_web::main]
/// # async fn main() {
/// # let registry = Registry::new();
/// let http = HttpMetrics::new().in_progress(InProgress::ByMethod);
/// # let http = http.registry(&registry);
/// # let app = App::new().wrap(http.clone()).route("/", web::get().to(HttpResponse::NoContent));
/// # test::call_service(&test::init_service(app).await, test::TestRequest::default().to_request()).await;
/// // GET /
/// assert!(registry.text().contains("http_requests_in_progress{method=\"GET\"} 0\n"));
/// # }
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum InProgress {
    /// Method and endpoint. The endpoint is predicted before routing, from the path.
    #[default]
    ByEndpoint,
    /// The method alone: fewer series.
    ByMethod,
    /// No gauge.
    Off,
}

/// Options of the middleware.
#[derive(Clone, Debug)]
pub(crate) struct Options {
    pub(crate) registry: Registry,
    pub(crate) preset: Preset,
    pub(crate) namespace: Option<String>,
    names: Vec<(HttpMetric, String)>,
    label_names: Vec<(HttpLabel, String)>,
    /// Labels that are the same in all series.
    pub(crate) constant_labels: Vec<(String, String)>,
    pub(crate) buckets: Option<Vec<f64>>,
    pub(crate) size_buckets: Option<Vec<f64>>,
    /// Duration buckets of single routes, by pattern.
    pub(crate) route_buckets: Vec<(String, Vec<f64>)>,
    pub(crate) status: StatusLabel,
    pub(crate) in_progress: InProgress,
    /// Metrics beyond those that are always registered.
    pub(crate) extra_metrics: Vec<HttpMetric>,
    /// Endpoint of requests without a route.
    pub(crate) unmatched_endpoint: String,
    /// Endpoint of all requests, whatever their route.
    pub(crate) fixed_endpoint: Option<String>,
    pub(crate) endpoint_namer: Option<EndpointNamer>,
    pub(crate) request_labels: Vec<ExtraLabel<ReadRequest>>,
    pub(crate) response_labels: Vec<ExtraLabel<ReadResponse>>,
    pub(crate) exclusions: Exclusions,
}

/// Requests that are not measured.
#[derive(Clone, Debug)]
pub(crate) struct Exclusions {
    /// Paths and route patterns.
    pub(crate) texts: Vec<String>,
    /// Expressions that paths are searched for.
    pub(crate) expressions: Vec<Regex>,
    /// Status codes of responses.
    pub(crate) statuses: Vec<u16>,
    /// Excludes the routes of this crate.
    pub(crate) own_routes: bool,
}

/// Function that turns a route's pattern into its endpoint.
#[derive(Clone)]
pub(crate) struct EndpointNamer(pub(crate) Arc<dyn Fn(&str) -> String + Send + Sync>);

/// Reads a label's value from a request.
pub(crate) type ReadRequest = dyn Fn(&ServiceRequest, &CachedLabelValues) -> Option<ValueId> + Send + Sync;

/// Reads a label's value from a response's head.
pub(crate) type ReadResponse =
    dyn Fn(&HttpRequest, &ResponseHead, &CachedLabelValues) -> Option<ValueId> + Send + Sync;

/// Number of values of a finite label, and the name of each.
pub(crate) type FiniteValues = (usize, fn(usize) -> &'static str);

/// Label that the user has added.
pub(crate) struct ExtraLabel<R: ?Sized> {
    pub(crate) name: String,
    /// The values of a finite label; `None` for a capped string.
    pub(crate) finite: Option<FiniteValues>,
    /// Limit of distinct values.
    pub(crate) limit: usize,
    pub(crate) read: Arc<R>,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            registry: Registry::global().clone(),
            preset: Preset::default(),
            namespace: None,
            names: Vec::new(),
            label_names: Vec::new(),
            constant_labels: Vec::new(),
            buckets: None,
            size_buckets: None,
            route_buckets: Vec::new(),
            status: StatusLabel::default(),
            in_progress: InProgress::default(),
            extra_metrics: Vec::new(),
            unmatched_endpoint: UNMATCHED.into(),
            fixed_endpoint: None,
            endpoint_namer: None,
            request_labels: Vec::new(),
            response_labels: Vec::new(),
            exclusions: Exclusions {
                texts: vec!["/metrics".into()],
                expressions: Vec::new(),
                statuses: Vec::new(),
                own_routes: true,
            },
        }
    }
}

impl Options {
    /// Returns `true` for a metric that is to be registered.
    pub(crate) fn is_enabled(&self, metric: HttpMetric) -> bool {
        match metric {
            HttpMetric::InProgress => self.in_progress != InProgress::Off,
            HttpMetric::RequestSize
            | HttpMetric::ResponseSize
            | HttpMetric::FirstByte
            | HttpMetric::DatabaseQueries
            | HttpMetric::DatabaseDuration => self.extra_metrics.contains(&metric),
            HttpMetric::Requests | HttpMetric::Duration | HttpMetric::Panics => true,
        }
    }

    pub(crate) fn set_name(&mut self, metric: HttpMetric, name: String) {
        self.names.retain(|(other, _)| *other != metric);
        self.names.push((metric, name));
    }

    pub(crate) fn set_label_name(&mut self, label: HttpLabel, name: String) {
        self.label_names.retain(|(other, _)| *other != label);
        self.label_names.push((label, name));
    }

    /// Returns the name that the user has given a metric.
    pub(crate) fn metric_name(&self, metric: HttpMetric) -> Option<String> {
        self.names.iter().find(|(other, _)| *other == metric).map(|(_, name)| name.clone())
    }

    /// Returns the name of a label.
    pub(crate) fn label_name(&self, label: HttpLabel) -> String {
        let given = self.label_names.iter().find(|(other, _)| *other == label);
        given.map_or_else(|| default_label_name(label).into(), |(_, name)| name.clone())
    }

    pub(crate) fn with_namespace(&self, name: &str) -> String {
        self.namespace.as_ref().map_or_else(|| name.into(), |namespace| format!("{namespace}_{name}"))
    }

    /// Returns a definition with the constant labels.
    pub(crate) fn definition(&self, name: &str, help: &'static str) -> Definition {
        let label = |definition: Definition, (name, value): &(String, String)| {
            definition.label(name.clone(), value.clone())
        };
        self.constant_labels.iter().fold(Definition::new(name, help), label)
    }
}

impl Exclusions {
    /// Returns `true` if a path or a pattern is excluded by name.
    pub(crate) fn contains(&self, text: &str) -> bool {
        self.texts.iter().any(|excluded| excluded == text)
    }

    /// Returns a bit for each length that an excluded path may have; the last one stands for all longer paths.
    pub(crate) fn path_lengths(&self) -> u64 {
        if !self.expressions.is_empty() {
            return u64::MAX;
        }
        self.texts.iter().fold(0, |lengths, text| lengths | 1 << text.len().min(63))
    }

    /// Returns `true` if requests to a path are excluded.
    pub(crate) fn matches_path(&self, path: &str) -> bool {
        self.contains(path) || self.expressions.iter().any(|expression| expression.is_match(path))
    }
}

const fn default_label_name(label: HttpLabel) -> &'static str {
    match label {
        HttpLabel::Method => "method",
        HttpLabel::Endpoint => "endpoint",
        HttpLabel::Status => "status",
    }
}

impl<R: ?Sized> Clone for ExtraLabel<R> {
    fn clone(&self) -> Self {
        Self { name: self.name.clone(), read: Arc::clone(&self.read), ..*self }
    }
}

impl<R: ?Sized> fmt::Debug for ExtraLabel<R> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ExtraLabel").field("name", &self.name).finish_non_exhaustive()
    }
}

impl fmt::Debug for EndpointNamer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("EndpointNamer")
    }
}
