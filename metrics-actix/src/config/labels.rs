//! Labels from requests and responses.

use std::{borrow::Cow, sync::Arc};

use actix_web::{
    HttpRequest,
    dev::{ResponseHead, ServiceRequest},
};
use metrics_core::LabelValue;

use crate::{
    HttpMetrics,
    label_values::{ABSENT, CachedLabelValues, ValueId, without_control_characters},
    options::ExtraLabel,
};

/// Labels from requests and responses.
impl HttpMetrics {
    /// Adds a label from the request, with finitely many values. All metrics but `http_panics_total` have it.
    ///
    /// `value` is called once for each request, before the inner service. A panic in it unwinds to actix, and the request is not
    /// counted.
    ///
    /// ```
    /// # use actix_web::{App, HttpResponse, test, web};
    /// use metrics_actix::HttpMetrics;
    /// use metrics_core::LabelValue;
    /// # use metrics_core::Registry;
    ///
    /// #[derive(Clone, Copy, LabelValue)]
    /// #[label(rename_all = "snake_case")]
    /// enum Client { App, Browser }
    ///
    /// # #[actix_web::main]
    /// # async fn main() {
    /// # let registry = Registry::new();
    /// let http = HttpMetrics::new().request_label("client", |request| {
    ///     if request.headers().contains_key("x-app") { Client::App } else { Client::Browser }
    /// });
    /// # let http = http.registry(&registry);
    /// # let app = App::new().wrap(http.clone()).route("/", web::get().to(HttpResponse::NoContent));
    /// # test::call_service(&test::init_service(app).await, test::TestRequest::default().to_request()).await;
    /// // GET /
    /// assert!(registry.text().contains(
    ///     "http_requests_total{method=\"GET\",endpoint=\"/\",status=\"204\",client=\"browser\"} 1\n"
    /// ));
    /// # }
    /// ```
    pub fn request_label<V: LabelValue>(
        self,
        name: impl Into<String>,
        value: impl Fn(&ServiceRequest) -> V + Send + Sync + 'static,
    ) -> Self {
        let label = ExtraLabel {
            name: name.into(),
            finite: Some((V::COUNT, V::name_at)),
            limit: V::COUNT,
            read: Arc::new(move |request: &ServiceRequest, _: &_| value_id(value(request).index())) as Arc<_>,
        };
        self.with(|options| options.request_labels.push(label))
    }

    /// Adds a label from the request with any string as its value.
    ///
    /// The first `limit` distinct strings are kept; later ones become `_OTHER` and count in `metrics_overflow_total`. If `value`
    /// returns `None`, the label is absent. Control characters and line separators become spaces.
    ///
    /// A client that chooses the string can use up the limit. Prefer a string that the service chooses, such as the tenant that an
    /// outer middleware has put among the request's extensions.
    ///
    /// ```
    /// # use actix_web::{App, HttpResponse, test, web};
    /// use metrics_actix::HttpMetrics;
    /// # use metrics_core::Registry;
    ///
    /// # #[actix_web::main]
    /// # async fn main() {
    /// # let registry = Registry::new();
    /// let http = HttpMetrics::new().capped_request_label("tenant", 100, |request| {
    ///     Some(request.headers().get("x-tenant")?.to_str().ok()?.into())
    /// });
    /// # let http = http.registry(&registry);
    /// # let app = App::new().wrap(http.clone()).route("/", web::get().to(HttpResponse::NoContent));
    /// # let request = test::TestRequest::default().insert_header(("x-tenant", "acme"));
    /// # test::call_service(&test::init_service(app).await, request.to_request()).await;
    /// // GET / with "x-tenant: acme"
    /// assert!(registry.text().contains(
    ///     "http_requests_total{method=\"GET\",endpoint=\"/\",status=\"204\",tenant=\"acme\"} 1\n"
    /// ));
    /// # }
    /// ```
    pub fn capped_request_label(
        self,
        name: impl Into<String>,
        limit: usize,
        value: impl Fn(&ServiceRequest) -> Option<Cow<'_, str>> + Send + Sync + 'static,
    ) -> Self {
        let label = ExtraLabel {
            name: name.into(),
            finite: None,
            limit,
            read: Arc::new(move |request: &ServiceRequest, cached: &CachedLabelValues| {
                Some(cached.intern(&without_control_characters(&value(request)?)))
            }) as Arc<_>,
        };
        self.with(|options| options.request_labels.push(label))
    }

    /// Adds a label from the response's head, with finitely many values. All metrics of completed requests but `http_panics_total`
    /// have it. It is absent if there was no response.
    ///
    /// ```
    /// # use actix_web::{App, HttpResponse, test, web};
    /// use metrics_actix::HttpMetrics;
    /// # use metrics_core::Registry;
    ///
    /// # #[actix_web::main]
    /// # async fn main() {
    /// # let registry = Registry::new();
    /// let http = HttpMetrics::new()
    ///     .response_label("cached", |_request, response| response.headers().contains_key("age"));
    /// # let http = http.registry(&registry);
    /// # let app = App::new().wrap(http.clone()).route("/", web::get().to(HttpResponse::NoContent));
    /// # test::call_service(&test::init_service(app).await, test::TestRequest::default().to_request()).await;
    /// // GET /
    /// assert!(registry.text().contains(
    ///     "http_requests_total{method=\"GET\",endpoint=\"/\",status=\"204\",cached=\"false\"} 1\n"
    /// ));
    /// # }
    /// ```
    pub fn response_label<V: LabelValue>(
        self,
        name: impl Into<String>,
        value: impl Fn(&HttpRequest, &ResponseHead) -> V + Send + Sync + 'static,
    ) -> Self {
        let label = ExtraLabel {
            name: name.into(),
            finite: Some((V::COUNT, V::name_at)),
            limit: V::COUNT,
            read: Arc::new(move |request: &HttpRequest, head: &ResponseHead, _: &_| {
                value_id(value(request, head).index())
            }) as Arc<_>,
        };
        self.with(|options| options.response_labels.push(label))
    }

    /// Adds a label from the response's head with any string as its value, as
    /// [`capped_request_label`](Self::capped_request_label) does.
    ///
    /// ```
    /// use metrics_actix::HttpMetrics;
    ///
    /// let http = HttpMetrics::new().capped_response_label("backend", 20, |_request, response| {
    ///     Some(response.headers().get("x-backend")?.to_str().ok()?.into())
    /// });
    /// ```
    pub fn capped_response_label(
        self,
        name: impl Into<String>,
        limit: usize,
        value: impl for<'a> Fn(&'a HttpRequest, &'a ResponseHead) -> Option<Cow<'a, str>> + Send + Sync + 'static,
    ) -> Self {
        let label = ExtraLabel {
            name: name.into(),
            finite: None,
            limit,
            read: Arc::new(move |request: &HttpRequest, head: &ResponseHead, cached: &CachedLabelValues| {
                Some(cached.intern(&without_control_characters(&value(request, head)?)))
            }) as Arc<_>,
        };
        self.with(|options| options.response_labels.push(label))
    }
}

/// Returns the number of a finite value.
#[allow(clippy::unnecessary_wraps)] // as for capped strings
fn value_id(index: usize) -> Option<ValueId> {
    Some(ValueId::try_from(index).unwrap_or(ABSENT))
}
