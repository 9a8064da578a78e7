//! Protocols by which a registry is sent.

use std::time::SystemTime;

use bytes::Bytes;
use http::StatusCode;

use super::error::PushError;
use crate::registry::Registry;

/// Request of a push. Its extensions may hold what the protocol needs to know again when the response arrives.
pub(crate) type PushRequest = http::Request<Bytes>;

/// Response of a receiver. The body is cut off after some kilobytes.
pub(crate) type PushResponse = http::Response<Bytes>;

/// One protocol by which a registry is sent.
///
/// The sender calls the methods one at a time. `requests` runs on a thread where it may take its time; the other two must be quick.
pub(crate) trait Protocol: Send + 'static {
    /// Returns the name of the protocol, which is the default of the label `push` of the self metrics.
    fn name(&self) -> &'static str;

    /// Returns the treatment of requests that wait while the receiver is away.
    fn backlog(&self) -> Backlog;

    /// Encodes the registry as the requests of one push.
    ///
    /// # Errors
    ///
    /// Returns the reason for which there is nothing to send. The push is not tried again.
    fn requests(&mut self, registry: &Registry, now: SystemTime) -> Result<Vec<PushRequest>, PushError>;

    /// Returns the requests after the last push, such as staleness markers or a `DELETE`.
    fn last_requests(&mut self, _now: SystemTime) -> Vec<PushRequest> {
        Vec::new()
    }

    /// Judges a response. The default is that of [`Verdict::of_status`].
    fn verdict(&mut self, _request: &PushRequest, response: &PushResponse) -> Verdict {
        Verdict::of_status(response.status())
    }
}

/// Treatment of requests that wait while the receiver is away.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Backlog {
    /// Requests wait in a queue and are sent in order, for receivers that store samples by their time.
    #[cfg_attr(
        not(any(test, feature = "remote-write", feature = "otlp")),
        expect(dead_code, reason = "of remote write and OTLP")
    )]
    Queue,
    /// The next push replaces those that wait, for receivers that know the current state alone.
    LatestOnly,
}

/// Judgement of a response.
#[derive(Debug)]
pub(crate) enum Verdict {
    /// The receiver has the content.
    Accepted,
    /// The receiver cannot take the request now. It is sent again after a back-off, or the time in `Retry-After` if that is longer.
    Retry,
    /// The receiver refuses the request, or a part of it. It is not sent again. The text is for the log.
    Rejected(String),
    /// These requests are sent in place of the refused one, at once.
    #[cfg_attr(not(any(test, feature = "remote-write")), expect(dead_code, reason = "of remote write"))]
    Replace(Vec<PushRequest>),
}

impl Verdict {
    /// Returns the verdict of most protocols: 2xx is accepted, 429 and 5xx are sent again, and the rest is rejected.
    pub(crate) fn of_status(status: StatusCode) -> Self {
        if status.is_success() {
            Self::Accepted
        } else if status == StatusCode::TOO_MANY_REQUESTS || status.is_server_error() {
            Self::Retry
        } else {
            Self::Rejected(format!("status {status}"))
        }
    }
}
