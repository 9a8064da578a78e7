//! The span of a request that the simulator sends.

use actix_web::http::StatusCode;
use awc::ClientRequest;
use tracing::{Span, field::Empty, info_span};

use super::context;

/// Starts a span for a request, and adds it to the headers.
pub(crate) fn asking(request: ClientRequest) -> (ClientRequest, Span) {
    let method = request.get_method();
    let span = info_span!(
        "request",
        otel.name = method.as_str(),
        otel.kind = "client",
        otel.status_code = Empty,
        "error.type" = Empty,
        http.request.method = method.as_str(),
        http.response.status_code = Empty,
        server.address = request.get_uri().host(),
        server.port = request.get_uri().port_u16().map(i64::from),
        url.full = %request.get_uri(),
    );
    (context::tell(request, &span), span)
}

/// Records the outcome of a request in its span. Without a status there was no response in time.
pub(crate) fn answered(span: &Span, status: Option<StatusCode>) {
    if let Some(status) = status {
        span.record("http.response.status_code", i64::from(status.as_u16()));
    }
    let error = match &status {
        None => "no_answer",
        Some(status) if status.is_client_error() || status.is_server_error() => status.as_str(),
        Some(_) => return,
    };
    span.record("otel.status_code", "ERROR");
    span.record("error.type", error);
}
