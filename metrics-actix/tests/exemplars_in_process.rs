//! Exemplars of requests. The source is process-wide, so this is a test program of its own.

mod service;

use std::cell::Cell;

use actix_web::{
    App,
    body::to_bytes,
    test::{TestRequest, call_service, init_service},
};
use metrics_actix::HttpMetrics;
use metrics_core::{ExemplarLabels, ExemplarSource, Registry, install_exemplar_source};
use service::routes;

thread_local! {
    static SPAN: Cell<&'static str> = const { Cell::new("") };
}

struct Spans;

impl ExemplarSource for Spans {
    fn current(&self, labels: &mut ExemplarLabels) {
        if !SPAN.get().is_empty() {
            labels.push("trace_id", SPAN.get());
        }
    }
}

#[actix_web::test]
async fn exemplar_is_of_the_span_that_made_the_head() {
    install_exemplar_source(Spans).expect("the first one");
    let registry = Registry::new();
    let http = HttpMetrics::new().registry(&registry);
    let app = init_service(App::new().wrap(http).configure(routes)).await;
    for path in ["/users/1", "/stream"] {
        SPAN.set("inside");
        let response = call_service(&app, TestRequest::with_uri(path).to_request()).await;
        // The server asks for the body when the span is over.
        SPAN.set("outside");
        to_bytes(response.into_body()).await.expect("the body is given in full");
        SPAN.set("");
    }
    let page = registry.open_metrics();
    for name in ["http_requests_total{", "http_request_duration_seconds_bucket{"] {
        let exemplars =
            page.lines().filter(|line| line.starts_with(name) && line.contains("# {trace_id=\"inside\"}"));
        assert_eq!(exemplars.count(), 2, "{name} in {page}");
    }
    assert!(!page.contains("outside"), "{page}");
}
