//! Endings and pages over HTTP/2, with a real server and a client that speaks it over TCP without TLS.

mod http2;
mod service;

use std::{
    sync::{Arc, mpsc},
    thread,
};

use actix_web::{App, HttpResponse, HttpServer, dev::ServerHandle, rt, web};
use http2::{Client, wait_for};
use metrics_actix::{HttpMetrics, MetricsRoute, Preset};
use metrics_core::{Capped, Counter, Definition, Family, LabelSet, Registry};
use service::{Drip, Then, expected, expected_during, expected_with_panics, routes, samples};
use tokio::sync::Semaphore;

/// A server with one worker, stopped when this is dropped.
struct Server {
    registry: Registry,
    /// Permits that requests to `/gated` and `/gated-stream` wait for.
    gate: Arc<Semaphore>,
    address: std::net::SocketAddr,
    handle: ServerHandle,
    thread: Option<thread::JoinHandle<()>>,
}

impl Server {
    fn start(http: HttpMetrics, route: MetricsRoute) -> Self {
        let (registry, gate) = (Registry::new(), Arc::new(Semaphore::new(0)));
        let (http, route) = (http.registry(&registry), route.registry(&registry));
        let (sender, receiver) = mpsc::channel();
        let waiting = Arc::clone(&gate);
        let thread = thread::spawn(move || {
            rt::System::new().block_on(async {
                let server = HttpServer::new(move || {
                    let gate = Arc::clone(&waiting);
                    let gated = Arc::clone(&gate);
                    let gated = move || {
                        let gate = Arc::clone(&gated);
                        async move { gate.acquire().await.map(|_| "late").unwrap_or_default() }
                    };
                    let gated_stream = move || {
                        let gate = Arc::clone(&gate);
                        async move {
                            let _open = gate.acquire().await;
                            HttpResponse::Ok().body(Drip::new(usize::MAX, 1, Then::End))
                        }
                    };
                    App::new()
                        .wrap(http.clone())
                        .service(route.clone())
                        .route("/gated", web::get().to(gated))
                        .route("/gated-stream", web::get().to(gated_stream))
                        .configure(routes)
                });
                let server = server.workers(1).disable_signals().shutdown_timeout(1);
                let server = server.bind_auto_h2c(("127.0.0.1", 0)).expect("a free port");
                let address = server.addrs()[0];
                let server = server.run();
                sender.send((address, server.handle())).expect("the test waits");
                server.await.expect("the server runs");
            });
        });
        let (address, handle) = receiver.recv().expect("the server starts");
        Self { registry, gate, address, handle, thread: Some(thread) }
    }

    fn measured() -> Self {
        Self::start(HttpMetrics::new(), MetricsRoute::new("/metrics"))
    }

    async fn client(&self) -> Client {
        Client::new(tokio::net::TcpStream::connect(self.address).await.expect("the server listens")).await
    }

    /// Waits until the page has these samples.
    async fn expect(&self, expected: &[String]) {
        wait_for(|| samples(&self.registry) == expected, || format!("{:#?}", samples(&self.registry))).await;
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

#[actix_web::test]
async fn responses_count_by_pattern_and_status() {
    let server = Server::measured();
    let client = server.client().await;
    for (method, path, status, length) in [
        ("GET", "/users/1", 200, 6),
        ("GET", "/users/2", 200, 6),
        ("HEAD", "/users/3", 200, 0),
        ("BREW", "/users/4", 200, 6),
        ("GET", "/missing/7", 404, 0),
        ("POST", "/api/v1/items/3", 405, 0),
        ("GET", "/api/v1/items/3", 200, 2),
        ("GET", "/nothing", 404, 0),
        ("GET", "/empty", 204, 0),
        ("GET", "/stream", 200, 15),
        ("HEAD", "/stream", 200, 0),
        ("GET", "/large", 200, 1 << 20),
        ("GET", "/refused/plain", 401, 11),
        ("GET", "/hasty", 504, 8),
    ] {
        let answer = client.call(method, path).await.expect("it is answered");
        assert_eq!((answer.status, answer.body.len()), (status, length), "{method} {path}");
    }
    server
        .expect(&expected(&[
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
            ("GET", "/refused/{how}", &[(401, 1)]),
            ("GET", "/hasty", &[(504, 1)]),
        ]))
        .await;
}

#[actix_web::test]
async fn requests_of_one_connection_are_in_progress_at_once() {
    let server = Server::measured();
    let client = server.client().await;
    let calls = (0..50).map(|_| client.call("GET", "/gated"));
    let (answers, ()) = futures_util::future::join(futures_util::future::join_all(calls), async {
        server.expect(&expected_during("/gated", 50)).await;
        server.gate.add_permits(1);
    })
    .await;
    for answer in answers {
        assert_eq!(answer.expect("it is answered").body, b"late");
    }
    server.expect(&expected(&[("GET", "/gated", &[(200, 50)])])).await;
}

#[actix_web::test]
async fn panic_resets_only_its_stream() {
    let server = Server::measured();
    let client = server.client().await;
    for path in ["/panics", "/body-panics", "/refused/panic"] {
        client.call("GET", path).await.expect_err("the stream is broken off");
    }
    assert_eq!(client.call("GET", "/users/1").await.expect("the connection is whole").status, 200);
    let panicked = ["/panics", "/refused/{how}", "/body-panics"];
    let routes: &[service::Route<'_>] = &[
        ("GET", "/panics", &[(500, 1)]),
        ("GET", "/refused/{how}", &[(500, 1)]),
        ("GET", "/body-panics", &[(500, 1)]),
        ("GET", "/users/{id}", &[(200, 1)]),
    ];
    server.expect(&expected_with_panics(routes, &panicked)).await;
}

#[actix_web::test]
async fn failed_body_counts_as_500() {
    let server = Server::measured();
    let client = server.client().await;
    client.call("GET", "/broken").await.expect_err("the stream is broken off");
    server.expect(&expected(&[("GET", "/broken", &[(500, 1)])])).await;
}

/// actix goes on with a request whose stream or connection is closed, and finds out when it writes.
#[actix_web::test]
async fn disconnected_client_counts_when_the_body_is_written() {
    let server = Server::measured();
    let client = server.client().await;
    // The stream alone is reset, before the head. The server takes a body in memory as a whole all the same.
    let requests = [client.send("GET", "/gated").await, client.send("GET", "/gated-stream").await];
    let during = [expected_during("/gated", 1), expected_during("/gated-stream", 1)].concat();
    server.expect(&sorted(during)).await;
    drop(requests);
    server.gate.add_permits(1);
    let gated = [("GET", "/gated", &[(200, 1)][..]), ("GET", "/gated-stream", &[(499, 1)])];
    server.expect(&expected(&gated)).await;
    // The stream is reset in the middle of the body.
    let answer = client.send("GET", "/endless").await.await.expect("the head comes");
    drop(answer);
    let once = ("GET", "/endless", &[(499, 1)][..]);
    server.expect(&expected(&[gated[0], gated[1], once])).await;
    // The connection is closed.
    let answer = client.send("GET", "/endless").await.await.expect("the head comes");
    client.close();
    let twice = ("GET", "/endless", &[(499, 2)][..]);
    server.expect(&expected(&[gated[0], gated[1], twice])).await;
    drop(answer);
}

fn sorted(mut lines: Vec<String>) -> Vec<String> {
    lines.sort();
    lines
}

#[actix_web::test]
async fn clients_cannot_create_series() {
    let server = Server::measured();
    let client = server.client().await;
    for number in 0..100_u32 {
        let uri = format!("http://host{number}.example/{number:x}.php?{number}");
        let headers = [("x-forwarded-host", number.to_string())];
        assert_eq!(client.call_with("GET", &uri, &headers).await.expect("it is answered").status, 404);
    }
    server.expect(&expected(&[("GET", "unmatched", &[(404, 100)])])).await;
}

#[actix_web::test]
async fn opentelemetry_preset_has_the_protocol_version() {
    let server =
        Server::start(HttpMetrics::new().preset(Preset::OpenTelemetry), MetricsRoute::new("/metrics"));
    let client = server.client().await;
    client.call("GET", "/users/1").await.expect("it is answered");
    client.call("GET", "/panics").await.expect_err("the stream is broken off");
    // The same port speaks HTTP/1.1.
    let one = over_http1(server.address, "/users/1").await;
    assert!(one.starts_with("HTTP/1.1 200"), "{one}");
    let name = "http_server_request_duration_seconds_count";
    let scheme = "url_scheme=\"http\",network_protocol_version";
    let user = "http_request_method=\"GET\",http_route=\"/users/{id}\",http_response_status_code=\"200\"";
    let lines = [
        format!("{name}{{{user},{scheme}=\"2\"}} 1"),
        format!("{name}{{{user},{scheme}=\"1.1\"}} 1"),
        format!(
            "{name}{{http_request_method=\"GET\",http_route=\"/panics\",http_response_status_code=\"500\",\
             {scheme}=\"2\",error_type=\"panic\"}} 1"
        ),
    ];
    let has_all = || {
        let page = server.registry.text();
        lines.iter().all(|line| page.lines().any(|other| other == line))
    };
    wait_for(has_all, || server.registry.text()).await;
}

/// Returns a response over HTTP/1.1.
async fn over_http1(address: std::net::SocketAddr, path: &str) -> String {
    let path = path.to_owned();
    web::block(move || {
        use std::io::{Read, Write};
        let mut stream = std::net::TcpStream::connect(address).expect("the server listens");
        write!(stream, "GET {path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")
            .expect("the server reads");
        let mut answer = String::new();
        stream.read_to_string(&mut answer).expect("it is text");
        answer
    })
    .await
    .expect("the thread ends")
}

#[derive(Clone, LabelSet)]
struct Of {
    number: Capped<5000>,
}

#[actix_web::test]
async fn large_and_small_pages_are_served_over_http2() {
    let server = Server::start(HttpMetrics::new(), MetricsRoute::new("/metrics").json("/api/metrics"));
    let client = server.client().await;
    let few: Counter = server.registry.register(&Definition::new("few_total", "Few.")).expect("a new name");
    few.inc();
    let answer = client.call("GET", "/metrics?name[]=few_total").await.expect("it is answered");
    assert_eq!(answer.status, 200);
    assert_eq!(answer.body, b"# HELP few_total Few.\n# TYPE few_total counter\nfew_total 1\n");
    assert_eq!(answer.header("content-length"), Some(answer.body.len().to_string().as_str()));
    let many = Definition::new("many_total", "Many.");
    let many: Family<Of, Counter> = server.registry.register(&many).expect("a new name");
    for number in 0..5000 {
        many.with(Of { number: format!("{number:064}").into() }).inc();
    }
    let answer = client.call("GET", "/metrics").await.expect("it is answered");
    assert!(answer.body.len() > 400_000 && answer.body == server.registry.text().as_bytes());
    assert_eq!(answer.header("content-length"), None, "it is streamed");
    let head = client.call("HEAD", "/metrics").await.expect("it is answered");
    assert_eq!((head.status, head.body.len()), (200, 0));
    assert_eq!(head.header("content-type"), Some("text/plain; version=0.0.4; charset=utf-8"));
    let refused = client.call("POST", "/api/metrics").await.expect("it is answered");
    assert_eq!((refused.status, refused.header("allow")), (405, Some("GET, HEAD")));
    assert_eq!(refused.header("content-type"), Some("application/json"));
    // Scrapes are excluded.
    assert!(!server.registry.text().contains("http_requests_total{"));
}

/// A scraper that reads nothing is cut off at its deadline, and one that resets its stream aborts the page.
#[actix_web::test]
async fn stalled_scraper_releases_its_permit() {
    let route = MetricsRoute::new("/metrics").max_concurrent(1);
    let server = Server::start(HttpMetrics::new(), route);
    let client = server.client().await;
    let many = Definition::new("many_total", "Many.");
    let many: Family<Of, Counter> = server.registry.register(&many).expect("a new name");
    for number in 0..5000 {
        many.with(Of { number: format!("{number:064}").into() }).inc();
    }
    let busy = || server.registry.begin_scrape(1).is_none();
    let free = || !busy();
    let why = || "a scrape goes on".to_owned();
    let answer = client.send("GET", "/metrics").await.await.expect("the head comes");
    assert!(busy());
    drop(answer);
    wait_for(free, why).await;
    let mut seconds = 1;
    let answer = loop {
        let timed = [("x-prometheus-scrape-timeout-seconds", seconds.to_string())];
        let answer = client.send_with("GET", "http://localhost/metrics", &timed).await;
        let answer = answer.await.expect("the head comes");
        if answer.status() == 200 {
            break answer;
        }
        // On a busy machine not even the head may come in time.
        assert!(seconds < 60, "no page begins in {seconds} seconds: is the machine as slow as that?");
        seconds *= 2;
        wait_for(free, why).await;
    };
    wait_for(free, why).await;
    // The aborted page does not look complete.
    http2::read(answer).await.expect_err("the stream is broken off");
    assert_eq!(client.call("GET", "/metrics?name[]=none").await.expect("it is answered").status, 200);
}
