//! The metrics route.

use std::{
    mem,
    sync::{
        Arc, Mutex, MutexGuard, PoisonError,
        atomic::{AtomicBool, Ordering::Relaxed},
    },
    time::Duration,
};

use actix_web::{
    HttpResponse,
    dev::{AppService, HttpServiceFactory},
    http::header::{ALLOW, CACHE_CONTROL, CONTENT_TYPE},
    web::{self, Bytes},
};
use metrics_core::{Registry, Stopwatch};

/// The name of the route's resource, by which the middleware knows a scrape.
pub(crate) const ROUTE_NAME: &str = "metrics_actix::MetricsRoute";

/// A page that took longer than this is made off the worker the next time. Handing it over costs about a tenth of this.
const LONG: Duration = Duration::from_micros(200);

/// The route that shows the metrics, in the text format 0.0.4.
///
/// It answers GET and HEAD; other methods get 405. A large page is made off the worker's thread, so that requests do not wait
/// for it. [`HttpMetrics`](crate::HttpMetrics) leaves its requests out.
///
/// ```
/// use actix_web::{App, test};
/// use metrics_actix::MetricsRoute;
/// use metrics_core::{Counter, Definition, Registry};
///
/// # #[actix_web::main]
/// # async fn main() -> Result<(), metrics_core::RegistrationError> {
/// let registry = Registry::new();
/// let jobs: Counter = registry.register(&Definition::new("jobs_total", "Jobs that ended."))?;
/// jobs.inc();
/// let app = test::init_service(App::new().service(MetricsRoute::new("/metrics").registry(&registry))).await;
/// let page = test::call_and_read_body(&app, test::TestRequest::with_uri("/metrics").to_request()).await;
/// assert_eq!(page, "# HELP jobs_total Jobs that ended.\n# TYPE jobs_total counter\njobs_total 1\n");
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Debug)]
pub struct MetricsRoute {
    path: String,
    registry: Registry,
}

impl MetricsRoute {
    /// The global registry's metrics at a path.
    pub fn new(path: impl Into<String>) -> Self {
        Self { path: path.into(), registry: Registry::global().clone() }
    }

    /// Shows a registry other than the global one.
    pub fn registry(mut self, registry: &Registry) -> Self {
        self.registry = registry.clone();
        self
    }
}

impl HttpServiceFactory for MetricsRoute {
    fn register(self, config: &mut AppService) {
        let pages = Arc::new(Pages::new(self.registry));
        let show = move || respond(Arc::clone(&pages));
        web::resource(self.path)
            .name(ROUTE_NAME)
            .route(web::get().to(show.clone()))
            .route(web::head().to(show))
            .default_service(web::to(refuse))
            .register(config);
    }
}

async fn respond(pages: Arc<Pages>) -> HttpResponse {
    match pages.page().await {
        Some(page) => HttpResponse::Ok()
            .insert_header((CONTENT_TYPE, "text/plain; version=0.0.4; charset=utf-8"))
            .insert_header((CACHE_CONTROL, "no-store"))
            .body(page),
        None => HttpResponse::InternalServerError().body("the metrics page could not be made\n"),
    }
}

async fn refuse() -> HttpResponse {
    HttpResponse::MethodNotAllowed()
        .insert_header((ALLOW, "GET, HEAD"))
        .body("the metrics page answers GET and HEAD\n")
}

/// Makes pages, in a buffer that is used again.
#[derive(Debug)]
struct Pages {
    registry: Registry,
    /// Whether the last page took long. Nothing is known of the first one, so that it counts as if.
    long: AtomicBool,
    /// Empty while a page is being sent.
    buffer: Buffer,
}

type Buffer = Arc<Mutex<String>>;

impl Pages {
    fn new(registry: Registry) -> Self {
        Self { registry, long: AtomicBool::new(true), buffer: Arc::default() }
    }

    /// A page, or none where making it panicked.
    async fn page(self: Arc<Self>) -> Option<Bytes> {
        if self.long.load(Relaxed) { web::block(move || self.make()).await.ok() } else { Some(self.make()) }
    }

    fn make(&self) -> Bytes {
        let watch = Stopwatch::start();
        let text = mem::take(&mut *lock(&self.buffer));
        let mut page = Page { text, buffer: Arc::clone(&self.buffer) };
        self.registry.encode_text(&mut page.text);
        self.long.store(watch.elapsed() > LONG, Relaxed);
        Bytes::from_owner(page)
    }
}

fn lock(buffer: &Mutex<String>) -> MutexGuard<'_, String> {
    buffer.lock().unwrap_or_else(PoisonError::into_inner)
}

/// A page that is being sent. Its buffer goes back afterwards.
struct Page {
    text: String,
    buffer: Buffer,
}

impl AsRef<[u8]> for Page {
    fn as_ref(&self) -> &[u8] {
        self.text.as_bytes()
    }
}

impl Drop for Page {
    fn drop(&mut self) {
        self.text.clear();
        *lock(&self.buffer) = mem::take(&mut self.text);
    }
}
