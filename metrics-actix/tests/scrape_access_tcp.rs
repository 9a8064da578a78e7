//! Access to the metrics route over TCP.

mod scraper;

use std::{fs, process, sync::mpsc, time::Duration};

#[cfg(unix)]
use actix_web::{App, HttpServer, rt};
use metrics_actix::{ForwardedHeader, MetricsRoute};
use metrics_core::{Definition, Gauge, Registry};
use scraper::{Server, value, wait_for};

/// Returns a route with a registry of its own.
fn route() -> MetricsRoute {
    MetricsRoute::new("/metrics").registry(&Registry::new()).json("/api/metrics").live("/metrics/live")
}

/// Longer than any response takes.
const LONG: Duration = Duration::from_secs(60);

/// By RFC 6750, section 3.1.
const WRONG_TOKEN: &str = "Bearer realm=\"metrics\", error=\"invalid_token\"";

#[test]
fn bearer_token_gives_access() {
    let server = Server::start(|| route().bearer_token("new").bearer_token("old"));
    for value in ["Bearer new", "bearer old", "BEARER  new ", "Bearer old"] {
        for target in ["/metrics", "/api/metrics", "/metrics/live"] {
            assert_eq!(server.get(target, &[("Authorization", value)]).status(), 200, "{value} {target}");
        }
    }
    for value in [
        "",
        "Bearer",
        "Bearer ",
        "Bearer ne",
        "Bearer neww",
        "Bearer new,old",
        "Bearernew",
        "new",
        "Basic new",
        "Bearer\tnew",
        "Digest new",
        "Bearer ä",
        "Bearer new old",
    ] {
        for target in ["/metrics", "/api/metrics"] {
            let answer = server.get(target, &[("Authorization", value)]);
            assert_eq!(answer.status(), 401, "{value:?} {target}");
            let gave_token = value.strip_prefix("Bearer ").is_some_and(|token| !token.is_empty());
            let challenge = if gave_token { WRONG_TOKEN } else { "Bearer realm=\"metrics\"" };
            assert_eq!(answer.head.get("www-authenticate"), Some(challenge), "{value:?}");
            assert_eq!(answer.head.get("cache-control"), Some("no-store"));
        }
    }
    let twice = [("Authorization", "Bearer new"), ("Authorization", "Bearer new")];
    assert_eq!(server.get("/metrics", &twice).status(), 401);
    let nothing = server.get("/metrics", &[]);
    assert_eq!(
        (nothing.status(), nothing.head.get("www-authenticate")),
        (401, Some("Bearer realm=\"metrics\""))
    );
    assert_eq!(server.request("POST", "/metrics", &[]).status(), 401);
    // The live page has no metrics, and asks for the token itself.
    assert_eq!(server.get("/metrics/live", &[]).status(), 200);
}

#[test]
fn basic_auth_gives_access() {
    let server =
        Server::start(|| route().basic_auth("prometheus", "").basic_auth("ä", "x:y z").bearer_token("t"));
    // prometheus:, ä:x:y z
    for value in ["Basic cHJvbWV0aGV1czo=", "basic w6Q6eDp5IHo=", "Bearer t"] {
        assert_eq!(server.get("/metrics", &[("Authorization", value)]).status(), 200, "{value}");
    }
    for value in
        ["Basic cHJvbWV0aGV1czo", "Basic cHJvbWV0aGV1cw==", "Basic =", "Basic %%%", "Bearer cHJvbWV0aGV1czo="]
    {
        let answer = server.get("/metrics", &[("Authorization", value)]);
        assert_eq!(answer.status(), 401, "{value}");
        let bearer = if value.starts_with("Bearer") { WRONG_TOKEN } else { "Bearer realm=\"metrics\"" };
        let challenges = [bearer, "Basic realm=\"metrics\", charset=\"UTF-8\""];
        assert_eq!(answer.head.all("www-authenticate"), challenges);
    }
    assert_eq!(server.get("/metrics/live", &[]).status(), 401);
}

#[test]
fn bearer_token_file_is_reread() {
    let path = std::env::temp_dir().join(format!("metrics-actix-token-{}", process::id()));
    fs::write(&path, "\n first\n").expect("the directory is there for such files");
    let file = path.clone();
    let server = Server::start(move || route().bearer_token_file(&file));
    let status =
        |token: &str| server.get("/metrics", &[("Authorization", &format!("Bearer {token}"))]).status();
    assert_eq!((status("first"), status("second"), status("")), (200, 401, 401));
    fs::write(&path, "second").expect("the file can be written");
    wait_for("the second token", || status("second") == 200);
    assert_eq!(status("first"), 401);
    fs::remove_file(&path).expect("the file can be removed");
    wait_for("the end of the token", || status("second") == 401);
    assert_eq!(status(""), 401);
}

/// The file is read although all blocking threads of the service are busy.
#[cfg(unix)]
#[test]
fn bearer_token_file_needs_no_blocking_thread() {
    use actix_web::test::{TestRequest, call_service, init_service};

    let path = std::env::temp_dir().join(format!("metrics-actix-blocked-{}", process::id()));
    fs::write(&path, "t").expect("the directory is there for such files");
    let file = path.clone();
    let runtime = || {
        let mut builder = tokio::runtime::Builder::new_current_thread();
        builder.enable_all().max_blocking_threads(1).build().expect("a runtime")
    };
    rt::System::with_tokio_rt(runtime).block_on(async {
        let (end, ended) = mpsc::channel::<()>();
        let blocked = rt::task::spawn_blocking(move || ended.recv());
        let app = init_service(App::new().service(route().bearer_token_file(file))).await;
        let request = TestRequest::with_uri("/metrics").insert_header(("authorization", "Bearer t"));
        let response = rt::time::timeout(LONG, call_service(&app, request.to_request())).await;
        assert_eq!(response.expect("it is answered").status(), 200);
        drop(end);
        assert!(blocked.await.expect("it ends").is_err());
    });
    fs::remove_file(&path).expect("the file can be removed");
}

#[test]
fn invalid_configuration_admits_nobody() {
    let token = Server::start(|| route().bearer_token(""));
    let password = Server::start(|| route().basic_auth("a:b", "c"));
    let network = Server::start(|| route().allow_ips(["127.0.0.1/33"]));
    let none = Server::start(|| route().allow_ips([""; 0]));
    assert_eq!(token.get("/metrics", &[("Authorization", "Bearer ")]).status(), 401);
    // a:b:c
    assert_eq!(password.get("/metrics", &[("Authorization", "Basic YTpiOmM=")]).status(), 401);
    assert_eq!(network.get("/metrics", &[]).status(), 403);
    assert_eq!(none.get("/metrics", &[]).status(), 403);
    let misconfigured = route()
        .basic_auth("a:b", "c")
        .basic_auth("a", "\n")
        .bearer_token("two words")
        .allow_ips(["10.0.0.0/8", "localhost"])
        .trust_proxies(ForwardedHeader::Forwarded, ["::1", "10.0.0.256"]);
    assert_eq!(
        misconfigured.config_errors(),
        [
            "the credentials of `a:b` admit nobody: a user's name cannot have a colon",
            "the credentials of `a` admit nobody: they have control characters",
            "a bearer token admits nobody: it has characters that a header cannot hold, such as white space",
            "`localhost` is neither an address nor a network such as `10.0.0.0/8`",
            "`10.0.0.256` is neither an address nor a network such as `10.0.0.0/8`",
        ]
    );
    let shown = format!("{:?}", route().bearer_token("open-sesame").basic_auth("me", "open-sesame"));
    assert!(!shown.contains("sesame") && !shown.contains("bWU6b3Blbi1zZXNhbWU"), "{shown}");
}

#[test]
fn peer_address_counts_unless_proxies_are_trusted() {
    let inside = Server::start(|| route().allow_ips(["127.0.0.0/8"]));
    let outside = Server::start(|| route().allow_ips(["10.0.0.0/8", "::1"]));
    let lies = [("X-Forwarded-For", "10.0.0.1"), ("Forwarded", "for=10.0.0.1"), ("X-Real-IP", "10.0.0.1")];
    for target in ["/metrics", "/api/metrics", "/metrics/live"] {
        assert_eq!(inside.get(target, &[]).status(), 200);
        assert_eq!(inside.get(target, &lies).status(), 200);
        assert_eq!(outside.get(target, &lies).status(), 403);
    }
}

#[test]
fn trusted_proxy_names_the_client() {
    let allowed = ["10.0.0.0/8", "2001:db8::/32"];
    let plain = Server::start(move || {
        route()
            .allow_ips(allowed)
            .trust_proxies(ForwardedHeader::XForwardedFor, ["127.0.0.1", "192.168.0.0/16"])
    });
    for (values, status) in [
        (&["10.0.0.1"][..], 200),
        (&["10.0.0.1:4711"], 200),
        (&["::ffff:10.0.0.1"], 200),
        (&["2001:db8::7"], 200),
        (&["[2001:db8::7]:80"], 200),
        (&["11.0.0.1, 10.0.0.1"], 200),
        (&["10.0.0.1, 192.168.3.4"], 200),
        (&["11.0.0.1", "10.0.0.1, 192.168.3.4"], 200),
        // The proxy itself is not allowed.
        (&[], 403),
        (&["192.168.0.1"], 403),
        (&["11.0.0.1"], 403),
        // The scraper's own header stands before that of the proxy.
        (&["10.0.0.1, 11.0.0.1"], 403),
        (&["10.0.0.1", "11.0.0.1"], 403),
        (&["10.0.0.1, 11.0.0.1, 192.168.3.4"], 403),
        (&["10.0.0.1, unknown"], 403),
        (&["10.0.0.1,"], 403),
        (&[""], 403),
        (&["10.0.0.1, \u{e4}"], 403),
    ] {
        let headers: Vec<_> = values.iter().map(|value| ("X-Forwarded-For", *value)).collect();
        assert_eq!(plain.get("/metrics", &headers).status(), status, "{values:?}");
    }
    assert_eq!(plain.get("/metrics", &[("Forwarded", "for=10.0.0.1")]).status(), 403);
    let standard = Server::start(move || {
        route().allow_ips(allowed).trust_proxies(ForwardedHeader::Forwarded, ["127.0.0.1"])
    });
    for (value, status) in [
        ("for=10.0.0.1", 200),
        ("proto=https; For=\"10.0.0.1:80\";by=x", 200),
        ("for=11.0.0.1, for=\"[2001:db8::7]:80\"", 200),
        ("for=10.0.0.1, for=11.0.0.1", 403),
        ("for=10.0.0.1, for=\"_hidden\"", 403),
        ("for=10.0.0.1, by=10.0.0.1", 403),
        ("for=\"10.0.0.1\"", 200),
        ("for", 403),
        // Quotes that do not end, or end twice.
        ("for=\"10.0.0.1", 403),
        ("for=10.0.0.1\"", 403),
        ("for=\"\"10.0.0.1\"\"", 403),
        ("for=\"10.0.0.1\\\"", 403),
        // Text of the client inside and before that of the proxy.
        ("for=11.0.0.1;host=\"a, for=10.0.0.1\"", 403),
        ("for=11.0.0.1;host=\"a;for=10.0.0.1\", for=11.0.0.2;host=\"\\\", for=10.0.0.1\"", 403),
        ("host=\"a;for=10.0.0.1\";for=11.0.0.1", 403),
        ("host=\"a, for=11.0.0.1;\";for=10.0.0.1", 200),
        ("by=\", for=10.0.0.1", 403),
        ("for=\"10.0.0.1, for=10.0.0.1", 403),
    ] {
        assert_eq!(standard.get("/metrics", &[("Forwarded", value)]).status(), status, "{value}");
    }
    assert_eq!(standard.get("/metrics", &[("X-Forwarded-For", "10.0.0.1")]).status(), 403);
}

#[test]
fn every_path_answers_get_and_head_only() {
    let registry = Registry::new();
    let _level: Gauge = registry.register(&Definition::new("level", "Level.")).expect("a new name");
    let shown = registry.clone();
    let server = Server::start(move || route().registry(&shown));
    for target in ["/metrics", "/api/metrics", "/metrics/live"] {
        let get = server.get(target, &[]);
        assert_eq!(get.status(), 200);
        let head = server.request("HEAD", target, &[]);
        assert_eq!((head.status(), head.head.get("content-length")), (200, get.head.get("content-length")));
        assert_eq!(head.head.get("content-type"), get.head.get("content-type"));
        for method in ["POST", "PUT", "DELETE", "OPTIONS", "BREW"] {
            let answer = server.request(method, target, &[]);
            assert_eq!((answer.status(), answer.head.get("allow")), (405, Some("GET, HEAD")), "{method}");
            assert_eq!(answer.head.get("cache-control"), Some("no-store"));
        }
    }
    let answer = server.get("/api/metrics", &[("Accept", "text/plain")]);
    assert_eq!(answer.head.get("content-type"), Some("application/json"));
    assert!(answer.text().contains("\"name\":\"level\""), "{}", answer.text());
    let live = server.get("/metrics/live", &[]);
    assert!(
        live.head
            .get("content-security-policy")
            .is_some_and(|policy| policy.starts_with("default-src 'none'"))
    );
    assert!(live.text().contains("\"../metrics\""));
}

/// Refusals have the format of the path's other responses.
#[test]
fn json_path_refuses_in_json() {
    let asking = Server::start(|| route().bearer_token("t"));
    let far = Server::start(|| route().allow_ips(["10.0.0.0/8"]));
    let full = Server::start(|| route().max_concurrent(0));
    let token = [("Authorization", "Bearer t")];
    for (server, method, headers, status, why) in [
        (&asking, "GET", &[][..], 401, "the metrics are shown to those with credentials"),
        (&asking, "POST", &token, 405, "the metrics page answers GET and HEAD"),
        (&far, "GET", &[], 403, "this address may not see the metrics"),
        (&full, "GET", &[], 503, "too many scrapes are in flight"),
    ] {
        let plain = ("text/plain; charset=utf-8", format!("{why}\n"));
        let json = ("application/json", format!("{{\"error\":\"{why}\"}}\n"));
        for (target, expected) in [("/metrics", &plain), ("/api/metrics", &json)] {
            let answer = server.request(method, target, headers);
            assert_eq!(answer.status(), status, "{method} {target}");
            assert_eq!(answer.head.get("content-type"), Some(expected.0));
            assert_eq!(answer.text(), expected.1);
            assert_eq!(answer.head.get("cache-control"), Some("no-store"));
        }
    }
}

/// IPv6 notation of IPv4 addresses.
#[test]
fn ipv4_mapped_addresses_are_ipv4() {
    let inside = Server::start(|| route().allow_ips(["::ffff:127.0.0.1"]));
    assert_eq!(inside.get("/metrics", &[]).status(), 200);
    let behind = Server::start(|| {
        let route = route().allow_ips(["::ffff:10.0.0.0/104"]);
        route.trust_proxies(ForwardedHeader::XForwardedFor, ["::ffff:127.0.0.1"])
    });
    assert_eq!(behind.get("/metrics", &[("X-Forwarded-For", "10.0.0.1")]).status(), 200);
    assert_eq!(behind.get("/metrics", &[("X-Forwarded-For", "11.0.0.1")]).status(), 403);
}

#[test]
fn refused_requests_are_counted() {
    let asking = Server::start(|| MetricsRoute::new("/metrics").bearer_token("t").live("/live"));
    let far = Server::start(|| MetricsRoute::new("/metrics").allow_ips(["10.0.0.0/8"]));
    let refused = || value(Registry::global(), "metrics_scrape_errors_total{cause=\"refused\"}");
    let before = refused();
    let token = [("Authorization", "Bearer t")];
    assert_eq!(asking.get("/metrics", &token).status(), 200);
    assert_eq!(asking.request("POST", "/metrics", &token).status(), 405);
    assert_eq!(asking.get("/live", &[]).status(), 200);
    assert_eq!(refused(), before);
    assert_eq!(asking.get("/metrics", &[]).status(), 401);
    assert_eq!(asking.get("/metrics", &[("Authorization", "Bearer x")]).status(), 401);
    assert_eq!(far.get("/metrics", &[]).status(), 403);
    assert_eq!(refused(), before + 3);
}

/// A connection over a Unix socket has no address.
#[cfg(unix)]
#[test]
fn unix_sockets_are_allowed_if_configured() {
    let folder = std::env::temp_dir().join(format!("metrics-actix-sockets-{}", process::id()));
    fs::create_dir_all(&folder).expect("the directory is there for such files");
    let proxied = || route().allow_ips(["10.0.0.0/8"]).allow_unix_sockets();
    for (name, route, headers, status) in [
        ("refused", route().allow_ips(["127.0.0.1"]), "", 403),
        ("open", route(), "", 200),
        ("allowed", proxied(), "", 200),
        ("ignored", proxied(), "X-Forwarded-For: 11.0.0.1\r\n", 200),
    ] {
        let socket = folder.join(name);
        assert_eq!(status_over_socket(&socket, &route, headers), status, "{name}");
    }
    let proxied = proxied().trust_proxies(ForwardedHeader::XForwardedFor, ["192.168.0.1"]);
    for (client, status) in [("10.0.0.1", 200), ("11.0.0.1", 403)] {
        let header = format!("X-Forwarded-For: {client}\r\n");
        assert_eq!(status_over_socket(&folder.join("proxied"), &proxied, &header), status, "{client}");
    }
    fs::remove_dir_all(&folder).expect("the directory can be removed");
}

/// Returns the status of a route for a request over a Unix socket.
#[cfg(unix)]
fn status_over_socket(socket: &std::path::Path, route: &MetricsRoute, headers: &str) -> u16 {
    use std::{
        io::{Read, Write},
        os::unix::net::UnixStream,
    };

    let (path, route) = (socket.to_owned(), route.clone());
    let ask = move |headers: String| {
        let mut stream = UnixStream::connect(path).expect("the server listens");
        write!(stream, "GET /metrics HTTP/1.1\r\nHost: x\r\nConnection: close\r\n{headers}\r\n")
            .expect("it reads");
        let mut response = String::new();
        stream.read_to_string(&mut response).expect("the response is text");
        response.get(9..12).and_then(|status| status.parse().ok()).expect("the head has a status")
    };
    rt::System::new().block_on(async {
        let server = HttpServer::new(move || App::new().service(route.clone())).workers(1).disable_signals();
        let server = server.bind_uds(socket).expect("the socket can be made").run();
        let handle = server.handle();
        let running = rt::spawn(server);
        let headers = headers.to_owned();
        let status = rt::task::spawn_blocking(move || ask(headers)).await.expect("the client ends");
        handle.stop(false).await;
        running.await.expect("the server ends").expect("it ends well");
        status
    })
}
