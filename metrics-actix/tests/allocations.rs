//! Allocations of a measured request, compared with a middleware that does nothing: one for the pattern of its route and a second
//! one past 24 bytes, one for a streamed body, and one for sizes and the first byte.

use std::{future::poll_fn, pin::pin, thread, time::Duration};

use actix_http::Request;
use actix_web::{
    App, Error, HttpResponse,
    body::{BodyStream, MessageBody, SizedStream},
    dev::{Service, ServiceResponse},
    middleware::Identity,
    test::init_service,
    web::{self, Bytes, ServiceConfig},
};
use allocation_counter::measure;
use futures_util::{FutureExt, Stream, stream};
use metrics_actix::{HttpMetrics, InProgress, Preset};
use metrics_core::Registry;

/// Chunks of a streamed body.
fn pieces() -> impl Stream<Item = Result<Bytes, Error>> + 'static {
    stream::iter([Ok(Bytes::from_static(b"o")), Ok(Bytes::from_static(b"k"))])
}

fn routes(config: &mut ServiceConfig) {
    config
        .route("/static", web::get().to(|| async { "ok" }))
        .route("/empty", web::get().to(HttpResponse::NoContent))
        .route("/refused", web::get().to(HttpResponse::BadRequest))
        .route("/users/{user}/posts/{post}", web::get().to(|| async { "ok" }))
        .route("/stream", web::get().to(|| async { HttpResponse::Ok().body(BodyStream::new(pieces())) }))
        .route("/sized", web::get().to(|| async { HttpResponse::Ok().body(SizedStream::new(2, pieces())) }));
}

/// Returns the allocations of `count` requests to a path, with their bodies read to the end.
fn requests<S, B>(service: &S, path: &str, count: usize) -> u64
where
    S: Service<Request, Response = ServiceResponse<B>, Error = Error>,
    B: MessageBody,
{
    // Requests of `TestRequest` have a body, which allocates.
    let request = || {
        let mut request = Request::new();
        request.head_mut().uri = path.parse().expect("a path");
        request
    };
    let all: Vec<_> = (0..count).map(|_| request()).collect();
    let mut read = 0;
    let allocations = measure(|| {
        for request in all {
            let response = service.call(request).now_or_never().expect("nothing waits").expect("a response");
            let mut body = pin!(response.into_body());
            while let Some(piece) =
                poll_fn(|context| body.as_mut().poll_next(context)).now_or_never().expect("nothing waits")
            {
                read += piece.unwrap_or_else(|_| panic!("a piece")).len();
            }
        }
    });
    let has_body = !["/empty", "/refused", "/wp-login.php"].contains(&path);
    assert_eq!(read, if has_body { count * 2 } else { 0 }, "{path}");
    allocations.count_total
}

/// Returns the allocations of one request to a path that was requested before.
fn allocations<S, B>(service: &S, path: &str) -> u64
where
    S: Service<Request, Response = ServiceResponse<B>, Error = Error>,
    B: MessageBody,
{
    requests(service, path, 100);
    let of_hundred = requests(service, path, 100);
    assert_eq!(of_hundred % 100, 0, "{path}");
    of_hundred / 100
}

/// Returns the allocations of a request to each path under a middleware.
macro_rules! under {
    ($middleware:expr, $paths:expr) => {{
        let service = init_service(App::new().wrap($middleware).configure(routes)).await;
        for path in $paths {
            requests(&service, path, 1);
        }
        // Patterns are compiled at most once a second; until then actix is asked.
        thread::sleep(Duration::from_millis(1100));
        $paths.map(|path| allocations(&service, path))
    }};
}

/// Returns the allocations of a request to a resource under a middleware.
macro_rules! resource_under {
    ($middleware:expr) => {{
        let resource =
            web::resource("/items/{item}").wrap($middleware).route(web::get().to(|| async { "ok" }));
        allocations(&init_service(App::new().service(resource)).await, "/items/7")
    }};
}

const PATHS: [&str; 7] =
    ["/static", "/empty", "/refused", "/users/1/posts/2", "/wp-login.php", "/stream", "/sized"];

fn plus(all: [u64; 7], more: [u64; 7]) -> [u64; 7] {
    std::array::from_fn(|at| all[at] + more[at])
}

#[actix_web::test]
async fn app_allocates_for_patterns_and_streamed_bodies_only() {
    let registry = Registry::new();
    let http = || HttpMetrics::new().registry(&registry);
    let nothing = under!(Identity::default(), PATHS);
    // The fourth pattern is longer than 24 bytes, the last two bodies are streamed.
    let ours = [1, 1, 1, 2, 0, 2, 2];
    assert_eq!(under!(http(), PATHS), plus(nothing, ours));
    let both = http().namespace("both").preset(Preset::Both).in_progress(InProgress::ByMethod);
    assert_eq!(under!(both, PATHS), plus(nothing, ours));
}

#[actix_web::test]
async fn sizes_and_first_byte_take_one_allocation() {
    let registry = Registry::new();
    let nothing = under!(Identity::default(), PATHS);
    let sizes = HttpMetrics::new().registry(&registry).request_size().response_size().first_byte();
    assert_eq!(under!(sizes, PATHS), plus(nothing, [2, 2, 2, 3, 1, 3, 3]));
}

#[actix_web::test]
async fn resource_allocates_nothing() {
    let registry = Registry::new();
    assert_eq!(resource_under!(HttpMetrics::new().registry(&registry)), resource_under!(Identity::default()));
}
