//! Requests over TCP: each counts once, with the status that its client receives, and none stays in progress.

mod listening;
mod scraper;
mod service;

use std::{
    io::{Read, Write},
    time::Duration,
};

use actix_web::{
    App, Error, HttpResponse, HttpServer, ResponseError,
    body::{BoxBody, MessageBody, SizedStream},
    dev::{ServiceRequest, ServiceResponse},
    error::{ErrorGatewayTimeout, ErrorRequestTimeout, InternalError},
    middleware::{Next, from_fn},
    rt::time::timeout,
    web::{self, Bytes, ServiceConfig},
};
use futures_util::stream;
use listening::{Server, serve};
use metrics_actix::HttpMetrics;
use metrics_core::Registry;
use scraper::Connection;
use service::{Drip, Then, expected, expected_during, routes};

fn measured(registry: &Registry) -> HttpMetrics {
    HttpMetrics::new().registry(registry)
}

/// Starts a server with these routes.
fn serving(configure: fn(&mut ServiceConfig)) -> Server {
    serve!(|registry| HttpServer::new(move || App::new().wrap(measured(&registry)).configure(configure)))
}

fn connect(server: &Server) -> Connection {
    Connection::to(server.address)
}

/// Sends a request on a connection and returns the status of the response.
fn status(connection: &mut Connection, method: &str, target: &str, headers: &[(&str, &str)]) -> u16 {
    connection.send(method, target, headers);
    let answer = connection.answer(method);
    assert!(answer.is_whole, "{method} {target}");
    answer.status()
}

#[test]
fn every_request_of_a_keep_alive_connection_counts() {
    let server = Server::start();
    let mut connection = connect(&server);
    for (method, target, expected) in [
        ("GET", "/users/1", 200),
        ("GET", "/nothing", 404),
        ("HEAD", "/users/1", 200),
        ("GET", "/stream", 200),
        ("POST", "/api/v1/items/3", 405),
        ("GET", "/refused/quiet", 402),
        ("GET", "/large", 200),
        ("GET", "/users/2", 200),
    ] {
        assert_eq!(status(&mut connection, method, target, &[]), expected, "{method} {target}");
    }
    // A panic closes the connection. The requests before it have been counted.
    connection.send("GET", "/broken", &[]);
    assert!(!connection.answer("GET").is_whole);
    server.expect(&expected(&[
        ("GET", "/users/{id}", &[(200, 2)]),
        ("HEAD", "/users/{id}", &[(200, 1)]),
        ("GET", "unmatched", &[(404, 1)]),
        ("GET", "/stream", &[(200, 1)]),
        ("POST", "/api/v1/items/{item}", &[(405, 1)]),
        ("GET", "/refused/{how}", &[(402, 1)]),
        ("GET", "/large", &[(200, 1)]),
        ("GET", "/broken", &[(500, 1)]),
    ]));
}

#[test]
fn pipelined_requests_count_one_by_one() {
    let server = Server::start();
    let mut connection = connect(&server);
    let targets = ["/users/1", "/stream", "/missing/1", "/users/2", "/nothing", "/announced"];
    let requests = targets.map(|target| format!("GET {target} HTTP/1.1\r\nHost: localhost\r\n\r\n"));
    connection.send_raw(requests.concat().as_bytes());
    let answers = targets.map(|_| connection.answer("GET"));
    assert_eq!(answers.each_ref().map(scraper::Answer::status), [200, 200, 404, 200, 404, 200]);
    assert_eq!(answers.each_ref().map(|answer| answer.is_whole), [true; 6]);
    server.expect(&expected(&[
        ("GET", "/users/{id}", &[(200, 2)]),
        ("GET", "/stream", &[(200, 1)]),
        ("GET", "/missing/{id}", &[(404, 1)]),
        ("GET", "unmatched", &[(404, 1)]),
        ("GET", "/announced", &[(200, 1)]),
    ]));
    // Pipelined requests are not started while the first one is in flight.
    connection
        .send_raw(format!("{}{}", requests[0].replace("users/1", "gated/never"), requests[0]).as_bytes());
    let page = || service::samples(&server.registry).join("\n");
    let during = expected_during("/gated/{gate}", 1);
    server.wait(|| during.iter().all(|line| page().contains(line)));
    drop(connection);
    let gone = "http_requests_total{method=\"GET\",endpoint=\"/gated/{gate}\",status=\"499\"} 1";
    server.wait(|| page().contains(gone));
    assert!(page().contains("http_requests_total{method=\"GET\",endpoint=\"/users/{id}\",status=\"200\"} 2"));
}

/// Error with a status in its response alone.
#[derive(Debug)]
struct Poor;

impl std::fmt::Display for Poor {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("poor")
    }
}

impl ResponseError for Poor {
    fn error_response(&self) -> HttpResponse {
        HttpResponse::PaymentRequired().body("pay")
    }
}

async fn told_once() -> Result<HttpResponse, Error> {
    Err(InternalError::from_response("once", HttpResponse::Conflict().body("told once")).into())
}

fn extracting(config: &mut ServiceConfig) {
    let number = |number: web::Path<u32>| async move { number.to_string() };
    let length = |numbers: web::Json<Vec<u32>>| async move { numbers.len().to_string() };
    let poor = || async { Err::<HttpResponse, _>(Poor) };
    config
        .app_data(web::JsonConfig::default().limit(64))
        .app_data(web::PayloadConfig::new(64))
        .route("/numbers/{number}", web::get().to(number))
        .route("/json", web::post().to(length))
        .route("/bytes", web::post().to(|bytes: Bytes| async move { bytes.len().to_string() }))
        .route("/poor", web::get().to(poor))
        .route("/once", web::get().to(told_once));
}

#[test]
fn failed_extractors_count_with_the_status_of_the_response() {
    let server = serving(extracting);
    let post = |target: &str, kind: &str, body: &str| {
        let mut connection = connect(&server);
        let length = body.len();
        let head = format!("Host: localhost\r\nContent-Type: {kind}\r\nContent-Length: {length}");
        connection.send_raw(format!("POST {target} HTTP/1.1\r\n{head}\r\n\r\n{body}").as_bytes());
        connection.answer("POST").status()
    };
    let json = "application/json";
    assert_eq!(post("/json", json, "[1,2]"), 200);
    assert_eq!(post("/json", json, "[1,"), 400);
    assert_eq!(post("/json", "text/plain", "[1,2]"), 400);
    assert_eq!(post("/json", json, &format!("[{}1]", "1,".repeat(50))), 413);
    assert_eq!(post("/bytes", json, "1234"), 200);
    assert_eq!(post("/bytes", json, &"1".repeat(65)), 413);
    for (target, expected) in [("/numbers/7", 200), ("/numbers/seven", 404), ("/poor", 402), ("/once", 409)] {
        assert_eq!(status(&mut connect(&server), "GET", target, &[]), expected, "{target}");
    }
    server.expect(&expected(&[
        ("POST", "/json", &[(200, 1), (400, 2), (413, 1)]),
        ("POST", "/bytes", &[(200, 1), (413, 1)]),
        ("GET", "/numbers/{number}", &[(200, 1), (404, 1)]),
        ("GET", "/poor", &[(402, 1)]),
        ("GET", "/once", &[(409, 1)]),
    ]));
}

#[test]
fn expect_continue_counts_once() {
    let server = Server::start();
    let mut connection = connect(&server);
    let headers = [("Expect", "100-continue"), ("Content-Length", "5")];
    connection.send("POST", "/upload", &headers);
    assert_eq!(connection.head().status, 100);
    connection.send_raw(b"hello");
    let answer = connection.answer("POST");
    assert_eq!((answer.status(), answer.text()), (200, "5"));
    // A client that disconnects instead counts as 499.
    connection.send("POST", "/upload", &headers);
    assert_eq!(connection.head().status, 100);
    connection.send_raw(b"he");
    drop(connection);
    let mut samples = expected(&[("POST", "/upload", &[(200, 1), (400, 1)])]);
    samples.sort();
    server.expect(&samples);
}

fn sized() -> HttpResponse {
    let chunks = stream::iter((0..5).map(|_| Ok::<_, Error>(Bytes::from_static(b"12345"))));
    HttpResponse::Ok().body(SizedStream::new(25, chunks))
}

/// Slow bodies under statuses that have no body, and bodies with a length.
fn bodies(config: &mut ServiceConfig) {
    let drip = |response: fn() -> HttpResponse, chunks: usize| {
        move || {
            let response = response().set_body(BoxBody::new(Drip::new(chunks, 1, Then::End)));
            async move { response }
        }
    };
    let endless = || async {
        let chunks = stream::repeat_with(|| Ok::<_, Error>(Bytes::from(vec![b'x'; 1 << 16])));
        HttpResponse::Ok().body(SizedStream::new(1 << 40, chunks))
    };
    config
        .route("/sized", web::route().to(async || sized()))
        .route("/sized-endless", web::get().to(endless))
        .route("/unchanged", web::get().to(drip(|| HttpResponse::NotModified().finish(), 3)))
        .route("/nothing-to-say", web::get().to(drip(|| HttpResponse::NoContent().finish(), 3)))
        .route("/unchanged-endless", web::get().to(drip(|| HttpResponse::NotModified().finish(), usize::MAX)))
        .route("/drip", web::route().to(drip(|| HttpResponse::Ok().finish(), 3)))
        .route("/bare", web::route().to(HttpResponse::Ok));
}

#[test]
fn omitted_and_sized_bodies_end_their_requests() {
    let server = serving(bodies);
    let mut connection = connect(&server);
    for (method, target, expected) in [
        ("GET", "/sized", 200),
        ("HEAD", "/sized", 200),
        ("GET", "/drip", 200),
        ("HEAD", "/drip", 200),
        ("GET", "/bare", 200),
        ("HEAD", "/bare", 200),
    ] {
        assert_eq!(status(&mut connection, method, target, &[]), expected, "{method} {target}");
    }
    for (target, expected) in [("/unchanged", 304), ("/nothing-to-say", 204), ("/unchanged-endless", 304)] {
        let mut connection = connect(&server);
        connection.send("GET", target, &[]);
        assert_eq!(connection.head().status, expected, "{target}");
    }
    let mut all = vec![
        ("GET", "/sized", &[(200, 1)][..]),
        ("HEAD", "/sized", &[(200, 1)]),
        ("GET", "/drip", &[(200, 1)]),
        ("HEAD", "/drip", &[(200, 1)]),
        ("GET", "/bare", &[(200, 1)]),
        ("HEAD", "/bare", &[(200, 1)]),
        ("GET", "/unchanged", &[(304, 1)]),
        ("GET", "/nothing-to-say", &[(204, 1)]),
        ("GET", "/unchanged-endless", &[(304, 1)]),
    ];
    server.expect(&expected(&all));
    // The client disconnects in the middle of a body with a length.
    let mut connection = connect(&server);
    connection.send("GET", "/sized-endless", &[]);
    assert_eq!(connection.head().get("content-length"), Some("1099511627776"));
    drop(connection);
    all.push(("GET", "/sized-endless", &[(499, 1)]));
    server.expect(&expected(&all));
}

#[test]
fn counting_goes_on_after_disconnected_clients() {
    let server = Server::start();
    for round in 1..=5 {
        let waiting = server.send("GET", "/slow/600000");
        let mut reading = connect(&server);
        reading.send("GET", "/endless", &[]);
        assert_eq!(reading.head().status, 200);
        let half_a_head = server.open();
        (&half_a_head).write_all(b"GET /users/1 HTTP/1.1\r\nHo").expect("the server reads");
        let mut uploading = server.open();
        let head = "POST /upload HTTP/1.1\r\nHost: localhost\r\nContent-Length: 100\r\n\r\nhel";
        uploading.write_all(head.as_bytes()).expect("the server reads");
        let begun = [
            "http_requests_in_progress{method=\"GET\",endpoint=\"/slow/{millis}\"} 1",
            "http_requests_in_progress{method=\"POST\",endpoint=\"/upload\"} 1",
        ];
        server.wait(|| {
            let samples = service::samples(&server.registry);
            begun.iter().all(|line| samples.iter().any(|sample| sample == line))
        });
        drop((waiting, reading, half_a_head, uploading));
        let mut connection = connect(&server);
        assert_eq!(status(&mut connection, "GET", "/users/1", &[]), 200);
        assert_eq!(status(&mut connection, "GET", "/stream", &[]), 200);
        server.expect(&expected(&[
            ("GET", "/slow/{millis}", &[(499, round)]),
            ("GET", "/endless", &[(499, round)]),
            ("POST", "/upload", &[(400, round)]),
            ("GET", "/users/{id}", &[(200, round)]),
            ("GET", "/stream", &[(200, round)]),
        ]));
    }
}

/// Limits the time of a request.
async fn with_time_limit(
    request: ServiceRequest,
    next: Next<impl MessageBody + 'static>,
) -> Result<ServiceResponse<BoxBody>, Error> {
    let is_client_late = request.path() == "/slow/600001";
    match timeout(Duration::from_millis(20), next.call(request)).await {
        Ok(response) => Ok(response?.map_into_boxed_body()),
        Err(_) if is_client_late => Err(ErrorRequestTimeout("too late")),
        Err(_) => Err(ErrorGatewayTimeout("too late")),
    }
}

#[test]
fn inner_timeout_counts_with_its_status() {
    let server = serve!(|registry| HttpServer::new(move || {
        App::new().wrap(from_fn(with_time_limit)).wrap(measured(&registry)).configure(routes)
    }));
    let mut connection = connect(&server);
    for (target, expected) in [("/slow/600000", 504), ("/slow/600001", 408), ("/nothing", 404)] {
        assert_eq!(status(&mut connection, "GET", target, &[]), expected, "{target}");
    }
    server.expect(&expected(&[
        ("GET", "/slow/{millis}", &[(408, 1), (504, 1)]),
        ("GET", "unmatched", &[(404, 1)]),
    ]));
}

#[test]
fn malformed_request_is_not_counted() {
    let server = Server::start();
    for request in
        ["nonsense\r\n\r\n", "GET /users/1 HTTP/9.9\r\n\r\n", "GET  HTTP/1.1\r\n\r\n", "\0\r\n\r\n"]
    {
        let mut stream = server.open();
        stream.write_all(request.as_bytes()).expect("the server reads");
        let mut answer = Vec::new();
        let _reset = stream.read_to_end(&mut answer);
        assert!(answer.starts_with(b"HTTP/1.1 400"), "{request:?}: {}", String::from_utf8_lossy(&answer));
    }
    server.expect(&[]);
}
