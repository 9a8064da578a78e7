//! Outgoing request, which is counted once.

use metrics_core::{Family, Histogram, OTHER, Stopwatch};

use super::labels::{Method, RequestLabels};

/// Durations of outgoing requests by their labels.
pub(super) type DurationFamily = Family<RequestLabels, Histogram>;

/// Outcome of a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum RequestOutcome {
    Response(u16),
    Error(ErrorType),
}

/// Error in place of a response: the label `error_type`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum ErrorType {
    Cancelled,
    Timeout,
    Connect,
    Send,
    Response,
    Request,
    Other,
}

impl ErrorType {
    const fn name(self) -> &'static str {
        match self {
            Self::Cancelled => "cancelled",
            Self::Timeout => "timeout",
            Self::Connect => "connect",
            Self::Send => "send",
            Self::Response => "response",
            Self::Request => "request",
            Self::Other => "other",
        }
    }
}

/// Outgoing request in flight. It counts as cancelled if it is dropped before `finish`.
#[derive(Debug)]
pub(super) struct OutgoingRequest {
    durations: DurationFamily,
    method: Method,
    host: Option<String>,
    watch: Stopwatch,
    outcome: RequestOutcome,
}

impl OutgoingRequest {
    /// Starts a request; without a host its `server_address` is `_OTHER`.
    pub(super) fn start(durations: DurationFamily, method: &str, host: Option<String>) -> Self {
        let (method, outcome) = (Method::of(method), RequestOutcome::Error(ErrorType::Cancelled));
        Self { durations, method, host, watch: Stopwatch::start(), outcome }
    }

    /// Records the request with its outcome.
    pub(super) fn finish(mut self, outcome: RequestOutcome) {
        self.outcome = outcome;
    }
}

impl Drop for OutgoingRequest {
    fn drop(&mut self) {
        let (status, error) = match self.outcome {
            RequestOutcome::Response(code) if code < 400 => (code.to_string(), String::new()),
            RequestOutcome::Response(code) => (code.to_string(), code.to_string()),
            RequestOutcome::Error(error) => (String::new(), error.name().to_owned()),
        };
        let labels = RequestLabels {
            http_request_method: self.method,
            server_address: self.host.as_deref().unwrap_or(OTHER).into(),
            http_response_status_code: status.into(),
            error_type: error.into(),
        };
        self.durations.with(labels).observe_duration(self.watch.elapsed());
    }
}
