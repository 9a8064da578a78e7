//! Measurements and buckets.

use crate::{HttpMetric, HttpMetrics, InProgress};

/// Measurements and buckets.
impl HttpMetrics {
    /// Sets the upper bounds of the duration buckets, in seconds and increasing.
    ///
    /// The default is [`metrics_core::DEFAULT_BUCKETS`], or the buckets of the conventions for the metric of OpenTelemetry. Bounds
    /// that do not increase are a registration error.
    ///
    /// ```
    /// use metrics_actix::HttpMetrics;
    ///
    /// let http = HttpMetrics::new().buckets(&[0.01, 0.1, 1.0]).route_buckets("/reports/{id}", &[1.0, 10.0, 60.0]);
    /// ```
    pub fn buckets(self, bounds: &[f64]) -> Self {
        self.with(|options| options.buckets = Some(bounds.to_vec()))
    }

    /// Sets the upper bounds of the duration buckets of the route with this pattern, in seconds and increasing.
    ///
    /// Routes whose percentiles are computed together should have the same buckets.
    ///
    /// ```
    /// # use actix_web::{App, HttpResponse, test, web};
    /// use metrics_actix::HttpMetrics;
    /// # use metrics_core::Registry;
    ///
    /// # #[actix_web::main]
    /// # async fn main() {
    /// # let registry = Registry::new();
    /// let http = HttpMetrics::new().route_buckets("/reports/{id}", &[60.0]);
    /// # let http = http.registry(&registry);
    /// # let app = App::new().wrap(http.clone()).route("/reports/{id}", web::get().to(HttpResponse::NoContent));
    /// # test::call_service(&test::init_service(app).await, test::TestRequest::with_uri("/reports/1").to_request()).await;
    /// // GET /reports/1
    /// assert!(registry.text().contains(
    ///     "http_request_duration_seconds_bucket{method=\"GET\",endpoint=\"/reports/{id}\",le=\"60\"} 1\n\
    ///      http_request_duration_seconds_bucket{method=\"GET\",endpoint=\"/reports/{id}\",le=\"+Inf\"} 1\n"
    /// ));
    /// # }
    /// ```
    pub fn route_buckets(self, pattern: impl Into<String>, bounds: &[f64]) -> Self {
        let pattern = pattern.into();
        self.with(|options| {
            options.route_buckets.retain(|(other, _)| *other != pattern);
            options.route_buckets.push((pattern, bounds.to_vec()));
        })
    }

    /// Sets the upper bounds of the buckets of body sizes, in bytes and increasing. The default is
    /// [`metrics_core::DEFAULT_BYTE_BUCKETS`].
    ///
    /// ```
    /// use metrics_actix::HttpMetrics;
    ///
    /// let http = HttpMetrics::new().response_size().size_buckets(&[1e3, 1e6]);
    /// ```
    pub fn size_buckets(self, bounds: &[f64]) -> Self {
        self.with(|options| options.size_buckets = Some(bounds.to_vec()))
    }

    /// Measures the bytes of request bodies that the service reads, in `http_request_size_bytes`.
    ///
    /// Chunked bodies count too. Bytes that the service leaves unread do not. A request with a body takes two allocations more.
    ///
    /// ```
    /// # use actix_web::{App, HttpResponse, test, web};
    /// use metrics_actix::HttpMetrics;
    /// # use metrics_core::Registry;
    ///
    /// # #[actix_web::main]
    /// # async fn main() {
    /// # let registry = Registry::new();
    /// let http = HttpMetrics::new().request_size().response_size().first_byte();
    /// # let http = http.registry(&registry);
    /// # let app = App::new().wrap(http.clone()).route("/", web::post().to(|body: String| async move { body.repeat(2) }));
    /// # let request = test::TestRequest::post().set_payload("12345").to_request();
    /// # test::call_and_read_body(&test::init_service(app).await, request).await;
    /// // POST / with five bytes, to a handler that returns ten
    /// let page = registry.text();
    /// assert!(page.contains("http_request_size_bytes_sum{method=\"POST\",endpoint=\"/\"} 5\n"));
    /// assert!(page.contains("http_response_size_bytes_sum{method=\"POST\",endpoint=\"/\"} 10\n"));
    /// assert!(page.contains("http_response_first_byte_seconds_count{method=\"POST\",endpoint=\"/\"} 1\n"));
    /// # }
    /// ```
    pub fn request_size(self) -> Self {
        self.with(|options| options.extra_metrics.push(HttpMetric::RequestSize))
    }

    /// Measures the bytes of response bodies that the server is given, in `http_response_size_bytes`.
    ///
    /// They are the bytes before compression if `Compress` is an outer middleware.
    ///
    /// ```
    /// # use actix_web::{App, test, web};
    /// use metrics_actix::HttpMetrics;
    /// # use metrics_core::Registry;
    ///
    /// # #[actix_web::main]
    /// # async fn main() {
    /// # let registry = Registry::new();
    /// let http = HttpMetrics::new().response_size().size_buckets(&[10.0]);
    /// # let http = http.registry(&registry);
    /// # let app = App::new().wrap(http.clone()).route("/", web::get().to(|| async { "hello" }));
    /// # test::call_and_read_body(&test::init_service(app).await, test::TestRequest::default().to_request()).await;
    /// // GET /, to a handler that returns "hello"
    /// let page = registry.text();
    /// assert!(page.contains("http_response_size_bytes_bucket{method=\"GET\",endpoint=\"/\",le=\"10\"} 1\n"));
    /// assert!(page.contains("http_response_size_bytes_sum{method=\"GET\",endpoint=\"/\"} 5\n"));
    /// # }
    /// ```
    pub fn response_size(self) -> Self {
        self.with(|options| options.extra_metrics.push(HttpMetric::ResponseSize))
    }

    /// Measures the seconds to the response's head, in `http_response_first_byte_seconds`.
    ///
    /// `http_request_duration_seconds` has the seconds to the last byte. A request without a response is in that metric alone.
    ///
    /// ```
    /// # use actix_web::{App, HttpResponse, test, web};
    /// use metrics_actix::HttpMetrics;
    /// # use metrics_core::Registry;
    ///
    /// # #[actix_web::main]
    /// # async fn main() {
    /// # let registry = Registry::new();
    /// let http = HttpMetrics::new().first_byte();
    /// # let http = http.registry(&registry);
    /// # let app = App::new().wrap(http.clone()).route("/", web::get().to(HttpResponse::NoContent));
    /// # test::call_service(&test::init_service(app).await, test::TestRequest::default().to_request()).await;
    /// // GET /
    /// assert!(registry.text().contains("http_response_first_byte_seconds_count{method=\"GET\",endpoint=\"/\"} 1\n"));
    /// # }
    /// ```
    pub fn first_byte(self) -> Self {
        self.with(|options| options.extra_metrics.push(HttpMetric::FirstByte))
    }

    /// Counts the database operations of each request and their time, in `http_request_db_queries` and
    /// `http_request_db_duration_seconds`, so that an endpoint with a query for each row shows.
    ///
    /// The integrations of metrics-core and [`metrics_core::record_database_operation`] are counted, as long as the request waits
    /// for them itself. Operations of a spawned task or of another thread are not seen, and those that run at the same time count
    /// in full. `SqlxQueries` sees those of `SQLite` on the threads of their connections, so use `MeasuredPool` there.
    ///
    /// ```
    /// # use std::time::Duration;
    /// # use actix_web::{App, HttpResponse, test, web};
    /// use metrics_actix::HttpMetrics;
    /// # use metrics_core::{Registry, record_database_operation};
    ///
    /// # #[actix_web::main]
    /// # async fn main() {
    /// # let registry = Registry::new();
    /// let http = HttpMetrics::new().database_use();
    /// # let http = http.registry(&registry);
    /// # let players = || async { for _ in 0..21 { record_database_operation(Duration::from_millis(1)) } HttpResponse::Ok() };
    /// # let app = test::init_service(App::new().wrap(http.clone()).route("/players", web::get().to(players))).await;
    /// # test::call_service(&app, test::TestRequest::with_uri("/players").to_request()).await;
    /// // GET /players, which asks for a list of 20 and then for each of them
    /// assert!(registry.text().contains("http_request_db_queries_sum{endpoint=\"/players\"} 21\n"));
    /// # }
    /// ```
    pub fn database_use(self) -> Self {
        self.with(|options| {
            options.extra_metrics.extend([HttpMetric::DatabaseQueries, HttpMetric::DatabaseDuration]);
        })
    }

    /// Sets the labels of the gauge of requests in progress. The default is method and endpoint.
    ///
    /// ```
    /// use metrics_actix::{HttpMetrics, InProgress};
    ///
    /// let http = HttpMetrics::new().in_progress(InProgress::ByMethod); // http_requests_in_progress{method}
    /// ```
    pub fn in_progress(self, in_progress: InProgress) -> Self {
        self.with(|options| options.in_progress = in_progress)
    }
}
