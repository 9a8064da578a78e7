//! Endpoints of services whose routes do not follow from the path alone.

use std::rc::Rc;

use actix_files::Files;
use actix_http::Request;
use actix_web::{
    App, Error, HttpResponse,
    body::{MessageBody, to_bytes},
    dev::{Service, ServiceResponse},
    get, guard, post, put,
    rt::{spawn, task::yield_now, time::sleep},
    test::{TestRequest, call_service, init_service},
    web,
};
use futures_util::FutureExt as _;
use metrics_actix::{HttpMetrics, InProgress, MetricsRoute};
use metrics_core::Registry;

async fn ok() -> &'static str {
    "ok"
}

/// Sends requests as `GET /path`, with `+` before the method for the header of a guard.
async fn send<S, B>(app: &S, requests: &[&str])
where
    S: Service<Request, Response = ServiceResponse<B>, Error = Error>,
    B: MessageBody,
{
    for request in requests {
        let (method, path) = request.trim_start_matches('+').split_once(' ').expect("a method and a path");
        let mut sent = TestRequest::with_uri(path).method(method.parse().expect("a method"));
        if request.starts_with('+') {
            sent = sent.insert_header(("x-plan", "premium"));
        }
        let response = call_service(app, sent.to_request()).await;
        assert!(to_bytes(response.into_body()).await.is_ok(), "{request}");
    }
}

/// Returns the samples of a metric as `GET /endpoint 200: 1`.
fn samples(registry: &Registry, name: &str) -> Vec<String> {
    let page = registry.text();
    let start = format!("{name}{{");
    let sample = |line: &str| {
        let (labels, value) = line.strip_prefix(&start)?.rsplit_once("} ")?;
        let values: Vec<_> =
            labels.split(',').filter_map(|label| Some(label.split_once('=')?.1.trim_matches('"'))).collect();
        Some(format!("{}: {value}", values.join(" ")))
    };
    let mut samples: Vec<_> = page.lines().filter_map(sample).collect();
    samples.sort_unstable();
    samples
}

fn requests(registry: &Registry) -> Vec<String> {
    samples(registry, "http_requests_total")
}

fn in_progress(registry: &Registry) -> Vec<String> {
    samples(registry, "http_requests_in_progress")
}

fn premium() -> impl guard::Guard {
    guard::Header("x-plan", "premium")
}

#[post("/{room}")]
async fn room() -> &'static str {
    "room"
}

#[put("/static/{name}")]
async fn upload() -> &'static str {
    "uploaded"
}

#[actix_web::test]
async fn files_behind_a_prefix_count_under_the_prefix() {
    let registry = Registry::new();
    let folder = env!("CARGO_MANIFEST_DIR");
    let app = App::new()
        .wrap(HttpMetrics::new().registry(&registry))
        .service(upload)
        .service(room)
        .service(Files::new("/static", folder))
        .service(Files::new("/a b", folder))
        .service(Files::new("/", folder));
    let app = init_service(app).await;
    for _ in 0..3 {
        send(
            &app,
            &[
                "GET /Cargo.toml",
                "POST /lobby",
                "GET /src/lib.rs",
                "PUT /static/x",
                "GET /static/Cargo.toml",
                "GET /static/src/lib.rs",
                "GET /static/none",
                "GET /a%20b/Cargo.toml",
                "GET /none",
            ],
        )
        .await;
    }
    assert_eq!(
        requests(&registry),
        [
            "GET / 200: 6",
            "GET / 404: 3",
            "GET /a b 200: 3",
            "GET /static 200: 6",
            "GET /static 404: 3",
            "POST /{room} 200: 3",
            "PUT /static/{name} 200: 3",
        ]
    );
    assert!(in_progress(&registry).iter().all(|gauge| gauge.ends_with(": 0")));
}

#[actix_web::test]
async fn root_of_a_measured_scope_counts_under_its_pattern() {
    let page = || web::resource("/{page}").route(web::post().to(ok)).guard(guard::Post());
    for (path, prefix) in
        [("/sho%70", "/shop"), ("/shop", "/shop"), ("/caf%C3%A9", "/café"), ("/caf%C3%89", "/cafÉ")]
    {
        for before in ["nothing", "a guarded scope", "a resource"] {
            let registry = Registry::new();
            let scope =
                web::scope(prefix).wrap(HttpMetrics::new().registry(&registry)).route("", web::get().to(ok));
            let app = match before {
                "a guarded scope" => {
                    App::new().service(web::scope(prefix).guard(premium()).route("", web::get().to(ok)))
                }
                "a resource" => App::new().service(page()),
                _ => App::new(),
            };
            let app = init_service(app.service(scope)).await;
            let request = format!("GET {path}");
            send(&app, &[&request, &request]).await;
            assert_eq!(requests(&registry), [format!("GET {prefix} 200: 2")], "{path} behind {before}");
        }
    }
}

#[actix_web::test]
async fn measured_resource_has_one_endpoint() {
    let registry = Registry::new();
    let http = HttpMetrics::new().registry(&registry);
    let guarded = web::resource("/{page}").guard(guard::Post()).to(ok);
    let measured = web::resource("/items").wrap(actix_web::middleware::Logger::default()).wrap(http);
    let app = init_service(App::new().service(guarded).service(measured.route(web::get().to(ok)))).await;
    send(&app, &["GET /ite%6Ds", "PUT /items", "GET /items", "POST /items"]).await;
    assert_eq!(requests(&registry), ["GET /items 200: 2", "PUT /items 405: 1"]);
}

#[actix_web::test]
async fn guards_choose_among_patterns_of_one_path() {
    let registry = Registry::new();
    let app = App::new()
        .wrap(HttpMetrics::new().registry(&registry))
        .service(web::resource(["/a/{x}", "/b"]).guard(premium()).to(ok))
        .service(web::scope("/a").guard(guard::Post()).default_service(web::to(HttpResponse::Gone)))
        .service(web::resource("/{y}/{z}").to(ok))
        .service(web::resource("/b").guard(guard::Get()).to(ok))
        .service(web::resource("/{b}").to(ok));
    let app = init_service(app).await;
    let all = ["+GET /a/1", "GET /a/1", "POST /a/1", "+POST /b", "GET /b", "PUT /b", "GET /b", "+GET /b"];
    for _ in 0..10 {
        send(&app, &all).await;
    }
    assert_eq!(
        requests(&registry),
        [
            "GET /a/{x} 200: 20",
            "GET /b 200: 20",
            "GET /{y}/{z} 200: 10",
            // The scope's default service takes it, and actix names the first pattern that fits.
            "POST /a/{x} 200: 10",
            "POST /a/{x} 410: 10",
            "PUT /{b} 200: 10",
        ]
    );
}

#[actix_web::test]
async fn matched_route_decides_the_exclusion() {
    #[get("/{page}")]
    async fn page() -> &'static str {
        "page"
    }
    #[post("/orders")]
    async fn order() -> &'static str {
        "ordered"
    }
    let registry = Registry::new();
    let http = HttpMetrics::new().registry(&registry).exclude("/{page}");
    let app = init_service(App::new().wrap(http).service(page).service(order)).await;
    send(&app, &["GET /about", "POST /orders", "GET /orders", "POST /orders", "GET /about"]).await;
    assert_eq!(requests(&registry), ["POST /orders 200: 2"]);
    assert!(in_progress(&registry).iter().all(|gauge| gauge == "POST /orders: 0"));
}

#[actix_web::test]
async fn public_route_counts_beside_a_guarded_metrics_route() {
    for in_progress in [InProgress::ByEndpoint, InProgress::ByMethod, InProgress::Off] {
        for scraped_first in [true, false] {
            let registry = Registry::new();
            let http = HttpMetrics::new().registry(&registry).in_progress(in_progress);
            let scrapes =
                web::scope("").guard(premium()).service(MetricsRoute::new("/status").registry(&registry));
            let app = App::new().wrap(http).service(scrapes).route("/status", web::get().to(ok));
            let app = init_service(app).await;
            let (scrape, public) = ("+GET /status", "GET /status");
            let all = if scraped_first {
                [scrape, public, public, scrape]
            } else {
                [public, scrape, scrape, public]
            };
            send(&app, &all).await;
            assert_eq!(requests(&registry), ["GET /status 200: 2"]);
            assert!(
                samples(&registry, "http_requests_in_progress").iter().all(|gauge| gauge.ends_with(": 0"))
            );
        }
    }
}

/// If a handler panics or never ends, there is no response that names the route.
#[actix_web::test]
async fn request_without_response_counts_under_its_pattern() {
    let registry = Registry::new();
    let app = App::new()
        .wrap(HttpMetrics::new().registry(&registry))
        .route("/crash", web::get().to(|| async { if true { panic!("the handler panics") } else { "" } }))
        .route(
            "/sleep",
            web::get().to(|| async {
                sleep(std::time::Duration::from_secs(600)).await;
                "late"
            }),
        )
        .route("/{page}", web::get().to(ok));
    let app = Rc::new(init_service(app).await);
    send(&*app, &["GET /about"; 3]).await;
    for _ in 0..2 {
        let called = Rc::clone(&app);
        let crashed = spawn(async move { send(&*called, &["GET /cr%61sh"]).await });
        assert!(crashed.await.is_err());
        let request = TestRequest::with_uri("/sleep").to_request();
        assert!(call_service(&*app, request).now_or_never().is_none());
    }
    assert_eq!(requests(&registry), ["GET /crash 500: 2", "GET /sleep 499: 2", "GET /{page} 200: 3"]);
    assert_eq!(samples(&registry, "http_panics_total"), ["/crash: 2", "/sleep: 0", "/{page}: 0"]);
    assert!(in_progress(&registry).iter().all(|gauge| gauge.ends_with(": 0")));
}

/// The prediction is wrong for one request, and for the gauge alone: it returns to zero under the label it went up with.
#[actix_web::test]
async fn misprediction_affects_the_gauge_of_one_request() {
    let registry = Registry::new();
    let gate = Rc::new(tokio::sync::Semaphore::new(0));
    let (slow_gate, http) = (Rc::clone(&gate), HttpMetrics::new().registry(&registry));
    let app = App::new()
        .wrap(http)
        .route(
            "/slow",
            web::get().to(move || {
                let gate = Rc::clone(&slow_gate);
                async move {
                    gate.acquire().await.expect("nobody closes the gate").forget();
                    "late"
                }
            }),
        )
        .route("/{page}", web::get().to(ok));
    let app = Rc::new(init_service(app).await);
    send(&*app, &["GET /about"; 3]).await;
    for expected in [["GET /{page}: 1", ""], ["GET /slow: 1", "GET /{page}: 0"]] {
        let called = Rc::clone(&app);
        let slow = spawn(async move { send(&*called, &["GET /slow"]).await });
        while in_progress(&registry).iter().all(|gauge| gauge.ends_with(": 0")) {
            yield_now().await;
        }
        let expected: Vec<_> = expected.into_iter().filter(|gauge| !gauge.is_empty()).collect();
        assert_eq!(in_progress(&registry), expected);
        gate.add_permits(1);
        slow.await.expect("no panic");
        assert!(in_progress(&registry).iter().all(|gauge| gauge.ends_with(": 0")));
    }
    assert_eq!(requests(&registry), ["GET /slow 200: 2", "GET /{page} 200: 3"]);
}
