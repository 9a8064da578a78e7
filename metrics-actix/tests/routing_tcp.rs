//! Endpoints of nested services over TCP.

mod listening;
mod scraper;
mod service;

use actix_web::{
    App, HttpResponse, HttpServer, guard,
    web::{self, ServiceConfig},
};
use listening::serve;
use metrics_actix::HttpMetrics;
use metrics_core::Registry;
use scraper::{Connection, ask};
use service::{expected, expected_during, expected_with_panics, routes, samples};

fn measured(registry: &Registry) -> HttpMetrics {
    HttpMetrics::new().registry(registry)
}

async fn ok() -> &'static str {
    "ok"
}

/// Nested scopes with default services.
fn nested(config: &mut ServiceConfig) {
    let premium = guard::Header("x-plan", "premium");
    let several = web::resource("/r/{id}")
        .name("several")
        .route(web::get().to(ok))
        .route(web::post().to(HttpResponse::Created))
        .route(web::delete().guard(guard::Header("x-sure", "yes")).to(HttpResponse::NoContent))
        .default_service(web::to(HttpResponse::NotAcceptable));
    let inner = web::scope("/z").default_service(web::to(HttpResponse::Gone)).service(several);
    config
        .service(web::scope("/x").guard(premium).route("/a", web::get().to(ok)))
        .service(web::scope("/x").route("/b", web::get().to(ok)).default_service(web::to(HttpResponse::Gone)))
        .service(web::scope("/y").service(inner).route("/q", web::get().to(ok)))
        .service(web::scope("/t/{tenant}").service(web::scope("/{team}").route("/{user}", web::get().to(ok))))
        .service(web::redirect("/old", "/new"))
        .default_service(web::to(HttpResponse::ImATeapot));
}

#[test]
fn nested_guarded_scopes_with_default_services() {
    let server = serve!(|registry| HttpServer::new(move || {
        App::new().wrap(measured(&registry)).configure(nested)
    }));
    let premium = &[("x-plan", "premium")][..];
    for (method, target, headers, expected) in [
        ("GET", "/x/a", premium, 200),
        ("GET", "/x/a", &[], 410),
        ("GET", "/x/b", &[], 200),
        ("GET", "/x/b", premium, 418),
        ("GET", "/y/z/r/1", &[], 200),
        ("POST", "/y/z/r/2", &[], 201),
        ("DELETE", "/y/z/r/3", &[("x-sure", "yes")], 204),
        ("DELETE", "/y/z/r/3", &[], 406),
        ("PUT", "/y/z/r/4", &[], 406),
        ("GET", "/y/z/none", &[], 410),
        ("GET", "/y/none", &[], 418),
        ("POST", "/y/q", &[], 418),
        ("GET", "/t/a/b/c", &[], 200),
        ("GET", "/t/a/b", &[], 418),
        ("GET", "/old", &[], 307),
        ("GET", "/", &[], 418),
        ("OPTIONS", "*", &[], 418),
        ("CONNECT", "elsewhere.example:443", &[], 418),
        ("GET", "http://elsewhere.example/y/q", &[], 200),
        ("GET", "//y/q", &[], 418),
    ] {
        let mut connection = Connection::to(server.address);
        connection.send(method, target, headers);
        assert_eq!(connection.head().status, expected, "{method} {target}");
    }
    // If no route takes a request, it counts under the first pattern that fits its path: 410 for `/x/a`.
    let requests: &[service::Route<'_>] = &[
        ("GET", "/x/a", &[(200, 1), (410, 1)]),
        ("GET", "/x/b", &[(200, 1)]),
        ("GET", "/y/z/r/{id}", &[(200, 1)]),
        ("POST", "/y/z/r/{id}", &[(201, 1)]),
        ("DELETE", "/y/z/r/{id}", &[(204, 1), (406, 1)]),
        ("PUT", "/y/z/r/{id}", &[(406, 1)]),
        ("GET", "/y/q", &[(200, 1)]),
        ("POST", "/y/q", &[(418, 1)]),
        ("GET", "/t/{tenant}/{team}/{user}", &[(200, 1)]),
        ("GET", "/old", &[(307, 1)]),
        // A default service inside a scope counts under the scope.
        ("GET", "/x", &[(418, 1)]),
        ("GET", "/y", &[(418, 1)]),
        ("GET", "/y/z", &[(410, 1)]),
        ("GET", "/t/{tenant}/{team}", &[(418, 1)]),
        ("GET", "unmatched", &[(418, 2)]),
        ("OPTIONS", "unmatched", &[(418, 1)]),
        ("CONNECT", "unmatched", &[(418, 1)]),
    ];
    // The path alone does not tell that a guard keeps `/x/b` out of the first scope.
    server.expect_under_others(expected(requests));
}

#[test]
fn scope_and_resource_are_measured_alone() {
    let server = serve!(|registry| HttpServer::new(move || {
        let scope = web::scope("/shop")
            .wrap(measured(&registry))
            .route("", web::get().to(ok))
            .service(web::scope("/inner").configure(routes))
            .default_service(web::to(HttpResponse::Gone));
        let resource = web::resource("/one/{id}")
            .wrap(measured(&registry))
            .route(web::get().to(ok))
            .route(web::put().to(|| async { if true { panic!("a handler") } else { "ok" } }));
        App::new().service(scope).service(resource).configure(routes)
    })
    .h1_allow_half_closed(false));
    for (method, target, expected) in [
        ("GET", "/shop", 200),
        ("GET", "/shop/inner/users/1", 200),
        ("POST", "/shop/inner/api/v1/items/7", 405),
        ("GET", "/shop/inner/stream", 200),
        ("GET", "/shop/none", 410),
        ("GET", "/one/7", 200),
        ("GET", "/one/%2F", 200),
        ("HEAD", "/one/7", 405),
        ("POST", "/one/7", 405),
        ("PUT", "/one/7", 0),
        ("GET", "/users/1", 200),
        ("GET", "/none", 404),
    ] {
        let mut connection = Connection::to(server.address);
        connection.send(method, target, &[]);
        let head = connection.head();
        assert_eq!(head.status, expected, "{method} {target}");
        assert!(method != "GET" || connection.body(&head, |_| ()), "{target}");
    }
    let mut waiting = Vec::new();
    for _ in 0..2 {
        waiting.push(server.send("GET", "/shop/inner/slow/600000"));
    }
    let during = expected_during("/shop/inner/slow/{millis}", 2);
    server.wait(|| during.iter().all(|line| samples(&server.registry).contains(line)));
    drop(waiting);
    let mut counted = expected_with_panics(
        &[
            ("GET", "/shop", &[(200, 1), (410, 1)]),
            ("GET", "/shop/inner/users/{id}", &[(200, 1)]),
            ("POST", "/shop/inner/api/v1/items/{item}", &[(405, 1)]),
            ("GET", "/shop/inner/stream", &[(200, 1)]),
            ("GET", "/shop/inner/slow/{millis}", &[(499, 2)]),
            ("GET", "/one/{id}", &[(200, 2)]),
            ("HEAD", "/one/{id}", &[(405, 1)]),
            ("POST", "/one/{id}", &[(405, 1)]),
            ("PUT", "/one/{id}", &[(500, 1)]),
        ],
        &["/one/{id}"],
    );
    // The request that the default service of the scope took was in progress as unmatched.
    counted.push("http_panics_total{endpoint=\"unmatched\"} 0".into());
    counted.push("http_requests_in_progress{method=\"GET\",endpoint=\"unmatched\"} 0".into());
    counted.sort();
    server.expect(&counted);
}

#[test]
fn escaped_paths_count_under_their_route() {
    let server = serve!(|registry| HttpServer::new(move || {
        let me = || web::get().to(|| async { "me" });
        App::new().wrap(measured(&registry)).route("/users/me", me()).configure(routes)
    }));
    for (target, expected) in [
        ("/users/%6De", "me"),
        ("/users/m%65", "me"),
        ("/users/%C3%BC", "user ü"),
        ("/users/a%2Fb", "user a%2Fb"),
        ("/users/a%20b?c=%2F", "user a b"),
        ("/%75sers/1", "user 1"),
        ("/users%2F1", ""),
        ("/users/%FF", "user \u{fffd}"),
        ("/users/%", "user %"),
    ] {
        let answer = ask(server.address, "GET", target, &[]);
        assert_eq!(String::from_utf8_lossy(&answer.body), expected, "{target}");
    }
    let users = ("GET", "/users/{id}", &[(200, 6)][..]);
    let requests = [("GET", "/users/me", &[(200, 2)][..]), users, ("GET", "unmatched", &[(404, 1)])];
    server.expect_under_others(expected(&requests));
}

#[test]
fn registries_count_separately() {
    let other = Registry::new();
    let theirs = other.clone();
    let server = serve!(|registry| {
        let (ours, theirs) = (measured(&registry), measured(&theirs));
        HttpServer::new(move || App::new().wrap(ours.clone()).wrap(theirs.clone()).configure(routes))
    });
    for (target, expected) in [("/users/1", 200), ("/stream", 200), ("/refused/once", 500), ("/panics", 0)] {
        let mut connection = Connection::to(server.address);
        connection.send("GET", target, &[]);
        let head = connection.head();
        assert_eq!(head.status, expected, "{target}");
        assert!(expected == 0 || connection.body(&head, |_| ()), "{target}");
    }
    let all = expected_with_panics(
        &[
            ("GET", "/users/{id}", &[(200, 1)]),
            ("GET", "/stream", &[(200, 1)]),
            ("GET", "/refused/{how}", &[(500, 1)]),
            ("GET", "/panics", &[(500, 1)]),
        ],
        &["/panics"],
    );
    server.expect(&all);
    server.wait(|| samples(&other) == all);
}

#[test]
fn unmatched_requests_have_the_configured_endpoint() {
    let server = serve!(|registry| HttpServer::new(move || {
        App::new().wrap(measured(&registry).unmatched_endpoint("none")).configure(routes)
    }));
    assert_eq!(ask(server.address, "GET", "/wp-login.php", &[]).status(), 404);
    server.expect_under_others(expected(&[("GET", "none", &[(404, 1)])]));
}

#[test]
fn excluded_statuses_are_in_progress_and_not_counted() {
    let server = serve!(|registry| HttpServer::new(move || {
        App::new().wrap(measured(&registry).exclude_status(404)).configure(routes)
    }));
    for (target, status) in [("/missing/1", 404), ("/users/1", 200)] {
        assert_eq!(ask(server.address, "GET", target, &[]).status(), status);
    }
    let has = |sample: &str| samples(&server.registry).iter().any(|other| other == sample);
    server.wait(|| has(r#"http_requests_in_progress{method="GET",endpoint="/missing/{id}"} 0"#));
    server.wait(|| has(r#"http_requests_total{method="GET",endpoint="/users/{id}",status="200"} 1"#));
    assert!(!has(r#"http_requests_total{method="GET",endpoint="/missing/{id}",status="404"} 1"#));
    assert!(!has(r#"http_request_duration_seconds_count{method="GET",endpoint="/missing/{id}"} 1"#));
}
