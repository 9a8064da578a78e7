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

/// Time for which a report is shown to others who ask.
const MAX_AGE: Duration = Duration::from_secs(1);

/// Route that shows the health of the service: 200 if all its checks succeed, and 503 if one does not.
///
/// The checks run at once, each within its [time](Self::timeout); one that panics has failed. Their results are shown for a second
/// to whoever asks, and those who ask while checks run wait for the same results, so that no number of requests runs a check more
/// often. The response is JSON:
///
/// ```json
/// {"status":"failed","checks":[
///   {"name":"database","status":"ok","seconds":0.0031},
///   {"name":"queue","status":"failed","seconds":0.0002}
/// ]}
/// ```
///
/// The status of a check is `ok`, `failed`, `timed_out` or `panicked`. Errors are logged; the response has them only with
/// [`show_errors`](Self::show_errors), as anybody may see it.
///
/// GET and HEAD are answered; other methods get 405, and JSON with the member `error`.
/// [`HttpMetrics`](crate::HttpMetrics) leaves the requests of this route out.
///
/// A service without checks is healthy when it answers. A second path, [`liveness`](Self::liveness), always answers 200: an
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
    /// It runs on a worker, so it must not block; use [`blocking_check`](Self::blocking_check) for a check that does.
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
    /// Past its time it has failed, and its thread goes on. While it hangs it is not started again: later reports wait for the
    /// same run.
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

    /// Limits the time of a check, two seconds by default.
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

    /// Answers 200 at a second path, whatever the results of the checks: the service is alive when it answers.
    pub fn liveness(mut self, path: impl Into<String>) -> Self {
        self.liveness = Some(path.into());
        self
    }

    /// Shows the errors of failed checks as the member `error`, for a port that only operators reach.
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

    /// Gives the last report if it is fresh. Otherwise the checks run once for all who ask meanwhile, and to their end even if all of
    /// them leave.
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

/// Name of the route's resources, by which the middleware leaves them out.
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
