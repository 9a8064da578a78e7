//! Middleware: see [`HttpMetrics`].

use std::{
    future::{Ready, ready},
    rc::Rc,
    sync::{Arc, OnceLock},
};

use actix_web::{
    Error,
    body::MessageBody,
    dev::{Service, ServiceRequest, ServiceResponse, Transform, forward_ready},
};

use crate::{
    families::Families, in_flight::InFlightRequest, matched_route::is_resource_service, options::Options,
    response_future::MeasuredFuture, series_cache::SeriesCache,
};

/// Middleware that measures HTTP requests.
///
/// It registers `http_requests_total`, `http_request_duration_seconds`, `http_requests_in_progress` and `http_panics_total`, and by
/// option `http_request_size_bytes`, `http_response_size_bytes` and `http_response_first_byte_seconds`. The documentation of the
/// [crate] has their labels. Requests to `/metrics`, and to [`MetricsRoute`](crate::MetricsRoute) and
/// [`HealthRoute`](crate::HealthRoute) at any path, are not measured; [`include_scrapes`](Self::include_scrapes) measures them.
///
/// Make one before `HttpServer::new` and clone it into every worker. Clones share one set of series, and so do instances that
/// are made separately with the same options.
///
/// A metric that conflicts with another one of the same name is missing from the page and listed by
/// [`Registry::registration_errors`](metrics_core::Registry::registration_errors); the service runs on.
///
/// ```
/// use actix_web::{App, HttpResponse, test, web};
/// use metrics_actix::HttpMetrics;
/// use metrics_core::Registry;
///
/// # #[actix_web::main]
/// # async fn main() {
/// let registry = Registry::new();
/// let http = HttpMetrics::new().registry(&registry).namespace("shop").exclude("/health");
/// let app = test::init_service(
///     App::new()
///         .wrap(http.clone())
///         .route("/users/{id}", web::get().to(HttpResponse::NoContent))
///         .route("/health", web::get().to(HttpResponse::Ok)),
/// )
/// .await;
/// for path in ["/users/1", "/users/2", "/health", "/wp-login.php"] {
///     test::call_service(&app, test::TestRequest::with_uri(path).to_request()).await;
/// }
/// let page = registry.text();
/// assert!(page.contains("shop_http_requests_total{method=\"GET\",endpoint=\"/users/{id}\",status=\"204\"} 2\n"));
/// assert!(page.contains("shop_http_requests_total{method=\"GET\",endpoint=\"unmatched\",status=\"404\"} 1\n"));
/// assert!(!page.contains("/health"));
/// # }
/// ```
#[derive(Clone, Debug)]
pub struct HttpMetrics {
    options: Arc<Options>,
    /// Registered when the first worker starts, at the latest: the options are complete by then.
    families: Arc<OnceLock<Arc<Families>>>,
}

const _: () = {
    const fn assert_shared_by_workers<T: Send + Sync + Clone>() {}
    assert_shared_by_workers::<HttpMetrics>();
};

impl HttpMetrics {
    /// Creates metrics in the global registry, with the default names and buckets. They are registered when the first worker starts.
    pub fn new() -> Self {
        Self { options: Arc::default(), families: Arc::default() }
    }

    /// Registers the metrics now. Otherwise the first worker registers them when it starts.
    ///
    /// Before that, neither the page nor [`catalog`](metrics_core::catalog()) has them. Call this where no server runs, as in a
    /// command that prints the catalogue. Call it last: an option after it makes another set of metrics.
    ///
    /// A metric that cannot be registered is missing from the page and listed by
    /// [`Registry::registration_errors`](metrics_core::Registry::registration_errors).
    ///
    /// ```
    /// use metrics_actix::HttpMetrics;
    /// use metrics_core::Registry;
    ///
    /// let registry = Registry::new();
    /// let http = HttpMetrics::new().registry(&registry).register();
    /// let catalog = registry.catalog();
    /// assert!(catalog.metrics.iter().any(|metric| metric.name == "http_requests_total"));
    /// assert!(registry.text().contains("# TYPE http_requests_total counter\n"));
    /// # drop(http);
    /// ```
    #[must_use]
    pub fn register(self) -> Self {
        self.families();
        self
    }

    /// Changes the options. Metrics that were registered with the former ones are not used.
    pub(crate) fn with(mut self, change: impl FnOnce(&mut Options)) -> Self {
        change(Arc::make_mut(&mut self.options));
        self.families = Arc::default();
        self
    }

    fn families(&self) -> &Arc<Families> {
        self.families.get_or_init(|| Families::shared(&self.options))
    }

    fn series_cache(&self, is_resource: bool) -> SeriesCache {
        SeriesCache::new(Arc::clone(self.families()), Arc::clone(&self.options), is_resource)
    }
}

impl Default for HttpMetrics {
    fn default() -> Self {
        Self::new()
    }
}

impl<S, B> Transform<S, ServiceRequest> for HttpMetrics
where
    S: Service<ServiceRequest, Response = ServiceResponse<B>, Error = Error>,
    B: MessageBody + 'static,
{
    type Response = ServiceResponse;
    type Error = Error;
    type Transform = HttpMetricsMiddleware<S>;
    type InitError = ();
    type Future = Ready<Result<Self::Transform, Self::InitError>>;

    fn new_transform(&self, service: S) -> Self::Future {
        let cache = Rc::new(self.series_cache(is_resource_service::<S>()));
        ready(Ok(HttpMetricsMiddleware { service, cache }))
    }
}

/// Service that [`HttpMetrics`] wraps around the inner one.
#[derive(Debug)]
pub struct HttpMetricsMiddleware<S> {
    service: S,
    cache: Rc<SeriesCache>,
}

impl<S, B> Service<ServiceRequest> for HttpMetricsMiddleware<S>
where
    S: Service<ServiceRequest, Response = ServiceResponse<B>, Error = Error>,
    B: MessageBody + 'static,
{
    type Response = ServiceResponse;
    type Error = Error;
    type Future = MeasuredFuture<S::Future>;

    forward_ready!(service);

    fn call(&self, mut request: ServiceRequest) -> Self::Future {
        let in_flight = InFlightRequest::start(&self.cache, &mut request);
        MeasuredFuture::start(in_flight, || self.service.call(request))
    }
}
