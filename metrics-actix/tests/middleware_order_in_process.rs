//! The middleware inside and outside of others.

mod service;

use std::time::Duration;

use actix_web::{
    App, Error, HttpResponse,
    body::{BoxBody, MessageBody, to_bytes},
    dev::{Service, ServiceRequest, ServiceResponse},
    error::ErrorGatewayTimeout,
    guard,
    http::{StatusCode, Uri},
    middleware::{Condition, DefaultHeaders, ErrorHandlers, Logger, Next, NormalizePath, from_fn},
    rt::time::timeout,
    test::{TestRequest, call_and_read_body, call_service, init_service},
    web,
};
use metrics_actix::{HttpMetrics, MetricsRoute};
use metrics_core::Registry;
use service::{authenticate, expected, expected_during, routes, samples};

#[actix_web::test]
async fn middleware_counts_inside_and_outside_of_others() {
    let registry = Registry::new();
    let http = HttpMetrics::new().registry(&registry);
    let outermost = init_service(
        App::new()
            .wrap(NormalizePath::trim())
            .wrap(ErrorHandlers::new())
            .wrap(DefaultHeaders::new().add(("x-served-by", "tests")))
            .wrap(Condition::new(true, Logger::default()))
            .wrap(http.clone())
            .configure(routes),
    )
    .await;
    let innermost = init_service(
        App::new()
            .wrap(http.clone())
            .wrap(Logger::default())
            .wrap(Condition::new(true, DefaultHeaders::new().add(("x-served-by", "tests"))))
            .wrap(ErrorHandlers::new())
            .wrap(NormalizePath::trim())
            .configure(routes),
    )
    .await;
    let conditional = init_service(App::new().wrap(Condition::new(true, http)).configure(routes)).await;
    let get = |path: &str| TestRequest::with_uri(path).to_request();
    assert_eq!(call_and_read_body(&outermost, get("/users/1/")).await, "user 1");
    assert_eq!(call_and_read_body(&innermost, get("/users/2/")).await, "user 2");
    assert_eq!(call_and_read_body(&conditional, get("/users/3")).await, "user 3");
    let mut samples = samples(&registry);
    // If an inner middleware normalizes the path, no pattern fits it when the middleware is called.
    samples.retain(|sample| !expected_during("unmatched", 0).contains(sample));
    assert_eq!(samples, expected(&[("GET", "/users/{id}", &[(200, 3)])]));
}

#[actix_web::test]
async fn metrics_route_works_in_a_scope_and_twice() {
    let registry = Registry::new();
    let http = HttpMetrics::new().registry(&registry);
    let inner = web::scope("/ops").service(MetricsRoute::new("/metrics").registry(&registry));
    let app = init_service(
        App::new()
            .wrap(http)
            .service(inner)
            .service(MetricsRoute::new("/scrape").registry(&registry))
            .configure(routes),
    )
    .await;
    for path in ["/ops/metrics", "/scrape"] {
        let response = call_service(&app, TestRequest::with_uri(path).to_request()).await;
        assert_eq!(response.status(), StatusCode::OK, "{path}");
    }
    assert_eq!(samples(&registry), Vec::<String>::new());
}

/// Requests each path without a key, with a wrong key and with the right one; returns the statuses.
macro_rules! statuses_with_keys {
    ($app:expr, $paths:expr) => {{
        let mut statuses = Vec::new();
        for path in $paths {
            for key in [None, Some("wrong"), Some("right")] {
                let request = TestRequest::with_uri(path);
                let request =
                    key.into_iter().fold(request, |request, key| request.insert_header(("x-key", key)));
                statuses.push(match $app.call(request.to_request()).await {
                    Ok(response) => {
                        let status = response.status().as_u16();
                        to_bytes(response.into_body()).await.expect("the body is given in full");
                        status
                    }
                    Err(error) => error.as_response_error().status_code().as_u16(),
                });
            }
        }
        statuses
    }};
}

#[actix_web::test]
async fn unauthorized_request_counts_under_the_matching_pattern() {
    let registry = Registry::new();
    let http = HttpMetrics::new().registry(&registry);
    let private = web::scope("/private")
        .wrap(from_fn(authenticate))
        .route("/items/{item}", web::get().to(|| async { "item" }));
    let inside_a_scope = init_service(App::new().wrap(http.clone()).service(private).configure(routes)).await;
    let inside =
        init_service(App::new().wrap(from_fn(authenticate)).wrap(http.clone()).configure(routes)).await;
    let outside = init_service(App::new().wrap(http).wrap(from_fn(authenticate)).configure(routes)).await;
    assert_eq!(
        statuses_with_keys!(inside_a_scope, ["/private/items/1", "/private/no"]),
        [401, 401, 200, 401, 401, 404]
    );
    assert_eq!(statuses_with_keys!(inside, ["/users/1", "/nothing"]), [401, 401, 200, 401, 401, 404]);
    let mut counted = expected(&[
        // A response of the authentication inside a scope, before routing in the scope.
        ("GET", "/private", &[(401, 1)]),
        ("GET", "/private/items/{item}", &[(401, 2), (200, 1)]),
        ("GET", "/users/{id}", &[(401, 2), (200, 1)]),
        // An error does not name the scope.
        ("GET", "unmatched", &[(401, 3), (404, 2)]),
    ]);
    // These requests are in progress as unmatched.
    counted.retain(|sample| *sample != expected_during("/private", 0)[1]);
    assert_eq!(samples(&registry), counted);
    // A request that an outer middleware refuses does not count.
    assert_eq!(statuses_with_keys!(outside, ["/empty"]), [401, 401, 204]);
    let counted: Vec<_> = samples(&registry).into_iter().filter(|line| line.contains("/empty")).collect();
    assert_eq!(counted, expected(&[("GET", "/empty", &[(204, 1)])]));
}

#[actix_web::test]
async fn resource_with_several_patterns_counts_under_the_first() {
    let registry = Registry::new();
    let http = HttpMetrics::new().registry(&registry);
    let several = web::resource(["/a", "/b"]).to(|| async { "several" });
    let app = init_service(App::new().wrap(http).service(several).configure(routes)).await;
    for path in ["/b", "/a", "/b", "/c"] {
        call_and_read_body(&app, TestRequest::with_uri(path).to_request()).await;
    }
    assert_eq!(
        samples(&registry),
        expected(&[("GET", "/a", &[(200, 3)]), ("GET", "unmatched", &[(404, 1)])])
    );
}

#[actix_web::test]
async fn guarded_resources_count_under_their_own_patterns() {
    let registry = Registry::new();
    let http = HttpMetrics::new().registry(&registry);
    let guarded = web::resource("/b").guard(guard::Header("x-plan", "premium")).to(|| async { "guarded" });
    let several = web::resource(["/a", "/b"]).to(|| async { "several" });
    let app = init_service(App::new().wrap(http).service(guarded).service(several)).await;
    let get = |path: &str| TestRequest::with_uri(path);
    assert_eq!(call_and_read_body(&app, get("/a").to_request()).await, "several");
    for _ in 0..40 {
        let premium = get("/b").insert_header(("x-plan", "premium"));
        assert_eq!(call_and_read_body(&app, premium.to_request()).await, "guarded");
        assert_eq!(call_and_read_body(&app, get("/b").to_request()).await, "several");
    }
    assert_eq!(samples(&registry), expected(&[("GET", "/a", &[(200, 41)]), ("GET", "/b", &[(200, 40)])]));
}

/// The first request to a route is in progress under a learned pattern that fits its path as well. It counts under its own.
#[actix_web::test]
async fn gauge_is_mispredicted_for_the_first_request_only() {
    let registry = Registry::new();
    let http = HttpMetrics::new().registry(&registry);
    let app = App::new().wrap(http).route("/users/me", web::get().to(|| async { "me" })).configure(routes);
    let app = init_service(app).await;
    let get = async |path: &str| call_and_read_body(&app, TestRequest::with_uri(path).to_request()).await;
    let gauge = r#"http_requests_in_progress{method="GET",endpoint="/users/me"} 0"#.to_owned();
    for path in ["/users/1"; 100].into_iter().chain(["/users/me", "/users/2", "/USERS/me"]) {
        get(path).await;
    }
    let mut counted = expected(&[
        ("GET", "/users/{id}", &[(200, 101)]),
        ("GET", "/users/me", &[(200, 1)]),
        ("GET", "unmatched", &[(404, 1)]),
    ]);
    counted.retain(|sample| *sample != gauge);
    assert_eq!(samples(&registry), counted);
    get("/users/me").await;
    assert!(samples(&registry).contains(&gauge));
}

#[actix_web::test]
async fn patterns_with_regular_expressions_count_like_others() {
    let registry = Registry::new();
    let http = HttpMetrics::new().registry(&registry);
    let ok = || async { "ok" };
    let app = App::new()
        .wrap(http)
        .route(r"/numbers/{number:\d+}", web::get().to(ok))
        .route("/numbers/{word}", web::get().to(ok))
        // The expression may match a `/`.
        .route("/deep/{path:.+}/end", web::get().to(ok))
        .route("/deep/{path}*", web::get().to(ok));
    let app = init_service(app).await;
    for path in ["/numbers/7", "/numbers/seven", "/deep/a/b/end", "/deep/end", "/deep/a/end", "/deeper"] {
        call_and_read_body(&app, TestRequest::with_uri(path).to_request()).await;
    }
    assert_eq!(
        samples(&registry),
        expected(&[
            ("GET", r"/numbers/{number:\\d+}", &[(200, 1)]),
            ("GET", "/numbers/{word}", &[(200, 1)]),
            ("GET", "/deep/{path:.+}/end", &[(200, 2)]),
            ("GET", "/deep/{path}*", &[(200, 1)]),
            ("GET", "unmatched", &[(404, 1)]),
        ])
    );
}

#[actix_web::test]
async fn escaped_path_counts_under_its_route() {
    let registry = Registry::new();
    let http = HttpMetrics::new().registry(&registry);
    let app = App::new().wrap(http).route("/users/me", web::get().to(|| async { "me" })).configure(routes);
    let app = init_service(app).await;
    // Routing decodes `%6D` to `m`.
    assert_eq!(call_and_read_body(&app, TestRequest::with_uri("/users/%6De").to_request()).await, "me");
    let counted: Vec<_> =
        samples(&registry).into_iter().filter(|line| line.starts_with("http_requests_total")).collect();
    assert_eq!(counted, ["http_requests_total{method=\"GET\",endpoint=\"/users/me\",status=\"200\"} 1"]);
}

/// Limits the time of a request.
async fn with_time_limit(
    request: ServiceRequest,
    next: Next<impl MessageBody + 'static>,
) -> Result<ServiceResponse<BoxBody>, Error> {
    match timeout(Duration::from_millis(5), next.call(request)).await {
        Ok(response) => Ok(response?.map_into_boxed_body()),
        Err(_) => Err(ErrorGatewayTimeout("too late")),
    }
}

#[actix_web::test]
async fn outer_timeout_drops_and_inner_timeout_answers() {
    let registry = Registry::new();
    let http = HttpMetrics::new().registry(&registry);
    let outside =
        init_service(App::new().wrap(http.clone()).wrap(from_fn(with_time_limit)).configure(routes)).await;
    let error = outside.call(TestRequest::with_uri("/slow/60000").to_request()).await.expect_err("late");
    assert_eq!(error.as_response_error().status_code(), StatusCode::GATEWAY_TIMEOUT);
    assert_eq!(samples(&registry), expected(&[("GET", "/slow/{millis}", &[(499, 1)])]));
    let inside = init_service(App::new().wrap(from_fn(with_time_limit)).wrap(http).configure(routes)).await;
    assert!(inside.call(TestRequest::with_uri("/slow/60000").to_request()).await.is_err());
    assert_eq!(samples(&registry), expected(&[("GET", "/slow/{millis}", &[(499, 1), (504, 1)])]));
}

/// Rewrites the path of a request.
fn move_to(request: &mut ServiceRequest, path: &str) {
    let uri: Uri = path.parse().expect("a path");
    request.match_info_mut().get_mut().update(&uri);
    request.head_mut().uri = uri;
}

#[actix_web::test]
async fn path_rewritten_twice_counts_under_its_route() {
    let registry = Registry::new();
    let app = init_service(
        App::new()
            .route("/v1/users/{id}/posts", web::get().to(HttpResponse::Ok))
            .route("/v2/users/{id}/posts", web::get().to(HttpResponse::Ok))
            .route("/v3/users/{id}/posts", web::post().to(HttpResponse::Ok))
            .wrap_fn(|mut request, service| {
                if let Some(path) = request.path().strip_prefix("/moved").map(String::from) {
                    move_to(&mut request, &path);
                }
                service.call(request)
            })
            .wrap_fn(|mut request, service| {
                if let Some(path) = request.path().strip_prefix("/v1").map(|path| format!("/moved/v2{path}"))
                {
                    move_to(&mut request, &path);
                }
                service.call(request)
            })
            .wrap(HttpMetrics::new().registry(&registry)),
    )
    .await;
    for id in 10..60 {
        let request = TestRequest::with_uri(&format!("/v1/users/{id}/posts")).to_request();
        assert_eq!(call_service(&app, request).await.status(), StatusCode::OK);
    }
    let mut samples = samples(&registry);
    samples.retain(|sample| sample.starts_with("http_requests_total"));
    assert_eq!(
        samples,
        ["http_requests_total{method=\"GET\",endpoint=\"/v2/users/{id}/posts\",status=\"200\"} 50"]
    );
}
