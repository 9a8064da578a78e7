//! The endpoint and its configuration.

use std::{path::PathBuf, time::Duration};

use bytes::Bytes;

use super::{
    credentials::Credentials, forwarded::ForwardedHeader, live_page, networks::NetworkAccess,
    page::PageSource,
};
use crate::registry::Registry;

/// Default of [`MetricsEndpoint::max_concurrent`].
const MAX_CONCURRENT: usize = 32;

/// Default of [`MetricsEndpoint::timeout`].
const TIMEOUT: Duration = Duration::from_secs(60);

/// Default of [`MetricsEndpoint::send_timeout`], which is Prometheus' default for the whole scrape.
const SEND_TIMEOUT: Duration = Duration::from_secs(10);

/// The metrics endpoint of any HTTP server: [`respond`](Self::respond) takes a request and returns the response, both with the types
/// of the `http` crate. Needs the feature `http`.
///
/// The scraper's `Accept` header selects the [format](crate::Format); the default is the text format 0.0.4. `?name[]=…` restricts the
/// page to families of these names. With the features `gzip` and `zstd` a page of 1024 bytes and more is compressed if the scraper
/// accepts it. Methods other than GET and HEAD get 405. Errors are text; at the path of [`json`](Self::json) they are JSON with the member `error`.
///
/// ```
/// use http::Request;
/// use metrics_core::{Counter, Definition, EndpointRequest, MetricsEndpoint, Registry};
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let registry = Registry::new();
/// let jobs: Counter = registry.register(&Definition::new("jobs_total", "Jobs that ended."))?;
/// let endpoint = MetricsEndpoint::new("/metrics").registry(&registry);
///
/// let request = Request::get("/metrics").header("accept", "application/openmetrics-text").body(())?;
/// let response = endpoint.respond(EndpointRequest::new(&request)).await;
/// assert_eq!(response.status(), 200);
/// assert_eq!(response.headers()["content-type"], "application/openmetrics-text; version=1.0.0; charset=utf-8");
/// # Ok(())
/// # }
/// ```
///
/// # Pages of any size
///
/// A page is made on a thread of its own, so that no other request waits for it. Up to 64 KiB it is sent as a whole, with its
/// length. A larger page is sent in chunks while it is made, with a few chunks in memory at a time. Each family of it is
/// whole, but series are read while the page is sent, so it is not a snapshot of one moment; see [`PageChunks`](crate::PageChunks).
/// If the scraper goes away, the rest of the page is not made.
///
/// A scrape ends after its [`timeout`](Self::timeout). If the page has not begun by then, the response is 503. If it has begun, or if
/// the scraper takes nothing for the [`send_timeout`](Self::send_timeout), the body ends with an error, on which servers close the
/// connection. `metrics_scrape_errors_total` counts these scrapes with the cause `timeout`, scrapers that went away with
/// `abandoned`, and scrapes past [`max_concurrent`](Self::max_concurrent) with `busy`.
///
/// # Access
///
/// Access is open unless [`bearer_token`](Self::bearer_token), [`bearer_token_file`](Self::bearer_token_file),
/// [`basic_auth`](Self::basic_auth) or [`allow_ips`](Self::allow_ips) restrict it, for all paths. An invalid restriction admits
/// nobody, and is listed by [`config_errors`](Self::config_errors). `metrics_scrape_errors_total` counts refused requests with the
/// cause `refused`. It cannot count requests that middleware around the endpoint refuses.
#[derive(Clone, Debug)]
pub struct MetricsEndpoint {
    pub(super) path: String,
    pub(super) json: Option<String>,
    /// Path and HTML of the live page.
    pub(super) live: Option<(String, Bytes)>,
    pub(super) source: PageSource,
    pub(super) credentials: Credentials,
    pub(super) networks: NetworkAccess,
    config_errors: Vec<String>,
}

impl MetricsEndpoint {
    /// Creates an endpoint that shows the global registry at a path.
    pub fn new(path: impl Into<String>) -> Self {
        let source = PageSource {
            registry: Registry::global().clone(),
            max_concurrent: MAX_CONCURRENT,
            timeout: TIMEOUT,
            send_timeout: SEND_TIMEOUT,
        };
        Self {
            path: path.into(),
            json: None,
            live: None,
            source,
            credentials: Credentials::default(),
            networks: NetworkAccess::default(),
            config_errors: Vec::new(),
        }
    }

    /// Notes that a server has the endpoint, so that nobody is told to mount one.
    #[doc(hidden)]
    pub fn note_mounted(&self) {
        self.source.registry.note_reader();
    }

    /// Sets the registry that is shown instead of the global one.
    pub fn registry(mut self, registry: &Registry) -> Self {
        self.source.registry = registry.clone();
        self
    }

    /// Adds a path for the metrics as [JSON](crate::Format::Json), whatever the request accepts.
    ///
    /// ```
    /// use http::Request;
    /// use metrics_core::{EndpointRequest, MetricsEndpoint};
    ///
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), http::Error> {
    /// let endpoint = MetricsEndpoint::new("/metrics").json("/api/metrics");
    /// let request = Request::get("/api/metrics").header("accept", "text/plain").body(())?;
    /// let response = endpoint.respond(EndpointRequest::new(&request)).await;
    /// assert_eq!(response.headers()["content-type"], "application/json");
    /// # Ok(())
    /// # }
    /// ```
    pub fn json(mut self, path: impl Into<String>) -> Self {
        self.json = Some(path.into());
        self
    }

    /// Adds a path for the live page, which scrapes this endpoint from the browser and draws the metrics.
    ///
    /// The page is one file and loads no other. It shows the service's own metrics, rates, errors and latency percentiles of HTTP
    /// requests and of annotated functions, the resources of the process, and any other metric: see the
    /// [guide](crate::guide::live_page).
    ///
    /// A browser asks for basic credentials. With a bearer token alone the page itself is open, as it holds no metric, and asks for
    /// the token.
    pub fn live(mut self, path: impl Into<String>) -> Self {
        let path = path.into();
        let html = live_page::html(&path, &self.path);
        self.live = Some((path, html));
        self
    }

    /// Requires a bearer token. Several tokens are alternatives, so that a token can be changed without a gap.
    ///
    /// A request without one gets 401 with a challenge. Tokens are compared in constant time for their length.
    ///
    /// <https://www.rfc-editor.org/rfc/rfc6750>
    ///
    /// ```
    /// use http::Request;
    /// use metrics_core::{EndpointRequest, MetricsEndpoint};
    ///
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), http::Error> {
    /// let endpoint = MetricsEndpoint::new("/metrics").bearer_token("of-this-month").bearer_token("of-last-month");
    /// for (token, status) in [("of-this-month", 200), ("of-last-month", 200), ("another", 401)] {
    ///     let request = Request::get("/metrics").header("authorization", format!("Bearer {token}")).body(())?;
    ///     assert_eq!(endpoint.respond(EndpointRequest::new(&request)).await.status(), status);
    /// }
    /// # Ok(())
    /// # }
    /// ```
    pub fn bearer_token(mut self, token: impl AsRef<str>) -> Self {
        let added = self.credentials.add_token(token.as_ref());
        self.note(added);
        self
    }

    /// Requires the bearer token in a file. The file may change while the service runs: it is read again after two seconds.
    ///
    /// White space around the token is ignored. While the file cannot be read it admits nobody, and the error is logged. The file is
    /// read on a thread of its own; a scrape that waits for it longer than its [`timeout`](Self::timeout) gets 503.
    ///
    /// ```no_run
    /// use metrics_core::MetricsEndpoint;
    ///
    /// let endpoint = MetricsEndpoint::new("/metrics").bearer_token_file("/run/secrets/metrics-token");
    /// ```
    pub fn bearer_token_file(mut self, path: impl Into<PathBuf>) -> Self {
        self.credentials.add_token_file(path.into());
        self
    }

    /// Requires a user's name and password. Several calls are alternatives, and so are bearer tokens.
    ///
    /// A request without them gets 401, with a challenge on which browsers ask their user. They are compared in constant time for
    /// their length.
    ///
    /// <https://www.rfc-editor.org/rfc/rfc7617>
    ///
    /// ```
    /// use http::Request;
    /// use metrics_core::{EndpointRequest, MetricsEndpoint};
    ///
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), http::Error> {
    /// let endpoint = MetricsEndpoint::new("/metrics").basic_auth("prometheus", "secret");
    /// let authorization = "Basic cHJvbWV0aGV1czpzZWNyZXQ="; // prometheus:secret in Base64
    /// let request = Request::get("/metrics").header("authorization", authorization).body(())?;
    /// assert_eq!(endpoint.respond(EndpointRequest::new(&request)).await.status(), 200);
    /// # Ok(())
    /// # }
    /// ```
    pub fn basic_auth(mut self, user: impl AsRef<str>, password: impl AsRef<str>) -> Self {
        let added = self.credentials.add_pair(user.as_ref(), password.as_ref());
        self.note(added);
        self
    }

    /// Allows scrapers with these addresses or in these networks; all others get 403. Further calls add to the list.
    ///
    /// The address is the [peer](crate::EndpointRequest::peer) of the request, unless the endpoint [trusts proxies](Self::trust_proxies).
    /// A request without a peer is refused, unless [`allow_unix_sockets`](Self::allow_unix_sockets) is configured. IPv4 addresses
    /// may be written as IPv6 maps them, `::ffff:192.0.2.1`.
    pub fn allow_ips<N: AsRef<str>>(mut self, networks: impl IntoIterator<Item = N>) -> Self {
        self.networks.restrict();
        for network in networks {
            let added = self.networks.allow(network.as_ref());
            self.note(added);
        }
        self
    }

    /// Allows requests without a peer address, beside [`allow_ips`](Self::allow_ips): those over a Unix socket, which the
    /// permissions of its file protect.
    ///
    /// If proxies are trusted, whoever connects to the socket counts as one: the client that it names has to be allowed.
    ///
    /// ```
    /// use http::Request;
    /// use metrics_core::{EndpointRequest, MetricsEndpoint};
    ///
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), http::Error> {
    /// let request = Request::get("/metrics").body(())?;
    /// let request = EndpointRequest::new(&request); // no peer
    /// let endpoint = MetricsEndpoint::new("/metrics").allow_ips(["10.0.0.0/8"]);
    /// assert_eq!(endpoint.respond(request).await.status(), 403);
    /// assert_eq!(endpoint.allow_unix_sockets().respond(request).await.status(), 200);
    /// # Ok(())
    /// # }
    /// ```
    pub const fn allow_unix_sockets(mut self) -> Self {
        self.networks.allow_unix_sockets();
        self
    }

    /// Trusts proxies with these addresses or in these networks to name the client in a header.
    ///
    /// The client is the last address in the header that is not a trusted proxy. Addresses before it may be forged. The header is
    /// ignored in requests that do not come from a trusted proxy, and so is the other header.
    ///
    /// ```
    /// use http::Request;
    /// use metrics_core::{EndpointRequest, ForwardedHeader, MetricsEndpoint};
    ///
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), http::Error> {
    /// let endpoint = MetricsEndpoint::new("/metrics")
    ///     .allow_ips(["2001:db8::/32"])
    ///     .trust_proxies(ForwardedHeader::Forwarded, ["192.168.0.1"]);
    /// let request = Request::get("/metrics").header("forwarded", "for=\"[2001:db8::17]:4711\"").body(())?;
    /// let request = EndpointRequest::new(&request);
    /// assert_eq!(endpoint.respond(request.peer([192, 168, 0, 1])).await.status(), 200);
    /// assert_eq!(endpoint.respond(request.peer([192, 168, 0, 2])).await.status(), 403);
    /// # Ok(())
    /// # }
    /// ```
    pub fn trust_proxies<N: AsRef<str>>(
        mut self,
        header: ForwardedHeader,
        proxies: impl IntoIterator<Item = N>,
    ) -> Self {
        for proxy in proxies {
            let added = self.networks.trust(header, proxy.as_ref());
            self.note(added);
        }
        self
    }

    /// Sets how many scrapes may be in flight at once, 32 by default; further ones get 503 with `Retry-After`.
    ///
    /// The limit is for all scrapes of the registry in this process, through all endpoints.
    pub const fn max_concurrent(mut self, most: usize) -> Self {
        self.source.max_concurrent = most;
        self
    }

    /// Sets the time limit of a scrape, 60 seconds by default. A shorter limit in the request's header
    /// `X-Prometheus-Scrape-Timeout-Seconds`, which Prometheus sends, replaces it.
    pub const fn timeout(mut self, time: Duration) -> Self {
        self.source.timeout = time;
        self
    }

    /// Sets the time for which a scraper may take nothing of a page that is sent in chunks, 10 seconds by default.
    ///
    /// So a scraper that does not read soon frees its place among the [concurrent scrapes](Self::max_concurrent).
    pub const fn send_timeout(mut self, time: Duration) -> Self {
        self.source.send_timeout = time;
        self
    }

    /// Returns the paths of the endpoint, for routers: the metrics, then JSON and the live page if they are configured.
    ///
    /// ```
    /// use metrics_core::MetricsEndpoint;
    ///
    /// let endpoint = MetricsEndpoint::new("/metrics").json("/api/metrics").live("/metrics/live");
    /// assert!(endpoint.paths().eq(["/metrics", "/api/metrics", "/metrics/live"]));
    /// ```
    pub fn paths(&self) -> impl Iterator<Item = &str> {
        let live = self.live.as_ref().map(|(path, _)| path.as_str());
        [Some(self.path.as_str()), self.json.as_deref(), live].into_iter().flatten()
    }

    /// Returns the errors in the configuration; a valid configuration has none.
    ///
    /// Check the list in a test or at the start of the service, as an invalid restriction admits nobody.
    ///
    /// ```
    /// use metrics_core::MetricsEndpoint;
    ///
    /// let endpoint = MetricsEndpoint::new("/metrics").allow_ips(["10.0.0.0/33"]).bearer_token("");
    /// assert_eq!(endpoint.config_errors(), [
    ///     "`10.0.0.0/33` is neither an address nor a network such as `10.0.0.0/8`",
    ///     "a bearer token admits nobody: it is empty",
    /// ]);
    /// ```
    pub fn config_errors(&self) -> &[String] {
        &self.config_errors
    }

    fn note(&mut self, outcome: Result<(), String>) {
        self.config_errors.extend(outcome.err());
    }
}
