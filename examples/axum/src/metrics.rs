//! The metrics endpoint, mounted in axum.

use std::{net::SocketAddr, sync::Arc};

use axum::{
    Router,
    body::Body,
    extract::{ConnectInfo, Request},
    routing::any,
};
use metrics_core::{EndpointRequest, MetricsEndpoint};

/// Routes of the endpoint.
pub(crate) fn router() -> Router {
    let endpoint =
        MetricsEndpoint::new("/metrics").json("/api/metrics").live("/metrics/live").allow_ips(["127.0.0.1"]);
    let shared = Arc::new(endpoint.clone());
    let respond = async move |ConnectInfo(peer): ConnectInfo<SocketAddr>, request: Request| {
        let request = EndpointRequest::new(&request).peer(peer.ip());
        shared.respond(request).await.map(Body::new)
    };
    endpoint.paths().fold(Router::new(), |router, path| router.route(path, any(respond.clone())))
}
