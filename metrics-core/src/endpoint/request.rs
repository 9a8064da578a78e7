//! Requests in the form that the endpoint reads.

use std::net::IpAddr;

use http::{HeaderMap, Method, Request};

/// The parts of a request that [`MetricsEndpoint::respond`](crate::MetricsEndpoint::respond) reads.
///
/// ```
/// use http::Request;
/// use metrics_core::EndpointRequest;
///
/// let request = Request::get("http://localhost/metrics?name[]=jobs_total").body(())?;
/// let request = EndpointRequest::new(&request).peer([127, 0, 0, 1]);
/// assert_eq!((request.path, request.query), ("/metrics", "name[]=jobs_total"));
/// # Ok::<(), http::Error>(())
/// ```
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub struct EndpointRequest<'a> {
    /// Method of the request.
    pub method: &'a Method,
    /// Path in the form of the endpoint's configuration, without the prefix of a router around it.
    pub path: &'a str,
    /// Query without the `?`, empty if there is none.
    pub query: &'a str,
    /// Header fields.
    pub headers: &'a HeaderMap,
    /// Address of the peer, if the server knows it.
    pub peer: Option<IpAddr>,
}

impl<'a> EndpointRequest<'a> {
    /// Takes the parts from a request with any body. The peer is unknown until [`peer`](Self::peer) is called.
    pub fn new<B>(request: &'a Request<B>) -> Self {
        let uri = request.uri();
        Self::from_parts(request.method(), uri.path(), uri.query().unwrap_or_default(), request.headers())
    }

    /// Creates a request from its parts, for servers with types of their own. The peer is unknown.
    ///
    /// ```
    /// use http::{HeaderMap, Method};
    /// use metrics_core::EndpointRequest;
    ///
    /// let headers = HeaderMap::new();
    /// let request = EndpointRequest::from_parts(&Method::GET, "/metrics", "", &headers);
    /// assert_eq!(request.peer, None);
    /// ```
    pub const fn from_parts(
        method: &'a Method,
        path: &'a str,
        query: &'a str,
        headers: &'a HeaderMap,
    ) -> Self {
        Self { method, path, query, headers, peer: None }
    }

    /// Sets the address of the peer, which [`allow_ips`](crate::MetricsEndpoint::allow_ips) checks.
    pub fn peer(mut self, peer: impl Into<IpAddr>) -> Self {
        self.peer = Some(peer.into());
        self
    }
}
