//! Labels of outgoing requests.

use metrics_core::{Capped, LabelSet, LabelValue};

/// Maximal number of hosts with a label value of their own; one more value is `_OTHER`.
pub(super) const MAX_HOSTS: usize = 49;

/// Label set, by the names of the OpenTelemetry conventions.
#[derive(Clone, Debug, LabelSet)]
pub(super) struct RequestLabels {
    pub(super) http_request_method: Method,
    pub(super) server_address: Capped<50>,
    /// Limited, as the server chooses it.
    pub(super) http_response_status_code: Capped<40>,
    /// Statuses and other errors.
    pub(super) error_type: Capped<50>,
}

/// Methods with a label value of their own.
#[derive(Clone, Copy, Debug, PartialEq, Eq, LabelValue)]
#[label(rename_all = "UPPERCASE")]
pub(super) enum Method {
    Connect,
    Delete,
    Get,
    Head,
    Options,
    Patch,
    Post,
    Put,
    Query,
    Trace,
    #[label(rename = "_OTHER")]
    Other,
}

impl Method {
    /// Returns the method with this name.
    pub(super) fn of(name: &str) -> Self {
        match name {
            "CONNECT" => Self::Connect,
            "DELETE" => Self::Delete,
            "GET" => Self::Get,
            "HEAD" => Self::Head,
            "OPTIONS" => Self::Options,
            "PATCH" => Self::Patch,
            "POST" => Self::Post,
            "PUT" => Self::Put,
            "QUERY" => Self::Query,
            "TRACE" => Self::Trace,
            _ => Self::Other,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_method_is_labelled_with_its_name() {
        for name in ["CONNECT", "DELETE", "GET", "HEAD", "OPTIONS", "PATCH", "POST", "PUT", "QUERY", "TRACE"]
        {
            assert_eq!(Method::of(name).as_str(), name);
        }
        assert_eq!(Method::of("get").as_str(), "_OTHER");
    }
}
