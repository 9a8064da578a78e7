//! The span of a request that is served.

use actix_web::{
    Error,
    body::MessageBody,
    dev::{ServiceRequest, ServiceResponse},
    http::{StatusCode, uri::Authority},
    middleware::Next,
};
use tracing::{Instrument as _, Span, field::Empty, info_span};

use super::context;

/// Paths without spans: they are requested every few seconds.
const UNTRACED: [&str; 3] = ["/metrics", "/metrics/live", "/health"];

/// Serves a request within a span with the attributes of the [conventions]. It wraps the metrics, which take their exemplars from
/// the span.
///
/// [conventions]: https://opentelemetry.io/docs/specs/semconv/http/http-spans/#http-server-span
pub(crate) async fn request(
    request: ServiceRequest,
    next: Next<impl MessageBody>,
) -> Result<ServiceResponse<impl MessageBody>, Error> {
    if UNTRACED.contains(&request.path()) {
        return next.call(request).await;
    }
    let span = begun(&request);
    context::follow(&span, request.headers());
    let answer = next.call(request).instrument(span.clone()).await;
    let status = match &answer {
        Ok(response) => response.status(),
        Err(error) => error.as_response_error().status_code(),
    };
    end(&span, status);
    answer
}

fn begun(request: &ServiceRequest) -> Span {
    let method = request.method();
    let route = request.match_pattern();
    let name = route.as_ref().map_or_else(|| method.to_string(), |route| format!("{method} {route}"));
    let connection = request.connection_info();
    let server: Option<Authority> = connection.host().parse().ok();
    info_span!(
        "request",
        otel.name = name,
        otel.kind = "server",
        otel.status_code = Empty,
        "error.type" = Empty,
        http.request.method = method.as_str(),
        http.response.status_code = Empty,
        http.route = route,
        server.address = server.as_ref().map(Authority::host),
        server.port = server.as_ref().and_then(Authority::port_u16).map(i64::from),
        url.path = request.path(),
        url.scheme = connection.scheme(),
    )
}

fn end(span: &Span, status: StatusCode) {
    span.record("http.response.status_code", i64::from(status.as_u16()));
    // An error of the client is no error of the service.
    if status.is_server_error() {
        span.record("otel.status_code", "ERROR");
        span.record("error.type", status.as_str());
    }
}
