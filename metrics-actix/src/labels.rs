//! What labels are made of: none of it is anything that a client chose.

use actix_web::http;

/// The `endpoint` of requests that no route matches.
pub(crate) const UNMATCHED: &str = "unmatched";

/// The most route patterns that are told apart. They come from the service's own routes, so this is only a safety net.
pub(crate) const MOST_ENDPOINTS: usize = 1000;

/// The most status codes that are told apart, the common ones and room for a service's own.
pub(crate) const MOST_STATUSES: usize = 100;

/// What a label says about a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Attribute {
    Method,
    /// The pattern of the route, or [`UNMATCHED`].
    Endpoint,
    /// The pattern of the route, or nothing.
    Route,
    Status,
    Scheme,
    Version,
    ErrorType,
    /// The user's label from the request at a place.
    Request(usize),
    /// The user's label from the response at a place.
    Response(usize),
}

/// The methods that are told apart: those of the OpenTelemetry conventions.
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
        // Comparing methods is quicker than comparing texts, and most requests have this one.
        if *method == http::Method::GET { Self::Get } else { Self::of_text(method) }
    }

    #[inline(never)]
    fn of_text(method: &http::Method) -> Self {
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

    /// The method with a number, as which it is written in a word.
    pub(crate) fn numbered(number: u8) -> Self {
        Self::ALL.get(usize::from(number)).copied().unwrap_or(Self::Other)
    }

    pub(crate) fn name(self) -> &'static str {
        Self::NAMES.get(self as usize).copied().unwrap_or_default()
    }
}

/// How a request came: over TLS or not, and by which version of the protocol.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Protocol {
    pub(crate) secure: bool,
    version: u8,
}

impl Protocol {
    /// Where no metric tells protocols apart.
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

    /// A number for each of them.
    #[inline]
    pub(crate) const fn number(self) -> u8 {
        self.version << 1 | self.secure as u8
    }

    /// The one with a number.
    pub(crate) const fn numbered(number: u8) -> Self {
        Self { secure: number & 1 != 0, version: number >> 1 }
    }

    pub(crate) const fn scheme(self) -> &'static str {
        if self.secure { "https" } else { "http" }
    }

    pub(crate) fn version(self) -> &'static str {
        Self::VERSIONS.get(usize::from(self.version)).copied().unwrap_or_default()
    }
}

/// What went wrong, where the status does not say it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Fault {
    None,
    Panic,
    ClientGone,
    Body,
}

impl Fault {
    pub(crate) const ALL: [Self; 4] = [Self::None, Self::Panic, Self::ClientGone, Self::Body];
}

/// How a request ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Outcome {
    pub(crate) status: u16,
    pub(crate) fault: Fault,
}

impl Outcome {
    /// The client went away before the response was complete.
    pub(crate) const CLIENT_GONE: Self = Self { status: 499, fault: Fault::ClientGone };
    /// The service panicked.
    pub(crate) const PANIC: Self = Self { status: 500, fault: Fault::Panic };
    /// The body could not be given in full.
    pub(crate) const BODY: Self = Self { status: 500, fault: Fault::Body };

    pub(crate) const fn of(status: u16) -> Self {
        Self { status, fault: Fault::None }
    }

    /// The value of `error_type`: the conventions want the status where there is one, of the server's failures alone.
    pub(crate) fn error_type(self) -> String {
        match self.fault {
            Fault::None if self.status >= 500 => self.status.to_string(),
            Fault::None => String::new(),
            Fault::Panic => "panic".into(),
            Fault::ClientGone => "client_gone".into(),
            Fault::Body => "body".into(),
        }
    }

    /// The class of the status.
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
    fn failures_of_the_server_have_an_error_type() {
        let types =
            [Outcome::of(200), Outcome::of(404), Outcome::of(503), Outcome::PANIC, Outcome::CLIENT_GONE];
        assert_eq!(types.map(Outcome::error_type), ["", "", "503", "panic", "client_gone"]);
        assert_eq!(
            [99, 101, 204, 302, 404, 503, 600].map(|status| Outcome::of(status).class()),
            ["_OTHER", "1xx", "2xx", "3xx", "4xx", "5xx", "_OTHER"]
        );
    }
}
