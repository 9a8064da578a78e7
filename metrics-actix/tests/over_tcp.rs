//! Every ending, with a real server and a client that speaks over TCP.

mod service;

use std::{
    io::{Read, Write},
    net::{SocketAddr, TcpStream},
    sync::mpsc,
    thread,
    time::{Duration, Instant},
};

use actix_web::{App, HttpServer, dev::ServerHandle, rt};
use metrics_actix::{HttpMetrics, MetricsRoute};
use metrics_core::Registry;
use service::{expected, routes, samples};

/// A server with two workers, stopped when this is dropped.
struct Server {
    registry: Registry,
    address: SocketAddr,
    handle: ServerHandle,
    thread: Option<thread::JoinHandle<()>>,
}

impl Server {
    fn start() -> Self {
        Self::start_with(false)
    }

    fn start_with(half_closed: bool) -> Self {
        let registry = Registry::new();
        let (sender, receiver) = mpsc::channel();
        let shown = registry.clone();
        let thread = thread::spawn(move || {
            rt::System::new().block_on(async {
                // Made in every worker, which is not the documented way and must be the same.
                let server = HttpServer::new(move || {
                    App::new()
                        .wrap(HttpMetrics::new().registry(&shown))
                        .service(MetricsRoute::new("/internal/metrics").registry(&shown))
                        .configure(routes)
                })
                .workers(2)
                .h1_allow_half_closed(half_closed)
                .disable_signals()
                .shutdown_timeout(1)
                .bind(("127.0.0.1", 0))
                .expect("a free port");
                let address = server.addrs()[0];
                let server = server.run();
                sender.send((address, server.handle())).expect("the test waits");
                server.await.expect("the server runs");
            });
        });
        let (address, handle) = receiver.recv().expect("the server starts");
        Self { registry, address, handle, thread: Some(thread) }
    }

    /// A connection with a request that has been sent.
    fn send(&self, method: &str, path: &str) -> TcpStream {
        let mut stream = TcpStream::connect(self.address).expect("the server listens");
        stream.set_read_timeout(Some(Duration::from_secs(10))).expect("the timeout is not zero");
        write!(stream, "{method} {path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")
            .expect("the server reads");
        stream
    }

    /// All that the server answers until it closes the connection.
    fn call(&self, method: &str, path: &str) -> String {
        let mut stream = self.send(method, path);
        let mut response = Vec::new();
        // A connection that is reset ends the response as well.
        let _reset = stream.read_to_end(&mut response);
        String::from_utf8_lossy(&response).into_owned()
    }

    /// Waits for the page to have these samples, as the server may learn a little later how a request has ended.
    fn expect(&self, expected: &[String]) {
        let start = Instant::now();
        while samples(&self.registry) != expected && start.elapsed() < Duration::from_secs(5) {
            thread::sleep(Duration::from_millis(5));
        }
        assert_eq!(samples(&self.registry), expected);
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        drop(self.handle.stop(false));
        if let Some(thread) = self.thread.take() {
            let ended = thread.join();
            assert!(ended.is_ok() || thread::panicking(), "the server ended with a panic");
        }
    }
}

fn status_of(response: &str) -> &str {
    response.get(9..12).unwrap_or("none")
}

#[test]
fn responses_count_by_pattern_and_status() {
    let server = Server::start();
    for (method, path, status) in [
        ("GET", "/users/1", "200"),
        ("GET", "/users/2", "200"),
        ("HEAD", "/users/3", "200"),
        ("BREW", "/users/4", "200"),
        ("GET", "/missing/7", "404"),
        ("POST", "/api/v1/items/3", "405"),
        ("GET", "/api/v1/items/3", "200"),
        ("GET", "/nothing", "404"),
        ("GET", "/empty", "204"),
        ("GET", "/stream", "200"),
        ("HEAD", "/stream", "200"),
        ("GET", "/large", "200"),
        ("HEAD", "/large", "404"),
        ("GET", "/fails", "418"),
        ("GET", "/refused/plain", "401"),
        ("GET", "/refused/quiet", "402"),
        ("GET", "/refused/once", "500"),
    ] {
        assert_eq!(status_of(&server.call(method, path)), status, "{method} {path}");
    }
    server.expect(&expected(&[
        ("GET", "/users/{id}", &[(200, 2)]),
        ("HEAD", "/users/{id}", &[(200, 1)]),
        ("_OTHER", "/users/{id}", &[(200, 1)]),
        ("GET", "/missing/{id}", &[(404, 1)]),
        ("POST", "/api/v1/items/{item}", &[(405, 1)]),
        ("GET", "/api/v1/items/{item}", &[(200, 1)]),
        ("GET", "unmatched", &[(404, 1)]),
        ("GET", "/empty", &[(204, 1)]),
        ("GET", "/stream", &[(200, 1)]),
        ("HEAD", "/stream", &[(200, 1)]),
        ("GET", "/large", &[(200, 1)]),
        ("HEAD", "/large", &[(404, 1)]),
        ("GET", "/fails", &[(418, 1)]),
        ("GET", "/refused/{how}", &[(401, 1), (402, 1), (500, 1)]),
    ]));
}

#[test]
fn a_panic_counts_once_and_costs_the_connection_alone() {
    let server = Server::start();
    assert_eq!(server.call("GET", "/panics"), "");
    assert_eq!(server.call("GET", "/refused/panic"), "");
    assert!(server.call("GET", "/body-panics").starts_with("HTTP/1.1 200"));
    assert_eq!(status_of(&server.call("GET", "/users/1")), "200");
    let mut samples = expected(&[
        ("GET", "/panics", &[(500, 1)]),
        ("GET", "/refused/{how}", &[(500, 1)]),
        ("GET", "/body-panics", &[(500, 1)]),
        ("GET", "/users/{id}", &[(200, 1)]),
    ]);
    for endpoint in ["/panics", "/refused/{how}", "/body-panics"] {
        samples.push(format!("http_panics_total{{endpoint=\"{endpoint}\"}} 1"));
    }
    samples.sort();
    server.expect(&samples);
}

#[test]
fn a_client_that_goes_away_counts_as_such() {
    let server = Server::start();
    // Before the head.
    let stream = server.send("GET", "/slow/5000");
    server.expect(&["http_requests_in_progress{method=\"GET\",endpoint=\"/slow/{millis}\"} 1".into()]);
    drop(stream);
    server.expect(&expected(&[("GET", "/slow/{millis}", &[(499, 1)])]));
    // In the middle of the body.
    let mut stream = server.send("GET", "/endless");
    let mut start = [0; 256];
    stream.read_exact(&mut start).expect("the body has begun");
    drop(stream);
    server.expect(&expected(&[("GET", "/slow/{millis}", &[(499, 1)]), ("GET", "/endless", &[(499, 1)])]));
}

#[test]
fn a_client_that_closes_its_half_alone_is_answered() {
    let server = Server::start_with(true);
    let mut stream = server.send("GET", "/slow/50");
    stream.shutdown(std::net::Shutdown::Write).expect("the connection is open");
    let mut response = String::new();
    stream.read_to_string(&mut response).expect("the response is text");
    assert!(response.ends_with("late"), "{response}");
    // A client that has closed both halves looks the same until the response is written, and a short one is.
    drop(server.send("GET", "/slow/50"));
    server.expect(&expected(&[("GET", "/slow/{millis}", &[(200, 2)])]));
    // A long one is not.
    drop(server.send("GET", "/endless"));
    server.expect(&expected(&[("GET", "/slow/{millis}", &[(200, 2)]), ("GET", "/endless", &[(499, 1)])]));
}

#[test]
fn a_body_that_fails_counts_as_the_servers_failure() {
    let server = Server::start();
    let response = server.call("GET", "/broken");
    assert!(response.starts_with("HTTP/1.1 200") && response.contains("drip"), "{response}");
    server.expect(&expected(&[("GET", "/broken", &[(500, 1)])]));
}

#[test]
fn the_gauge_is_up_while_requests_last() {
    let server = Server::start();
    let streams: Vec<_> = (0..3).map(|_| server.send("GET", "/slow/300")).collect();
    server.expect(&["http_requests_in_progress{method=\"GET\",endpoint=\"/slow/{millis}\"} 3".into()]);
    for mut stream in streams {
        let mut response = String::new();
        stream.read_to_string(&mut response).expect("the response is text");
        assert!(response.ends_with("late"), "{response}");
    }
    server.expect(&expected(&[("GET", "/slow/{millis}", &[(200, 3)])]));
    let page = server.registry.text();
    let fast =
        "http_request_duration_seconds_bucket{method=\"GET\",endpoint=\"/slow/{millis}\",le=\"0.25\"} 0\n";
    assert!(page.contains(fast), "{page}");
}

#[test]
fn random_paths_make_no_series() {
    let server = Server::start();
    for number in 0..300_u32 {
        server.call("GET", &format!("/{:x}.php?{number}", number.wrapping_mul(2_654_435_761)));
    }
    server.expect(&expected(&[("GET", "unmatched", &[(404, 300)])]));
}

#[test]
fn the_metrics_route_shows_the_page_and_is_left_out() {
    let server = Server::start();
    server.call("GET", "/users/1");
    server.expect(&expected(&[("GET", "/users/{id}", &[(200, 1)])]));
    for round in 0..3 {
        let response = server.call("GET", "/internal/metrics");
        let (head, body) = response.split_once("\r\n\r\n").expect("the head ends");
        assert_eq!(body, server.registry.text(), "round {round}");
        let head = head.to_lowercase();
        for line in [
            "http/1.1 200 ok",
            "content-type: text/plain; version=0.0.4; charset=utf-8",
            "cache-control: no-store",
            &format!("content-length: {}", body.len()),
        ] {
            assert!(head.lines().any(|other| other == line), "{line} in {head}");
        }
        let response = server.call("HEAD", "/internal/metrics").to_lowercase();
        let (head, body) = response.split_once("\r\n\r\n").expect("the head ends");
        assert!(head.starts_with("http/1.1 200") && head.contains("version=0.0.4"), "{head}");
        assert_eq!(body, "");
    }
    for method in ["POST", "DELETE", "BREW"] {
        let response = server.call(method, "/internal/metrics").to_lowercase();
        assert!(response.starts_with("http/1.1 405"), "{response}");
        assert!(response.contains("\r\nallow: get, head\r\n"), "{response}");
    }
    server.expect(&expected(&[("GET", "/users/{id}", &[(200, 1)])]));
}

#[test]
fn many_clients_at_once_are_all_counted() {
    let server = Server::start();
    thread::scope(|scope| {
        for client in 0..8 {
            let server = &server;
            scope.spawn(move || {
                for number in 0..50 {
                    server.call("GET", &format!("/users/{client}-{number}"));
                }
            });
        }
    });
    server.expect(&expected(&[("GET", "/users/{id}", &[(200, 400)])]));
}
