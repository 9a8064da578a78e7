//! The HTTP client of pushes: credentials, TLS, proxies and time-outs.

use std::{error::Error, fmt, path::PathBuf, sync::Arc, time::Duration};

use base64::{Engine as _, engine::general_purpose::STANDARD};
use bytes::{Bytes, BytesMut};
use http::{
    HeaderMap, HeaderName, Uri,
    header::{AUTHORIZATION, HeaderValue, PROXY_AUTHORIZATION, USER_AGENT},
};
use http_body_util::{BodyExt as _, Full};
use hyper::body::Incoming;
use hyper_util::{
    client::{legacy::Client, proxy::matcher::Matcher},
    rt::{TokioExecutor, TokioTimer},
};
use tokio::time::timeout;
use url::Url;

use super::{
    connector::PushConnector,
    error::PushError,
    protocol::{PushRequest, PushResponse},
    transport::{Attempt, Transport, TransportError},
};

/// Longest part of a response that is read.
const MAX_RESPONSE: usize = 64 << 10;
/// Default of [`PushClient::timeout`].
const TIMEOUT: Duration = Duration::from_secs(10);

/// Options of the HTTP client of a push: credentials, headers, proxy and time-outs.
///
/// Secrets are in no log, no error, and no `Debug` output, those in URLs included. Redirects are not followed, so that no secret
/// goes to another server.
///
/// ```
/// use metrics_core::{PushClient, Pushgateway};
///
/// let client = PushClient::new().basic_auth("writer", "secret").header("X-Scope-OrgID", "tenant");
/// let gateway = Pushgateway::new("http://gateway:9091").job("nightly").client(client);
/// assert!(!format!("{gateway:?}").contains("secret"));
/// ```
#[derive(Clone, Default)]
pub struct PushClient {
    authorization: Authorization,
    headers: Vec<(String, String)>,
    proxy: Proxy,
    timeout: Option<Duration>,
    #[cfg(feature = "push-tls")]
    certificates: Vec<Vec<u8>>,
}

#[derive(Clone, Default)]
enum Authorization {
    #[default]
    None,
    Basic(String, String),
    Bearer(String),
    BearerFile(PathBuf),
}

#[derive(Clone, Default)]
enum Proxy {
    /// The variables `HTTP_PROXY`, `HTTPS_PROXY`, `ALL_PROXY` and `NO_PROXY`.
    #[default]
    Environment,
    None,
    Url(String),
}

impl PushClient {
    /// Creates the options of a client without credentials, with a time-out of ten seconds.
    pub fn new() -> Self {
        Self::default()
    }

    /// Sends a user and a password with each request. It replaces other credentials, those of the URL included.
    pub fn basic_auth(mut self, user: impl Into<String>, password: impl Into<String>) -> Self {
        self.authorization = Authorization::Basic(user.into(), password.into());
        self
    }

    /// Sends a bearer token with each request. It replaces other credentials.
    pub fn bearer_token(mut self, token: impl Into<String>) -> Self {
        self.authorization = Authorization::Bearer(token.into());
        self
    }

    /// Sends the content of a file as bearer token. The file is read for each request, so a token may be renewed.
    pub fn bearer_token_file(mut self, path: impl Into<PathBuf>) -> Self {
        self.authorization = Authorization::BearerFile(path.into());
        self
    }

    /// Adds a header to each request, such as a tenant or an API key. Its value is treated as a secret.
    pub fn header(mut self, name: impl Into<String>, value: impl Into<String>) -> Self {
        self.headers.push((name.into(), value.into()));
        self
    }

    /// Sends the requests through a proxy, in place of that in the variables `HTTP_PROXY`, `HTTPS_PROXY` and `ALL_PROXY`.
    pub fn proxy(mut self, url: impl Into<String>) -> Self {
        self.proxy = Proxy::Url(url.into());
        self
    }

    /// Sends the requests without a proxy, whatever the variables say.
    pub fn no_proxy(mut self) -> Self {
        self.proxy = Proxy::None;
        self
    }

    /// Sets the longest time of an attempt, from the connection to the end of the response. The default is ten seconds.
    pub fn timeout(mut self, timeout: Duration) -> Self {
        self.timeout = Some(timeout);
        self
    }

    /// Trusts the certificates of a PEM file's content, besides those of the system.
    #[cfg(feature = "push-tls")]
    pub fn trust_certificates(mut self, pem: impl Into<Vec<u8>>) -> Self {
        self.certificates.push(pem.into());
        self
    }

    /// Takes the user and the password of a URL, unless there are other credentials.
    pub(super) fn default_credentials(&mut self, credentials: Option<(String, String)>) {
        if let (Authorization::None, Some((user, password))) = (&self.authorization, credentials) {
            self.authorization = Authorization::Basic(user, password);
        }
    }

    /// Builds the client.
    pub(super) fn build(&self) -> Result<HttpTransport, PushError> {
        let (headers, token_file) = self.header_map()?;
        let proxies = Arc::new(self.proxies()?);
        let connector = PushConnector::new(
            Arc::clone(&proxies),
            #[cfg(feature = "push-tls")]
            super::tls::connector(&self.certificates)?,
        );
        let client = Client::builder(TokioExecutor::new()).pool_timer(TokioTimer::new()).build(connector);
        let timeout = self.timeout.unwrap_or(TIMEOUT);
        Ok(HttpTransport { client, headers: Arc::new(headers), token_file, proxies, timeout })
    }

    fn header_map(&self) -> Result<(HeaderMap, Option<Arc<PathBuf>>), PushError> {
        let mut headers = HeaderMap::new();
        headers.insert(
            USER_AGENT,
            HeaderValue::from_static(concat!("metrics-core/", env!("CARGO_PKG_VERSION"))),
        );
        for (name, value) in &self.headers {
            let parsed = HeaderName::from_bytes(name.as_bytes());
            let key = parsed.map_err(|_| config("a header", &format!("`{name}` is no name of a header")))?;
            headers.insert(key, sensitive(value, &format!("the header `{name}`"))?);
        }
        let mut token_file = None;
        match &self.authorization {
            Authorization::None => {}
            Authorization::Basic(user, _) if user.contains(':') => {
                return Err(config("the credentials", "a user's name cannot have a colon"));
            }
            Authorization::Basic(user, password) => {
                let pair = STANDARD.encode(format!("{user}:{password}"));
                headers.insert(AUTHORIZATION, sensitive(&format!("Basic {pair}"), "the credentials")?);
            }
            Authorization::Bearer(token) => {
                headers.insert(AUTHORIZATION, bearer(token)?);
            }
            Authorization::BearerFile(path) => token_file = Some(Arc::new(path.clone())),
        }
        Ok((headers, token_file))
    }

    fn proxies(&self) -> Result<Matcher, PushError> {
        match &self.proxy {
            Proxy::Environment => Ok(Matcher::from_env()),
            Proxy::None => Ok(Matcher::builder().build()),
            Proxy::Url(url) => {
                let parsed = Url::parse(url).ok().filter(|url| ["http", "https"].contains(&url.scheme()));
                let proxies = parsed.map(|url| Matcher::builder().all(url.as_str()).build());
                // A URL that the builder cannot use would mean no proxy.
                proxies
                    .filter(|proxies| proxies.intercept(&Uri::from_static("http://receiver")).is_some())
                    .ok_or_else(|| {
                        config("the proxy", "its URL is invalid, it must begin with `http://` or `https://`")
                    })
            }
        }
    }
}

fn config(what: &str, why: &str) -> PushError {
    PushError::Config(format!("{what}: {why}"))
}

/// Creates the value of a header that is not shown. The error does not repeat it.
fn sensitive(value: &str, what: &str) -> Result<HeaderValue, PushError> {
    let mut value = HeaderValue::from_str(value)
        .map_err(|_| config(what, "the value has characters that a header cannot hold"))?;
    value.set_sensitive(true);
    Ok(value)
}

fn bearer(token: &str) -> Result<HeaderValue, PushError> {
    if token.is_empty() {
        return Err(config("the bearer token", "it is empty"));
    }
    sensitive(&format!("Bearer {token}"), "the bearer token")
}

/// Describes an error and its causes. None of the client's errors has a URL.
fn describe(error: &dyn Error) -> String {
    let mut text = error.to_string();
    let mut cause = error.source();
    while let Some(error) = cause {
        text = format!("{text}: {error}");
        cause = error.source();
    }
    text
}

impl fmt::Debug for PushClient {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let authorization = match &self.authorization {
            Authorization::None => "none",
            Authorization::Basic(..) => "basic",
            Authorization::Bearer(_) => "bearer",
            Authorization::BearerFile(_) => "bearer, from a file",
        };
        let headers: Vec<_> = self.headers.iter().map(|(name, _)| name).collect();
        f.debug_struct("PushClient")
            .field("authorization", &authorization)
            .field("headers", &headers)
            .field("timeout", &self.timeout.unwrap_or(TIMEOUT))
            .finish_non_exhaustive()
    }
}

/// Carrier of requests over HTTP.
pub(super) struct HttpTransport {
    client: Client<PushConnector, Full<Bytes>>,
    headers: Arc<HeaderMap>,
    token_file: Option<Arc<PathBuf>>,
    proxies: Arc<Matcher>,
    timeout: Duration,
}

impl HttpTransport {
    /// Adds the headers of the client that the request does not have.
    fn add_headers(&self, request: &mut PushRequest) {
        let uri = request.uri().clone();
        let headers = request.headers_mut();
        for (name, value) in self.headers.iter() {
            if !headers.contains_key(name) {
                headers.append(name, value.clone());
            }
        }
        // Over TLS the connection is the proxy's business, and the request is not.
        if uri.scheme_str() == Some("http")
            && let Some(proxy) = self.proxies.intercept(&uri)
            && let Some(credentials) = proxy.basic_auth()
        {
            headers.insert(PROXY_AUTHORIZATION, credentials.clone());
        }
    }
}

impl Transport for HttpTransport {
    fn send(&self, mut request: PushRequest) -> Attempt {
        self.add_headers(&mut request);
        let client = self.client.clone();
        let token_file = self.token_file.clone();
        let attempt = async move {
            if let Some(path) = token_file {
                request.headers_mut().insert(AUTHORIZATION, read_token(path).await?);
            }
            let response = client.request(request.map(Full::new)).await;
            read(response.map_err(|error| failed(&error))?).await
        };
        let limit = self.timeout;
        Box::pin(async move {
            let late = || TransportError(format!("the attempt timed out after {limit:?}"));
            timeout(limit, attempt).await.unwrap_or_else(|_| Err(late()))
        })
    }
}

fn failed(error: &dyn Error) -> TransportError {
    TransportError(describe(error))
}

async fn read_token(path: Arc<PathBuf>) -> Result<HeaderValue, TransportError> {
    let unreadable =
        |why: String| TransportError(format!("the file of the bearer token cannot be read: {why}"));
    let read = tokio::task::spawn_blocking(move || std::fs::read_to_string(path.as_path())).await;
    let token = read.map_err(|error| unreadable(error.to_string()))?;
    let token = token.map_err(|error| unreadable(error.to_string()))?;
    bearer(token.trim()).map_err(|error| unreadable(error.to_string()))
}

/// Reads the response up to a limit. The rest is abandoned with the connection.
async fn read(response: http::Response<Incoming>) -> Result<PushResponse, TransportError> {
    let (head, mut rest) = response.into_parts();
    let mut body = BytesMut::new();
    while let Some(frame) = rest.frame().await {
        let Ok(chunk) = frame.map_err(|error| failed(&error))?.into_data() else { continue };
        let room = MAX_RESPONSE - body.len();
        body.extend_from_slice(&chunk[..chunk.len().min(room)]);
        if chunk.len() >= room {
            break;
        }
    }
    Ok(PushResponse::from_parts(head, body.freeze()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn secrets_in_headers_are_marked() {
        let clients = [
            PushClient::new().basic_auth("user", "geheim"),
            PushClient::new().bearer_token("geheim"),
            PushClient::new().header("X-Key", "geheim"),
        ];
        for client in clients {
            let (headers, _) = client.header_map().unwrap();
            assert_eq!(headers.len(), 2, "beside `User-Agent`");
            // Such a value is not shown, and HTTP/2 does not index it.
            assert_eq!(headers.values().filter(|value| value.is_sensitive()).count(), 1);
            assert!(!format!("{headers:?}").contains("geheim"));
        }
    }
}
