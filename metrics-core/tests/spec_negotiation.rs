//! Rules of content negotiation, each with a test.
//!
//! <https://prometheus.io/docs/instrumenting/content_negotiation/>

use metrics_core::{Definition, Gauge, Page, Registry, Scrape};

const TEXT: &str = "text/plain; version=0.0.4; charset=utf-8";
const OPEN_METRICS: &str = "application/openmetrics-text; version=1.0.0; charset=utf-8";
const PROTOBUF: &str =
    "application/vnd.google.protobuf; proto=io.prometheus.client.MetricFamily; encoding=delimited";

/// Returns the content type and the page for these headers.
fn of_headers<A: AsRef<[u8]>>(accept: &[A]) -> (&'static str, Vec<u8>) {
    let registry = Registry::new();
    let _level: Gauge = registry.register(&Definition::new("level", "Level.")).unwrap();
    let mut page = Page::default();
    registry.scrape(&Scrape::negotiate(accept, ["identity"]), &mut page);
    let content_type = page.content_type();
    // The page has the format of the header.
    let bytes = page.as_ref();
    match content_type.split(';').next().unwrap() {
        "text/plain" => assert!(bytes.starts_with(b"# HELP level")),
        "application/openmetrics-text" => assert!(bytes.ends_with(b"# EOF\n")),
        "application/json" => assert!(bytes.starts_with(b"{")),
        _ => assert!(bytes.windows(7).any(|part| part == b"\x0a\x05level")),
    }
    (content_type, bytes.to_vec())
}

fn of(accept: &str) -> &'static str {
    of_headers(&[accept]).0
}

#[track_caller]
fn assert_all(expected: &str, headers: &[&str]) {
    for header in headers {
        assert_eq!(of(header), expected, "{header:?}");
    }
}

/// N1: the supported entry with the highest `q` wins.
#[test]
fn n1_highest_weight() {
    assert_all(OPEN_METRICS, &["text/plain;q=0.4,application/openmetrics-text;q=0.5,image/png"]);
    assert_all(TEXT, &["text/plain;q=0.6,application/openmetrics-text;q=0.5"]);
    assert_all(PROTOBUF, &[&format!("text/plain;q=0.999,{PROTOBUF}")]);
}

/// N2: a tie goes to the more specific entry, then to the richer format.
#[test]
fn n2_ties() {
    assert_all(
        OPEN_METRICS,
        &["*/*,application/openmetrics-text", "text/plain,application/openmetrics-text"],
    );
    assert_all(TEXT, &["*/*;q=0.5,text/plain;q=0.5", "application/*,text/plain"]);
    assert_all(PROTOBUF, &[&format!("application/openmetrics-text,{PROTOBUF},text/plain")]);
}

/// N3: `q=0` excludes.
#[test]
fn n3_zero_weight() {
    assert_all(
        TEXT,
        &["application/openmetrics-text;q=0,text/plain;q=0.1", "application/openmetrics-text;q=0.0,*/*"],
    );
    assert_all(
        OPEN_METRICS,
        &["text/plain;q=0,*/*", "text/plain;q=0.000,application/openmetrics-text;q=0.001"],
    );
}

/// N4: no header, `*/*` and a browser's header get text 0.0.4.
#[test]
fn n4_no_accept_header() {
    assert_eq!(of_headers::<&str>(&[]).0, TEXT);
    let browser = "text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,*/*;q=0.8";
    assert_all(TEXT, &["", "*/*", "*/*;q=0.1", browser]);
}

/// N5: a header with only unsupported types gets text 0.0.4, never 406.
#[test]
fn n5_unsupported() {
    assert_all(
        TEXT,
        &["image/png", "application/openmetrics-protobuf", "text/html;q=0.5", "text/plain;version=0.0.3"],
    );
}

/// N6: OpenMetrics without a version is 1.0.0; an unsupported version is skipped.
#[test]
fn n6_openmetrics_version() {
    assert_all(OPEN_METRICS, &["application/openmetrics-text"]);
    let both = "application/openmetrics-text;version=2.0.0,application/openmetrics-text;version=1.0.0;q=0.2";
    assert_all(OPEN_METRICS, &[both]);
    assert_all(TEXT, &["application/openmetrics-text;version=2.0.0,text/plain;q=0.1"]);
}

/// N7: `version`, `proto` and `encoding` are compared, `charset` is not.
#[test]
fn n7_parameters() {
    assert_all(OPEN_METRICS, &["application/openmetrics-text;version=\"1.0.0\";charset=latin-1"]);
    assert_all(TEXT, &["text/plain", "text/plain;charset=x;version=0.0.4"]);
    assert_all(PROTOBUF, &[PROTOBUF]);
    for other in [
        "application/vnd.google.protobuf;proto=another;encoding=delimited",
        "application/vnd.google.protobuf;proto=io.prometheus.client.MetricFamily;encoding=text",
        "application/vnd.google.protobuf",
    ] {
        assert_all(TEXT, &[other]);
        assert_all(OPEN_METRICS, &[&format!("{other},application/openmetrics-text;q=0.1")]);
    }
}

/// N8: a known `escaping` is echoed, another one is ignored.
#[test]
fn n8_escaping() {
    for escaping in ["allow-utf-8", "underscores", "dots", "values"] {
        let header = format!("application/openmetrics-text;version=1.0.0;escaping={escaping}");
        assert_eq!(of(&header), format!("{OPEN_METRICS}; escaping={escaping}"));
        assert_all(TEXT, &[&format!("text/plain;version=0.0.4;escaping={escaping}")]);
    }
    assert_all(OPEN_METRICS, &["application/openmetrics-text;version=1.0.0;escaping=none"]);
}

/// N9: no string of the client is reflected.
#[test]
fn n9_no_reflection() {
    for header in [
        "application/openmetrics-text;version=\"1.0.0<script>\"",
        "application/openmetrics-text;escaping=\"dots<script>\"",
        "text/plain;charset=\"<script>\";version=0.0.4;escaping=<script>",
        "<script>/<script>",
    ] {
        let (content_type, page) = of_headers(&[header]);
        assert!([TEXT, OPEN_METRICS].contains(&content_type), "{content_type}");
        assert!(!String::from_utf8(page).unwrap().contains("script"));
    }
}

/// N10: a malformed header leads to the fallback.
#[test]
fn n10_malformed() {
    assert_all(TEXT, &[";,\"=q", "/;q=0.1", ",,,", "\"", "text", "=;=", "\u{0}", "text/plain;q=NaN"]);
    assert_all(
        OPEN_METRICS,
        &["/;q=0.1,application/openmetrics-text", "text/plain;q=x,application/openmetrics-text;q=0.1"],
    );
    assert_eq!(of_headers(&[&b"\xFF\xFE\x80"[..]]).0, TEXT);
    assert_eq!(of_headers(&[vec![b','; 1 << 20]]).0, TEXT);
    assert_eq!(of_headers(&["a/b,".repeat(1 << 16)]).0, TEXT);
}

/// N11: several headers are joined; types are compared without case.
#[test]
fn n11_joined_headers() {
    assert_eq!(
        of_headers(&["text/plain;q=0.5", "image/png", "application/openmetrics-text;q=0.6"]).0,
        OPEN_METRICS
    );
    assert_eq!(of_headers(&["application/openmetrics-text;q=0.5", "text/plain;q=0.6"]).0, TEXT);
    assert_all(OPEN_METRICS, &["APPLICATION/OpenMetrics-Text;VERSION=1.0.0;Q=1"]);
}

/// N12: `Vary: Accept, Accept-Encoding`.
///
/// `metrics-actix/tests/spec_negotiation_tcp.rs` checks it in the responses of the route.
#[test]
fn n12_vary() {
    assert_eq!(Page::VARY, "Accept, Accept-Encoding");
}
