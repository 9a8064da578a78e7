//! The middleware among others in any order, over TCP.

mod listening;
mod scraper;
mod service;

use actix_web::{
    App, HttpServer,
    middleware::{Compress, Logger, NormalizePath, from_fn},
};
use listening::{Server, serve};
use metrics_actix::HttpMetrics;
use metrics_core::Registry;
use scraper::{Connection, ask};
use service::{authenticate, expected, expected_during, expected_with_panics, routes, samples};

fn measured(registry: &Registry) -> HttpMetrics {
    HttpMetrics::new().registry(registry)
}

#[test]
fn normalized_paths_count_under_their_route() {
    for is_outermost in [true, false] {
        let server = if is_outermost {
            serve!(|registry| HttpServer::new(move || {
                App::new().wrap(measured(&registry)).wrap(NormalizePath::trim()).configure(routes)
            }))
        } else {
            serve!(|registry| HttpServer::new(move || {
                App::new().wrap(NormalizePath::trim()).wrap(measured(&registry)).configure(routes)
            }))
        };
        for (target, expected) in [
            ("/users/1/", 200),
            ("//users//2", 200),
            ("/users/3", 200),
            ("/api//v1/items/3/", 200),
            ("/missing/1/", 404),
            ("/nothing//", 404),
        ] {
            assert_eq!(ask(server.address, "GET", target, &[]).status(), expected, "{target}");
        }
        let requests = [
            ("GET", "/users/{id}", &[(200, 3)][..]),
            ("GET", "/api/v1/items/{item}", &[(200, 1)]),
            ("GET", "/missing/{id}", &[(404, 1)]),
            ("GET", "unmatched", &[(404, 1)]),
        ];
        server.expect_under_others(expected(&requests));
    }
}

#[test]
fn unauthorized_normalized_path_counts_under_the_matching_pattern() {
    let server = serve!(|registry| HttpServer::new(move || {
        let inside = App::new().wrap(from_fn(authenticate)).wrap(NormalizePath::trim());
        inside.wrap(measured(&registry)).configure(routes)
    }));
    for (target, key, expected) in [
        ("/users/1/", &[("x-key", "right")][..], 200),
        ("/users//2", &[("x-key", "wrong")], 401),
        ("/nothing", &[("x-key", "wrong")], 401),
        // Refused by an error, which does not name the path.
        ("/users/3", &[], 401),
        ("/users/4/", &[], 401),
    ] {
        assert_eq!(ask(server.address, "GET", target, key).status(), expected, "{target}");
    }
    let users = ("GET", "/users/{id}", &[(200, 1), (401, 2)][..]);
    server.expect_under_others(expected(&[users, ("GET", "unmatched", &[(401, 2)])]));
}

/// Sends requests with every ending to a service that has the metrics among other middleware.
fn drive_among_others(server: &Server) {
    let right = [("x-key", "right"), ("accept-encoding", "gzip")];
    for (target, headers, expected) in [
        ("/users/1", &right[..], 200),
        ("/users/1", &[("x-key", "wrong")], 401),
        ("/users/1", &[], 401),
        ("/missing/1", &right, 404),
        ("/nothing", &right, 404),
        ("/fails", &right, 418),
        ("/refused/plain", &right, 401),
        ("/refused/quiet", &right, 402),
        ("/stream", &right, 200),
        ("/large", &right, 200),
        ("/empty", &right, 204),
    ] {
        let mut connection = Connection::to(server.address);
        connection.send("GET", target, headers);
        let head = connection.head();
        assert_eq!(head.status, expected, "{target}");
        assert!(target != "/large" || head.get("content-encoding") == Some("gzip"));
        if head.get("content-length").is_some() || head.get("transfer-encoding").is_some() {
            assert!(connection.body(&head, |_| ()), "{target}");
        }
    }
    let mut broken = Connection::to(server.address);
    broken.send("GET", "/broken", &right);
    assert!(!broken.answer("GET").is_whole);
    let mut panics = Connection::to(server.address);
    panics.send("GET", "/panics", &right);
    assert_eq!(panics.head().status, 0);
    let mut gone = Connection::to(server.address);
    gone.send("GET", "/endless", &right);
    assert_eq!(gone.head().status, 200);
    drop(gone);
    let mut waiting = Connection::to(server.address);
    waiting.send("GET", "/slow/600000", &right);
    let during = expected_during("/slow/{millis}", 1);
    server.wait(|| during.iter().all(|line| samples(&server.registry).contains(line)));
    drop(waiting);
}

/// Expected counts. Only middleware outside of the authentication sees requests without a key.
fn expected_among_others(sees_refusals: bool) -> Vec<String> {
    let users: &[(u16, u64)] = if sees_refusals { &[(200, 1), (401, 2)] } else { &[(200, 1)] };
    expected_with_panics(
        &[
            ("GET", "/users/{id}", users),
            ("GET", "/missing/{id}", &[(404, 1)]),
            ("GET", "unmatched", &[(404, 1)]),
            ("GET", "/fails", &[(418, 1)]),
            ("GET", "/refused/{how}", &[(401, 1), (402, 1)]),
            ("GET", "/stream", &[(200, 1)]),
            ("GET", "/large", &[(200, 1)]),
            ("GET", "/empty", &[(204, 1)]),
            ("GET", "/broken", &[(500, 1)]),
            ("GET", "/panics", &[(500, 1)]),
            ("GET", "/endless", &[(499, 1)]),
            ("GET", "/slow/{millis}", &[(499, 1)]),
        ],
        &["/panics"],
    )
}

/// Tests one order of middleware, the innermost first.
macro_rules! among_others {
    ($name:ident, $sees_refusals:expr, |$registry:ident| [$($middleware:expr),*]) => {
        #[test]
        fn $name() {
            let server = serve!(|$registry| {
                let server = HttpServer::new(move || App::new()$(.wrap($middleware))*.configure(routes));
                server.h1_allow_half_closed(false)
            });
            drive_among_others(&server);
            server.expect(&expected_among_others($sees_refusals));
        }
    };
}

among_others!(the_metrics_stand_outermost, true, |registry| [
    NormalizePath::trim(),
    Compress::default(),
    from_fn(authenticate),
    Logger::default(),
    measured(&registry)
]);

among_others!(the_metrics_stand_innermost, false, |registry| [
    measured(&registry),
    Logger::default(),
    from_fn(authenticate),
    Compress::default(),
    NormalizePath::trim()
]);

among_others!(the_metrics_stand_between, true, |registry| [
    from_fn(authenticate),
    NormalizePath::trim(),
    measured(&registry),
    Logger::default(),
    Compress::default()
]);

among_others!(the_metrics_stand_between_the_other_way, false, |registry| [
    Compress::default(),
    Logger::default(),
    measured(&registry),
    NormalizePath::trim(),
    from_fn(authenticate)
]);
