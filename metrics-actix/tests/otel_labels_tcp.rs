//! Labels of the OpenTelemetry conventions over TCP.

mod listening;
mod scraper;
mod service;

use std::io::{Read, Write};

use actix_web::{App, HttpResponse, HttpServer, web};
use listening::{Server, serve};
use metrics_actix::{HttpMetrics, Preset};
use metrics_core::Registry;
use service::routes;

const DURATION: &str = "http_server_request_duration_seconds_count";

/// A count on the page of requests to `/users/{id}` that ended with 200, but for these labels.
fn users(scheme: &str, version: &str) -> String {
    format!(
        "{DURATION}{{http_request_method=\"GET\",http_route=\"/users/{{id}}\",http_response_status_code=\"200\",\
         url_scheme=\"{scheme}\",network_protocol_version=\"{version}\"}} 1"
    )
}

fn has(registry: &Registry, line: &str) -> bool {
    registry.text().lines().any(|other| other == line)
}

fn raw(server: &Server, request: &str) -> String {
    let mut stream = server.open();
    stream.write_all(request.as_bytes()).expect("the server reads");
    let mut answer = String::new();
    stream.read_to_string(&mut answer).expect("it is text");
    answer
}

#[test]
fn version_and_scheme_are_those_of_the_connection() {
    let server = Server::measured(false, || HttpMetrics::new().preset(Preset::OpenTelemetry));
    let answer = raw(&server, "GET /users/1 HTTP/1.0\r\n\r\n");
    assert!(answer.contains(" 200 OK\r\n"), "{answer}");
    let headers =
        "Host: elsewhere.example\r\nX-Forwarded-Proto: gopher\r\nForwarded: proto=https\r\nConnection: close";
    let answer = raw(&server, &format!("GET http://third.example/users/1 HTTP/1.1\r\n{headers}\r\n\r\n"));
    assert!(answer.contains(" 200 OK\r\n"), "{answer}");
    server.wait(|| ["1.0", "1.1"].iter().all(|version| has(&server.registry, &users("http", version))));
    let page = server.registry.text();
    assert!(!page.contains("https") && !page.contains("gopher") && !page.contains("example"), "{page}");
}

#[test]
fn server_error_has_its_status_as_error_type() {
    let server = serve!(|registry| HttpServer::new(move || {
        let http = HttpMetrics::new().preset(Preset::Both).registry(&registry);
        App::new()
            .wrap(http)
            .route("/unwell", web::get().to(HttpResponse::ServiceUnavailable))
            .configure(routes)
    }));
    for (path, status) in [("/unwell", "503"), ("/hasty", "504"), ("/refused/once", "500"), ("/fails", "418")]
    {
        let answer = server.call("GET", path);
        assert!(answer.starts_with(&format!("HTTP/1.1 {status}")), "{answer}");
    }
    assert_eq!(server.call("GET", "/panics"), "");
    let of = |route: &str, status: u16, error: &str| {
        let error = if error.is_empty() { String::new() } else { format!(",error_type=\"{error}\"") };
        format!(
            "{DURATION}{{http_request_method=\"GET\",http_route=\"{route}\",http_response_status_code=\"{status}\",\
             url_scheme=\"http\",network_protocol_version=\"1.1\"{error}}} 1"
        )
    };
    let lines = [
        of("/unwell", 503, "503"),
        of("/hasty", 504, "504"),
        of("/refused/{how}", 500, "500"),
        of("/fails", 418, ""),
        of("/panics", 500, "panic"),
        // Each is in the metrics of the default preset as well.
        "http_requests_total{method=\"GET\",endpoint=\"/unwell\",status=\"503\"} 1".into(),
        "http_requests_total{method=\"GET\",endpoint=\"/panics\",status=\"500\"} 1".into(),
        "http_request_duration_seconds_count{method=\"GET\",endpoint=\"/panics\"} 1".into(),
        "http_requests_in_progress{method=\"GET\",endpoint=\"/panics\"} 0".into(),
        "http_server_active_requests{http_request_method=\"GET\",url_scheme=\"http\"} 0".into(),
        "http_panics_total{endpoint=\"/panics\"} 1".into(),
    ];
    server.wait(|| lines.iter().all(|line| has(&server.registry, line)));
}

#[cfg(feature = "rustls")]
#[test]
fn scheme_is_https_over_tls() {
    use std::sync::Arc;

    use rustls::{
        ClientConfig, ClientConnection, RootCertStore, ServerConfig, StreamOwned, crypto::ring,
        pki_types::PrivateKeyDer,
    };
    let made = rcgen::generate_simple_self_signed(["localhost".to_owned()]).expect("a certificate");
    let certificate = made.cert.der().clone();
    let key = PrivateKeyDer::try_from(made.signing_key.serialize_der()).expect("a key");
    let config = ServerConfig::builder_with_provider(Arc::new(ring::default_provider()))
        .with_safe_default_protocol_versions()
        .expect("the provider has them")
        .with_no_client_auth()
        .with_single_cert(vec![certificate.clone()], key)
        .expect("a certificate and its key");
    let server = Server::of(move |registry| {
        let http = HttpMetrics::new().preset(Preset::OpenTelemetry).registry(&registry);
        let server = HttpServer::new(move || App::new().wrap(http.clone()).configure(routes));
        let server = server.workers(1).disable_signals().shutdown_timeout(1);
        let server = server.bind_rustls_0_23(("127.0.0.1", 0), config).expect("a free port");
        (server.addrs()[0], server.run())
    });
    let mut roots = RootCertStore::empty();
    roots.add(certificate).expect("a root");
    let config = ClientConfig::builder_with_provider(Arc::new(ring::default_provider()))
        .with_safe_default_protocol_versions()
        .expect("the provider has them")
        .with_root_certificates(roots)
        .with_no_client_auth();
    let name = "localhost".try_into().expect("it is a name");
    let client = ClientConnection::new(Arc::new(config), name).expect("the configuration is whole");
    let mut stream = StreamOwned::new(client, server.open());
    stream
        .write_all(b"GET /users/1 HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")
        .expect("the server reads");
    let mut answer = Vec::new();
    let _closed = stream.read_to_end(&mut answer);
    assert!(answer.starts_with(b"HTTP/1.1 200"), "{}", String::from_utf8_lossy(&answer));
    server.wait(|| has(&server.registry, &users("https", "1.1")));
}
