//! What a debug build says about how the middleware is used. It says it once in a process, so this is a test by itself.

mod service;

use std::sync::Mutex;

use actix_web::{
    App,
    test::{TestRequest, call_and_read_body, init_service},
};
use metrics_actix::HttpMetrics;
use metrics_core::Registry;
use service::{expected, routes, samples};

/// Keeps what is logged.
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

#[actix_web::test]
async fn instances_made_in_the_closure_share_their_series_and_it_is_said_once() {
    log::set_logger(&Log).expect("the first logger");
    log::set_max_level(log::LevelFilter::Warn);
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
    let said = SAID.lock().expect("no panic").clone();
    let notices = said.iter().filter(|said| said.contains("`HttpServer::new`")).count();
    assert_eq!(notices, usize::from(cfg!(debug_assertions)), "{said:?}");
}
