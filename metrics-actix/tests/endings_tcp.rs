//! Endings of requests over TCP.

mod listening;
mod service;

use std::{
    io::{Read, Write},
    thread,
    time::Duration,
};

use listening::{Server, Setup};
use metrics_actix::{HttpMetrics, InProgress, Preset};
use service::{expected, expected_during, expected_with_panics, samples};

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
        ("GET", "/announced", "200"),
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
        ("GET", "/announced", &[(200, 1)]),
        ("HEAD", "/stream", &[(200, 1)]),
        ("GET", "/large", &[(200, 1)]),
        ("HEAD", "/large", &[(404, 1)]),
        ("GET", "/fails", &[(418, 1)]),
        ("GET", "/refused/{how}", &[(401, 1), (402, 1), (500, 1)]),
    ]));
}

#[test]
fn panic_counts_once_and_closes_only_its_connection() {
    let server = Server::start();
    assert_eq!(server.call("GET", "/panics"), "");
    assert_eq!(server.call("GET", "/refused/panic"), "");
    assert!(server.call("GET", "/body-panics").starts_with("HTTP/1.1 200"));
    assert_eq!(status_of(&server.call("GET", "/users/1")), "200");
    let panicked = ["/panics", "/refused/{how}", "/body-panics"];
    let routes: &[service::Route<'_>] = &[
        ("GET", "/panics", &[(500, 1)]),
        ("GET", "/refused/{how}", &[(500, 1)]),
        ("GET", "/body-panics", &[(500, 1)]),
        ("GET", "/users/{id}", &[(200, 1)]),
    ];
    server.expect(&expected_with_panics(routes, &panicked));
}

#[test]
fn disconnected_client_counts_as_499() {
    let server = Server::start();
    // Before the head.
    let stream = server.send("GET", "/slow/600000");
    server.expect(&expected_during("/slow/{millis}", 1));
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
fn half_closed_client_is_answered() {
    let server = Server::start_with(true);
    let mut stream = server.send("GET", "/slow/50");
    stream.shutdown(std::net::Shutdown::Write).expect("the connection is open");
    let mut response = String::new();
    stream.read_to_string(&mut response).expect("the response is text");
    assert!(response.ends_with("late"), "{response}");
    // A client that has closed both halves looks the same until the response is written. A short one is written in full.
    drop(server.send("GET", "/slow/50"));
    server.expect(&expected(&[("GET", "/slow/{millis}", &[(200, 2)])]));
    // A long one is not.
    drop(server.send("GET", "/endless"));
    server.expect(&expected(&[("GET", "/slow/{millis}", &[(200, 2)]), ("GET", "/endless", &[(499, 1)])]));
}

#[test]
fn failed_body_counts_as_500() {
    let server = Server::start();
    let response = server.call("GET", "/broken");
    assert!(response.starts_with("HTTP/1.1 200") && response.contains("drip"), "{response}");
    server.expect(&expected(&[("GET", "/broken", &[(500, 1)])]));
}

#[test]
fn gauge_counts_requests_in_flight() {
    let server = Server::start();
    let streams: Vec<_> = (0..3).map(|_| server.send("GET", "/gated/gauge")).collect();
    server.expect(&expected_during("/gated/{gate}", 3));
    thread::sleep(Duration::from_millis(300));
    service::open("gauge");
    for mut stream in streams {
        let mut response = String::new();
        stream.read_to_string(&mut response).expect("the response is text");
        assert!(response.ends_with("late"), "{response}");
    }
    server.expect(&expected(&[("GET", "/gated/{gate}", &[(200, 3)])]));
    let page = server.registry.text();
    let fast =
        "http_request_duration_seconds_bucket{method=\"GET\",endpoint=\"/gated/{gate}\",le=\"0.25\"} 0\n";
    assert!(page.contains(fast), "{page}");
}

#[test]
fn random_paths_create_no_series() {
    let server = Server::start();
    for number in 0..300_u32 {
        server.call("GET", &format!("/{:x}.php?{number}", number.wrapping_mul(2_654_435_761)));
    }
    server.expect(&expected(&[("GET", "unmatched", &[(404, 300)])]));
}

#[test]
fn metrics_route_is_served_and_excluded() {
    let server = Server::start();
    server.call("GET", "/users/1");
    server.expect(&expected(&[("GET", "/users/{id}", &[(200, 1)])]));
    // The sum is recorded after the count.
    let sum = "http_request_duration_seconds_sum{method=\"GET\",endpoint=\"/users/{id}\"} ";
    server.wait(|| {
        let page = server.registry.text();
        page.contains(sum) && !page.contains(&format!("{sum}0\n"))
    });
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
fn concurrent_requests_are_all_counted() {
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

#[test]
fn handler_timeout_counts_with_its_status() {
    let server = Server::start();
    assert_eq!(status_of(&server.call("GET", "/hasty")), "504");
    server.expect(&expected(&[("GET", "/hasty", &[(504, 1)])]));
}

#[test]
fn outer_timeout_counts_as_499() {
    let server = Server::set_up(Setup { time_limit: Some(Duration::from_millis(20)), ..Setup::default() });
    assert_eq!(status_of(&server.call("GET", "/slow/600000")), "504");
    server.expect(&expected(&[("GET", "/slow/{millis}", &[(499, 1)])]));
}

#[test]
fn incomplete_request_head_is_not_counted() {
    let server = Server::set_up(Setup { head_timeout: Duration::from_millis(100), ..Setup::default() });
    let mut stream = server.open();
    stream.write_all(b"GET /users/1 HTTP/1.1\r\nHost: ").expect("the connection is open");
    let mut response = String::new();
    stream.read_to_string(&mut response).expect("the server closes");
    assert_eq!(status_of(&response), "408", "{response}");
    assert_eq!(samples(&server.registry), Vec::<String>::new());
}

#[test]
fn upgraded_connection_is_in_flight_until_it_closes() {
    let server = Server::start();
    let mut stream = server.send("GET", "/nothing");
    let mut ignored = Vec::new();
    stream.read_to_end(&mut ignored).expect("the server closes");
    let mut stream = server.open();
    write!(
        stream,
        "GET /socket HTTP/1.1\r\nHost: localhost\r\nConnection: upgrade\r\nUpgrade: websocket\r\n\r\n"
    )
    .expect("the server reads");
    let mut head = [0; 12];
    stream.read_exact(&mut head).expect("the head comes");
    assert_eq!(&head, b"HTTP/1.1 101");
    let unmatched = expected(&[("GET", "unmatched", &[(404, 1)])]);
    let mut during = unmatched.clone();
    during.extend(expected_during("/socket", 1));
    during.sort();
    server.expect(&during);
    stream.write_all(b"ping").expect("the connection is open");
    let mut answer = Vec::new();
    while !answer.ends_with(b"ping") {
        let mut byte = [0];
        stream.read_exact(&mut byte).expect("the answer comes");
        answer.extend(byte);
    }
    drop(stream);
    server.expect(&expected(&[("GET", "unmatched", &[(404, 1)]), ("GET", "/socket", &[(101, 1)])]));
}

/// Waits until one metric has these samples: a series may be visible shortly before its first count.
fn expect_samples<T: AsRef<str>>(server: &Server, name: &str, expected: &[T]) {
    let expected: Vec<_> = expected.iter().map(|sample| sample.as_ref().to_owned()).collect();
    server.wait(|| samples_of(server, name) == expected);
}

/// Returns the samples of one metric, without its name.
fn samples_of(server: &Server, name: &str) -> Vec<String> {
    let page = server.registry.text();
    let mut samples: Vec<_> =
        page.lines().filter_map(|line| line.strip_prefix(name)).map(String::from).collect();
    samples.sort();
    samples
}

#[test]
fn sizes_are_the_bytes_read_and_sent() {
    let server = Server::measured(false, || {
        HttpMetrics::new().request_size().response_size().first_byte().size_buckets(&[100.0])
    });
    // A chunked body, without a length.
    let mut stream = server.open();
    let head =
        "POST /upload HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\nConnection: close\r\n\r\n";
    write!(stream, "{head}5\r\nhello\r\n7\r\n, world\r\n0\r\n\r\n").expect("the server reads");
    let mut response = String::new();
    stream.read_to_string(&mut response).expect("text");
    assert!(response.ends_with("12"), "{response}");
    assert!(server.call("GET", "/stream").contains("drip"));
    server.call("HEAD", "/stream");
    assert!(server.call("GET", "/broken").contains("drip"));
    let post = "{method=\"POST\",endpoint=\"/upload\"}";
    let get = |path: &str| format!("{{method=\"GET\",endpoint=\"{path}\"}}");
    let head = "{method=\"HEAD\",endpoint=\"/stream\"}";
    let routes = [&get("/broken"), &get("/stream"), head, post];
    let samples = |values: [u32; 4]| [0, 1, 2, 3].map(|at: usize| format!("{} {}", routes[at], values[at]));
    expect_samples(&server, "http_response_size_bytes_sum", &samples([5, 15, 0, 2]));
    expect_samples(&server, "http_request_size_bytes_sum", &samples([0, 0, 0, 12]));
    for name in ["http_response_size_bytes", "http_request_size_bytes", "http_response_first_byte_seconds"] {
        expect_samples(&server, &format!("{name}_count"), &samples([1, 1, 1, 1]));
    }
}

#[test]
fn outcomes_have_the_labels_of_the_opentelemetry_conventions() {
    let server = Server::measured(false, || HttpMetrics::new().preset(Preset::OpenTelemetry));
    server.call("GET", "/users/1");
    server.call("BREW", "/nothing");
    server.call("GET", "/panics");
    server.call("GET", "/broken");
    // The gauge has no label for the endpoint.
    server.wait(|| {
        samples_of(&server, "http_server_active_requests").iter().all(|gauge| gauge.ends_with(" 0"))
    });
    let stream = server.send("GET", "/slow/600000");
    server.wait(|| {
        server
            .registry
            .text()
            .contains("http_server_active_requests{http_request_method=\"GET\",url_scheme=\"http\"} 1")
    });
    drop(stream);
    let line = |method: &str, route: &str, status: u16, error: &str| {
        let route = if route.is_empty() { String::new() } else { format!(",http_route=\"{route}\"") };
        let error = if error.is_empty() { String::new() } else { format!(",error_type=\"{error}\"") };
        format!(
            "{{http_request_method=\"{method}\"{route},http_response_status_code=\"{status}\",\
             url_scheme=\"http\",network_protocol_version=\"1.1\"{error}}} 1"
        )
    };
    let mut expected = vec![
        line("GET", "/users/{id}", 200, ""),
        line("_OTHER", "", 404, ""),
        line("GET", "/panics", 500, "panic"),
        line("GET", "/broken", 500, "body"),
        line("GET", "/slow/{millis}", 499, "client_gone"),
    ];
    expected.sort();
    expect_samples(&server, "http_server_request_duration_seconds_count", &expected);
    expect_samples(
        &server,
        "http_server_active_requests",
        &[
            "{http_request_method=\"GET\",url_scheme=\"http\"} 0",
            "{http_request_method=\"_OTHER\",url_scheme=\"http\"} 0",
        ],
    );
    expect_samples(
        &server,
        "http_panics_total",
        &[
            "{endpoint=\"/broken\"} 0",
            "{endpoint=\"/panics\"} 1",
            "{endpoint=\"/slow/{millis}\"} 0",
            "{endpoint=\"/users/{id}\"} 0",
            "{endpoint=\"unmatched\"} 0",
        ],
    );
    assert!(!server.registry.text().contains("http_requests_total"));
}

#[test]
fn gauge_by_method_keeps_the_endpoint_of_every_outcome() {
    let server = Server::measured(false, || HttpMetrics::new().in_progress(InProgress::ByMethod));
    server.call("GET", "/users/1");
    server.call("GET", "/nothing");
    server.call("GET", "/panics");
    // The gauge has no label for the endpoint.
    expect_samples(&server, "http_requests_in_progress", &["{method=\"GET\"} 0"]);
    let stream = server.send("GET", "/slow/600000");
    server.wait(|| server.registry.text().contains("http_requests_in_progress{method=\"GET\"} 1\n"));
    drop(stream);
    expect_samples(
        &server,
        "http_requests_total",
        &[
            "{method=\"GET\",endpoint=\"/panics\",status=\"500\"} 1",
            "{method=\"GET\",endpoint=\"/slow/{millis}\",status=\"499\"} 1",
            "{method=\"GET\",endpoint=\"/users/{id}\",status=\"200\"} 1",
            "{method=\"GET\",endpoint=\"unmatched\",status=\"404\"} 1",
        ],
    );
    expect_samples(&server, "http_requests_in_progress", &["{method=\"GET\"} 0"]);
}
