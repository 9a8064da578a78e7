//! Propagation of a span from a client to the service, in the field `traceparent` of the [W3C's recommendation][trace-context].
//!
//! [trace-context]: https://www.w3.org/TR/trace-context/

use std::collections::HashMap;

use actix_web::http::header::{HeaderMap, HeaderName};
use awc::ClientRequest;
use opentelemetry::{global::get_text_map_propagator, propagation::Extractor};
use tracing::Span;
use tracing_opentelemetry::OpenTelemetrySpanExt as _;

struct Fields<'a>(&'a HeaderMap);

impl Extractor for Fields<'_> {
    fn get(&self, key: &str) -> Option<&str> {
        self.0.get(key)?.to_str().ok()
    }

    fn keys(&self) -> Vec<&str> {
        self.0.keys().map(HeaderName::as_str).collect()
    }
}

/// Makes a span that is not yet entered the child of the one in the headers of a request.
pub(super) fn follow(span: &Span, fields: &HeaderMap) {
    let parent = get_text_map_propagator(|propagator| propagator.extract(&Fields(fields)));
    // It fails for a span that is not collected.
    let _uncollected = span.set_parent(parent);
}

/// Adds the headers that name a span.
pub(super) fn tell(request: ClientRequest, span: &Span) -> ClientRequest {
    let mut fields = HashMap::new();
    get_text_map_propagator(|propagator| propagator.inject_context(&span.context(), &mut fields));
    fields.into_iter().fold(request, ClientRequest::insert_header)
}
