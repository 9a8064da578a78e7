//! Names and constant labels.

use metrics_core::Registry;

use crate::{HttpLabel, HttpMetric, HttpMetrics, Preset, StatusLabel};

/// Names and constant labels.
impl HttpMetrics {
    /// Registers the metrics in a registry other than the global one.
    ///
    /// ```
    /// use metrics_actix::HttpMetrics;
    /// use metrics_core::Registry;
    ///
    /// let registry = Registry::new();
    /// let http = HttpMetrics::new().registry(&registry);
    /// ```
    pub fn registry(self, registry: &Registry) -> Self {
        self.with(|options| options.registry = registry.clone())
    }

    /// Sets the convention for the names of metrics and labels. The default is [`Preset::Prometheus`].
    ///
    /// ```
    /// # use actix_web::{App, HttpResponse, test, web};
    /// use metrics_actix::{HttpMetrics, Preset};
    /// # use metrics_core::Registry;
    ///
    /// # #[actix_web::main]
    /// # async fn main() {
    /// # let registry = Registry::new();
    /// let http = HttpMetrics::new().preset(Preset::OpenTelemetry);
    /// # let http = http.registry(&registry);
    /// # let app = App::new().wrap(http.clone()).route("/users/{id}", web::get().to(HttpResponse::NoContent));
    /// # test::call_service(&test::init_service(app).await, test::TestRequest::with_uri("/users/1").to_request()).await;
    /// # let page = registry.text();
    /// // GET /users/1
    /// assert!(page.contains(
    ///     "http_server_request_duration_seconds_count{http_request_method=\"GET\",http_route=\"/users/{id}\",\
    ///      http_response_status_code=\"204\",url_scheme=\"http\",network_protocol_version=\"1.1\"} 1\n"
    /// ));
    /// assert!(page.contains(
    ///     "http_server_active_requests{http_request_method=\"GET\",url_scheme=\"http\"} 0\n"
    /// ));
    /// # }
    /// ```
    pub fn preset(self, preset: Preset) -> Self {
        self.with(|options| options.preset = preset)
    }

    /// Prefixes all names with a namespace and `_`.
    ///
    /// ```
    /// use metrics_actix::HttpMetrics;
    ///
    /// let http = HttpMetrics::new().namespace("shop"); // shop_http_requests_total
    /// ```
    pub fn namespace(self, namespace: impl Into<String>) -> Self {
        self.with(|options| options.namespace = Some(namespace.into()))
    }

    /// Renames a metric. The names of the OpenTelemetry conventions cannot be changed.
    ///
    /// An invalid name is a registration error.
    ///
    /// ```
    /// # use actix_web::{App, HttpResponse, test, web};
    /// use metrics_actix::{HttpLabel, HttpMetric, HttpMetrics};
    /// # use metrics_core::Registry;
    ///
    /// # #[actix_web::main]
    /// # async fn main() {
    /// # let registry = Registry::new();
    /// let http = HttpMetrics::new()
    ///     .name(HttpMetric::Requests, "app_requests_total")
    ///     .label_name(HttpLabel::Status, "http_status");
    /// # let http = http.registry(&registry);
    /// # let app = App::new().wrap(http.clone()).route("/", web::get().to(HttpResponse::NoContent));
    /// # test::call_service(&test::init_service(app).await, test::TestRequest::default().to_request()).await;
    /// // GET /
    /// assert!(registry.text().contains("app_requests_total{method=\"GET\",endpoint=\"/\",http_status=\"204\"} 1\n"));
    /// # }
    /// ```
    pub fn name(self, metric: HttpMetric, name: impl Into<String>) -> Self {
        self.with(|options| options.set_name(metric, name.into()))
    }

    /// Renames a label in all metrics that have it. The names of the OpenTelemetry conventions cannot be changed.
    ///
    /// ```
    /// # use actix_web::{App, HttpResponse, test, web};
    /// use metrics_actix::{HttpLabel, HttpMetrics};
    /// # use metrics_core::Registry;
    ///
    /// # #[actix_web::main]
    /// # async fn main() {
    /// # let registry = Registry::new();
    /// let http = HttpMetrics::new().label_name(HttpLabel::Endpoint, "handler");
    /// # let http = http.registry(&registry);
    /// # let app = App::new().wrap(http.clone()).route("/", web::get().to(HttpResponse::NoContent));
    /// # test::call_service(&test::init_service(app).await, test::TestRequest::default().to_request()).await;
    /// // GET /
    /// let page = registry.text();
    /// assert!(page.contains("http_requests_total{method=\"GET\",handler=\"/\",status=\"204\"} 1\n"));
    /// assert!(page.contains("http_panics_total{handler=\"/\"} 0\n"));
    /// # }
    /// ```
    pub fn label_name(self, label: HttpLabel, name: impl Into<String>) -> Self {
        self.with(|options| options.set_label_name(label, name.into()))
    }

    /// Adds a constant label to all series.
    ///
    /// ```
    /// use metrics_actix::HttpMetrics;
    ///
    /// let http = HttpMetrics::new().label("service", "shop"); // http_requests_total{service="shop",…}
    /// ```
    pub fn label(self, name: impl Into<String>, value: impl Into<String>) -> Self {
        self.with(|options| options.constant_labels.push((name.into(), value.into())))
    }

    /// Sets the values of the label `status`. The default is the code.
    ///
    /// ```
    /// use metrics_actix::{HttpMetrics, StatusLabel};
    ///
    /// let http = HttpMetrics::new().status(StatusLabel::Class); // status="2xx"
    /// ```
    pub fn status(self, status: StatusLabel) -> Self {
        self.with(|options| options.status = status)
    }
}
