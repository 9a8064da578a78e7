//! Limits of label values, and characters that readers of a page do not accept.

use actix_web::{
    App, HttpResponse,
    http::StatusCode,
    test::{TestRequest, call_service, init_service},
    web,
};
use futures_util::FutureExt as _;
use metrics_actix::HttpMetrics;
use metrics_core::Registry;

#[actix_web::test]
async fn registered_status_codes_never_overflow() {
    let registry = Registry::new();
    let status = async |code: web::Path<u16>| {
        HttpResponse::build(StatusCode::from_u16(*code).expect("a code of three digits")).finish()
    };
    let app = App::new()
        .wrap(HttpMetrics::new().registry(&registry))
        .route("/slow", web::get().to(std::future::pending::<HttpResponse>))
        .route("/{code}", web::get().to(status));
    let app = init_service(app).await;
    for code in (600..760).chain([503, 418, 404, 500]) {
        call_service(&app, TestRequest::with_uri(&format!("/{code}")).to_request()).await;
    }
    assert!(call_service(&app, TestRequest::with_uri("/slow").to_request()).now_or_never().is_none());
    let page = registry.text();
    let series = |endpoint: &str, status: &str| {
        format!("http_requests_total{{method=\"GET\",endpoint=\"{endpoint}\",status=\"{status}\"}}")
    };
    for code in ["503", "418", "404", "500", "600", "699"] {
        assert!(page.contains(&format!("{} 1\n", series("/{code}", code))), "{code} in {page}");
    }
    assert!(page.contains(&format!("{} 60\n", series("/{code}", "_OTHER"))), "{page}");
    assert!(page.contains(&format!("{} 1\n", series("/slow", "499"))), "{page}");
    assert!(page.contains("metrics_overflow_total{metric=\"http_requests_total\"} 60\n"), "{page}");
}

#[actix_web::test]
async fn line_separators_in_request_labels_become_spaces() {
    let registry = Registry::new();
    let text = "a\rb\u{b}c\u{c}d\u{85}e\u{2028}f\u{2029}g";
    let http = HttpMetrics::new()
        .registry(&registry)
        .capped_request_label("asked", 10, move |_| Some(text.into()))
        .capped_response_label("answered", 10, move |_, _| Some(text.into()));
    let app = init_service(App::new().wrap(http).route("/", web::get().to(HttpResponse::Ok))).await;
    call_service(&app, TestRequest::default().to_request()).await;
    let page = registry.text();
    assert!(page.contains("asked=\"a b c d e f g\",answered=\"a b c d e f g\"} 1\n"), "{page}");
    assert!(!page.contains(['\r', '\u{b}', '\u{c}', '\u{85}', '\u{2028}', '\u{2029}']));
}
