//! OTLP over HTTP: metrics for OpenTelemetry collectors and for back ends that take them directly.
//!
//! <https://opentelemetry.io/docs/specs/otlp/#otlphttp>

mod delta;
mod environment;
mod exponential;
mod points;
mod unit;

use std::{
    collections::BTreeMap,
    env,
    io::Write as _,
    time::{SystemTime, UNIX_EPOCH},
};

use bytes::Bytes;
use flate2::write::GzEncoder;
use http::{
    HeaderValue, Request, StatusCode, Uri,
    header::{CONTENT_ENCODING, CONTENT_TYPE},
};
use prost::Message;

use self::{delta::LastPoints, points::Conversion};
use super::{
    client::PushClient,
    error::PushError,
    families::families,
    messages::otlp::{
        Data, ExportMetricsServiceRequest, ExportMetricsServiceResponse, InstrumentationScope, KeyValue,
        Metric, Resource, ResourceMetrics, ScopeMetrics,
    },
    protocol::{Backlog, Protocol, PushRequest, PushResponse, Verdict},
    target::{Destination, IntoDestination},
    target_url::TargetUrl,
};
use crate::registry::Registry;

/// Number of points of a request after which the next metric begins another request.
const MAX_POINTS: usize = 2000;

const SERVICE_NAME: &str = "service.name";

/// An OpenTelemetry receiver of metrics by OTLP over HTTP, in protobuf.
///
/// Counters are monotonic sums, and histograms with native buckets are exponential histograms. Names stay as they are; the unit is
/// that of the definition or of the name's suffix, as its sign in UCUM (`seconds` is `s`). Labels are attributes, and an exemplar's
/// `trace_id` and `span_id` are the ids of its span. The conversion follows OpenTelemetry's
/// [specification](https://opentelemetry.io/docs/specs/otel/compatibility/prometheus_and_openmetrics/).
///
/// ```
/// use std::time::Duration;
/// use metrics_core::{Otlp, Push};
///
/// # fn main() -> Result<(), metrics_core::PushError> {
/// let collector = Otlp::new("http://127.0.0.1:4318").service_name("arena").resource("service.instance.id", "a-1");
/// let push = Push::to(collector).every(Duration::from_secs(60)).start()?;
/// # drop(push);
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Debug)]
pub struct Otlp {
    url: TargetUrl,
    client: PushClient,
    resource: BTreeMap<String, String>,
    prefixes: Vec<String>,
    temporality: Temporality,
    compression: Compression,
    native_histograms: bool,
    strip_suffixes: bool,
}

/// Period of the counts in a point.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Temporality {
    Cumulative,
    Delta,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Compression {
    None,
    Gzip,
}

impl Otlp {
    /// Names a receiver by its base URL, such as `http://collector:4318`, below which the metrics go to `/v1/metrics`.
    pub fn new(endpoint: &str) -> Self {
        let mut url = TargetUrl::new(endpoint);
        url.join(["v1", "metrics"]);
        Self::with_url(url)
    }

    /// Names a receiver by the whole URL for metrics.
    pub fn with_metrics_url(url: &str) -> Self {
        Self::with_url(TargetUrl::new(url))
    }

    fn with_url(url: TargetUrl) -> Self {
        Self {
            url,
            client: PushClient::new(),
            resource: BTreeMap::new(),
            prefixes: Vec::new(),
            temporality: Temporality::Cumulative,
            compression: Compression::None,
            native_histograms: true,
            strip_suffixes: false,
        }
    }

    /// Sets the name of the service, the resource attribute `service.name`.
    pub fn service_name(self, name: impl Into<String>) -> Self {
        self.resource(SERVICE_NAME, name)
    }

    /// Adds an attribute of the resource, such as `service.instance.id`. The last of one key stays.
    pub fn resource(mut self, key: impl Into<String>, value: impl Into<String>) -> Self {
        self.resource.insert(key.into(), value.into());
        self
    }

    /// Sends only families whose names begin with this text, or with that of another call.
    pub fn only(mut self, prefix: impl Into<String>) -> Self {
        self.prefixes.push(prefix.into());
        self
    }

    /// Sends the growth of counters and histograms since the push before in place of their totals, as some back ends require.
    ///
    /// The growth in a request that is refused or dropped is missing from the back end's totals.
    pub fn delta(mut self) -> Self {
        self.temporality = Temporality::Delta;
        self
    }

    /// Compresses requests with gzip.
    pub fn gzip(mut self) -> Self {
        self.compression = Compression::Gzip;
        self
    }

    /// Sends classic buckets in place of exponential ones for histograms that have both.
    pub fn without_exponential_histograms(mut self) -> Self {
        self.native_histograms = false;
        self
    }

    /// Removes `_total` and the unit from names, as OpenTelemetry names its own metrics.
    pub fn without_suffixes(mut self) -> Self {
        self.strip_suffixes = true;
        self
    }

    /// Sets the options of the HTTP client: credentials, headers, proxy, time-out.
    pub fn client(mut self, client: PushClient) -> Self {
        self.client = client;
        self
    }
}

impl IntoDestination for Otlp {
    fn into_destination(mut self, job: Option<&str>) -> Result<Destination, PushError> {
        let uri = self.url.to_uri()?;
        self.client.default_credentials(self.url.credentials());
        let name = job.map_or_else(unknown_service, str::to_owned);
        self.resource.entry(SERVICE_NAME.into()).or_insert(name);
        let resource = self.resource.into_iter().map(|(key, value)| KeyValue::new(key, value)).collect();
        let protocol = OtlpProtocol {
            uri,
            resource: Resource { attributes: resource },
            prefixes: self.prefixes,
            compression: self.compression,
            native_histograms: self.native_histograms,
            strip_suffixes: self.strip_suffixes,
            last_points: (self.temporality == Temporality::Delta).then(LastPoints::default),
            first_time: None,
            last_time: None,
        };
        Ok(Destination::new(protocol, self.client.build()?))
    }
}

/// Returns the name of a service that has none.
///
/// <https://opentelemetry.io/docs/specs/semconv/resource/#service>
fn unknown_service() -> String {
    let program = env::current_exe().ok();
    let program = program.as_deref().and_then(|path| path.file_name()).map(|name| name.to_string_lossy());
    program.map_or_else(|| "unknown_service".into(), |program| format!("unknown_service:{program}"))
}

/// State of a push by OTLP. Times are in nanoseconds since 1970.
struct OtlpProtocol {
    uri: Uri,
    resource: Resource,
    prefixes: Vec<String>,
    compression: Compression,
    native_histograms: bool,
    strip_suffixes: bool,
    /// Points of the push before, if growth is sent.
    last_points: Option<LastPoints>,
    first_time: Option<u64>,
    last_time: Option<u64>,
}

impl OtlpProtocol {
    fn metrics(&mut self, registry: &Registry, now: SystemTime) -> Vec<Metric> {
        let now = now.duration_since(UNIX_EPOCH).unwrap_or_default();
        let now = u64::try_from(now.as_nanos()).unwrap_or(u64::MAX);
        let conversion = Conversion {
            now,
            default_start: *self.first_time.get_or_insert(now),
            last: self.last_time.replace(now),
            native_histograms: self.native_histograms,
            strip_suffixes: self.strip_suffixes,
        };
        let families = families(registry, &self.prefixes);
        let mut metrics: Vec<_> = families.iter().flat_map(|family| conversion.metrics(family)).collect();
        if let Some(last_points) = &mut self.last_points {
            last_points.make_delta(&mut metrics);
        }
        metrics
    }

    fn request(&self, metrics: Vec<Metric>) -> Result<PushRequest, PushError> {
        let scope = InstrumentationScope {
            name: env!("CARGO_PKG_NAME").into(),
            version: env!("CARGO_PKG_VERSION").into(),
        };
        let message = ExportMetricsServiceRequest {
            resource_metrics: vec![ResourceMetrics {
                resource: Some(self.resource.clone()),
                scope_metrics: vec![ScopeMetrics { scope: Some(scope), metrics }],
            }],
        };
        let failed = |error: &dyn std::error::Error| PushError::Encoding(error.to_string());
        let request = Request::post(self.uri.clone())
            .header(CONTENT_TYPE, HeaderValue::from_static("application/x-protobuf"));
        let body = message.encode_to_vec();
        let (request, body) = match self.compression {
            Compression::None => (request, body),
            Compression::Gzip => {
                let mut encoder = GzEncoder::new(Vec::new(), flate2::Compression::default());
                let compressed = encoder.write_all(&body).and_then(|()| encoder.finish());
                let compressed = compressed.map_err(|error| failed(&error))?;
                (request.header(CONTENT_ENCODING, HeaderValue::from_static("gzip")), compressed)
            }
        };
        request.body(Bytes::from(body)).map_err(|error| failed(&error))
    }
}

impl Protocol for OtlpProtocol {
    fn name(&self) -> &'static str {
        "otlp"
    }

    fn backlog(&self) -> Backlog {
        Backlog::Queue
    }

    fn requests(&mut self, registry: &Registry, now: SystemTime) -> Result<Vec<PushRequest>, PushError> {
        let metrics = self.metrics(registry, now);
        split(metrics).into_iter().map(|metrics| self.request(metrics)).collect()
    }

    fn verdict(&mut self, _request: &PushRequest, response: &PushResponse) -> Verdict {
        match response.status() {
            status if status.is_success() => partial_success(response.body()),
            // No other status may be tried again, 500 included.
            StatusCode::TOO_MANY_REQUESTS
            | StatusCode::BAD_GATEWAY
            | StatusCode::SERVICE_UNAVAILABLE
            | StatusCode::GATEWAY_TIMEOUT => Verdict::Retry,
            status => Verdict::Rejected(format!("status {status}")),
        }
    }
}

/// Returns the metrics in parts of about the most points of a request.
fn split(metrics: Vec<Metric>) -> Vec<Vec<Metric>> {
    let mut parts: Vec<Vec<Metric>> = Vec::new();
    let mut points = MAX_POINTS;
    for metric in metrics {
        if points >= MAX_POINTS {
            parts.push(Vec::new());
            points = 0;
        }
        points += point_count(&metric);
        if let Some(part) = parts.last_mut() {
            part.push(metric);
        }
    }
    parts
}

fn point_count(metric: &Metric) -> usize {
    match &metric.data {
        Some(Data::Gauge(gauge)) => gauge.data_points.len(),
        Some(Data::Sum(sum)) => sum.data_points.len(),
        Some(Data::Histogram(histogram)) => histogram.data_points.len(),
        Some(Data::ExponentialHistogram(histogram)) => histogram.data_points.len(),
        Some(Data::Summary(summary)) => summary.data_points.len(),
        None => 0,
    }
}

/// Judges the body of a successful response, which may say that points were refused.
fn partial_success(body: &[u8]) -> Verdict {
    let response = ExportMetricsServiceResponse::decode(body).unwrap_or_default();
    match response.partial_success {
        Some(partial) if partial.rejected_data_points > 0 => {
            Verdict::Rejected(format!("{} points: {}", partial.rejected_data_points, partial.error_message))
        }
        Some(_) | None => Verdict::Accepted,
    }
}
