//! The route and its configuration.

use std::{path::PathBuf, time::Duration};

use metrics_core::{ForwardedHeader, MetricsEndpoint, Registry};

/// Route that shows the metrics: the [`MetricsEndpoint`] as a service of actix-web.
///
/// The documentation of the endpoint lists the formats, and describes the sending of large pages and the control of access.
/// Configuration errors are logged when the service starts. [`HttpMetrics`](crate::HttpMetrics) does not measure the requests of
/// this route.
///
/// ```
/// use actix_web::{App, test};
/// use metrics_actix::MetricsRoute;
/// use metrics_core::{Counter, Definition, Registry};
///
/// # #[actix_web::main]
/// # async fn main() -> Result<(), metrics_core::RegistrationError> {
/// let registry = Registry::new();
/// let jobs: Counter = registry.register(&Definition::new("jobs_total", "Jobs that ended."))?;
/// jobs.inc();
/// let app = test::init_service(App::new().service(MetricsRoute::new("/metrics").registry(&registry))).await;
/// let page = test::call_and_read_body(&app, test::TestRequest::with_uri("/metrics").to_request()).await;
/// assert_eq!(page, "# HELP jobs_total Jobs that ended.\n# TYPE jobs_total counter\njobs_total 1\n");
/// # Ok(())
/// # }
/// ```
///
/// # Authentication of the whole service
///
/// Middleware around an `App` also covers this route. If it asks for credentials, it refuses a scraper without them before the
/// request reaches this route, and `metrics_scrape_errors_total` does not count it. An outer [`HttpMetrics`](crate::HttpMetrics)
/// counts it like other refused requests, unless the path is `/metrics`. Either give the scraper the service's credentials, or serve the metrics on a port of
/// their own:
///
/// ```no_run
/// use metrics_actix::{MetricsRoute, MetricsServer};
///
/// # fn main() -> std::io::Result<()> {
/// let route = MetricsRoute::new("/metrics").bearer_token_file("/run/secrets/scraper");
/// let metrics = MetricsServer::bind("127.0.0.1:9464")?.route(route).spawn()?;
/// // … the service, with its own authentication …
/// metrics.stop();
/// # Ok(())
/// # }
/// ```
///
/// # HTTP/1.0
///
/// To a client of HTTP/1.0, as nginx is to its upstreams by default, a page of more than 64 KiB ends with the connection. Such a
/// client cannot tell a page that was aborted from a whole one, except by the `# EOF` of OpenMetrics.
#[derive(Clone, Debug)]
pub struct MetricsRoute {
    pub(super) endpoint: MetricsEndpoint,
}

impl From<MetricsEndpoint> for MetricsRoute {
    fn from(endpoint: MetricsEndpoint) -> Self {
        Self { endpoint }
    }
}

impl MetricsRoute {
    /// Creates a route with the global registry's metrics at a path.
    pub fn new(path: impl Into<String>) -> Self {
        MetricsEndpoint::new(path).into()
    }

    /// Shows another registry than the global one.
    ///
    /// ```
    /// use actix_web::App;
    /// use metrics_actix::{HttpMetrics, MetricsRoute};
    /// use metrics_core::Registry;
    ///
    /// let registry = Registry::new();
    /// let http = HttpMetrics::new().registry(&registry);
    /// let app = App::new().wrap(http).service(MetricsRoute::new("/metrics").registry(&registry));
    /// ```
    pub fn registry(self, registry: &Registry) -> Self {
        self.endpoint.registry(registry).into()
    }

    /// Shows the metrics as JSON at a second path, whatever the request accepts: see [`MetricsEndpoint::json`].
    ///
    /// ```
    /// use actix_web::{App, test};
    /// use metrics_actix::MetricsRoute;
    ///
    /// # #[actix_web::main]
    /// # async fn main() {
    /// let app = test::init_service(App::new().service(MetricsRoute::new("/metrics").json("/api/metrics"))).await;
    /// let page = test::call_and_read_body(&app, test::TestRequest::with_uri("/api/metrics").to_request()).await;
    /// assert!(page.starts_with(b"{\"families\":["));
    /// # }
    /// ```
    pub fn json(self, path: impl Into<String>) -> Self {
        self.endpoint.json(path).into()
    }

    /// Shows a page for browsers at a further path, which draws the metrics: see [`MetricsEndpoint::live`].
    ///
    /// ```
    /// use actix_web::{App, test};
    /// use metrics_actix::MetricsRoute;
    ///
    /// # #[actix_web::main]
    /// # async fn main() {
    /// let app = test::init_service(App::new().service(MetricsRoute::new("/metrics").live("/metrics/live"))).await;
    /// let page = test::call_and_read_body(&app, test::TestRequest::with_uri("/metrics/live").to_request()).await;
    /// assert!(page.starts_with(b"<!doctype html>"));
    /// # }
    /// ```
    pub fn live(self, path: impl Into<String>) -> Self {
        self.endpoint.live(path).into()
    }

    /// Requires a bearer token; several are alternatives: see [`MetricsEndpoint::bearer_token`].
    ///
    /// ```
    /// use actix_web::{App, test};
    /// use metrics_actix::MetricsRoute;
    ///
    /// # #[actix_web::main]
    /// # async fn main() {
    /// let route = MetricsRoute::new("/metrics").bearer_token("new").bearer_token("old");
    /// let app = test::init_service(App::new().service(route)).await;
    /// for (token, status) in [("Bearer new", 200), ("Bearer old", 200), ("Bearer other", 401)] {
    ///     let request = test::TestRequest::with_uri("/metrics").insert_header(("authorization", token));
    ///     assert_eq!(test::call_service(&app, request.to_request()).await.status(), status);
    /// }
    /// # }
    /// ```
    pub fn bearer_token(self, token: impl AsRef<str>) -> Self {
        self.endpoint.bearer_token(token).into()
    }

    /// Requires the bearer token in a file, which may be replaced while the service runs: see
    /// [`MetricsEndpoint::bearer_token_file`].
    ///
    /// ```
    /// use actix_web::{App, test};
    /// use metrics_actix::MetricsRoute;
    ///
    /// # #[actix_web::main]
    /// # async fn main() -> std::io::Result<()> {
    /// let path = std::env::temp_dir().join(format!("token-{}", std::process::id()));
    /// std::fs::write(&path, "secret\n")?;
    /// let app = test::init_service(App::new().service(MetricsRoute::new("/metrics").bearer_token_file(&path))).await;
    /// let request = test::TestRequest::with_uri("/metrics").insert_header(("authorization", "Bearer secret"));
    /// assert_eq!(test::call_service(&app, request.to_request()).await.status(), 200);
    /// # std::fs::remove_file(&path)
    /// # }
    /// ```
    pub fn bearer_token_file(self, path: impl Into<PathBuf>) -> Self {
        self.endpoint.bearer_token_file(path).into()
    }

    /// Requires a user's name and password; several are alternatives: see [`MetricsEndpoint::basic_auth`].
    ///
    /// ```
    /// use actix_web::{App, test};
    /// use metrics_actix::MetricsRoute;
    ///
    /// # #[actix_web::main]
    /// # async fn main() {
    /// let route = MetricsRoute::new("/metrics").basic_auth("prometheus", "open sesame");
    /// let app = test::init_service(App::new().service(route)).await;
    /// let response = test::call_service(&app, test::TestRequest::with_uri("/metrics").to_request()).await;
    /// assert_eq!(response.status(), 401);
    /// assert_eq!(response.headers().get("www-authenticate").unwrap(), "Basic realm=\"metrics\", charset=\"UTF-8\"");
    /// let request = test::TestRequest::with_uri("/metrics")
    ///     .insert_header(("authorization", "Basic cHJvbWV0aGV1czpvcGVuIHNlc2FtZQ=="));
    /// assert_eq!(test::call_service(&app, request.to_request()).await.status(), 200);
    /// # }
    /// ```
    pub fn basic_auth(self, user: impl AsRef<str>, password: impl AsRef<str>) -> Self {
        self.endpoint.basic_auth(user, password).into()
    }

    /// Allows scrapers with these addresses or in these networks, and no others: see [`MetricsEndpoint::allow_ips`].
    ///
    /// The address is that of the connection. A connection over a Unix socket has none, and is refused unless
    /// [`allow_unix_sockets`](Self::allow_unix_sockets) is configured.
    ///
    /// ```
    /// use actix_web::{App, test};
    /// use metrics_actix::MetricsRoute;
    ///
    /// # #[actix_web::main]
    /// # async fn main() {
    /// let route = MetricsRoute::new("/metrics").allow_ips(["10.0.0.0/8", "127.0.0.1", "fd00::/8"]);
    /// let app = test::init_service(App::new().service(route)).await;
    /// for (peer, status) in [("10.1.2.3:4000", 200), ("[fd00::1]:4000", 200), ("11.1.2.3:4000", 403)] {
    ///     let request = test::TestRequest::with_uri("/metrics").peer_addr(peer.parse().unwrap());
    ///     assert_eq!(test::call_service(&app, request.to_request()).await.status(), status);
    /// }
    /// # }
    /// ```
    pub fn allow_ips<N: AsRef<str>>(self, networks: impl IntoIterator<Item = N>) -> Self {
        self.endpoint.allow_ips(networks).into()
    }

    /// Allows connections over Unix sockets beside [`allow_ips`](Self::allow_ips): see
    /// [`MetricsEndpoint::allow_unix_sockets`].
    ///
    /// ```
    /// use metrics_actix::MetricsRoute;
    ///
    /// let route = MetricsRoute::new("/metrics").allow_ips(["10.0.0.0/8"]).allow_unix_sockets();
    /// ```
    pub fn allow_unix_sockets(self) -> Self {
        self.endpoint.allow_unix_sockets().into()
    }

    /// Trusts proxies to name the client in a header: see [`MetricsEndpoint::trust_proxies`].
    ///
    /// ```
    /// use actix_web::{App, test};
    /// use metrics_actix::{ForwardedHeader, MetricsRoute};
    ///
    /// # #[actix_web::main]
    /// # async fn main() {
    /// let route = MetricsRoute::new("/metrics")
    ///     .allow_ips(["10.0.0.0/8"])
    ///     .trust_proxies(ForwardedHeader::XForwardedFor, ["192.168.0.1"]);
    /// let app = test::init_service(App::new().service(route)).await;
    /// for (peer, status) in [("192.168.0.1:4000", 200), ("192.168.0.2:4000", 403)] {
    ///     let request = test::TestRequest::with_uri("/metrics")
    ///         .peer_addr(peer.parse().unwrap())
    ///         .insert_header(("x-forwarded-for", "10.1.2.3"));
    ///     assert_eq!(test::call_service(&app, request.to_request()).await.status(), status);
    /// }
    /// # }
    /// ```
    pub fn trust_proxies<N: AsRef<str>>(
        self,
        header: ForwardedHeader,
        proxies: impl IntoIterator<Item = N>,
    ) -> Self {
        self.endpoint.trust_proxies(header, proxies).into()
    }

    /// Limits the scrapes that are in flight at once, 32 by default: see [`MetricsEndpoint::max_concurrent`].
    ///
    /// ```
    /// use actix_web::{App, test};
    /// use metrics_actix::MetricsRoute;
    ///
    /// # #[actix_web::main]
    /// # async fn main() {
    /// let app = test::init_service(App::new().service(MetricsRoute::new("/metrics").max_concurrent(0))).await;
    /// let response = test::call_service(&app, test::TestRequest::with_uri("/metrics").to_request()).await;
    /// assert_eq!(response.status(), 503);
    /// assert_eq!(response.headers().get("retry-after").unwrap(), "1");
    /// # }
    /// ```
    pub fn max_concurrent(self, most: usize) -> Self {
        self.endpoint.max_concurrent(most).into()
    }

    /// Limits the time of a scrape, 60 seconds by default: see [`MetricsEndpoint::timeout`].
    ///
    /// ```
    /// use std::time::Duration;
    ///
    /// use actix_web::{App, test};
    /// use metrics_actix::MetricsRoute;
    ///
    /// # #[actix_web::main]
    /// # async fn main() {
    /// let route = MetricsRoute::new("/metrics").timeout(Duration::ZERO);
    /// let app = test::init_service(App::new().service(route)).await;
    /// let response = test::call_service(&app, test::TestRequest::with_uri("/metrics").to_request()).await;
    /// assert_eq!(response.status(), 503);
    /// # }
    /// ```
    pub fn timeout(self, time: Duration) -> Self {
        self.endpoint.timeout(time).into()
    }

    /// Limits the time for which a scraper may take nothing of a large page, 10 seconds by default: see
    /// [`MetricsEndpoint::send_timeout`].
    ///
    /// ```
    /// use std::time::Duration;
    ///
    /// use metrics_actix::MetricsRoute;
    ///
    /// let route = MetricsRoute::new("/metrics").send_timeout(Duration::from_secs(5));
    /// ```
    pub fn send_timeout(self, time: Duration) -> Self {
        self.endpoint.send_timeout(time).into()
    }

    /// Lists the errors in the configuration, for a test or a strict start: see [`MetricsEndpoint::config_errors`].
    ///
    /// ```
    /// use metrics_actix::MetricsRoute;
    ///
    /// let route = MetricsRoute::new("/metrics").allow_ips(["10.0.0.0/33"]);
    /// assert_eq!(route.config_errors(), ["`10.0.0.0/33` is neither an address nor a network such as `10.0.0.0/8`"]);
    /// ```
    pub fn config_errors(&self) -> &[String] {
        self.endpoint.config_errors()
    }
}
