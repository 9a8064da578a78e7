//! Service of actix-web: converts its requests and responses from and to those of the endpoint.

use std::sync::Arc;

use actix_web::{
    HttpRequest, HttpResponse, HttpResponseBuilder, body,
    dev::{AppService, HttpServiceFactory},
    http::{ConnectionType, StatusCode, Version},
    web,
};
use http::{HeaderMap, HeaderName, HeaderValue, Method};
use metrics_core::{EndpointBody, EndpointRequest, MetricsEndpoint};

use super::{metrics_route::MetricsRoute, response_body::StreamedBody};
use crate::{mounted_routes, routes::OwnRoute};

impl HttpServiceFactory for MetricsRoute {
    fn register(self, config: &mut AppService) {
        let endpoint = Arc::new(self.endpoint);
        for error in endpoint.config_errors() {
            log::error!("metrics route {}: {error}", endpoint.paths().next().unwrap_or_default());
        }
        endpoint.note_mounted();
        for path in endpoint.paths() {
            mounted_routes::note(path);
            let (endpoint, own_path) = (Arc::clone(&endpoint), Arc::<str>::from(path));
            let respond = move |request| respond(Arc::clone(&endpoint), Arc::clone(&own_path), request);
            let name = mounted_routes::resource_name(path);
            web::resource(path).name(&name).app_data(OwnRoute).to(respond).register(config);
        }
    }
}

/// Answers a request to one of the endpoint's paths, which may stand inside a scope.
async fn respond(endpoint: Arc<MetricsEndpoint>, path: Arc<str>, request: HttpRequest) -> HttpResponse {
    let Ok(method) = Method::from_bytes(request.method().as_str().as_bytes()) else {
        return HttpResponse::BadRequest().finish();
    };
    let headers: HeaderMap = request
        .headers()
        .iter()
        .filter_map(|(name, value)| {
            let name = HeaderName::from_bytes(name.as_str().as_bytes()).ok()?;
            Some((name, HeaderValue::from_bytes(value.as_bytes()).ok()?))
        })
        .collect();
    let mut parts = EndpointRequest::from_parts(&method, &path, request.query_string(), &headers);
    parts.peer = request.peer_addr().map(|peer| peer.ip());
    let (head, body) = endpoint.respond(parts).await.into_parts();
    let status = StatusCode::from_u16(head.status.as_u16()).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    let mut response = HttpResponse::build(status);
    for (name, value) in &head.headers {
        response.append_header((name.as_str(), value.as_bytes()));
    }
    with_body(response, body, method == Method::HEAD, request.version())
}

fn with_body(
    mut response: HttpResponseBuilder,
    body: EndpointBody,
    is_head: bool,
    version: Version,
) -> HttpResponse {
    match body.try_into_bytes() {
        Ok(bytes) => response.body(bytes),
        // Of a body without a length actix would send an end, which the scraper would take for the next response.
        Err(_) if is_head => response.body(body::None::new()),
        Err(streamed) => {
            let mut response = response.body(StreamedBody(streamed));
            if version < Version::HTTP_11 {
                // HTTP/1.0 has no chunks: such a body ends with the connection.
                response.head_mut().no_chunking(true);
                response.head_mut().set_connection_type(ConnectionType::Close);
            }
            response
        }
    }
}
