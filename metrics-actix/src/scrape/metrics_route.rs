//! The route and its configuration.

use std::{path::PathBuf, time::Duration};

use metrics_core::{JsonTemplate, Registry};

use super::{networks::ForwardedHeader, options::Options};

/// The route that shows the metrics, in the format that the scraper asks for: the text format 0.0.4 unless it prefers
/// [another](metrics_core::Format).
///
/// It answers GET and HEAD; other methods get 405. Where a path shows JSON alone, its refusals are JSON as well, with the
/// member `error`. `?name[]=…` restricts the page to families of these names. The page is
/// compressed where the scraper accepts it and the features `gzip` or `zstd` are on.
/// [`HttpMetrics`](crate::HttpMetrics) leaves its requests out.
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
/// # Pages of any size
///
/// A page is made on a thread of its own, so that no request waits for it. Up to 64 KiB it is sent as a whole, with its
/// length; a larger one is sent in chunks while it is made, no faster than the scraper takes them, and what is in memory of it
/// is a few chunks. A scraper that goes away in the middle ends the page there.
///
/// A scrape ends in time: where the page is not begun after its [`timeout`](Self::timeout) the answer is 503, and where it is
/// not finished the connection is closed without the last chunk, by which a scraper knows that something is missing.
/// `metrics_scrape_errors_total` counts both, with the cause `timeout`; the cause `abandoned` is a scraper that went away, and
/// `busy` one that came when there were [as many as may be at once](Self::max_concurrent).
///
/// # Who may see it
///
/// Everybody, unless the route is told otherwise: [`bearer_token`](Self::bearer_token), [`basic_auth`](Self::basic_auth),
/// [`allow_ips`](Self::allow_ips). These hold for all the paths of the route. What cannot be used, as a network that is none,
/// admits nobody, is logged when the service starts, and is listed by [`config_errors`](Self::config_errors).
#[derive(Clone, Debug)]
pub struct MetricsRoute {
    pub(super) path: String,
    pub(super) json: Option<String>,
    pub(super) template: Option<(String, JsonTemplate)>,
    pub(super) live: Option<String>,
    pub(super) options: Options,
}

impl MetricsRoute {
    /// The global registry's metrics at a path.
    pub fn new(path: impl Into<String>) -> Self {
        Self { path: path.into(), json: None, template: None, live: None, options: Options::new() }
    }

    /// Shows a registry other than the global one.
    pub fn registry(mut self, registry: &Registry) -> Self {
        self.options.registry = registry.clone();
        self
    }

    /// Shows the metrics as JSON at a second path, whatever the request accepts.
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
    /// let route = MetricsRoute::new("/metrics").registry(&registry).json("/api/metrics");
    /// let app = test::init_service(App::new().service(route)).await;
    /// let page = test::call_and_read_body(&app, test::TestRequest::with_uri("/api/metrics").to_request()).await;
    /// assert!(page.starts_with(b"{\"families\":["));
    /// # Ok(())
    /// # }
    /// ```
    pub fn json(mut self, path: impl Into<String>) -> Self {
        self.json = Some(path.into());
        self
    }

    /// Shows some of the metrics as JSON at a path, in the shape of a template, whatever the request accepts: for a service
    /// whose users know such a page.
    ///
    /// ```
    /// use actix_web::{App, test};
    /// use metrics_actix::MetricsRoute;
    /// use metrics_core::{Counter, Definition, JsonTemplate, Registry};
    ///
    /// # #[actix_web::main]
    /// # async fn main() -> Result<(), metrics_core::RegistrationError> {
    /// let registry = Registry::new();
    /// let requests: Counter = registry.register(&Definition::new("api_requests_total", "Requests."))?;
    /// requests.inc_by(3);
    /// let template = JsonTemplate::new().value("requestCount", "api_requests_total");
    /// let route = MetricsRoute::new("/metrics").registry(&registry).json_template("/api/metrics", template);
    /// let app = test::init_service(App::new().service(route)).await;
    /// let page = test::call_and_read_body(&app, test::TestRequest::with_uri("/api/metrics").to_request()).await;
    /// assert_eq!(page, r#"{"metrics":[{"name":"requestCount","value":3}]}"#);
    /// # Ok(())
    /// # }
    /// ```
    pub fn json_template(mut self, path: impl Into<String>, template: JsonTemplate) -> Self {
        self.template = Some((path.into(), template));
        self
    }

    /// Shows a page at a further path that draws the metrics in a browser, from successive scrapes of this route.
    ///
    /// It is one file with all that it needs, and asks nobody else. It shows rates, errors and latency percentiles of HTTP
    /// requests and of annotated functions, and any other metric.
    ///
    /// Where the route has basic credentials a browser asks for them; where it has a bearer token alone, the page itself
    /// holds nothing and asks for the token.
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
    pub fn live(mut self, path: impl Into<String>) -> Self {
        self.live = Some(path.into());
        self
    }

    /// Asks for a bearer token. Of several any will do, so that a token can be changed without a gap.
    ///
    /// A request without one gets 401 and is told so. Tokens are compared in constant time.
    ///
    /// <https://www.rfc-editor.org/rfc/rfc6750>
    ///
    /// ```
    /// use actix_web::{App, test};
    /// use metrics_actix::MetricsRoute;
    ///
    /// # #[actix_web::main]
    /// # async fn main() {
    /// let route = MetricsRoute::new("/metrics").bearer_token("of-this-month").bearer_token("of-last-month");
    /// let app = test::init_service(App::new().service(route)).await;
    /// for (token, status) in [("of-this-month", 200), ("of-last-month", 200), ("another", 401)] {
    ///     let request = test::TestRequest::with_uri("/metrics");
    ///     let request = request.insert_header(("authorization", format!("Bearer {token}")));
    ///     assert_eq!(test::call_service(&app, request.to_request()).await.status(), status);
    /// }
    /// # }
    /// ```
    pub fn bearer_token(mut self, token: impl AsRef<str>) -> Self {
        let added = self.options.credentials.add_token(token.as_ref());
        self.options.note(added);
        self
    }

    /// Asks for the bearer token in a file, which may be replaced while the service runs: it is read again after two seconds.
    ///
    /// White space around the token is left out. While the file cannot be read its token admits nobody, which is logged.
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
    pub fn bearer_token_file(mut self, path: impl Into<PathBuf>) -> Self {
        self.options.credentials.add_token_file(path.into());
        self
    }

    /// Asks for a user's name and password. Of several any will do, beside bearer tokens as well.
    ///
    /// A request without them gets 401, with a challenge on which browsers ask their user. They are compared in constant time.
    ///
    /// <https://www.rfc-editor.org/rfc/rfc7617>
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
    pub fn basic_auth(mut self, user: impl AsRef<str>, password: impl AsRef<str>) -> Self {
        let added = self.options.credentials.add_pair(user.as_ref(), password.as_ref());
        self.options.note(added);
        self
    }

    /// Allows scrapers with these addresses or in these networks, and those of other calls, and no others: they get 403.
    ///
    /// The address is that of the connection, unless the route [trusts proxies](Self::trust_proxies).
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
    pub fn allow_ips<N: AsRef<str>>(mut self, networks: impl IntoIterator<Item = N>) -> Self {
        self.options.origins.allow_none_else();
        for network in networks {
            let added = self.options.origins.allow(network.as_ref());
            self.options.note(added);
        }
        self
    }

    /// Believes the proxies with these addresses or in these networks for whom they ask, by a header that they write.
    ///
    /// Of the addresses in the header the last one that is not a proxy's is the scraper's; those before it are the
    /// scraper's own words. What anybody else writes in the header means nothing, and neither does the other header.
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
        mut self,
        header: ForwardedHeader,
        proxies: impl IntoIterator<Item = N>,
    ) -> Self {
        for proxy in proxies {
            let added = self.options.origins.trust(header, proxy.as_ref());
            self.options.note(added);
        }
        self
    }

    /// How many scrapes go on at once, 32 unless told; more get 503 with `Retry-After`.
    ///
    /// All scrapes of a registry in this process count, whatever worker or route they come to.
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
    pub const fn max_concurrent(mut self, most: usize) -> Self {
        self.options.most_scrapes = most;
        self
    }

    /// How long a scrape may take, a minute unless told; a scraper that says that it waits less gets less.
    ///
    /// Prometheus says so in the header `X-Prometheus-Scrape-Timeout-Seconds`.
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
    pub const fn timeout(mut self, time: Duration) -> Self {
        self.options.timeout = time;
        self
    }

    /// What is wrong with what the route was told: empty where all is well.
    ///
    /// For a test, or for a start that is to fail instead of running with a route that admits fewer than it should.
    ///
    /// ```
    /// use metrics_actix::MetricsRoute;
    ///
    /// let route = MetricsRoute::new("/metrics").allow_ips(["10.0.0.0/33"]).bearer_token("");
    /// assert_eq!(route.config_errors(), [
    ///     "`10.0.0.0/33` is no address and no network as 10.0.0.0/8",
    ///     "a bearer token admits nobody: it is empty",
    /// ]);
    /// ```
    pub fn config_errors(&self) -> &[String] {
        &self.options.config_errors
    }
}
