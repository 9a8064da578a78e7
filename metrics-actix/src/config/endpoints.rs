//! Endpoints and exclusions.

use std::sync::Arc;

use regex::Regex;

use crate::{HttpMetrics, options::EndpointNamer};

/// Endpoints and exclusions.
impl HttpMetrics {
    /// Gives all requests the same endpoint: for a scope that is measured as a whole, or a resource with an unclear pattern.
    ///
    /// ```
    /// # use actix_web::{App, HttpResponse, test, web};
    /// use metrics_actix::HttpMetrics;
    /// # use metrics_core::Registry;
    ///
    /// # #[actix_web::main]
    /// # async fn main() {
    /// # let registry = Registry::new();
    /// # let http = HttpMetrics::new().registry(&registry);
    /// let legacy = web::scope("/legacy").wrap(http.clone().endpoint("legacy"));
    /// # let legacy = legacy.default_service(web::to(HttpResponse::NoContent));
    /// # let app = test::init_service(App::new().service(legacy)).await;
    /// # test::call_service(&app, test::TestRequest::with_uri("/legacy/any/thing").to_request()).await;
    /// // GET /legacy/any/thing
    /// assert!(registry.text().contains("http_requests_total{method=\"GET\",endpoint=\"legacy\",status=\"204\"} 1\n"));
    /// # }
    /// ```
    pub fn endpoint(self, endpoint: impl Into<String>) -> Self {
        self.with(|options| options.fixed_endpoint = Some(endpoint.into()))
    }

    /// Derives endpoints from the patterns of the routes. An empty name becomes `/`.
    ///
    /// Each worker calls the function once for each route. Routes with the same name share their series.
    ///
    /// ```
    /// # use actix_web::{App, HttpResponse, test, web};
    /// use metrics_actix::HttpMetrics;
    /// # use metrics_core::Registry;
    ///
    /// # #[actix_web::main]
    /// # async fn main() {
    /// # let registry = Registry::new();
    /// let http = HttpMetrics::new().name_endpoints(|pattern| pattern.trim_start_matches("/api/v1").to_owned());
    /// # let http = http.registry(&registry);
    /// # let app = App::new().wrap(http.clone()).route("/api/v1/users/{id}", web::get().to(HttpResponse::NoContent));
    /// # test::call_service(&test::init_service(app).await, test::TestRequest::with_uri("/api/v1/users/1").to_request()).await;
    /// // GET /api/v1/users/1
    /// assert!(registry.text().contains("http_requests_total{method=\"GET\",endpoint=\"/users/{id}\",status=\"204\"} 1\n"));
    /// # }
    /// ```
    pub fn name_endpoints(self, name: impl Fn(&str) -> String + Send + Sync + 'static) -> Self {
        self.with(|options| options.endpoint_namer = Some(EndpointNamer(Arc::new(name))))
    }

    /// Excludes requests to a path, and requests that a route with this pattern has taken.
    ///
    /// A path is compared before routing and a pattern after it: `exclude("/{page}")` excludes no request that another route takes,
    /// even if the pattern fits its path.
    ///
    /// ```
    /// use metrics_actix::HttpMetrics;
    ///
    /// let http = HttpMetrics::new().exclude("/health").exclude("/assets/{file}*");
    /// ```
    pub fn exclude(self, path: impl Into<String>) -> Self {
        self.with(|options| options.exclusions.texts.push(path.into()))
    }

    /// Excludes requests whose path contains a match of a regular expression.
    ///
    /// Each request's path is searched, in time linear in its length.
    ///
    /// # Errors
    ///
    /// Returns an error if the expression is not valid.
    ///
    /// ```
    /// use metrics_actix::HttpMetrics;
    ///
    /// let http = HttpMetrics::new().exclude_regex(r"^/internal/|\.ico$")?;
    /// # Ok::<(), regex::Error>(())
    /// ```
    pub fn exclude_regex(self, expression: &str) -> Result<Self, regex::Error> {
        let expression = Regex::new(expression)?;
        Ok(self.with(|options| options.exclusions.expressions.push(expression)))
    }

    /// Excludes requests that end with a status code.
    ///
    /// The gauge of requests in progress counts them until they end. Panics and clients that disconnect are counted whatever the
    /// status.
    ///
    /// ```
    /// # use actix_web::{App, HttpResponse, test, web};
    /// use metrics_actix::HttpMetrics;
    /// # use metrics_core::Registry;
    ///
    /// # #[actix_web::main]
    /// # async fn main() {
    /// # let registry = Registry::new();
    /// let http = HttpMetrics::new().exclude_status(404);
    /// # let http = http.registry(&registry);
    /// # let app = App::new().wrap(http.clone()).route("/", web::get().to(HttpResponse::NoContent));
    /// # let app = test::init_service(app).await;
    /// # for path in ["/", "/none"] {
    /// #     test::call_service(&app, test::TestRequest::with_uri(path).to_request()).await;
    /// # }
    /// // GET / and GET /none
    /// let page = registry.text();
    /// assert!(page.contains("http_requests_total{method=\"GET\",endpoint=\"/\",status=\"204\"} 1\n"));
    /// assert!(!page.contains("status=\"404\""));
    /// # }
    /// ```
    pub fn exclude_status(self, status: u16) -> Self {
        self.with(|options| options.exclusions.statuses.push(status))
    }

    /// Sets the endpoint of requests that no route takes. The default is `unmatched`; an empty one becomes `/`.
    ///
    /// ```
    /// # use actix_web::{App, HttpResponse, test, web};
    /// use metrics_actix::HttpMetrics;
    /// # use metrics_core::Registry;
    ///
    /// # #[actix_web::main]
    /// # async fn main() {
    /// # let registry = Registry::new();
    /// let http = HttpMetrics::new().unmatched_endpoint("none");
    /// # let http = http.registry(&registry);
    /// # let app = test::init_service(App::new().wrap(http.clone())).await;
    /// # test::call_service(&app, test::TestRequest::with_uri("/wp-login.php").to_request()).await;
    /// // GET /wp-login.php
    /// assert!(registry.text().contains("http_requests_total{method=\"GET\",endpoint=\"none\",status=\"404\"} 1\n"));
    /// # }
    /// ```
    pub fn unmatched_endpoint(self, endpoint: impl Into<String>) -> Self {
        let endpoint = endpoint.into();
        let endpoint = if endpoint.is_empty() { "/".into() } else { endpoint };
        self.with(|options| options.unmatched_endpoint = endpoint)
    }

    /// Measures requests to `/metrics`, [`MetricsRoute`](crate::MetricsRoute) and [`HealthRoute`](crate::HealthRoute) as well.
    ///
    /// ```
    /// use metrics_actix::HttpMetrics;
    ///
    /// let http = HttpMetrics::new().include_scrapes();
    /// ```
    pub fn include_scrapes(self) -> Self {
        self.with(|options| {
            options.exclusions.own_routes = false;
            options.exclusions.texts.retain(|text| text != "/metrics");
        })
    }
}
