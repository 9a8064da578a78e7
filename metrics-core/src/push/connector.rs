//! Connections of the HTTP client: direct, over a proxy, and with TLS.

use std::{
    error::Error,
    future::poll_fn,
    io,
    pin::Pin,
    sync::Arc,
    task::{Context, Poll},
};

use http::Uri;
use hyper::rt::{Read, ReadBufCursor, Write};
use hyper_util::client::{
    legacy::connect::{Connected, Connection, HttpConnector},
    proxy::matcher::Matcher,
};
use tower_service::Service;

/// Error without a URL, and so without a secret.
type ConnectError = Box<dyn Error + Send + Sync>;

/// Opens the connections of a client.
#[derive(Clone)]
pub(super) struct PushConnector {
    proxies: Arc<Matcher>,
    #[cfg(feature = "push-tls")]
    tls: native_tls::TlsConnector,
}

/// Service that connects to the host of a URL, below TLS.
trait Connect: Service<Uri, Response: Stream, Error: Into<ConnectError>, Future: Send + 'static> {}

impl<T> Connect for T where
    T: Service<Uri, Response: Stream, Error: Into<ConnectError>, Future: Send + 'static>
{
}

impl PushConnector {
    pub(super) fn new(
        proxies: Arc<Matcher>,
        #[cfg(feature = "push-tls")] tls: native_tls::TlsConnector,
    ) -> Self {
        Self {
            proxies,
            #[cfg(feature = "push-tls")]
            tls,
        }
    }

    async fn connect(self, uri: Uri) -> Result<PushConnection, ConnectError> {
        let mut tcp = HttpConnector::new();
        tcp.enforce_http(false);
        tcp.set_nodelay(true);
        let Some(proxy) = self.proxies.intercept(&uri) else {
            return self.open(tcp, uri).await;
        };
        if !is_http(proxy.uri()) {
            return Err("the proxy is neither `http` nor `https`".into());
        }
        if uri.scheme_str() == Some("https") {
            #[cfg(feature = "push-tls")]
            return self.open_tunnel(tcp, &proxy, uri).await;
        }
        let connection = self.open(tcp, proxy.uri().clone()).await?;
        Ok(PushConnection { is_to_proxy: true, ..connection })
    }

    #[cfg(feature = "push-tls")]
    async fn open(self, below: impl Connect, uri: Uri) -> Result<PushConnection, ConnectError> {
        open(self.with_tls(below), uri).await
    }

    #[cfg(not(feature = "push-tls"))]
    async fn open(self, below: impl Connect, uri: Uri) -> Result<PushConnection, ConnectError> {
        if uri.scheme_str() == Some("https") {
            return Err("`https` needs the feature `push-tls`".into());
        }
        open(below, uri).await
    }

    /// Opens TLS within the connection that a proxy makes.
    #[cfg(feature = "push-tls")]
    async fn open_tunnel(
        self,
        tcp: HttpConnector,
        proxy: &hyper_util::client::proxy::matcher::Intercept,
        uri: Uri,
    ) -> Result<PushConnection, ConnectError> {
        use hyper_util::client::legacy::connect::proxy::Tunnel;

        let mut tunnel = Tunnel::new(proxy.uri().clone(), self.with_tls(tcp));
        if let Some(credentials) = proxy.basic_auth() {
            tunnel = tunnel.with_auth(credentials.clone());
        }
        self.open(tunnel, uri).await
    }

    #[cfg(feature = "push-tls")]
    fn with_tls<T: Connect>(&self, below: T) -> hyper_tls::HttpsConnector<T> {
        hyper_tls::HttpsConnector::from((below, self.tls.clone().into()))
    }
}

fn is_http(uri: &Uri) -> bool {
    matches!(uri.scheme_str(), Some("http" | "https"))
}

async fn open(mut connector: impl Connect, uri: Uri) -> Result<PushConnection, ConnectError> {
    poll_fn(|context| connector.poll_ready(context)).await.map_err(Into::into)?;
    let stream = connector.call(uri).await.map_err(Into::into)?;
    Ok(PushConnection { stream: Box::new(stream), is_to_proxy: false })
}

impl Service<Uri> for PushConnector {
    type Response = PushConnection;
    type Error = ConnectError;
    type Future = Pin<Box<dyn Future<Output = Result<PushConnection, ConnectError>> + Send>>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), ConnectError>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, uri: Uri) -> Self::Future {
        Box::pin(self.clone().connect(uri))
    }
}

/// Bytes to and from a receiver or a proxy.
trait Stream: Read + Write + Connection + Send + Unpin + 'static {}

impl<T: Read + Write + Connection + Send + Unpin + 'static> Stream for T {}

/// An open connection.
pub(super) struct PushConnection {
    stream: Box<dyn Stream>,
    /// Requests name the whole URL, as a proxy that forwards them needs it.
    is_to_proxy: bool,
}

impl Connection for PushConnection {
    fn connected(&self) -> Connected {
        self.stream.connected().proxy(self.is_to_proxy)
    }
}

impl Read for PushConnection {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: ReadBufCursor<'_>,
    ) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_read(context, buffer)
    }
}

impl Write for PushConnection {
    fn poll_write(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.stream).poll_write(context, bytes)
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_flush(context)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(context)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffers: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.stream).poll_write_vectored(context, buffers)
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }
}
