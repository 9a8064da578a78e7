//! Endings of requests, with the service called in the process.

mod service;

use std::{future::Future, pin::pin, task::Poll};

use actix_http::Request;
use actix_web::{
    App, Error,
    body::{BodySize, MessageBody, to_bytes},
    dev::{Service, ServiceResponse},
    http::{Method, StatusCode},
    middleware::NormalizePath,
    rt, test,
    test::TestRequest,
    web,
};
use metrics_actix::HttpMetrics;
use metrics_core::{Definition, Gauge, Registry};
use service::{expected, expected_during, expected_with_panics, routes, samples};

/// Returns a registry and the measured service.
macro_rules! measured {
    () => {{
        let registry = Registry::new();
        let http = HttpMetrics::new().registry(&registry);
        let app = test::init_service(App::new().wrap(http).configure(routes)).await;
        (registry, app)
    }};
}

async fn call<S, B>(app: &S, method: &str, path: &str) -> (StatusCode, web::Bytes)
where
    S: Service<Request, Response = ServiceResponse<B>, Error = Error>,
    B: MessageBody,
    B::Error: std::fmt::Debug,
{
    let method = Method::from_bytes(method.as_bytes()).expect("the method is a token");
    let request = TestRequest::with_uri(path).method(method).to_request();
    match app.call(request).await {
        Ok(response) => {
            let status = response.status();
            (status, to_bytes(response.into_body()).await.expect("the body is given in full"))
        }
        Err(error) => {
            let response = error.error_response();
            (response.status(), to_bytes(response.into_body()).await.expect("the body is given in full"))
        }
    }
}

#[actix_web::test]
async fn responses_count_by_pattern_and_status() {
    let (registry, app) = measured!();
    for (method, path, status) in [
        ("GET", "/users/1", 200),
        ("GET", "/users/2?page=3", 200),
        ("DELETE", "/users/2", 200),
        ("BREW", "/users/2", 200),
        ("QUERY", "/users/2", 200),
        ("HEAD", "/users/2", 200),
        ("GET", "/empty", 204),
        ("GET", "/missing/7", 404),
        ("GET", "/teapot", 471),
        ("GET", "/stream", 200),
        ("GET", "/api/v1/items/3", 200),
        ("POST", "/api/v1/items/3", 405),
        ("GET", "/api/v1/nothing", 404),
        ("GET", "/nothing", 404),
        ("BREW", "/nothing", 404),
    ] {
        assert_eq!(call(&app, method, path).await.0.as_u16(), status, "{method} {path}");
    }
    assert_eq!(
        samples(&registry),
        expected(&[
            ("GET", "/users/{id}", &[(200, 2)]),
            ("DELETE", "/users/{id}", &[(200, 1)]),
            ("_OTHER", "/users/{id}", &[(200, 1)]),
            ("QUERY", "/users/{id}", &[(200, 1)]),
            ("HEAD", "/users/{id}", &[(200, 1)]),
            ("GET", "/empty", &[(204, 1)]),
            ("GET", "/missing/{id}", &[(404, 1)]),
            ("GET", "/teapot", &[(471, 1)]),
            ("GET", "/stream", &[(200, 1)]),
            ("GET", "/api/v1/items/{item}", &[(200, 1)]),
            ("POST", "/api/v1/items/{item}", &[(405, 1)]),
            ("GET", "unmatched", &[(404, 2)]),
            ("_OTHER", "unmatched", &[(404, 1)]),
        ])
    );
}

#[actix_web::test]
async fn errors_count_with_the_status_of_the_response() {
    let (registry, app) = measured!();
    for (path, status, body) in [
        ("/fails", 418, "no coffee"),
        ("/refused/plain", 401, "who are you"),
        ("/refused/quiet", 402, "pay"),
        ("/refused/once", 500, "told once"),
        ("/refused/not", 200, "ok"),
    ] {
        let (seen, text) = call(&app, "GET", path).await;
        assert_eq!((seen.as_u16(), &*text), (status, body.as_bytes()), "{path}");
    }
    assert_eq!(
        samples(&registry),
        expected(&[
            ("GET", "/fails", &[(418, 1)]),
            ("GET", "/refused/{how}", &[(401, 1), (402, 1), (500, 1), (200, 1)]),
        ])
    );
}

#[actix_web::test]
async fn panic_counts_once_and_unwinds_on() {
    let registry = Registry::new();
    let http = HttpMetrics::new().registry(&registry);
    for path in ["/panics", "/refused/panic", "/body-panics"] {
        let http = http.clone();
        let request = async move {
            let app = test::init_service(App::new().wrap(http).configure(routes)).await;
            call(&app, "GET", path).await
        };
        assert!(rt::spawn(request).await.expect_err("the panic goes on").is_panic());
    }
    let panicked = ["/panics", "/refused/{how}", "/body-panics"];
    let routes: &[service::Route<'_>] = &[
        ("GET", "/panics", &[(500, 1)]),
        ("GET", "/refused/{how}", &[(500, 1)]),
        ("GET", "/body-panics", &[(500, 1)]),
    ];
    assert_eq!(samples(&registry), expected_with_panics(routes, &panicked));
}

#[actix_web::test]
async fn dropped_request_counts_as_499() {
    let (registry, app) = measured!();
    {
        let mut slow = pin!(call(&app, "GET", "/slow/600000"));
        let polled = std::future::poll_fn(|context| Poll::Ready(slow.as_mut().poll(context))).await;
        assert!(polled.is_pending());
        assert_eq!(samples(&registry), expected_during("/slow/{millis}", 1));
    }
    let response = test::call_service(&app, TestRequest::with_uri("/stream").to_request()).await;
    let mut body = Box::pin(response.into_body());
    let chunk = std::future::poll_fn(|context| body.as_mut().poll_next(context)).await;
    assert!(chunk.is_some_and(|chunk| chunk.is_ok()));
    drop(body);
    assert_eq!(
        samples(&registry),
        expected(&[("GET", "/slow/{millis}", &[(499, 1)]), ("GET", "/stream", &[(499, 1)])])
    );
}

#[actix_web::test]
async fn request_ends_with_its_body() {
    let (registry, app) = measured!();
    let get = |path: &str| TestRequest::with_uri(path).to_request();
    // Dropped without a poll: the response has no body, or the method is HEAD.
    drop(test::call_service(&app, get("/empty")).await);
    let head = TestRequest::with_uri("/stream").method(Method::HEAD).to_request();
    drop(test::call_service(&app, head).await);
    // Taken as a whole.
    let body = test::call_service(&app, get("/users/1")).await.into_body();
    assert_eq!(body.try_into_bytes().expect("the body is in memory"), "user 1");
    // Polled for its one chunk, and not for the end.
    let mut body = Box::pin(test::call_service(&app, get("/users/2")).await.into_body());
    std::future::poll_fn(|context| body.as_mut().poll_next(context)).await;
    drop(body);
    // Polled for all announced bytes, and not for the end.
    let mut body = Box::pin(test::call_service(&app, get("/announced")).await.into_body());
    assert_eq!(body.size(), BodySize::Sized(15));
    for _ in 0..3 {
        std::future::poll_fn(|context| body.as_mut().poll_next(context)).await;
    }
    drop(body);
    // Dropped before all announced bytes.
    let mut body = Box::pin(test::call_service(&app, get("/announced")).await.into_body());
    std::future::poll_fn(|context| body.as_mut().poll_next(context)).await;
    drop(body);
    // Fails in the middle.
    let body = test::call_service(&app, get("/broken")).await.into_body();
    assert!(to_bytes(body).await.is_err());
    // Boxed, and then read in full.
    let body = test::call_service(&app, get("/stream")).await.into_body().boxed();
    assert_eq!(to_bytes(body).await.expect("the body is given in full"), "drip drip drip ");
    assert_eq!(
        samples(&registry),
        expected(&[
            ("GET", "/empty", &[(204, 1)]),
            ("HEAD", "/stream", &[(200, 1)]),
            ("GET", "/users/{id}", &[(200, 2)]),
            ("GET", "/announced", &[(200, 1), (499, 1)]),
            ("GET", "/broken", &[(500, 1)]),
            ("GET", "/stream", &[(200, 1)]),
        ])
    );
}

#[actix_web::test]
async fn duration_covers_the_call_and_the_body() {
    let registry = Registry::new();
    let http = HttpMetrics::new().registry(&registry).buckets(&[0.002, 60.0]);
    let app = test::init_service(App::new().wrap(http).configure(routes)).await;
    call(&app, "GET", "/stream").await;
    let page = registry.text();
    let labels = "method=\"GET\",endpoint=\"/stream\"";
    for line in [
        format!("http_request_duration_seconds_bucket{{{labels},le=\"0.002\"}} 0\n"),
        format!("http_request_duration_seconds_bucket{{{labels},le=\"60\"}} 1\n"),
    ] {
        assert!(page.contains(&line), "{line} in\n{page}");
    }
}

#[actix_web::get("/players")]
async fn list() -> &'static str {
    "players"
}

#[actix_web::post("/players")]
async fn add() -> &'static str {
    "added"
}

#[actix_web::get("/players/{id}")]
async fn show() -> &'static str {
    "player"
}

#[actix_web::test]
async fn named_and_unnamed_routes_count_alike() {
    let registry = Registry::new();
    let http = HttpMetrics::new().registry(&registry);
    let named = web::scope("/named").service(list).service(add).service(show);
    let app = test::init_service(App::new().wrap(http).service(named).configure(routes)).await;
    let rounds = ["/named/players", "/named/players/7", "/nothing", "/users/1"];
    for path in rounds.iter().chain(&rounds) {
        call(&app, "GET", path).await;
        call(&app, "POST", path).await;
    }
    assert_eq!(
        samples(&registry),
        expected(&[
            ("GET", "/named/players", &[(200, 2)]),
            ("POST", "/named/players", &[(200, 2)]),
            ("GET", "/named/players/{id}", &[(200, 2)]),
            ("POST", "/named/players/{id}", &[(404, 2)]),
            ("GET", "unmatched", &[(404, 2)]),
            ("POST", "unmatched", &[(404, 2)]),
            ("GET", "/users/{id}", &[(200, 2)]),
            ("POST", "/users/{id}", &[(200, 2)]),
        ])
    );
}

#[actix_web::test]
async fn guarded_resource_counts_under_its_own_pattern() {
    let (registry, app) = measured!();
    call(&app, "GET", "/plans/7").await;
    let premium = TestRequest::with_uri("/plans/7").insert_header(("x-plan", "premium"));
    to_bytes(test::call_service(&app, premium.to_request()).await.into_body()).await.expect("a body");
    let samples = samples(&registry);
    for line in [
        "http_requests_total{method=\"GET\",endpoint=\"/plans/{plan}\",status=\"200\"} 1",
        "http_requests_total{method=\"GET\",endpoint=\"/plans/{any}\",status=\"200\"} 1",
        "http_requests_in_progress{method=\"GET\",endpoint=\"/plans/{plan}\"} 0",
        "http_panics_total{endpoint=\"/plans/{plan}\"} 0",
        "http_panics_total{endpoint=\"/plans/{any}\"} 0",
    ] {
        assert!(samples.iter().any(|sample| sample == line), "{line} in {samples:?}");
    }
    assert_eq!(samples.len(), 7);
}

#[actix_web::test]
async fn instances_with_equal_options_share_series() {
    let registry = Registry::new();
    let http = HttpMetrics::new().registry(&registry);
    let one = test::init_service(App::new().wrap(http.clone()).configure(routes)).await;
    // The services see the routes in different orders.
    call(&one, "GET", "/missing/1").await;
    let again = HttpMetrics::new().registry(&registry);
    let two = test::init_service(App::new().wrap(again).configure(routes)).await;
    call(&one, "GET", "/users/1").await;
    call(&two, "GET", "/users/2").await;
    call(&two, "GET", "/missing/2").await;
    assert!(registry.registration_errors().is_empty());
    assert_eq!(
        samples(&registry),
        expected(&[("GET", "/missing/{id}", &[(404, 2)]), ("GET", "/users/{id}", &[(200, 2)])])
    );
}

#[actix_web::test]
async fn random_paths_and_methods_create_no_series() {
    let (registry, app) = measured!();
    for number in 0..2000_u32 {
        let path = format!("/{:x}/{}?{number}", number.wrapping_mul(2_654_435_761), number % 7);
        call(&app, &format!("M{number}"), &path).await;
        call(&app, "GET", &format!("/users/{number}")).await;
    }
    assert_eq!(
        samples(&registry),
        expected(&[("_OTHER", "unmatched", &[(404, 2000)]), ("GET", "/users/{id}", &[(200, 2000)])])
    );
}

#[actix_web::test]
async fn excluded_requests_create_no_series() {
    let registry = Registry::new();
    let http = HttpMetrics::new().registry(&registry).exclude("/users/{id}").exclude("/nothing");
    let app = test::init_service(App::new().wrap(http).configure(routes)).await;
    for path in ["/users/1", "/nothing", "/metrics", "/empty"] {
        call(&app, "GET", path).await;
    }
    assert_eq!(samples(&registry), expected(&[("GET", "/empty", &[(204, 1)])]));
}

#[actix_web::test]
async fn registration_conflict_does_not_stop_the_service() {
    let registry = Registry::new();
    let taken: Gauge =
        registry.register(&Definition::new("http_requests_total", "Not what it says.")).expect("legal");
    taken.set(7);
    let http = HttpMetrics::new().registry(&registry);
    let app = test::init_service(App::new().wrap(http).configure(routes)).await;
    assert_eq!(call(&app, "GET", "/users/1").await.0, StatusCode::OK);
    assert_eq!(registry.registration_errors().len(), 1);
    let page = samples(&registry);
    assert!(page.contains(&"http_requests_total 7".into()), "{page:?}");
    assert!(page.iter().any(|line| line.starts_with("http_request_duration_seconds_count")), "{page:?}");
}

#[actix_web::test]
async fn scope_and_resource_can_be_measured_alone() {
    let registry = Registry::new();
    let http = HttpMetrics::new().registry(&registry);
    let scope = web::scope("/shop")
        .wrap(http.clone())
        .route("", web::get().to(|| async { "shop" }))
        .route("/cart/{id}", web::get().to(|| async { "cart" }))
        .service(web::scope("/deep").route("/{x}", web::get().to(|| async { "deep" })));
    let resource = web::resource("/one/{id}").wrap(http.clone()).to(|| async { "one" });
    let other = web::resource(["/two/{id}", "/zwei/{id}"]).wrap(http).to(|| async { "two" });
    let app = test::init_service(
        App::new()
            .wrap(NormalizePath::trim())
            .service(scope)
            .service(resource)
            .service(other)
            .configure(routes),
    )
    .await;
    for path in [
        "/shop/cart/1",
        "/shop",
        "/shop/deep/2",
        "/shop/no",
        "/one/3/",
        "/two/1",
        "/shop/",
        "/zwei/2",
        "/one/4",
        "/users/4",
    ] {
        call(&app, "GET", path).await;
    }
    assert_eq!(
        samples(&registry),
        expected(&[
            ("GET", "/shop/cart/{id}", &[(200, 1)]),
            ("GET", "/shop/deep/{x}", &[(200, 1)]),
            ("GET", "unmatched", &[(404, 1)]),
            ("GET", "/shop", &[(200, 2)]),
            ("GET", "/one/{id}", &[(200, 2)]),
            ("GET", "/two/{id}", &[(200, 2)]),
        ])
    );
}
