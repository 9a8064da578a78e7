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
    HttpRequest, HttpResponse,
    dev::{AppService, HttpServiceFactory},
    http::header::{
        ACCEPT, ACCEPT_ENCODING, ALLOW, CACHE_CONTROL, CONTENT_ENCODING, CONTENT_TYPE, HeaderValue, VARY,
    },
    web::{self, Bytes},
};
use metrics_core::{Page, Registry, Scrape, Stopwatch};

/// The name of the route's resource, by which the middleware knows a scrape.
pub(crate) const ROUTE_NAME: &str = "metrics_actix::MetricsRoute";

/// A page that took longer than this is made off the worker the next time. Handing it over costs about a tenth of this.
const LONG: Duration = Duration::from_micros(200);

/// The route that shows the metrics, in the format that the scraper asks for: the text format 0.0.4 unless it prefers
/// [another](metrics_core::Format).
///
/// It answers GET and HEAD; other methods get 405. `?name[]=…` restricts the page to families of these names. The page is
/// compressed where the scraper accepts it and the features `gzip` or `zstd` are on. A large page is made off the worker's thread, so that requests do not wait
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
        let show = move |request: HttpRequest| respond(Arc::clone(&pages), request);
        web::resource(self.path)
            .name(ROUTE_NAME)
            .route(web::get().to(show.clone()))
            .route(web::head().to(show))
            .default_service(web::to(refuse))
            .register(config);
    }
}

async fn respond(pages: Arc<Pages>, request: HttpRequest) -> HttpResponse {
    let headers = request.headers();
    let scrape = Scrape::negotiate(headers.get_all(ACCEPT), headers.get_all(ACCEPT_ENCODING))
        .query(request.query_string());
    let Some(page) = pages.page(scrape).await else {
        return HttpResponse::InternalServerError().body("the metrics page could not be made\n");
    };
    let mut response = HttpResponse::Ok();
    response
        .insert_header((CONTENT_TYPE, page.page.content_type()))
        .insert_header((CACHE_CONTROL, "no-store"))
        .insert_header((VARY, Page::VARY));
    if let Some(encoding) = page.page.content_encoding() {
        response.insert_header((CONTENT_ENCODING, HeaderValue::from_static(encoding)));
    }
    response.body(Bytes::from_owner(page))
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

type Buffer = Arc<Mutex<Page>>;

impl Pages {
    fn new(registry: Registry) -> Self {
        Self { registry, long: AtomicBool::new(true), buffer: Arc::default() }
    }

    /// A page, or none where making it panicked.
    async fn page(self: Arc<Self>, scrape: Scrape) -> Option<SentPage> {
        if self.long.load(Relaxed) {
            web::block(move || self.make(&scrape)).await.ok()
        } else {
            Some(self.make(&scrape))
        }
    }

    fn make(&self, scrape: &Scrape) -> SentPage {
        let watch = Stopwatch::start();
        let page = mem::take(&mut *lock(&self.buffer));
        let mut sent = SentPage { page, buffer: Arc::clone(&self.buffer) };
        self.registry.scrape(scrape, &mut sent.page);
        self.long.store(watch.elapsed() > LONG, Relaxed);
        sent
    }
}

fn lock(buffer: &Mutex<Page>) -> MutexGuard<'_, Page> {
    buffer.lock().unwrap_or_else(PoisonError::into_inner)
}

/// A page that is being sent. Its memory goes back afterwards.
struct SentPage {
    page: Page,
    buffer: Buffer,
}

impl AsRef<[u8]> for SentPage {
    fn as_ref(&self) -> &[u8] {
        self.page.as_ref()
    }
}

impl Drop for SentPage {
    fn drop(&mut self) {
        *lock(&self.buffer) = mem::take(&mut self.page);
    }
}
