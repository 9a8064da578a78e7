//! Measured service with a route for each ending of a request.
#![allow(dead_code, reason = "every test file uses its own part")]
#![allow(missing_docs, unreachable_pub, reason = "this is part of tests")]

use std::{
    collections::BTreeSet,
    future::{Future, Ready, ready},
    pin::Pin,
    sync::Mutex,
    task::{Context, Poll},
    time::Duration,
};

use actix_web::{
    Error, HttpRequest, HttpResponse, ResponseError,
    body::{BodySize, BoxBody, MessageBody},
    dev::{ServiceRequest, ServiceResponse},
    error::{ErrorImATeapot, ErrorUnauthorized, InternalError},
    guard,
    http::{StatusCode, header::HeaderValue},
    middleware::{Next, from_fn},
    rt::time::{Sleep, sleep, timeout},
    web::{self, Bytes, ServiceConfig},
};
use metrics_core::Registry;

/// Body of chunks with a pause before each.
pub struct Drip {
    pub chunks: usize,
    pub pause: Duration,
    pub then: Then,
    /// Announced length of the body.
    announced: Option<u64>,
    sleep: Option<Pin<Box<Sleep>>>,
}

/// End of a body, after its chunks.
#[derive(Clone, Copy, PartialEq)]
pub enum Then {
    End,
    Fail,
    Panic,
}

impl Drip {
    pub fn new(chunks: usize, pause: u64, then: Then) -> Self {
        Self { chunks, pause: Duration::from_millis(pause), then, announced: None, sleep: None }
    }

    /// Returns a body of three chunks that announces its length.
    fn announced() -> Self {
        Self { announced: Some(15), ..Self::new(3, 1, Then::End) }
    }
}

impl MessageBody for Drip {
    type Error = Error;

    fn size(&self) -> BodySize {
        self.announced.map_or(BodySize::Stream, BodySize::Sized)
    }

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Result<Bytes, Error>>> {
        let pause = self.pause;
        let pending = self.sleep.get_or_insert_with(|| Box::pin(sleep(pause)));
        if pending.as_mut().poll(context).is_pending() {
            return Poll::Pending;
        }
        self.sleep = None;
        if self.chunks == 0 {
            return match self.then {
                Then::End => Poll::Ready(None),
                Then::Fail => Poll::Ready(Some(Err(ErrorImATeapot("dried up")))),
                Then::Panic => panic!("the body panics"),
            };
        }
        self.chunks -= 1;
        Poll::Ready(Some(Ok(Bytes::from_static(b"drip "))))
    }
}

/// Error with a status in its response alone.
#[derive(Debug)]
struct Quiet;

impl std::fmt::Display for Quiet {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("quiet")
    }
}

impl ResponseError for Quiet {
    fn error_response(&self) -> HttpResponse {
        HttpResponse::PaymentRequired().body("pay")
    }
}

async fn refuse(
    request: ServiceRequest,
    next: Next<impl MessageBody>,
) -> Result<ServiceResponse<impl MessageBody>, Error> {
    match request.path() {
        "/refused/plain" => return Err(ErrorUnauthorized("who are you")),
        "/refused/quiet" => return Err(Quiet.into()),
        "/refused/once" => {
            let response = HttpResponse::InternalServerError().body("told once");
            return Err(InternalError::from_response("once", response).into());
        }
        "/refused/panic" => panic!("the middleware panics"),
        _ => {}
    }
    next.call(request).await
}

async fn user(request: HttpRequest) -> String {
    format!("user {}", &request.match_info()["id"])
}

async fn fails() -> Result<HttpResponse, Error> {
    Err(ErrorImATeapot("no coffee"))
}

async fn panics() -> HttpResponse {
    panic!("the handler panics")
}

async fn slow(path: web::Path<u64>) -> &'static str {
    sleep(Duration::from_millis(path.into_inner())).await;
    "late"
}

/// Gates that are open.
static OPEN: Mutex<BTreeSet<String>> = Mutex::new(BTreeSet::new());

/// Releases the requests to `/gated/{gate}`.
pub fn open(gate: &str) {
    OPEN.lock().expect("no panic").insert(gate.into());
}

async fn gated(gate: web::Path<String>) -> &'static str {
    while !OPEN.lock().expect("no panic").contains(gate.as_str()) {
        sleep(Duration::from_millis(1)).await;
    }
    "late"
}

/// Handler with its own time limit.
async fn hasty() -> HttpResponse {
    match timeout(Duration::from_millis(5), sleep(Duration::from_secs(60))).await {
        Ok(()) => HttpResponse::Ok().finish(),
        Err(_) => HttpResponse::GatewayTimeout().body("too late"),
    }
}

/// Upgrades the connection as a websocket does, and echoes its bytes.
async fn upgrade(payload: web::Payload) -> HttpResponse {
    HttpResponse::SwitchingProtocols().upgrade("websocket").streaming(payload)
}

fn drip(chunks: usize, pause: u64, then: Then) -> Ready<HttpResponse> {
    ready(HttpResponse::Ok().body(Drip::new(chunks, pause, then)))
}

pub fn routes(config: &mut ServiceConfig) {
    let ok = || async { "ok" };
    let items = web::resource("/items/{item}").route(web::get().to(ok)).route(web::put().to(ok));
    let v1 = web::scope("/v1").service(items);
    let refused = web::resource("/refused/{how}").wrap(from_fn(refuse)).to(ok);
    let premium = guard::Header("x-plan", "premium");
    config
        .route("/users/{id}", web::route().to(user))
        .route("/empty", web::get().to(HttpResponse::NoContent))
        .route("/missing/{id}", web::get().to(HttpResponse::NotFound))
        .route("/fails", web::get().to(fails))
        .route("/panics", web::get().to(panics))
        .route("/slow/{millis}", web::get().to(slow))
        .route("/gated/{gate}", web::get().to(gated))
        .route("/announced", web::get().to(|| async { HttpResponse::Ok().body(Drip::announced()) }))
        .route("/stream", web::get().to(|| drip(3, 1, Then::End)))
        .route("/stream", web::head().to(|| drip(3, 1, Then::End)))
        .route("/endless", web::get().to(|| drip(usize::MAX, 1, Then::End)))
        .route("/broken", web::get().to(|| drip(1, 1, Then::Fail)))
        .route("/body-panics", web::get().to(|| drip(1, 1, Then::Panic)))
        .route("/upload", web::post().to(|body: Bytes| async move { body.len().to_string() }))
        .route("/hasty", web::get().to(hasty))
        .route("/socket", web::get().to(upgrade))
        .route("/large", web::get().to(|| async { "x".repeat(1 << 20) }))
        .route("/teapot", web::get().to(|| async { HttpResponse::build(status(471)).finish() }))
        .service(web::scope("/api").service(v1))
        .service(refused)
        .service(web::resource("/plans/{plan}").guard(premium).to(ok))
        .service(web::resource("/plans/{any}").to(ok));
}

fn status(code: u16) -> StatusCode {
    StatusCode::from_u16(code).expect("the code has three digits")
}

/// Returns the samples of the page sorted by name, without those that depend on time.
pub fn samples(registry: &Registry) -> Vec<String> {
    let page = registry.text();
    let timed = |line: &&str| line.contains("_bucket{") || line.contains("_seconds_sum");
    let mut samples: Vec<_> = page
        .lines()
        .filter(|line| !line.starts_with('#') && !line.starts_with("metrics_overflow_total") && !timed(line))
        .map(String::from)
        .collect();
    samples.sort();
    samples
}

/// Method, endpoint, and the number of requests by status.
pub type Route<'a> = (&'a str, &'a str, &'a [(u16, u64)]);

/// Returns the samples of the page after these requests, without a panic.
pub fn expected(routes: &[Route<'_>]) -> Vec<String> {
    expected_with_panics(routes, &[])
}

/// Returns the samples of the page after these requests, with a panic in one request to each of these endpoints.
pub fn expected_with_panics(routes: &[Route<'_>], panicked: &[&str]) -> Vec<String> {
    let mut samples = Vec::new();
    let endpoints: BTreeSet<_> = routes.iter().map(|(_, endpoint, _)| endpoint).collect();
    for endpoint in endpoints {
        let panics = u8::from(panicked.contains(endpoint));
        samples.push(format!("http_panics_total{{endpoint=\"{endpoint}\"}} {panics}"));
    }
    for (method, endpoint, statuses) in routes {
        let labels = format!("method=\"{method}\",endpoint=\"{endpoint}\"");
        let count: u64 = statuses.iter().map(|(_, count)| count).sum();
        samples.push(format!("http_request_duration_seconds_count{{{labels}}} {count}"));
        samples.push(format!("http_requests_in_progress{{{labels}}} 0"));
        for (status, count) in *statuses {
            samples.push(format!("http_requests_total{{{labels},status=\"{status}\"}} {count}"));
        }
    }
    samples.sort();
    samples
}

/// Returns the samples of the page while the first requests to an endpoint are in flight.
pub fn expected_during(endpoint: &str, requests: usize) -> [String; 2] {
    [
        format!("http_panics_total{{endpoint=\"{endpoint}\"}} 0"),
        format!("http_requests_in_progress{{method=\"GET\",endpoint=\"{endpoint}\"}} {requests}"),
    ]
}

/// Refuses a request without a key by an error, and one with a wrong key by a response.
pub async fn authenticate(
    request: ServiceRequest,
    next: Next<impl MessageBody + 'static>,
) -> Result<ServiceResponse<BoxBody>, Error> {
    match request.headers().get("x-key").map(HeaderValue::as_bytes) {
        Some(b"right") => Ok(next.call(request).await?.map_into_boxed_body()),
        Some(_) => Ok(request.into_response(HttpResponse::Unauthorized().body("wrong"))),
        None => Err(ErrorUnauthorized("no key")),
    }
}
