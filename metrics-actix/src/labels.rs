//! The labels: none of them holds anything that a client chose.

use actix_web::http;
use metrics_core::{__private::Interners, Dimension, Interned, LabelField, LabelSet, LabelValue};

/// The most route patterns that are told apart. They come from the service's own routes, so this is only a safety net.
pub(crate) const MOST_ENDPOINTS: usize = 1000;

/// The most status codes that are told apart, the common ones and room for a service's own.
pub(crate) const MOST_STATUSES: usize = 100;

/// The `endpoint` of requests that no route matches.
pub(crate) const UNMATCHED: &str = "unmatched";

/// The methods that are told apart: those of the OpenTelemetry conventions.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Method {
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
    Other,
}

impl Method {
    const NAMES: [&'static str; 11] =
        ["CONNECT", "DELETE", "GET", "HEAD", "OPTIONS", "PATCH", "POST", "PUT", "QUERY", "TRACE", "_OTHER"];

    #[inline]
    pub(crate) fn of(method: &http::Method) -> Self {
        match method.as_str() {
            "GET" => Self::Get,
            "POST" => Self::Post,
            "PUT" => Self::Put,
            "DELETE" => Self::Delete,
            "HEAD" => Self::Head,
            "OPTIONS" => Self::Options,
            "PATCH" => Self::Patch,
            "CONNECT" => Self::Connect,
            "QUERY" => Self::Query,
            "TRACE" => Self::Trace,
            _ => Self::Other,
        }
    }
}

impl LabelValue for Method {
    const COUNT: usize = Self::NAMES.len();

    #[inline]
    fn index(&self) -> usize {
        *self as usize
    }

    fn name_at(index: usize) -> &'static str {
        Self::NAMES.get(index).copied().unwrap_or_default()
    }
}

type EndpointLabel = Interned<MOST_ENDPOINTS>;
type StatusLabel = Interned<MOST_STATUSES>;

/// The labels of a request that has ended.
#[derive(Clone, Copy, Debug)]
pub(crate) struct RequestLabels {
    pub(crate) method: Method,
    pub(crate) endpoint: EndpointLabel,
    pub(crate) status: StatusLabel,
}

impl LabelSet for RequestLabels {
    const DIMENSIONS: &'static [Dimension] = &[
        Dimension::of::<Method>("method"),
        Dimension::of::<EndpointLabel>("endpoint"),
        Dimension::of::<StatusLabel>("status"),
    ];
    const CAPPED: bool = true;

    #[inline]
    fn index(&self, interners: &Interners) -> usize {
        let route = RouteLabels { method: self.method, endpoint: self.endpoint }.index(interners);
        route * StatusLabel::SIZE + LabelField::position(&self.status, interners, 2)
    }
}

/// The labels of a request before its status is known.
#[derive(Clone, Copy, Debug)]
pub(crate) struct RouteLabels {
    pub(crate) method: Method,
    pub(crate) endpoint: EndpointLabel,
}

impl LabelSet for RouteLabels {
    const DIMENSIONS: &'static [Dimension] =
        &[Dimension::of::<Method>("method"), Dimension::of::<EndpointLabel>("endpoint")];
    const CAPPED: bool = true;

    #[inline]
    fn index(&self, interners: &Interners) -> usize {
        let method = LabelField::position(&self.method, interners, 0);
        method * EndpointLabel::SIZE + LabelField::position(&self.endpoint, interners, 1)
    }
}

/// The label of a panic.
#[derive(Clone, Copy, Debug)]
pub(crate) struct PanicLabels {
    pub(crate) endpoint: EndpointLabel,
}

impl LabelSet for PanicLabels {
    const DIMENSIONS: &'static [Dimension] = &[Dimension::of::<EndpointLabel>("endpoint")];
    const CAPPED: bool = true;

    #[inline]
    fn index(&self, interners: &Interners) -> usize {
        LabelField::position(&self.endpoint, interners, 0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_known_method_has_its_own_name() {
        for name in Method::NAMES.iter().take(10) {
            let method = http::Method::from_bytes(name.as_bytes()).expect("the name is a token");
            assert_eq!(Method::of(&method).as_str(), *name);
        }
        for name in ["get", "BREW", "_OTHER", "GET_"] {
            let method = http::Method::from_bytes(name.as_bytes()).expect("the name is a token");
            assert_eq!(Method::of(&method), Method::Other, "{name}");
        }
    }
}
