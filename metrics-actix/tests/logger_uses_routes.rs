//! A logger that serves requests of its own while the advice about a metrics route is logged.
#![cfg(debug_assertions)]

use std::{
    sync::{
        Mutex,
        mpsc::{self, Sender},
    },
    thread,
    time::Duration,
};

use actix_web::{
    App,
    rt::System,
    test::{TestRequest, call_and_read_body, init_service},
    web,
};
use log::{LevelFilter, Log, Metadata, Record};
use metrics_actix::{HttpMetrics, MetricsRoute};
use metrics_core::Registry;

const PATIENCE: Duration = Duration::from_secs(60);

/// Mounts a metrics route behind another service, and asks for it.
fn ask_unreachable_route() {
    System::new().block_on(async {
        let registry = Registry::new();
        let any = web::resource("/{path:.*}").to(|| async { "any" });
        let route = MetricsRoute::new("/swallowed").registry(&registry);
        let http = HttpMetrics::new().registry(&registry);
        let app = init_service(App::new().wrap(http).service(any).service(route)).await;
        let request = TestRequest::with_uri("/swallowed").to_request();
        assert_eq!(call_and_read_body(&app, request).await, "any");
    });
}

/// Runs on another thread. Returns whether it ends.
fn ends(run: impl FnOnce() + Send + 'static) -> bool {
    let (done, is_done) = mpsc::channel();
    thread::spawn(move || {
        run();
        done.send(()).unwrap();
    });
    is_done.recv_timeout(PATIENCE).is_ok()
}

/// A logger that asks for the route that it logs of, on another thread, and waits for the answer.
struct AskingLogger(Mutex<Option<Sender<bool>>>);

static LOGGER: AskingLogger = AskingLogger(Mutex::new(None));

impl Log for AskingLogger {
    fn enabled(&self, _: &Metadata<'_>) -> bool {
        true
    }

    fn log(&self, record: &Record<'_>) {
        if !record.args().to_string().contains("the metrics route `/swallowed`") {
            return;
        }
        let sender = self.0.lock().unwrap().take();
        if let Some(sender) = sender {
            sender.send(ends(ask_unreachable_route)).unwrap();
        }
    }

    fn flush(&self) {}
}

#[test]
fn no_lock_is_held_while_the_logger_runs() {
    let (sender, has_ended) = mpsc::channel();
    *LOGGER.0.lock().unwrap() = Some(sender);
    log::set_logger(&LOGGER).unwrap();
    log::set_max_level(LevelFilter::Warn);
    assert!(ends(ask_unreachable_route), "the first request");
    assert!(has_ended.recv_timeout(PATIENCE).unwrap(), "the request of the logger");
}
