//! Client of HTTP/2.
#![allow(dead_code, unreachable_pub, reason = "each test uses some of it")]

use std::time::{Duration, Instant};

use actix_web::{rt, web::Bytes};
use h2::{
    RecvStream,
    client::{ResponseFuture, SendRequest},
};
use http_02::{HeaderMap, Request, Response};
use tokio::io::{AsyncRead, AsyncWrite};

/// Connection of a client.
pub struct Client {
    requests: SendRequest<Bytes>,
    connection: rt::task::JoinHandle<()>,
}

/// Response of a server.
#[derive(Debug)]
pub struct Answer {
    pub status: u16,
    pub headers: HeaderMap,
    pub body: Vec<u8>,
}

impl Answer {
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name).and_then(|value| value.to_str().ok())
    }
}

impl Client {
    pub async fn new(stream: impl AsyncRead + AsyncWrite + Unpin + 'static) -> Self {
        let (requests, connection) = h2::client::handshake(stream).await.expect("the server speaks it");
        let connection = rt::spawn(async move {
            // The streams report a broken connection.
            let _broken = connection.await;
        });
        Self { requests, connection }
    }

    /// Closes the connection.
    pub fn close(&self) {
        self.connection.abort();
    }

    /// Sends a request; dropping the returned value resets its stream.
    pub async fn send(&self, method: &str, path: &str) -> ResponseFuture {
        self.send_with(method, &format!("http://localhost{path}"), &[]).await
    }

    pub async fn send_with(&self, method: &str, uri: &str, headers: &[(&str, String)]) -> ResponseFuture {
        let mut request = Request::builder().method(method).uri(uri);
        for (name, value) in headers {
            request = request.header(*name, value);
        }
        let request = request.body(()).expect("a request");
        let mut requests = self.requests.clone().ready().await.expect("the connection is whole");
        requests.send_request(request, true).expect("the connection is whole").0
    }

    /// Returns the response to a request, or the error of its stream.
    pub async fn call(&self, method: &str, path: &str) -> Result<Answer, h2::Error> {
        read(self.send(method, path).await.await?).await
    }

    pub async fn call_with(
        &self,
        method: &str,
        uri: &str,
        headers: &[(&str, String)],
    ) -> Result<Answer, h2::Error> {
        read(self.send_with(method, uri, headers).await.await?).await
    }
}

/// Reads the body of a response to its end.
pub async fn read(response: Response<RecvStream>) -> Result<Answer, h2::Error> {
    let (head, mut stream) = response.into_parts();
    let mut body = Vec::new();
    while let Some(part) = stream.data().await {
        let part = part?;
        stream.flow_control().release_capacity(part.len())?;
        body.extend_from_slice(&part);
    }
    Ok(Answer { status: head.status.as_u16(), headers: head.headers, body })
}

/// Waits for a condition while the connections go on.
pub async fn wait_for(is_there: impl Fn() -> bool, explain: impl Fn() -> String) {
    let start = Instant::now();
    while !is_there() {
        assert!(start.elapsed() < Duration::from_secs(60), "{}", explain());
        rt::time::sleep(Duration::from_millis(2)).await;
    }
}
