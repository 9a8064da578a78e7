//! The Pushgateway: metrics of jobs that end before they are scraped.
//!
//! <https://github.com/prometheus/pushgateway/blob/master/README.md>

use std::time::SystemTime;

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use bytes::Bytes;
use http::{HeaderValue, Method, Uri, header::CONTENT_TYPE};

use super::{
    client::PushClient,
    error::PushError,
    protocol::{Backlog, Protocol, PushRequest},
    target::{Destination, IntoDestination},
    target_url::TargetUrl,
};
use crate::{
    exposition::{Page, Scrape},
    model::Format,
    registry::Registry,
};

/// A Pushgateway, and the group of metrics that a push owns there.
///
/// The group has the key `job` and further labels. Two programs that push under one key overwrite each other's metrics.
///
/// ```
/// use std::time::Duration;
/// use metrics_core::{Push, Pushgateway, Registry};
///
/// # fn main() -> Result<(), metrics_core::PushError> {
/// let gateway = Pushgateway::new("http://127.0.0.1:9091").job("nightly").group("instance", "db-1");
/// # let registry = Registry::new();
/// let push = Push::to(gateway).registry(&registry).every(Duration::from_secs(15)).start()?;
/// # drop(push);
/// # Ok(())
/// # }
/// ```
///
/// The page has no timestamps, which the Pushgateway refuses. It also refuses, with status 400, a family that has another type than in
/// another group; that is [`PushError::Rejected`]. Of different help texts it shows one.
#[derive(Clone, Debug)]
pub struct Pushgateway {
    url: TargetUrl,
    job: Option<String>,
    groups: Vec<(String, String)>,
    method: Option<Method>,
    format: Format,
    deletes: bool,
    client: PushClient,
}

impl Pushgateway {
    /// Names a Pushgateway, such as `http://gateway:9091`. A user and a password in the URL are sent as basic authentication.
    pub fn new(url: &str) -> Self {
        Self {
            url: TargetUrl::new(url),
            job: None,
            groups: Vec::new(),
            method: None,
            format: Format::Text,
            deletes: false,
            client: PushClient::new(),
        }
    }

    /// Sets the job, which must not be empty.
    pub fn job(mut self, job: impl Into<String>) -> Self {
        self.job = Some(job.into());
        self
    }

    /// Adds a label to the grouping key, such as `instance`. The value may be any text.
    pub fn group(mut self, label: impl Into<String>, value: impl Into<String>) -> Self {
        self.groups.push((label.into(), value.into()));
        self
    }

    /// Replaces all metrics of the group with each push. This is the default of a [`Push`](super::Push).
    pub fn put(mut self) -> Self {
        self.method = Some(Method::PUT);
        self
    }

    /// Replaces those metrics of the group that have the name of a pushed one, and keeps the others.
    pub fn post(mut self) -> Self {
        self.method = Some(Method::POST);
        self
    }

    /// Sends protobuf in place of text: the format with native histograms.
    pub fn protobuf(mut self) -> Self {
        self.format = Format::Protobuf;
        self
    }

    /// Deletes the group when the push is [shut down](super::PushHandle::shutdown).
    pub fn delete_on_shutdown(mut self) -> Self {
        self.deletes = true;
        self
    }

    /// Sets the options of the HTTP client.
    pub fn client(mut self, client: PushClient) -> Self {
        self.client = client;
        self
    }

    /// Returns the URL of the group.
    fn group_uri(&self, job: &str) -> Result<Uri, PushError> {
        let config = |why: String| Err(PushError::Config(why));
        if job.is_empty() {
            return config("the job of a Pushgateway's group must not be empty, set `job`".into());
        }
        let mut path = vec!["metrics".to_owned()];
        path.extend(key_segments("job", job));
        for (position, (label, value)) in self.groups.iter().enumerate() {
            if label == "job" || !is_label_name(label) {
                return config(format!("`{label}` cannot be a label of a Pushgateway's group"));
            }
            if self.groups[..position].iter().any(|(earlier, _)| earlier == label) {
                return config(format!("the label `{label}` is twice in a Pushgateway's group"));
            }
            path.extend(key_segments(label, value));
        }
        let mut url = self.url.clone();
        url.join(path.iter().map(String::as_str));
        url.to_uri()
    }
}

fn is_label_name(name: &str) -> bool {
    let mut bytes = name.bytes();
    bytes.next().is_some_and(|first| first.is_ascii_alphabetic() || first == b'_')
        && bytes.all(|byte| byte.is_ascii_alphanumeric() || byte == b'_')
        && !name.starts_with("__")
}

/// Returns the two segments of the path for a label of the grouping key.
///
/// A value that does not pass through every proxy as it is, such as one with a slash, is in the form `label@base64`. The empty value
/// is a single `=` there.
fn key_segments(label: &str, value: &str) -> [String; 2] {
    let is_plain = value.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_.:".contains(&byte));
    if is_plain && !["", ".", ".."].contains(&value) {
        return [label.to_owned(), value.to_owned()];
    }
    let encoded = if value.is_empty() { "=".into() } else { URL_SAFE_NO_PAD.encode(value) };
    [format!("{label}@base64"), encoded]
}

impl IntoDestination for Pushgateway {
    fn into_destination(mut self, job: Option<&str>) -> Result<Destination, PushError> {
        // A job that fails must not take away the time of its last success.
        let default_method = if job.is_some() { Method::POST } else { Method::PUT };
        let name = self.job.as_deref().or(job).unwrap_or_default();
        let uri = self.group_uri(name)?;
        self.client.default_credentials(self.url.credentials());
        let protocol = PushgatewayProtocol {
            uri,
            method: self.method.unwrap_or(default_method),
            scrape: Scrape::new(self.format).without_timestamps(),
            page: Page::default(),
            deletes: self.deletes,
        };
        Ok(Destination::new(protocol, self.client.build()?))
    }
}

/// Protocol of a Pushgateway: the page to the URL of the group.
struct PushgatewayProtocol {
    uri: Uri,
    method: Method,
    scrape: Scrape,
    page: Page,
    deletes: bool,
}

impl Protocol for PushgatewayProtocol {
    fn name(&self) -> &'static str {
        "pushgateway"
    }

    fn backlog(&self) -> Backlog {
        Backlog::LatestOnly
    }

    fn requests(&mut self, registry: &Registry, _: SystemTime) -> Result<Vec<PushRequest>, PushError> {
        registry.scrape(&self.scrape, &mut self.page);
        let mut request = PushRequest::new(Bytes::copy_from_slice(self.page.as_ref()));
        *request.method_mut() = self.method.clone();
        *request.uri_mut() = self.uri.clone();
        request.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static(self.page.content_type()));
        Ok(vec![request])
    }

    fn last_requests(&mut self, _: SystemTime) -> Vec<PushRequest> {
        let mut request = PushRequest::default();
        *request.method_mut() = Method::DELETE;
        *request.uri_mut() = self.uri.clone();
        if self.deletes { vec![request] } else { Vec::new() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn uri(gateway: &Pushgateway, job: &str) -> String {
        gateway.group_uri(job).unwrap().to_string()
    }

    #[test]
    fn odd_values_are_in_base64() {
        let gateway = Pushgateway::new("http://gateway:9091/base");
        assert_eq!(uri(&gateway, "nightly"), "http://gateway:9091/base/metrics/job/nightly");
        // The README's own example.
        assert_eq!(
            uri(&gateway.clone().group("path", "/var/tmp"), "directory_cleaner"),
            "http://gateway:9091/base/metrics/job/directory_cleaner/path@base64/L3Zhci90bXA"
        );
        assert_eq!(
            uri(&gateway.clone().group("a", ""), "j"),
            "http://gateway:9091/base/metrics/job/j/a@base64/="
        );
        assert_eq!(
            uri(&gateway.clone().group("a", ".."), "j"),
            "http://gateway:9091/base/metrics/job/j/a@base64/Li4"
        );
        assert_eq!(uri(&gateway, "a b"), "http://gateway:9091/base/metrics/job@base64/YSBi");
    }

    #[test]
    fn invalid_groups_are_refused() {
        let gateway = Pushgateway::new("http://gateway:9091");
        assert!(gateway.group_uri("").is_err());
        for label in ["job", "", "1a", "a-b", "__name__", "ü"] {
            assert!(gateway.clone().group(label, "x").group_uri("j").is_err(), "{label}");
        }
        assert!(gateway.group("a", "1").group("a", "2").group_uri("j").is_err());
    }
}
