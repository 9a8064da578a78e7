//! Database operations of each request, with the service called in the process.

use std::{
    future::{Future, pending},
    panic::{AssertUnwindSafe, catch_unwind},
    pin::{Pin, pin},
    task::{Context, Poll, Waker},
    time::Duration,
};

use actix_http::Request;
use actix_web::{
    App, Error, HttpResponse,
    body::{BodySize, MessageBody, to_bytes},
    dev::{Service, ServiceResponse},
    test::{self, TestRequest},
    web::{self, Bytes, Path},
};
use metrics_actix::HttpMetrics;
use metrics_core::{Registry, record_database_operation, testing::value};
use tokio::task::yield_now;

/// An operation of a client that is measured: it counts when it is dropped, as those of the integrations do.
struct Operation;

impl Drop for Operation {
    fn drop(&mut self) {
        record_database_operation(Duration::from_millis(10));
    }
}

async fn query() {
    let _operation = Operation;
    yield_now().await;
}

/// Asks for a list, and then for each of its rows.
async fn rows(rows: Path<u32>) -> HttpResponse {
    query().await;
    for _ in 0..*rows {
        query().await;
    }
    HttpResponse::NoContent().finish()
}

async fn spawned() -> HttpResponse {
    actix_web::rt::spawn(query()).await.expect("the task ends");
    HttpResponse::NoContent().finish()
}

async fn slow() -> HttpResponse {
    query().await;
    let _operation = Operation;
    pending().await
}

async fn panics() -> HttpResponse {
    query().await;
    let _operation = Operation;
    panic!("the handler panics");
}

/// A body with two operations for each of its three chunks.
struct Chunks(u8);

impl MessageBody for Chunks {
    type Error = Error;

    fn size(&self) -> BodySize {
        BodySize::Stream
    }

    fn poll_next(mut self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<Option<Result<Bytes, Error>>> {
        drop([Operation, Operation]);
        self.0 += 1;
        Poll::Ready((self.0 <= 3).then(|| Ok(Bytes::from_static(b"chunk"))))
    }
}

/// Holds an operation that ends with the body.
struct Held(#[allow(dead_code)] Operation);

impl MessageBody for Held {
    type Error = Error;

    fn size(&self) -> BodySize {
        BodySize::Stream
    }

    fn poll_next(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<Option<Result<Bytes, Error>>> {
        Poll::Pending
    }
}

async fn streamed() -> HttpResponse<Chunks> {
    query().await;
    HttpResponse::Ok().message_body(Chunks(0)).expect("a response")
}

async fn held() -> HttpResponse<Held> {
    HttpResponse::Ok().message_body(Held(Operation)).expect("a response")
}

async fn service(
    http: HttpMetrics,
) -> impl Service<Request, Response = ServiceResponse<impl MessageBody>, Error = Error> {
    let app = App::new()
        .wrap(http)
        .route("/rows/{rows}", web::get().to(rows))
        .route("/spawned", web::get().to(spawned))
        .route("/slow", web::get().to(slow))
        .route("/panics", web::get().to(panics))
        .route("/streamed", web::get().to(streamed))
        .route("/held", web::get().to(held));
    test::init_service(app).await
}

fn get(path: &str) -> Request {
    TestRequest::with_uri(path).to_request()
}

/// Returns the number of requests, of their operations, and the seconds of these.
fn used(registry: &Registry, endpoint: &str) -> [Option<f64>; 3] {
    ["queries_count", "queries_sum", "duration_seconds_sum"]
        .map(|name| value(registry, &format!("http_request_db_{name}{{endpoint=\"{endpoint}\"}}")))
}

fn measured() -> (Registry, HttpMetrics) {
    let registry = Registry::new();
    let http = HttpMetrics::new().registry(&registry).database_use();
    (registry, http)
}

#[actix_web::test]
async fn a_query_for_each_row_shows() {
    let (registry, http) = measured();
    let app = service(http).await;
    test::call_service(&app, get("/rows/20")).await;
    assert_eq!(used(&registry, "/rows/{rows}"), [1.0, 21.0, 0.21].map(Some));
    test::call_service(&app, get("/rows/0")).await;
    assert_eq!(used(&registry, "/rows/{rows}"), [2.0, 22.0, 0.22].map(Some));
    let bucket = |bound| {
        value(
            &registry,
            &format!("http_request_db_queries_bucket{{endpoint=\"/rows/{{rows}}\",le=\"{bound}\"}}"),
        )
    };
    assert_eq!(["0", "1", "20", "50"].map(bucket), [0.0, 1.0, 1.0, 2.0].map(Some));
    test::call_service(&app, get("/nothing")).await;
    assert_eq!(used(&registry, "unmatched"), [1.0, 0.0, 0.0].map(Some));
}

#[actix_web::test]
async fn requests_that_take_turns_on_one_thread_do_not_mix() {
    let (registry, http) = measured();
    let app = service(http).await;
    let mut one = pin!(app.call(get("/rows/4")));
    let mut other = pin!(app.call(get("/streamed")));
    let mut context = Context::from_waker(Waker::noop());
    let mut polls = 0;
    let mut body = None;
    while one.as_mut().poll(&mut context).is_pending() {
        polls += 1;
        if body.is_none()
            && let Poll::Ready(response) = other.as_mut().poll(&mut context)
        {
            body = Some(to_bytes(response.expect("a response").into_body()).await);
        }
    }
    assert_eq!(polls, 5, "each operation waits once");
    assert!(body.is_some_and(|body| body.is_ok()));
    assert_eq!(used(&registry, "/rows/{rows}"), [1.0, 5.0, 0.05].map(Some));
    // One of the handler, two for each chunk, and two for the end.
    assert_eq!(used(&registry, "/streamed"), [1.0, 9.0, 0.09].map(Some));
}

#[actix_web::test]
async fn requests_that_are_dropped_or_panic_keep_their_operations() {
    let (registry, http) = measured();
    let app = service(http).await;
    {
        let mut dropped = pin!(app.call(get("/slow")));
        let mut context = Context::from_waker(Waker::noop());
        assert!(dropped.as_mut().poll(&mut context).is_pending());
        assert!(dropped.as_mut().poll(&mut context).is_pending());
        drop(Operation); // outside of every request
    }
    assert_eq!(
        used(&registry, "/slow"),
        [1.0, 2.0, 0.02].map(Some),
        "one has ended, and one with the request"
    );

    let mut panics = pin!(app.call(get("/panics")));
    let mut poll = || panics.as_mut().poll(&mut Context::from_waker(Waker::noop())).is_pending();
    assert!(poll());
    assert!(catch_unwind(AssertUnwindSafe(poll)).is_err());
    assert_eq!(used(&registry, "/panics"), [1.0, 2.0, 0.02].map(Some));

    let response = app.call(get("/held")).await.expect("a response");
    drop(response);
    assert_eq!(used(&registry, "/held"), [1.0, 1.0, 0.01].map(Some), "the body's ends with it");
}

#[actix_web::test]
async fn operations_of_spawned_tasks_are_not_seen() {
    let (registry, http) = measured();
    let app = service(http).await;
    test::call_service(&app, get("/spawned")).await;
    assert_eq!(used(&registry, "/spawned"), [1.0, 0.0, 0.0].map(Some));
}

#[actix_web::test]
async fn nothing_is_counted_without_the_option() {
    let registry = Registry::new();
    let app = service(HttpMetrics::new().registry(&registry)).await;
    test::call_service(&app, get("/rows/20")).await;
    assert!(!registry.text().contains("http_request_db_"));
}
