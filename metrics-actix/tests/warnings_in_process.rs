//! Warnings of a debug build about the use of the middleware. They are logged once in a process, so this is a test program of its
//! own.

mod service;

use std::sync::{Mutex, Once};

use actix_web::{
    App,
    test::{TestRequest, call_and_read_body, init_service},
    web,
};
use metrics_actix::{HttpMetrics, MetricsRoute};
use metrics_core::Registry;
use service::{expected, routes, samples};

/// Logger that keeps all lines.
struct Log;

static SAID: Mutex<Vec<String>> = Mutex::new(Vec::new());

impl log::Log for Log {
    fn enabled(&self, _: &log::Metadata<'_>) -> bool {
        true
    }

    fn log(&self, record: &log::Record<'_>) {
        if record.target().starts_with("metrics_actix") {
            SAID.lock().expect("no panic").push(record.args().to_string());
        }
    }

    fn flush(&self) {}
}

fn listen() {
    static LISTENS: Once = Once::new();
    LISTENS.call_once(|| {
        log::set_logger(&Log).expect("the first logger");
        log::set_max_level(log::LevelFilter::Warn);
    });
}

/// Checks that a debug build has logged a line once, and a release build never.
fn assert_warned_once(part: &str) {
    let said = SAID.lock().expect("no panic").clone();
    let notices = said.iter().filter(|said| said.contains(part)).count();
    assert_eq!(notices, usize::from(cfg!(debug_assertions)), "{said:?}");
}

#[actix_web::test]
async fn duplicate_instances_share_series_and_warn_once() {
    listen();
    let registry = Registry::new();
    let made = || HttpMetrics::new().registry(&registry);
    let mut apps = Vec::new();
    for _ in 0..4 {
        apps.push(init_service(App::new().wrap(made()).configure(routes)).await);
    }
    for app in &apps {
        call_and_read_body(app, TestRequest::with_uri("/users/1").to_request()).await;
    }
    assert_eq!(samples(&registry), expected(&[("GET", "/users/{id}", &[(200, 4)])]));
    assert_warned_once("`HttpServer::new`");
}

#[actix_web::test]
async fn nested_middleware_counts_once_and_warns_once() {
    listen();
    let registry = Registry::new();
    let http = HttpMetrics::new().registry(&registry);
    let inner = web::scope("/inner").wrap(http.clone()).route("/{x}", web::get().to(|| async { "x" }));
    let app = init_service(App::new().wrap(http).service(inner).configure(routes)).await;
    for path in ["/inner/1", "/inner/2", "/users/1"] {
        call_and_read_body(&app, TestRequest::with_uri(path).to_request()).await;
    }
    let counted = expected(&[("GET", "/inner/{x}", &[(200, 2)]), ("GET", "/users/{id}", &[(200, 1)])]);
    assert_eq!(samples(&registry), counted);

    let registry = Registry::new();
    let http = HttpMetrics::new().registry(&registry);
    let app = init_service(App::new().wrap(http.clone()).wrap(http).configure(routes)).await;
    call_and_read_body(&app, TestRequest::with_uri("/users/1").to_request()).await;
    assert_eq!(samples(&registry), expected(&[("GET", "/users/{id}", &[(200, 1)])]));
    assert_warned_once("remove the inner `wrap`");
}

#[actix_web::test]
async fn unreachable_route_warns_once() {
    listen();
    let registry = Registry::new();
    let http = HttpMetrics::new().registry(&registry);
    let route = || MetricsRoute::new("/swallowed").registry(&registry);
    let scope = web::scope("").route("/", web::get().to(|| async { "index" }));
    let in_scope = init_service(App::new().wrap(http.clone()).service(scope).service(route())).await;
    let any = web::resource("/{path:.*}").to(|| async { "any" });
    let in_resource = init_service(App::new().wrap(http).service(any).service(route())).await;
    for _ in 0..2 {
        let get = || TestRequest::with_uri("/swallowed").to_request();
        assert_eq!(call_and_read_body(&in_scope, get()).await, "");
        assert_eq!(call_and_read_body(&in_resource, get()).await, "any");
    }
    assert_warned_once("the metrics route `/swallowed`");
}

#[actix_web::test]
async fn measured_requests_without_a_page_warn_once() {
    listen();
    for _ in 0..2 {
        let http = HttpMetrics::new().registry(&Registry::new());
        let app = init_service(App::new().wrap(http).configure(routes)).await;
        for _ in 0..1001 {
            call_and_read_body(&app, TestRequest::with_uri("/users/1").to_request()).await;
        }
    }
    assert_warned_once("has measured 1000 requests");
}
