//! A service without a mistake gets no advice. It is a program of its own, as advice is given once in a process.

use std::sync::Mutex;

use actix_web::{
    App, HttpResponse,
    middleware::NormalizePath,
    test::{TestRequest, call_service, init_service},
    web,
};
use metrics_actix::{HttpMetrics, MetricsRoute};
use metrics_core::Registry;

/// Logger that keeps the lines of this project.
struct Log;

static SAID: Mutex<Vec<String>> = Mutex::new(Vec::new());

impl log::Log for Log {
    fn enabled(&self, _: &log::Metadata<'_>) -> bool {
        true
    }

    fn log(&self, record: &log::Record<'_>) {
        if record.target().starts_with("metrics_") {
            SAID.lock().expect("no panic").push(record.args().to_string());
        }
    }

    fn flush(&self) {}
}

#[actix_web::test]
async fn right_order_and_refused_scrapes_are_silent() {
    log::set_logger(&Log).expect("the first logger");
    log::set_max_level(log::LevelFilter::Warn);
    let registry = Registry::new();
    let http = HttpMetrics::new().registry(&registry);
    let admin = web::scope("/admin")
        .service(MetricsRoute::new("/metrics").registry(&registry).bearer_token("secret"))
        .default_service(web::to(HttpResponse::NotFound));
    let app = App::new()
        .wrap(NormalizePath::trim())
        .wrap(http)
        .service(MetricsRoute::new("/metrics").registry(&registry))
        .service(admin)
        .service(web::scope("").route("/{path:.*}", web::get().to(HttpResponse::Ok)));
    let app = init_service(app).await;
    for (path, status) in [
        ("/metrics", 200),
        ("/metrics/", 200),
        ("/admin/metrics", 401),
        ("/admin/x", 404),
        ("/a/metrics", 200),
    ] {
        let response = call_service(&app, TestRequest::with_uri(path).to_request()).await;
        assert_eq!(response.status(), status, "{path}");
    }

    // Nobody scrapes while a service is written; its page is mounted all the same.
    let unread = Registry::new();
    let route = MetricsRoute::new("/metrics").registry(&unread);
    let http = HttpMetrics::new().registry(&unread);
    let app = App::new().wrap(http).service(route).default_service(web::to(HttpResponse::Ok));
    let app = init_service(app).await;
    for _ in 0..1001 {
        call_service(&app, TestRequest::with_uri("/").to_request()).await;
    }
    assert_eq!(*SAID.lock().expect("no panic"), [""; 0]);
}
