//! One outgoing request, which ends once.

use metrics_core::{OTHER, Stopwatch};

use super::{
    Durations,
    labels::{CallLabels, Method},
};

/// How a request ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Outcome {
    Response(u16),
    Error(ErrorType),
}

/// What goes wrong without a response: the label `error_type`.
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

/// A request under way. One that is dropped was cancelled.
#[derive(Debug)]
pub(super) struct Call {
    durations: Durations,
    method: Method,
    host: Option<String>,
    watch: Stopwatch,
    outcome: Outcome,
}

impl Call {
    /// Begins a request to a host; none is one that is not told apart.
    pub(super) fn begin(durations: Durations, method: &str, host: Option<String>) -> Self {
        let (method, outcome) = (Method::of(method), Outcome::Error(ErrorType::Cancelled));
        Self { durations, method, host, watch: Stopwatch::start(), outcome }
    }

    pub(super) fn end(mut self, outcome: Outcome) {
        self.outcome = outcome;
    }
}

impl Drop for Call {
    fn drop(&mut self) {
        let (status, error) = match self.outcome {
            Outcome::Response(code) if code < 400 => (code.to_string(), String::new()),
            Outcome::Response(code) => (code.to_string(), code.to_string()),
            Outcome::Error(error) => (String::new(), error.name().to_owned()),
        };
        let labels = CallLabels {
            http_request_method: self.method,
            server_address: self.host.as_deref().unwrap_or(OTHER).into(),
            http_response_status_code: status.into(),
            error_type: error.into(),
        };
        self.durations.with(labels).observe_duration(self.watch.elapsed());
    }
}
