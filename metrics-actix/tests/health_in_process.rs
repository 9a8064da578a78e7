//! Runs of health checks, in the process.

use std::{
    future::{Future, poll_fn},
    pin::{Pin, pin},
    sync::{
        Arc, Mutex,
        atomic::{AtomicUsize, Ordering::SeqCst},
        mpsc,
    },
    task::Poll,
    time::Duration,
};

use actix_web::{
    App,
    dev::{Service, ServiceResponse},
    rt::{task::yield_now, time::sleep},
    test::{TestRequest, call_service, init_service},
};
use metrics_actix::{HealthRoute, HttpMetrics};
use metrics_core::Registry;
use tokio::sync::Semaphore;

/// Longer than any check that ends.
const LONG: Duration = Duration::from_secs(60);

/// Polls a future once; returns `true` if it is pending.
async fn is_pending(mut future: Pin<&mut impl Future>) -> bool {
    poll_fn(|context| Poll::Ready(future.as_mut().poll(context).is_pending())).await
}

/// Starts a request and drops it before it is answered.
async fn ask_and_leave<S>(app: &S)
where
    S: Service<actix_http::Request, Response = ServiceResponse, Error = actix_web::Error>,
{
    let mut call = pin!(app.call(TestRequest::with_uri("/health").to_request()));
    assert!(is_pending(call.as_mut()).await);
    // Lets the checks start.
    yield_now().await;
}

#[actix_web::test]
async fn disconnected_clients_share_one_run_of_the_checks() {
    let (started, gate) = (Arc::new(AtomicUsize::new(0)), Arc::new(Semaphore::new(0)));
    let (count, opened) = (Arc::clone(&started), Arc::clone(&gate));
    let check = move || {
        count.fetch_add(1, SeqCst);
        let opened = Arc::clone(&opened);
        async move { opened.acquire().await.map(drop) }
    };
    let health = HealthRoute::new("/health").check("gated", check).timeout(LONG);
    let app = init_service(App::new().service(health)).await;
    for _ in 0..50 {
        ask_and_leave(&app).await;
    }
    assert_eq!(started.load(SeqCst), 1);
    let mut waiting = pin!(app.call(TestRequest::with_uri("/health").to_request()));
    assert!(is_pending(waiting.as_mut()).await);
    gate.add_permits(1);
    assert_eq!(waiting.await.expect("it is answered").status(), 200);
    assert_eq!(started.load(SeqCst), 1);
}

/// The check is started once however many reports are made, and again after it has ended.
#[actix_web::test]
async fn hanging_blocking_check_is_started_once() {
    let (end, ended) = mpsc::channel::<()>();
    let ended = Mutex::new(ended);
    let (started, reports) = (Arc::new(AtomicUsize::new(0)), Arc::new(AtomicUsize::new(0)));
    let (count, report) = (Arc::clone(&started), Arc::clone(&reports));
    let health = HealthRoute::new("/health")
        .blocking_check("hangs", move || {
            count.fetch_add(1, SeqCst);
            let _end = ended.lock().map(|ended| ended.recv());
            Ok::<_, String>(())
        })
        .check("counts reports", move || {
            report.fetch_add(1, SeqCst);
            async { Ok::<_, String>(()) }
        })
        .timeout(Duration::from_millis(10));
    let app = init_service(App::new().service(health)).await;
    let ask = async || call_service(&app, TestRequest::with_uri("/health").to_request()).await.status();
    while reports.load(SeqCst) < 3 {
        assert_eq!(ask().await, 503);
        sleep(Duration::from_millis(50)).await;
    }
    assert_eq!(started.load(SeqCst), 1);
    drop(end);
    while ask().await != 200 {
        sleep(Duration::from_millis(50)).await;
    }
}

#[actix_web::test]
async fn health_requests_are_not_measured() {
    let registry = Registry::new();
    let health = HealthRoute::new("/health").liveness("/alive");
    let http = HttpMetrics::new().registry(&registry);
    let app = init_service(App::new().wrap(http).service(health)).await;
    for path in ["/health", "/alive"] {
        let response = call_service(&app, TestRequest::with_uri(path).to_request()).await;
        assert_eq!(response.status(), 200);
    }
    call_service(&app, TestRequest::with_uri("/other").to_request()).await;
    let page = registry.text();
    let endpoints: Vec<_> = page.lines().filter(|line| line.starts_with("http_requests_total{")).collect();
    assert_eq!(endpoints, [r#"http_requests_total{method="GET",endpoint="unmatched",status="404"} 1"#]);
}
