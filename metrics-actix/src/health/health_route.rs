//! The route and its configuration.

use std::{fmt, future::Future, sync::Arc, time::Duration};

use actix_web::{
    HttpResponse,
    dev::{AppService, HttpServiceFactory},
    guard,
    http::header::{ALLOW, CACHE_CONTROL, CONTENT_TYPE},
    rt, web,
};

use super::{
    check::HealthCheck,
    report::HealthReport,
    shared_run::{ResultSender, SharedRun},
};
use crate::routes::OwnRoute;

/// Default of [`HealthRoute::timeout`].
const TIMEOUT: Duration = Duration::from_secs(2);

/// Time for which a report is kept.
const MAX_AGE: Duration = Duration::from_secs(1);

/// Route that shows the health of the service: 200 if all its checks succeed, and 503 if one does not.
///
/// The checks run concurrently, each with a [time limit](Self::timeout). A check that panics has failed. A report is kept for one
/// second, and requests that come while the checks run wait for the same report: many requests run the checks no more often than
/// one. The response is JSON:
///
/// ```json
/// {"status":"failed","checks":[
///   {"name":"database","status":"ok","seconds":0.0031},
///   {"name":"queue","status":"failed","seconds":0.0002}
/// ]}
/// ```
///
/// The status of a check is `ok`, `failed`, `timed_out` or `panicked`. Errors are logged. The response has them only with
/// [`show_errors`](Self::show_errors), as it may be public.
///
/// GET and HEAD are answered. Other methods get 405, and JSON with the member `error`.
/// [`HttpMetrics`](crate::HttpMetrics) does not measure the requests of this route.
///
/// Without checks the route always answers 200. So does a second path, [`liveness`](Self::liveness): an orchestrator restarts a
/// service that is not alive, and sends no requests to one that is not ready.
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
    /// Shared by the workers.
    reports: Arc<SharedRun<Arc<HealthReport>>>,
}

impl HealthRoute {
    /// Creates a route without checks at a path.
    pub fn new(path: impl Into<String>) -> Self {
        Self {
            path: path.into(),
            liveness: None,
            checks: Vec::new(),
            timeout: TIMEOUT,
            shows_errors: false,
            reports: Arc::default(),
        }
    }

    /// Adds a check: an async function that returns an error if something is wrong.
    ///
    /// It runs on a worker, so it must not block: use [`blocking_check`](Self::blocking_check) for a check that blocks.
    ///
    /// ```
    /// use actix_web::App;
    /// use metrics_actix::HealthRoute;
    ///
    /// # async fn ping_database() -> Result<(), std::io::Error> { Ok(()) }
    /// let health = HealthRoute::new("/health").check("database", || async { ping_database().await });
    /// let app = App::new().service(health);
    /// ```
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

    /// Adds a check that blocks: it runs on a thread of its own.
    ///
    /// A check that exceeds its time limit has failed, and its thread goes on. Until that thread ends the check is not started
    /// again: later reports wait for the same run.
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

    /// Sets the time limit of each check. The default is two seconds.
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

    /// Adds a second path that always answers 200, whatever the results of the checks.
    ///
    /// ```
    /// use metrics_actix::HealthRoute;
    ///
    /// // Kubernetes restarts a pod by the second, and sends it no requests by the first.
    /// let health = HealthRoute::new("/ready").liveness("/alive");
    /// ```
    pub fn liveness(mut self, path: impl Into<String>) -> Self {
        self.liveness = Some(path.into());
        self
    }

    /// Adds the errors of failed checks to the response, as the member `error`: for a port that only operators reach.
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

    /// Returns the last report if it is fresh. Otherwise the checks run once for all requests that come meanwhile, and to their end
    /// even if all clients disconnect.
    async fn report(&self) -> Arc<HealthReport> {
        let start = |sender: ResultSender<_>| {
            let (checks, timeout) = (self.checks.clone(), self.timeout);
            rt::spawn(async move {
                sender.send_replace(Some(Arc::new(HealthReport::run(&checks, timeout).await)));
            });
        };
        self.reports.result(|report| report.age() < MAX_AGE, start).await
    }

    async fn respond(self: Arc<Self>) -> HttpResponse {
        let report = self.report().await;
        let mut response =
            if report.is_healthy() { HttpResponse::Ok() } else { HttpResponse::ServiceUnavailable() };
        json(&mut response, report.json(self.shows_errors))
    }
}

fn json(response: &mut actix_web::HttpResponseBuilder, body: String) -> HttpResponse {
    response
        .insert_header((CONTENT_TYPE, "application/json"))
        .insert_header((CACHE_CONTROL, "no-store"))
        .body(body)
}

/// Refuses a method, in JSON as the other responses.
async fn refuse_method() -> HttpResponse {
    let mut response = HttpResponse::MethodNotAllowed();
    response.insert_header((ALLOW, "GET, HEAD"));
    json(&mut response, "{\"error\":\"the health route answers GET and HEAD\"}\n".into())
}

/// Name of the route's resources, by which the middleware excludes them.
const RESOURCE_NAME: &str = "metrics_actix::HealthRoute";

impl HttpServiceFactory for HealthRoute {
    fn register(self, config: &mut AppService) {
        let get_or_head = || guard::Any(guard::Get()).or(guard::Head());
        let resource = |path: &str| {
            web::resource(path).name(RESOURCE_NAME).app_data(OwnRoute).default_service(web::to(refuse_method))
        };
        if let Some(path) = &self.liveness {
            let alive = async || json(&mut HttpResponse::Ok(), "{\"status\":\"ok\"}\n".into());
            resource(path).route(web::route().guard(get_or_head()).to(alive)).register(config);
        }
        let resource = resource(&self.path);
        let health = Arc::new(self);
        let route = web::route().guard(get_or_head()).to(move || Arc::clone(&health).respond());
        resource.route(route).register(config);
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
