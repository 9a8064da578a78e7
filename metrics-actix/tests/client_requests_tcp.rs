//! Outgoing requests of `awc` and `reqwest`, to servers that answer, fail and hang.
#![cfg(any(feature = "awc", feature = "reqwest"))]

use std::{
    io::{Read, Write},
    net::{SocketAddr, TcpListener, TcpStream},
    thread,
    time::Duration,
};

use metrics_actix::HttpClientMetrics;
use metrics_core::Registry;
use tokio::net::TcpSocket;

/// Starts a server that reads a request and sends this response, or none for `None`.
fn server(answer: Option<&'static str>) -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
    let address = listener.local_addr().expect("it has one");
    thread::spawn(move || {
        // Keeps unanswered connections open.
        let mut open = Vec::new();
        for mut stream in listener.incoming().flatten() {
            read_request(&mut stream);
            if let Some(answer) = answer {
                let _written = stream.write_all(answer.as_bytes());
            } else {
                open.push(stream);
            }
        }
    });
    address
}

/// Reads a request to its end: closing a connection with unread data resets it, and the response may be lost.
fn read_request(stream: &mut TcpStream) {
    let mut request = Vec::new();
    let mut part = [0; 1024];
    while let Ok(length @ 1..) = stream.read(&mut part) {
        request.extend_from_slice(&part[..length]);
        let text = String::from_utf8_lossy(&request).to_ascii_lowercase();
        let Some((head, body)) = text.split_once("\r\n\r\n") else { continue };
        let length = head.lines().find_map(|line| line.strip_prefix("content-length: ")?.parse().ok());
        if body.len() >= length.unwrap_or(0_usize) {
            return;
        }
    }
}

const OK: &str = "HTTP/1.1 204 No Content\r\nConnection: close\r\n\r\n";
const GONE: &str = "HTTP/1.1 410 Gone\r\nContent-Length: 0\r\nConnection: close\r\n\r\n";
const BROKEN: &str = "HTTP/1.1 500 Oops\r\nContent-Length: 0\r\nConnection: close\r\n\r\n";
const NONSENSE: &str = "SMTP ready\r\n\r\n";

/// Port that is bound and not listened on.
struct Nobody(TcpSocket);

impl Nobody {
    fn new() -> Self {
        let socket = TcpSocket::new_v4().expect("a socket");
        socket.bind(([127, 0, 0, 1], 0).into()).expect("a free port");
        Self(socket)
    }

    fn address(&self) -> SocketAddr {
        self.0.local_addr().expect("it has one")
    }
}

/// Time limits of a client: for a server that responds, and for one that does not.
const LONG: Duration = Duration::from_secs(60);
const SHORT: Duration = Duration::from_millis(200);

fn metrics() -> (Registry, HttpClientMetrics) {
    let registry = Registry::new();
    let http = HttpClientMetrics::new().registry(&registry).host("LocalHost").host("127.0.0.1");
    (registry, http)
}

/// Returns the labels and counts on the page.
fn counts(registry: &Registry) -> Vec<String> {
    let page = registry.text();
    let lines =
        page.lines().filter_map(|line| line.strip_prefix("http_client_request_duration_seconds_count"));
    let mut lines: Vec<_> = lines.map(str::to_owned).collect();
    lines.sort();
    lines
}

fn expected(lines: &[(&str, &str, &str, u64)]) -> Vec<String> {
    let mut lines: Vec<_> = lines
        .iter()
        .map(|(method, host, rest, count)| {
            format!("{{http_request_method=\"{method}\",server_address=\"{host}\",{rest}}} {count}")
        })
        .collect();
    lines.sort();
    lines
}

const STATUS_204: &str = "http_response_status_code=\"204\"";
const STATUS_410: &str = "http_response_status_code=\"410\",error_type=\"410\"";
const STATUS_500: &str = "http_response_status_code=\"500\",error_type=\"500\"";

#[cfg(feature = "awc")]
#[actix_web::test]
async fn awc_requests_are_counted_once() {
    use awc::{Client, ClientRequest, http::Method};

    let (registry, http) = metrics();
    let client = Client::builder().timeout(LONG).finish();
    let [ok, gone, broken, nonsense] = [OK, GONE, BROKEN, NONSENSE].map(|answer| server(Some(answer)));
    let silent = server(None);
    let send = async |method: Method, url: String| {
        http.send(client.request(method, url), ClientRequest::send)
            .await
            .map(|answer| answer.status().as_u16())
    };
    for address in [ok, ok] {
        assert_eq!(send(Method::GET, format!("http://{address}/a?b")).await.expect("it answers"), 204);
    }
    let brew = Method::from_bytes(b"BREW").expect("a token");
    assert_eq!(send(brew, format!("http://localhost:{}/", ok.port())).await.expect("it answers"), 204);
    assert_eq!(send(Method::GET, format!("http://{gone}")).await.expect("it answers"), 410);
    assert_eq!(send(Method::PUT, format!("http://{broken}")).await.expect("it answers"), 500);
    send(Method::GET, format!("http://{nonsense}")).await.expect_err("this is no response");
    let late = client.get(format!("http://{silent}")).timeout(SHORT);
    http.send(late, ClientRequest::send).await.expect_err("it takes too long");
    let nobody = Nobody::new();
    send(Method::GET, format!("http://{}", nobody.address())).await.expect_err("nobody is there");
    send(Method::GET, "http://".into()).await.expect_err("this is no address");
    let posted = http.send(client.post(format!("http://{ok}")), |request| request.send_json(&[1, 2])).await;
    assert_eq!(posted.expect("it answers").status(), 204);
    // Dropped before the first poll, and in flight.
    drop(http.send(client.delete(format!("http://{silent}")), ClientRequest::send));
    let sent = http.send(client.delete(format!("http://{silent}")), ClientRequest::send);
    let cut = actix_web::rt::time::timeout(Duration::from_millis(20), sent).await;
    assert!(cut.is_err(), "it was cut off");
    let host = "127.0.0.1";
    assert_eq!(
        counts(&registry),
        expected(&[
            ("GET", host, STATUS_204, 2),
            ("_OTHER", "localhost", STATUS_204, 1),
            ("POST", host, STATUS_204, 1),
            ("GET", host, STATUS_410, 1),
            ("PUT", host, STATUS_500, 1),
            ("GET", host, "error_type=\"response\"", 1),
            ("GET", host, "error_type=\"timeout\"", 1),
            ("GET", host, "error_type=\"connect\"", 1),
            ("GET", "_OTHER", "error_type=\"request\"", 1),
            ("DELETE", host, "error_type=\"cancelled\"", 2),
        ])
    );
}

#[cfg(feature = "reqwest")]
#[actix_web::test]
async fn reqwest_requests_are_counted_once() {
    use reqwest::Method;

    let (registry, http) = metrics();
    let client = reqwest::Client::builder().timeout(LONG).no_proxy().build().expect("a client");
    let client = reqwest_middleware::ClientBuilder::new(client).with(http).build();
    let [ok, gone, broken, nonsense] = [OK, GONE, BROKEN, NONSENSE].map(|answer| server(Some(answer)));
    let silent = server(None);
    let send = async |method: Method, url: String| {
        client.request(method, url).send().await.map(|answer| answer.status().as_u16())
    };
    for address in [ok, ok] {
        assert_eq!(send(Method::GET, format!("http://{address}/a?b")).await.expect("it answers"), 204);
    }
    let brew = Method::from_bytes(b"BREW").expect("a token");
    assert_eq!(send(brew, format!("http://localhost:{}/", ok.port())).await.expect("it answers"), 204);
    assert_eq!(send(Method::GET, format!("http://{gone}")).await.expect("it answers"), 410);
    assert_eq!(send(Method::PUT, format!("http://{broken}")).await.expect("it answers"), 500);
    send(Method::GET, format!("http://{nonsense}")).await.expect_err("this is no response");
    let late = client.get(format!("http://{silent}")).timeout(SHORT);
    late.send().await.expect_err("it takes too long");
    let nobody = Nobody::new();
    send(Method::GET, format!("http://{}", nobody.address())).await.expect_err("nobody is there");
    let sent = client.delete(format!("http://{silent}")).send();
    let cut = actix_web::rt::time::timeout(Duration::from_millis(20), sent).await;
    assert!(cut.is_err(), "it was cut off");
    let host = "127.0.0.1";
    assert_eq!(
        counts(&registry),
        expected(&[
            ("GET", host, STATUS_204, 2),
            ("_OTHER", "localhost", STATUS_204, 1),
            ("GET", host, STATUS_410, 1),
            ("PUT", host, STATUS_500, 1),
            ("GET", host, "error_type=\"response\"", 1),
            ("GET", host, "error_type=\"timeout\"", 1),
            ("GET", host, "error_type=\"connect\"", 1),
            ("DELETE", host, "error_type=\"cancelled\"", 1),
        ])
    );
}

#[cfg(feature = "awc")]
#[actix_web::test]
async fn series_of_hosts_and_statuses_are_bounded() {
    use awc::{Client, ClientRequest};

    let registry = Registry::new();
    let mut http = HttpClientMetrics::new().registry(&registry).buckets(&[1.0]);
    for number in 0..60 {
        http = http.host(format!("127.0.1.{number}"));
    }
    let client = Client::builder().timeout(LONG).finish();
    let nobody = Nobody::new();
    for number in 0..200 {
        // The port is bound at 127.0.0.1 alone, so nothing listens at these addresses.
        let url = format!("http://127.0.1.{number}:{}/", nobody.address().port());
        http.send(client.get(url), ClientRequest::send).await.expect_err("nobody is there");
    }
    let lines = counts(&registry);
    assert_eq!(lines.len(), 50, "{lines:#?}");
    let others = "{http_request_method=\"GET\",server_address=\"_OTHER\",error_type=\"connect\"} 151";
    assert!(lines.iter().any(|line| line == others), "{lines:#?}");
}
