//! Negotiation of format and compression.

use actix_web::{
    App,
    body::to_bytes,
    http::{Method, header::HeaderMap},
    test::{TestRequest, call_service, init_service},
};
use metrics_actix::MetricsRoute;
use metrics_core::{Counter, Definition, Gauge, Registry};

const OPEN_METRICS: &str = "application/openmetrics-text";

/// Returns the headers and the body of the response to a request with these headers.
async fn scrape(
    registry: &Registry,
    target: &str,
    method: Method,
    headers: &[(&str, &str)],
) -> (HeaderMap, String) {
    let app = init_service(App::new().service(MetricsRoute::new("/metrics").registry(registry))).await;
    let mut request = TestRequest::with_uri(target).method(method);
    for header in headers {
        request = request.append_header(*header);
    }
    let response = call_service(&app, request.to_request()).await;
    assert_eq!(response.status(), 200);
    let headers = response.headers().clone();
    let body = to_bytes(response.into_body()).await.expect("the body is given in full");
    (headers, String::from_utf8_lossy(&body).into_owned())
}

fn registry() -> (Registry, Counter, Gauge) {
    let registry = Registry::new();
    let jobs = registry.register(&Definition::new("jobs_total", "Jobs.")).expect("a new name");
    let level = registry.register(&Definition::new("level", "Level.")).expect("a new name");
    (registry, jobs, level)
}

#[actix_web::test]
async fn format_is_negotiated_from_all_accept_headers() {
    let (registry, _jobs, _level) = registry();
    let open_metrics: &[(&str, &str)] = &[("accept", "text/plain;q=0.5"), ("accept", OPEN_METRICS)];
    let escaping: &[(&str, &str)] =
        &[("accept", "application/openmetrics-text;version=1.0.0;escaping=allow-utf-8,*/*;q=0.1")];
    let plain: &[(&str, &str)] = &[("accept", "text/html,*/*;q=0.8")];
    let nonsense: &[(&str, &str)] = &[("accept", ";,\"=q"), ("accept-encoding", ";q=,,x")];
    let open = (registry.open_metrics(), "application/openmetrics-text; version=1.0.0; charset=utf-8");
    let escaped = "application/openmetrics-text; version=1.0.0; charset=utf-8; escaping=allow-utf-8";
    let text = (registry.text(), "text/plain; version=0.0.4; charset=utf-8");
    for (headers, (body, content_type)) in [
        (open_metrics, open.clone()),
        (escaping, (open.0, escaped)),
        (plain, text.clone()),
        (nonsense, text.clone()),
        (&[], text),
    ] {
        let (answer, page) = scrape(&registry, "/metrics", Method::GET, headers).await;
        assert_eq!(page, body, "{headers:?}");
        assert_eq!(answer.get("content-type").expect("a type"), content_type);
        assert_eq!(answer.get("vary").expect("what it depends on"), "Accept, Accept-Encoding");
        assert!(!answer.contains_key("content-encoding"), "{headers:?}");
        let (head, _) = scrape(&registry, "/metrics", Method::HEAD, headers).await;
        assert_eq!(head.get("content-type"), answer.get("content-type"));
    }
}

#[actix_web::test]
async fn query_restricts_the_page_to_names() {
    let (registry, _jobs, _level) = registry();
    for (target, names) in [
        ("/metrics?name[]=level", "level"),
        ("/metrics?name%5B%5D=jobs_total", "jobs_total"),
        ("/metrics?name[]=jobs", "jobs_total"),
        ("/metrics?name[]=jobs_total&name[]=level", "jobs_total level"),
        ("/metrics?name[]=nothing", ""),
        ("/metrics?other=level", "jobs_total level"),
    ] {
        let (_, page) = scrape(&registry, target, Method::GET, &[]).await;
        let shown: Vec<_> = page.lines().filter_map(|line| line.strip_suffix(" 0")).collect();
        assert_eq!(shown.join(" "), names, "{target}");
    }
}

#[cfg(feature = "gzip")]
#[actix_web::test]
async fn page_is_compressed_if_accepted() {
    let (registry, _jobs, _level) = registry();
    let accepted = [("accept-encoding", "gzip")];
    let (small, page) = scrape(&registry, "/metrics", Method::GET, &accepted).await;
    assert_eq!((small.get("content-encoding"), page), (None, registry.text()));
    let definition = Definition::new("queue_length", "Long. ".repeat(200));
    let _queue: Gauge = registry.register(&definition).expect("a new name");
    let (answer, page) = scrape(&registry, "/metrics", Method::GET, &accepted).await;
    assert_eq!(answer.get("content-encoding").expect("a coding"), "gzip");
    assert_ne!(page, registry.text());
}
