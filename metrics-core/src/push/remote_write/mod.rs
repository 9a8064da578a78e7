//! Remote write: series for Prometheus, Mimir, Thanos, `VictoriaMetrics` and hosted services.
//!
//! <https://prometheus.io/docs/specs/prw/remote_write_spec_2_0/>

mod sent_series;
mod series;
mod version_1;
mod version_2;

use std::time::SystemTime;

use bytes::Bytes;
use http::{
    HeaderMap, HeaderValue, Request, StatusCode, Uri,
    header::{CONTENT_ENCODING, CONTENT_TYPE},
};
use prost::Message;

use self::{
    sent_series::SentSeries,
    series::{Labels, Series, SeriesBuilder, millis},
};
use super::{
    client::PushClient,
    error::PushError,
    families::families,
    messages::write_v2,
    protocol::{Backlog, Protocol, PushRequest, PushResponse, Verdict},
    target::{Destination, IntoDestination},
    target_url::TargetUrl,
};
use crate::registry::Registry;

/// Most series of a request.
const MAX_SERIES: usize = 2000;
/// Longest part of an error's text that is kept.
const MAX_REASON: usize = 200;

const VERSION_HEADER: &str = "x-prometheus-remote-write-version";
/// Headers by which a receiver of 2.0 confirms; one of 1.0 has none of them.
const WRITTEN_HEADERS: [&str; 3] = [
    "x-prometheus-remote-write-samples-written",
    "x-prometheus-remote-write-histograms-written",
    "x-prometheus-remote-write-exemplars-written",
];

/// A receiver of Prometheus' remote write.
///
/// It gets the samples that a scrape would store, at the time of the push: with exemplars, native histograms, types and help texts.
/// A scrape adds the labels `job` and `instance`; here they are to be given. Series that end, and all of them at the end of the
/// push, get a stale marker, so that queries do not show them for five minutes more.
///
/// The first request is in remote write 2.0. A receiver that does not confirm it gets the same in 1.0, and 1.0 from then on.
///
/// ```
/// use std::time::Duration;
/// use metrics_core::{Push, PushClient, RemoteWrite};
///
/// # fn main() -> Result<(), metrics_core::PushError> {
/// let prometheus = RemoteWrite::new("http://127.0.0.1:9090/api/v1/write")
///     .label("job", "arena")
///     .label("instance", "a-1")
///     .client(PushClient::new().basic_auth("writer", "secret"));
/// let push = Push::to(prometheus).every(Duration::from_secs(15)).start()?;
/// # drop(push);
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Debug)]
pub struct RemoteWrite {
    url: TargetUrl,
    client: PushClient,
    external_labels: Labels,
    prefixes: Vec<String>,
    native_histograms: bool,
    version: Version,
}

/// Version of the protocol.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Version {
    One,
    Two,
}

impl RemoteWrite {
    /// Names a receiver by the URL of its endpoint, such as `http://prometheus:9090/api/v1/write`. A user and a password in the URL
    /// are sent as basic authentication.
    pub fn new(url: &str) -> Self {
        Self {
            url: TargetUrl::new(url),
            client: PushClient::new(),
            external_labels: Labels::new(),
            prefixes: Vec::new(),
            native_histograms: true,
            version: Version::Two,
        }
    }

    /// Adds a label to each series, such as `job` or `instance`. A label of the same name that a series has wins.
    pub fn label(mut self, name: impl Into<String>, value: impl Into<String>) -> Self {
        self.external_labels.insert(name.into(), value.into());
        self
    }

    /// Sends only families whose names begin with this text, or with that of another call.
    pub fn only(mut self, prefix: impl Into<String>) -> Self {
        self.prefixes.push(prefix.into());
        self
    }

    /// Sends classic buckets in place of native ones, for receivers that refuse these. A histogram without classic buckets has
    /// `+Inf`, as on a page in text.
    pub fn without_native_histograms(mut self) -> Self {
        self.native_histograms = false;
        self
    }

    /// Sends remote write 1.0 from the first request on, for receivers that refuse 2.0 with another status than 415.
    pub fn version_1(mut self) -> Self {
        self.version = Version::One;
        self
    }

    /// Sets the options of the HTTP client: credentials, headers, proxy, time-out.
    pub fn client(mut self, client: PushClient) -> Self {
        self.client = client;
        self
    }
}

impl IntoDestination for RemoteWrite {
    fn into_destination(mut self, job: Option<&str>) -> Result<Destination, PushError> {
        let uri = self.url.to_uri()?;
        self.client.default_credentials(self.url.credentials());
        if let Some(job) = job {
            self.external_labels.entry("job".into()).or_insert_with(|| job.into());
        }
        if let Some(name) = self.external_labels.keys().find(|name| !is_label_name(name)) {
            return Err(PushError::Config(format!("`{name}` is no name of a label")));
        }
        let protocol = RemoteWriteProtocol {
            uri,
            external_labels: self.external_labels,
            prefixes: self.prefixes,
            native_histograms: self.native_histograms,
            version: self.version,
            sent: SentSeries::default(),
            last_time: 0,
        };
        Ok(Destination::new(protocol, self.client.build()?))
    }
}

fn is_label_name(name: &str) -> bool {
    let is_letter = |letter: char| letter.is_ascii_alphabetic() || letter == '_';
    name.starts_with(is_letter)
        && !name.starts_with("__")
        && name.chars().all(|letter| is_letter(letter) || letter.is_ascii_digit())
}

/// State of a push by remote write.
struct RemoteWriteProtocol {
    uri: Uri,
    external_labels: Labels,
    prefixes: Vec<String>,
    native_histograms: bool,
    /// Version that the receiver speaks, as far as known.
    version: Version,
    sent: SentSeries,
    last_time: i64,
}

impl RemoteWriteProtocol {
    /// Returns the time of the next samples: a receiver refuses two of a series at one time.
    fn next_time(&mut self, now: SystemTime) -> i64 {
        self.last_time = millis(now).max(self.last_time.saturating_add(1));
        self.last_time
    }

    fn split(&self, series: &[Series]) -> Result<Vec<PushRequest>, PushError> {
        series.chunks(MAX_SERIES).map(|part| self.request(&version_2::request(part))).collect()
    }

    fn request(&self, request: &write_v2::Request) -> Result<PushRequest, PushError> {
        let (message, content_type, version) = match self.version {
            Version::One => {
                (version_1::write_request(request).encode_to_vec(), "application/x-protobuf", "0.1.0")
            }
            Version::Two => {
                let content_type = "application/x-protobuf;proto=io.prometheus.write.v2.Request";
                (request.encode_to_vec(), content_type, "2.0.0")
            }
        };
        let failed = |error: &dyn std::error::Error| PushError::Encoding(error.to_string());
        let body = snap::raw::Encoder::new().compress_vec(&message).map_err(|error| failed(&error))?;
        Request::post(self.uri.clone())
            .header(CONTENT_TYPE, HeaderValue::from_static(content_type))
            .header(CONTENT_ENCODING, HeaderValue::from_static("snappy"))
            .header(VERSION_HEADER, HeaderValue::from_static(version))
            .body(Bytes::from(body))
            .map_err(|error| failed(&error))
    }

    /// Returns a request of 2.0 as one of 1.0, which all later ones are as well.
    fn fall_back(&mut self, request: &PushRequest) -> Verdict {
        self.version = Version::One;
        let message = snap::raw::Decoder::new().decompress_vec(request.body());
        let message = message.ok().and_then(|message| write_v2::Request::decode(message.as_slice()).ok());
        match message.and_then(|message| self.request(&message).ok()) {
            Some(request) => Verdict::Replace(vec![request]),
            None => Verdict::Rejected("the receiver does not know remote write 2.0".into()),
        }
    }
}

impl Protocol for RemoteWriteProtocol {
    fn name(&self) -> &'static str {
        "remote_write"
    }

    fn backlog(&self) -> Backlog {
        Backlog::Queue
    }

    fn requests(&mut self, registry: &Registry, now: SystemTime) -> Result<Vec<PushRequest>, PushError> {
        let now = self.next_time(now);
        let builder = SeriesBuilder {
            external_labels: &self.external_labels,
            native_histograms: self.native_histograms,
            now,
        };
        let mut series = builder.series(&families(registry, &self.prefixes));
        self.sent.update(&mut series, now);
        self.split(&series)
    }

    fn last_requests(&mut self, now: SystemTime) -> Vec<PushRequest> {
        let now = self.next_time(now);
        let markers = self.sent.markers(now);
        self.split(&markers).unwrap_or_default()
    }

    fn verdict(&mut self, request: &PushRequest, response: &PushResponse) -> Verdict {
        let (status, headers) = (response.status(), response.headers());
        let is_version_2 = request.headers().get(VERSION_HEADER).is_some_and(|version| version == "2.0.0");
        let is_unconfirmed = status.is_success() && !has_written(headers);
        if is_version_2 && (is_unconfirmed || status == StatusCode::UNSUPPORTED_MEDIA_TYPE) {
            return self.fall_back(request);
        }
        match Verdict::of_status(status) {
            Verdict::Rejected(status) => {
                let body = String::from_utf8_lossy(response.body());
                let reason: String = body.trim().chars().take(MAX_REASON).collect();
                Verdict::Rejected(format!("{status}: {reason}"))
            }
            verdict => verdict,
        }
    }
}

fn has_written(headers: &HeaderMap) -> bool {
    WRITTEN_HEADERS.iter().any(|name| headers.contains_key(*name))
}
