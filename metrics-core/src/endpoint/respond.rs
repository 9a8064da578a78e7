//! Decision about a request: access, method, and then the page.

use bytes::Bytes;
use http::{
    HeaderValue, Method, Response, StatusCode,
    header::{ACCEPT, ALLOW, WWW_AUTHENTICATE},
};

use super::{
    body::EndpointBody,
    error_response::ErrorFormat,
    live_page,
    metrics_endpoint::MetricsEndpoint,
    page::{scrape, unavailable},
    request::EndpointRequest,
};
use crate::registry::ScrapeError;

/// Content of a path.
#[derive(Clone, Copy, Debug)]
enum PathContent<'a> {
    /// The page in the format that the request asks for.
    Negotiated,
    Json,
    /// The HTML of the live page.
    Live(&'a Bytes),
}

impl PathContent<'_> {
    const fn error_format(self) -> ErrorFormat {
        match self {
            Self::Negotiated | Self::Live(_) => ErrorFormat::Text,
            Self::Json => ErrorFormat::Json,
        }
    }
}

impl MetricsEndpoint {
    /// Answers a request.
    ///
    /// The response suits any server on the types of `http`: its body is an [`http_body::Body`]. A path that is not in
    /// [`paths`](Self::paths) gets 404. The future needs no async runtime and does not block: pages are made on threads of their own.
    ///
    /// ```
    /// use http::Request;
    /// use metrics_core::{EndpointRequest, MetricsEndpoint};
    ///
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), http::Error> {
    /// let endpoint = MetricsEndpoint::new("/metrics").allow_ips(["127.0.0.0/8"]);
    /// let request = Request::get("/metrics").body(())?;
    /// let request = EndpointRequest::new(&request);
    /// assert_eq!(endpoint.respond(request.peer([127, 0, 0, 1])).await.status(), 200);
    /// assert_eq!(endpoint.respond(request.peer([192, 0, 2, 1])).await.status(), 403);
    /// # Ok(())
    /// # }
    /// ```
    pub async fn respond(&self, request: EndpointRequest<'_>) -> Response<EndpointBody> {
        let Some(content) = self.content(request.path) else {
            return ErrorFormat::Text.response(
                StatusCode::NOT_FOUND,
                "there are no metrics at this path",
                [],
            );
        };
        let format = content.error_format();
        if !self.networks.admits(request.peer, request.headers) {
            self.source.registry.count_scrape_error(ScrapeError::Refused);
            return format.response(StatusCode::FORBIDDEN, "this address may not see the metrics", []);
        }
        let mut deadline = self.source.deadline(request.headers);
        // Browsers do not ask for tokens, so the live page is open and asks itself.
        let is_open = matches!(content, PathContent::Live(_)) && !self.credentials.suit_browsers();
        if !is_open {
            match deadline.bound(self.credentials.admit(request.headers)).await {
                Some(true) => {}
                Some(false) => return self.unauthorized(format, request),
                None => return unavailable(format, "the bearer token was not read in time"),
            }
        }
        if !matches!(*request.method, Method::GET | Method::HEAD) {
            let allow = (ALLOW, HeaderValue::from_static("GET, HEAD"));
            let reason = "the metrics page answers GET and HEAD";
            return format.response(StatusCode::METHOD_NOT_ALLOWED, reason, [allow]);
        }
        let scrape = match content {
            PathContent::Negotiated => scrape(request.headers.get_all(ACCEPT), &request),
            PathContent::Json => scrape(["application/json"], &request),
            PathContent::Live(html) => return live_page::response(html.clone()),
        };
        self.source.respond(scrape, deadline, format, request.method).await
    }

    fn unauthorized(&self, format: ErrorFormat, request: EndpointRequest<'_>) -> Response<EndpointBody> {
        self.source.registry.count_scrape_error(ScrapeError::Refused);
        let reason = "the metrics are shown to those with credentials";
        let mut response = format.response(StatusCode::UNAUTHORIZED, reason, []);
        for challenge in self.credentials.challenges(request.headers) {
            response.headers_mut().append(WWW_AUTHENTICATE, challenge);
        }
        response
    }

    fn content(&self, path: &str) -> Option<PathContent<'_>> {
        if path == self.path {
            return Some(PathContent::Negotiated);
        }
        if self.json.as_deref() == Some(path) {
            return Some(PathContent::Json);
        }
        self.live.as_ref().filter(|(live, _)| live == path).map(|(_, html)| PathContent::Live(html))
    }
}
