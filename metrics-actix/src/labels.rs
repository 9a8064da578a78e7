//! Label values that come from the protocol: method, protocol version, outcome. No client chooses any of them freely.

use actix_web::http;

/// Value of the label `endpoint` for requests that no route matches.
pub(crate) const UNMATCHED: &str = "unmatched";

/// Limit of distinct route patterns. They come from the service's own routes, so this is only a safety net.
pub(crate) const MAX_ENDPOINTS: usize = 1000;

/// Limit of distinct status codes that are not registered. The registered ones always have series of their own.
pub(crate) const MAX_STATUSES: usize = 100;

/// Upper bound of the number of registered status codes, 499 included.
pub(crate) const REGISTERED_STATUSES: usize = 80;

/// Source of a label's value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum LabelSource {
    Method,
    /// The pattern of the route, or [`UNMATCHED`].
    Endpoint,
    /// The pattern of the route, or an absent label.
    Route,
    Status,
    Scheme,
    Version,
    ErrorType,
    /// The user's request label with this index.
    Request(usize),
    /// The user's response label with this index.
    Response(usize),
}

/// Request methods of the OpenTelemetry conventions; all others are `Other`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
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
    const ALL: [Self; 11] = [
        Self::Connect,
        Self::Delete,
        Self::Get,
        Self::Head,
        Self::Options,
        Self::Patch,
        Self::Post,
        Self::Put,
        Self::Query,
        Self::Trace,
        Self::Other,
    ];

    pub(crate) const NAMES: [&'static str; 11] =
        ["CONNECT", "DELETE", "GET", "HEAD", "OPTIONS", "PATCH", "POST", "PUT", "QUERY", "TRACE", "_OTHER"];

    #[inline]
    pub(crate) fn of(method: &http::Method) -> Self {
        // Comparing methods is faster than comparing strings, and most requests are GET.
        if *method == http::Method::GET { Self::Get } else { Self::parse(method) }
    }

    #[inline(never)]
    fn parse(method: &http::Method) -> Self {
        match method.as_str() {
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

    /// Returns the method with this discriminant.
    pub(crate) fn from_discriminant(number: u8) -> Self {
        Self::ALL.get(usize::from(number)).copied().unwrap_or(Self::Other)
    }

    pub(crate) fn name(self) -> &'static str {
        Self::NAMES.get(self as usize).copied().unwrap_or_default()
    }
}

/// Scheme and HTTP version of a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Protocol {
    pub(crate) secure: bool,
    version: u8,
}

impl Protocol {
    /// Stands for all protocols where no metric has their labels.
    pub(crate) const ANY: Self = Self { secure: false, version: 0 };

    pub(crate) const VERSIONS: [&'static str; 6] = ["", "0.9", "1.0", "1.1", "2", "3"];

    pub(crate) const fn new(secure: bool, version: http::Version) -> Self {
        let version = match version {
            http::Version::HTTP_09 => 1,
            http::Version::HTTP_10 => 2,
            http::Version::HTTP_11 => 3,
            http::Version::HTTP_2 => 4,
            http::Version::HTTP_3 => 5,
            _ => 0,
        };
        Self { secure, version }
    }

    /// Packs the protocol into one byte.
    #[inline]
    pub(crate) const fn to_bits(self) -> u8 {
        self.version << 1 | self.secure as u8
    }

    /// Unpacks the result of [`to_bits`](Self::to_bits).
    pub(crate) const fn from_bits(bits: u8) -> Self {
        Self { secure: bits & 1 != 0, version: bits >> 1 }
    }

    pub(crate) const fn scheme(self) -> &'static str {
        if self.secure { "https" } else { "http" }
    }

    pub(crate) fn version(self) -> &'static str {
        Self::VERSIONS.get(usize::from(self.version)).copied().unwrap_or_default()
    }
}

/// Failure that the status does not tell.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Failure {
    None,
    Panic,
    ClientGone,
    Body,
}

impl Failure {
    pub(crate) const ALL: [Self; 4] = [Self::None, Self::Panic, Self::ClientGone, Self::Body];
}

/// Status and failure that a request ended with.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Outcome {
    pub(crate) status: u16,
    pub(crate) failure: Failure,
}

impl Outcome {
    /// The client disconnected before the response was complete.
    pub(crate) const CLIENT_GONE: Self = Self { status: 499, failure: Failure::ClientGone };
    /// The service panicked.
    pub(crate) const PANIC: Self = Self { status: 500, failure: Failure::Panic };
    /// The response body failed before its end.
    pub(crate) const BODY_FAILED: Self = Self { status: 500, failure: Failure::Body };

    pub(crate) const fn from_status(status: u16) -> Self {
        Self { status, failure: Failure::None }
    }

    /// Returns `true` for a registered status code, and for 499.
    pub(crate) fn is_registered(self) -> bool {
        let code = http::StatusCode::from_u16(self.status);
        self.status == Self::CLIENT_GONE.status || code.is_ok_and(|code| code.canonical_reason().is_some())
    }

    /// Returns the value of `error_type`: the failure, or the status of a server error; otherwise empty.
    pub(crate) fn error_type(self) -> String {
        match self.failure {
            Failure::None if self.status >= 500 => self.status.to_string(),
            Failure::None => String::new(),
            Failure::Panic => "panic".into(),
            Failure::ClientGone => "client_gone".into(),
            Failure::Body => "body".into(),
        }
    }

    /// Returns the class of the status, as `2xx`.
    pub(crate) const fn class(self) -> &'static str {
        match self.status / 100 {
            1 => "1xx",
            2 => "2xx",
            3 => "3xx",
            4 => "4xx",
            5 => "5xx",
            _ => "_OTHER",
        }
    }
}

/// Number of a combination of the values of the user's labels; zero is the one without values.
pub(crate) type LabelSetId = u32;

/// Label values of a request before routing, packed into one word: method, protocol and the user's labels.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) struct RequestKey {
    word: u64,
}

impl RequestKey {
    #[inline]
    pub(crate) const fn new(method: Method, protocol: Protocol, label_set: LabelSetId) -> Self {
        Self { word: (label_set as u64) << 32 | (protocol.to_bits() as u64) << 8 | method as u64 }
    }

    #[allow(clippy::cast_possible_truncation)] // the word is made of parts of this size
    pub(crate) fn method(self) -> Method {
        Method::from_discriminant(self.word as u8)
    }

    #[allow(clippy::cast_possible_truncation)] // as above
    pub(crate) const fn protocol(self) -> Protocol {
        Protocol::from_bits((self.word >> 8) as u8)
    }

    pub(crate) const fn label_set(self) -> LabelSetId {
        (self.word >> 32) as LabelSetId
    }
}

/// Label values of a completed request, packed into one word: outcome and the user's labels from the response.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) struct OutcomeKey {
    word: u64,
}

impl OutcomeKey {
    #[inline]
    pub(crate) const fn new(outcome: Outcome, label_set: LabelSetId) -> Self {
        let word = (label_set as u64) << 32 | (outcome.failure as u64) << 16 | outcome.status as u64;
        Self { word }
    }

    pub(crate) const fn status(self) -> u16 {
        self.outcome().status
    }

    #[allow(clippy::cast_possible_truncation)] // the word is made of parts of this size
    pub(crate) const fn outcome(self) -> Outcome {
        Outcome { status: self.word as u16, failure: Failure::ALL[(self.word >> 16) as usize & 3] }
    }

    pub(crate) const fn label_set(self) -> LabelSetId {
        (self.word >> 32) as LabelSetId
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_known_method_has_its_own_name() {
        for name in Method::NAMES.iter().take(10) {
            let method = http::Method::from_bytes(name.as_bytes()).expect("the name is a token");
            assert_eq!(Method::of(&method).name(), *name);
        }
        for name in ["get", "BREW", "_OTHER", "GET_"] {
            let method = http::Method::from_bytes(name.as_bytes()).expect("the name is a token");
            assert_eq!(Method::of(&method), Method::Other, "{name}");
        }
    }

    #[test]
    fn versions_and_schemes_have_names() {
        let named = |version| Protocol::new(true, version).version();
        assert_eq!(named(http::Version::HTTP_10), "1.0");
        assert_eq!(named(http::Version::HTTP_11), "1.1");
        assert_eq!(named(http::Version::HTTP_2), "2");
        assert_eq!(named(http::Version::HTTP_3), "3");
        assert_eq!(
            (Protocol::new(true, http::Version::HTTP_2).scheme(), Protocol::ANY.scheme()),
            ("https", "http")
        );
    }

    #[test]
    fn registered_codes_are_few_and_known() {
        let is_registered = |status: &u16| Outcome::from_status(*status).is_registered();
        assert!((0..1000).filter(is_registered).count() <= REGISTERED_STATUSES);
        assert!([200, 404, 429, 499, 500, 503, 511].iter().all(is_registered));
        assert!(![0, 299, 471, 599, 600].iter().any(is_registered));
    }

    #[test]
    fn failures_of_the_server_have_an_error_type() {
        let types = [
            Outcome::from_status(200),
            Outcome::from_status(404),
            Outcome::from_status(503),
            Outcome::PANIC,
            Outcome::CLIENT_GONE,
        ];
        assert_eq!(types.map(Outcome::error_type), ["", "", "503", "panic", "client_gone"]);
        assert_eq!(
            [99, 101, 204, 302, 404, 503, 600].map(|status| Outcome::from_status(status).class()),
            ["_OTHER", "1xx", "2xx", "3xx", "4xx", "5xx", "_OTHER"]
        );
    }
}
