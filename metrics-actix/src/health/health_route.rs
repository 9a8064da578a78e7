//! The health route.

use std::{
    fmt,
    future::Future,
    sync::Arc,
    time::{Duration, Instant},
};

use actix_web::{
    HttpResponse,
    dev::{AppService, HttpServiceFactory},
    guard,
    http::header::{ALLOW, CACHE_CONTROL, CONTENT_TYPE},
    web,
};
use tokio::sync::Mutex;

use super::{
    check::HealthCheck,
    report::{self, HealthReport},
};

/// How long a check may take unless the route is told otherwise.
const TIMEOUT: Duration = Duration::from_secs(2);

/// How long a report is shown to others who ask.
const FRESH: Duration = Duration::from_secs(1);

/// The route that tells whether the service is well: 200 where all its checks are, and 503 where one is not.
///
/// The checks run at once, each for as long as its [time](Self::timeout); one that panics has failed. What they found is shown
/// for a second to whoever asks, so that nobody can load with questions what is checked. The answer is JSON:
///
/// ```json
/// {"status":"failed","checks":[
///   {"name":"database","status":"ok","seconds":0.0031},
///   {"name":"queue","status":"failed","seconds":0.0002}
/// ]}
/// ```
///
/// The status of a check is `ok`, `failed`, `timed_out` or `panicked`. The error of one that failed goes to the log alone, as
/// anybody may see the answer, unless [`show_errors`](Self::show_errors) says otherwise.
///
/// It answers GET and HEAD; other methods get 405, and JSON with the member `error`.
///
/// A service with no checks is well when it answers. A second path, [`liveness`](Self::liveness), answers 200 whatever the checks say: an
/// orchestrator restarts a service that is not alive, and sends no requests to one that is not ready.
///
/// ```
/// use actix_web::{App, test};
/// use metrics_actix::HealthRoute;
///
/// # #[actix_web::main]
/// # async fn main() {
/// let health = HealthRoute::new("/health")
///     .check("database", || async { Ok::<_, String>(()) })
///     .check("queue", || async { Err("no connection to 10.0.0.7") })
///     .liveness("/alive");
/// let app = test::init_service(App::new().service(health)).await;
/// let response = test::call_service(&app, test::TestRequest::with_uri("/health").to_request()).await;
/// assert_eq!(response.status(), 503);
/// let body = test::read_body(response).await;
/// assert!(body.starts_with(b"{\"status\":\"failed\",\"checks\":[{\"name\":\"database\",\"status\":\"ok\""));
/// let response = test::call_service(&app, test::TestRequest::with_uri("/alive").to_request()).await;
/// assert_eq!(response.status(), 200);
/// # }
/// ```
#[derive(Clone)]
pub struct HealthRoute {
    path: String,
    liveness: Option<String>,
    checks: Vec<HealthCheck>,
    timeout: Duration,
    shows_errors: bool,
    /// Shared by the workers that clones are for.
    last: Arc<Mutex<Option<LastReport>>>,
}

/// When a report was made, and what it says.
type LastReport = (Instant, Arc<HealthReport>);

impl HealthRoute {
    /// A route without checks at a path.
    pub fn new(path: impl Into<String>) -> Self {
        Self {
            path: path.into(),
            liveness: None,
            checks: Vec::new(),
            timeout: TIMEOUT,
            shows_errors: false,
            last: Arc::default(),
        }
    }

    /// Adds a check: an async function that gives an error where something is wrong.
    ///
    /// It runs on the worker that was asked, so it must not block; for one that does there is
    /// [`blocking_check`](Self::blocking_check).
    pub fn check<F, E>(
        mut self,
        name: impl Into<String>,
        check: impl Fn() -> F + Send + Sync + 'static,
    ) -> Self
    where
        F: Future<Output = Result<(), E>> + 'static,
        E: fmt::Display,
    {
        self.checks.push(HealthCheck::new(name.into(), check));
        self
    }

    /// Adds a check that blocks: it runs on one of actix-web's blocking threads. Past its time it has failed, and goes on.
    ///
    /// ```
    /// use actix_web::{App, test};
    /// use metrics_actix::HealthRoute;
    ///
    /// # #[actix_web::main]
    /// # async fn main() {
    /// let health = HealthRoute::new("/health")
    ///     .blocking_check("disk", || std::fs::metadata(".").map(drop));
    /// # let health = health.timeout(std::time::Duration::from_secs(60)); // on a busy machine
    /// let app = test::init_service(App::new().service(health)).await;
    /// let response = test::call_service(&app, test::TestRequest::with_uri("/health").to_request()).await;
    /// assert_eq!(response.status(), 200);
    /// # }
    /// ```
    pub fn blocking_check<E: fmt::Display>(
        mut self,
        name: impl Into<String>,
        check: impl Fn() -> Result<(), E> + Send + Sync + 'static,
    ) -> Self {
        self.checks.push(HealthCheck::blocking(name.into(), check));
        self
    }

    /// How long a check may take: two seconds unless told.
    ///
    /// ```
    /// use std::time::Duration;
    ///
    /// use actix_web::{App, test};
    /// use metrics_actix::HealthRoute;
    ///
    /// # #[actix_web::main]
    /// # async fn main() {
    /// let health = HealthRoute::new("/health")
    ///     .check("stuck", std::future::pending::<Result<(), String>>)
    ///     .timeout(Duration::from_millis(10));
    /// let app = test::init_service(App::new().service(health)).await;
    /// let body = test::call_and_read_body(&app, test::TestRequest::with_uri("/health").to_request()).await;
    /// assert!(body.starts_with(b"{\"status\":\"failed\",\"checks\":[{\"name\":\"stuck\",\"status\":\"timed_out\""));
    /// # }
    /// ```
    pub const fn timeout(mut self, time: Duration) -> Self {
        self.timeout = time;
        self
    }

    /// Answers 200 at a second path, whatever the checks say: the service is alive when it answers.
    pub fn liveness(mut self, path: impl Into<String>) -> Self {
        self.liveness = Some(path.into());
        self
    }

    /// Shows the errors of checks that failed, as the member `error`: for a port that only operators reach.
    ///
    /// ```
    /// use actix_web::{App, test};
    /// use metrics_actix::HealthRoute;
    ///
    /// # #[actix_web::main]
    /// # async fn main() {
    /// let health = HealthRoute::new("/health").check("queue", || async { Err("is \"full\"") }).show_errors();
    /// let app = test::init_service(App::new().service(health)).await;
    /// let body = test::call_and_read_body(&app, test::TestRequest::with_uri("/health").to_request()).await;
    /// assert!(body.ends_with(b",\"error\":\"is \\\"full\\\"\"}]}\n"));
    /// # }
    /// ```
    pub const fn show_errors(mut self) -> Self {
        self.shows_errors = true;
        self
    }

    /// What the checks find, or have found a moment ago. Those who ask meanwhile wait for the same.
    async fn report(&self) -> Arc<HealthReport> {
        let mut last = self.last.lock().await;
        if let Some((when, report)) = &*last
            && when.elapsed() < FRESH
        {
            return Arc::clone(report);
        }
        let report = Arc::new(report::run(&self.checks, self.timeout).await);
        *last = Some((Instant::now(), Arc::clone(&report)));
        report
    }

    async fn answer(self: Arc<Self>) -> HttpResponse {
        let report = self.report().await;
        let mut response =
            if report.is_well() { HttpResponse::Ok() } else { HttpResponse::ServiceUnavailable() };
        json(&mut response, report.json(self.shows_errors))
    }
}

fn json(response: &mut actix_web::HttpResponseBuilder, body: String) -> HttpResponse {
    response
        .insert_header((CONTENT_TYPE, "application/json"))
        .insert_header((CACHE_CONTROL, "no-store"))
        .body(body)
}

/// JSON as well, as whoever asks here may look at nothing but the body.
async fn refuse() -> HttpResponse {
    let mut response = HttpResponse::MethodNotAllowed();
    response.insert_header((ALLOW, "GET, HEAD"));
    json(&mut response, "{\"error\":\"the health of the service is told to GET and HEAD\"}\n".into())
}

impl HttpServiceFactory for HealthRoute {
    fn register(self, config: &mut AppService) {
        let get_or_head = || guard::Any(guard::Get()).or(guard::Head());
        if let Some(path) = &self.liveness {
            let alive = async || json(&mut HttpResponse::Ok(), "{\"status\":\"ok\"}\n".into());
            let route = web::route().guard(get_or_head()).to(alive);
            web::resource(path.as_str()).route(route).default_service(web::to(refuse)).register(config);
        }
        let path = self.path.clone();
        let health = Arc::new(self);
        let route = web::route().guard(get_or_head()).to(move || Arc::clone(&health).answer());
        web::resource(path).route(route).default_service(web::to(refuse)).register(config);
    }
}

impl fmt::Debug for HealthRoute {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let names: Vec<_> = self.checks.iter().map(HealthCheck::name).collect();
        f.debug_struct("HealthRoute")
            .field("path", &self.path)
            .field("checks", &names)
            .finish_non_exhaustive()
    }
}
