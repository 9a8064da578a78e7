//! Responses without a page.

use http::{
    HeaderName, HeaderValue, Response, StatusCode,
    header::{CACHE_CONTROL, CONTENT_TYPE},
};

use super::body::EndpointBody;

/// Format of the errors at a path.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum ErrorFormat {
    Text,
    /// For the path whose pages are always JSON.
    Json,
}

impl ErrorFormat {
    /// Creates the response with a reason, which must not have characters that JSON escapes.
    pub(super) fn response<const N: usize>(
        self,
        status: StatusCode,
        reason: &'static str,
        headers: [(HeaderName, HeaderValue); N],
    ) -> Response<EndpointBody> {
        let (content_type, body) = match self {
            Self::Text => ("text/plain; charset=utf-8", format!("{reason}\n")),
            Self::Json => ("application/json", format!("{{\"error\":\"{reason}\"}}\n")),
        };
        let mut response = Response::new(EndpointBody::whole(body));
        *response.status_mut() = status;
        response.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static(content_type));
        response.headers_mut().insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
        response.headers_mut().extend(headers);
        response
    }
}
