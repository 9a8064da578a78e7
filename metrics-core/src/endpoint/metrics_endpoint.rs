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

/// Default of [`MetricsEndpoint::send_timeout`]: Prometheus has given up a scrape after this time, unless configured otherwise.
const SEND_TIMEOUT: Duration = Duration::from_secs(10);

/// Metrics endpoint of any HTTP server: [`respond`](Self::respond) takes a request and gives the response, both with the types of
/// the `http` crate. Needs the feature `http`.
///
/// The format is the one that the scraper asks for: the text format 0.0.4 unless it prefers [another](crate::Format).
/// `?name[]=…` restricts the page to families of these names. The page is compressed where the scraper accepts it and the features
/// `gzip` or `zstd` are on. GET and HEAD are answered; other methods get 405. Errors are text, and JSON with the member `error`
/// at the path of [`json`](Self::json).
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
/// A page is made on a thread of its own, so that no request waits for it. Up to 64 KiB it is sent as a whole, with its length.
/// A larger page is sent in chunks while it is made, as fast as the scraper takes them, and a few chunks are in memory at a time.
/// If the scraper goes away, the rest of the page is not made.
///
/// A scrape ends in time. If the page has not begun after its [`timeout`](Self::timeout), the response is 503; if it is not
/// finished by then, or the scraper takes nothing for the [`send_timeout`](Self::send_timeout), the body ends with an error, on
/// which servers close the connection. `metrics_scrape_errors_total` counts such scrapes with the cause `timeout`, scrapers that
/// went away with `abandoned`, and scrapes past [`max_concurrent`](Self::max_concurrent) with `busy`.
///
/// # Access
///
/// Everybody may see the metrics unless [`bearer_token`](Self::bearer_token), [`bearer_token_file`](Self::bearer_token_file),
/// [`basic_auth`](Self::basic_auth) or [`allow_ips`](Self::allow_ips) restrict access to all paths. An invalid restriction admits
/// nobody, and is listed by [`config_errors`](Self::config_errors). `metrics_scrape_errors_total` counts refused requests with the
/// cause `refused`, as far as they come here: it cannot count what middleware around the endpoint refuses.
#[derive(Clone, Debug)]
pub struct MetricsEndpoint {
    pub(super) path: String,
    pub(super) json: Option<String>,
    /// Path and HTML.
    pub(super) live: Option<(String, Bytes)>,
    pub(super) source: PageSource,
    pub(super) credentials: Credentials,
    pub(super) networks: NetworkAccess,
    config_errors: Vec<String>,
}

impl MetricsEndpoint {
    /// Creates an endpoint with the global registry's metrics at a path.
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

    /// Shows another registry than the global one.
    pub fn registry(mut self, registry: &Registry) -> Self {
        self.source.registry = registry.clone();
        self
    }

    /// Shows the metrics as [JSON](crate::Format::Json) at a second path, whatever the request accepts.
    pub fn json(mut self, path: impl Into<String>) -> Self {
        self.json = Some(path.into());
        self
    }

    /// Shows a page for browsers at a further path, which draws the metrics from successive scrapes of this endpoint.
    ///
    /// It is one file that loads nothing. It shows rates, errors and latency percentiles of HTTP requests and of annotated
    /// functions, and any other metric.
    ///
    /// With basic credentials a browser asks for them. With a bearer token alone the page is served to everybody, as it holds no
    /// metric, and asks for the token itself.
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

    /// Requires the bearer token in a file, which may be replaced while the service runs: it is read again after two seconds.
    ///
    /// White space around the token is skipped. While the file cannot be read it admits nobody, and the error is logged. It is
    /// read on a thread of its own; a scrape that waits for it past its [`timeout`](Self::timeout) gets 503.
    pub fn bearer_token_file(mut self, path: impl Into<PathBuf>) -> Self {
        self.credentials.add_token_file(path.into());
        self
    }

    /// Requires a user's name and password. Several are alternatives, and so are bearer tokens beside them.
    ///
    /// A request without them gets 401, with a challenge on which browsers ask their user. They are compared in constant time for
    /// their length.
    ///
    /// <https://www.rfc-editor.org/rfc/rfc7617>
    pub fn basic_auth(mut self, user: impl AsRef<str>, password: impl AsRef<str>) -> Self {
        let added = self.credentials.add_pair(user.as_ref(), password.as_ref());
        self.note(added);
        self
    }

    /// Allows scrapers with these addresses or in these networks, beside those of other calls; all others get 403.
    ///
    /// The address is the [peer](super::EndpointRequest::peer) of the request, unless the endpoint [trusts proxies](Self::trust_proxies).
    /// A request without a peer is refused, unless [`allow_unix_sockets`](Self::allow_unix_sockets) is configured. IPv4 addresses
    /// may be written as IPv6 maps them, `::ffff:192.0.2.1`.
    ///
    /// [EndpointRequest::peer]: crate::EndpointRequest::peer
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
    /// The client is the last address in the header that is no proxy's. Those before it are the client's own words. The header is
    /// ignored in requests of all others, and so is the other header.
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

    /// Limits the scrapes that are in flight at once, 32 by default; more get 503 with `Retry-After`.
    ///
    /// All scrapes of a registry in this process count, whatever endpoint they come to.
    pub const fn max_concurrent(mut self, most: usize) -> Self {
        self.source.max_concurrent = most;
        self
    }

    /// Limits the time of a scrape, 60 seconds by default. A scraper that waits for less gets less: Prometheus says so in the
    /// header `X-Prometheus-Scrape-Timeout-Seconds`.
    pub const fn timeout(mut self, time: Duration) -> Self {
        self.source.timeout = time;
        self
    }

    /// Limits the time for which a scraper may take nothing of a page that is sent in chunks, 10 seconds by default.
    ///
    /// A scraper that does not read thus frees its place among the [concurrent scrapes](Self::max_concurrent) early.
    pub const fn send_timeout(mut self, time: Duration) -> Self {
        self.source.send_timeout = time;
        self
    }

    /// Paths that the endpoint answers, for routers: the metrics, then JSON and the live page where they are configured.
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

    /// Lists the errors in the configuration: empty if all of it is in force.
    ///
    /// Check it in a test, or at the start of a service that is not to run with an endpoint that admits fewer than it should.
    ///
    /// ```
    /// use metrics_core::MetricsEndpoint;
    ///
    /// let endpoint = MetricsEndpoint::new("/metrics").allow_ips(["10.0.0.0/33"]).bearer_token("");
    /// assert_eq!(endpoint.config_errors(), [
    ///     "`10.0.0.0/33` is no address and no network as 10.0.0.0/8",
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
