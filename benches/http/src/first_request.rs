//! First request of a worker whose service has many routes.

use std::{
    thread,
    time::{Duration, Instant},
};

use actix_http::Request;
use actix_web::{
    App, Error,
    body::MessageBody,
    dev::{Service, ServiceResponse},
    middleware::Identity,
    test,
    web::{self, ServiceConfig},
};
use metrics_actix::HttpMetrics;
use metrics_core::{Registry, Stopwatch};

const ROUTES: usize = 500;

fn routes(config: &mut ServiceConfig) {
    for number in 0..ROUTES / 2 {
        config.route(&format!("/api/resource-{number}/list"), web::get().to(|| async { "ok" })).route(
            &format!("/api/resource-{number}/{{id}}/items/{{item}}"),
            web::get().to(|| async { "ok" }),
        );
    }
}

async fn request<S, B>(service: &S, path: &str) -> Duration
where
    S: Service<Request, Response = ServiceResponse<B>, Error = Error>,
    B: MessageBody,
{
    let mut request = Request::new();
    request.head_mut().uri = path.parse().expect("a path");
    let start = Instant::now();
    let response = service.call(request).await.unwrap_or_else(|error| panic!("{error}"));
    assert!(response.status().is_success(), "{path}");
    start.elapsed()
}

/// Prints the time of first requests: of the first worker, of a later worker with learned patterns, and of the request that
/// compiles the patterns.
pub(crate) async fn show() {
    // The clock is calibrated once in a process.
    Stopwatch::start();
    let registry = Registry::new();
    let http = HttpMetrics::new().registry(&registry).register();
    let path = "/api/resource-249/7/items/9";
    let empty = test::init_service(App::new().wrap(Identity::default()).configure(routes)).await;
    let first = test::init_service(App::new().wrap(http.clone()).configure(routes)).await;
    let show = |what: &str, time: Duration| println!("  {what:<66} {:>8.3} ms", time.as_secs_f64() * 1e3);
    println!("\na service with {ROUTES} routes");
    show("the first request without the middleware", request(&empty, path).await);
    show("the second request without the middleware", request(&empty, path).await);
    show("the first request of the first worker", request(&first, path).await);
    for number in 0..ROUTES / 2 {
        request(&first, &format!("/api/resource-{number}/list")).await;
        request(&first, &format!("/api/resource-{number}/7/items/9")).await;
    }
    thread::sleep(Duration::from_millis(1100));
    show("the request that compiles all patterns", request(&first, path).await);
    show("the next request", request(&first, path).await);
    let second = test::init_service(App::new().wrap(http).configure(routes)).await;
    show("the first request of the second worker, which knows all patterns", request(&second, path).await);
    show("the next request", request(&second, path).await);
    show("the next request to another route", request(&second, "/api/resource-3/list").await);
}
