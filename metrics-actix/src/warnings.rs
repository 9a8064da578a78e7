//! Warnings about the use of the middleware, logged once in debug builds.

use std::sync::atomic::{AtomicBool, AtomicU32, Ordering::Relaxed};

use metrics_core::Registry;

/// Number of measured requests after which their metrics should have a page.
const MANY_REQUESTS: u32 = 1000;

/// Number of requests that were measured, as long as it is small.
#[derive(Debug, Default)]
pub(crate) struct UnreadRequests(AtomicU32);

impl UnreadRequests {
    /// Counts a request. Warns after [`MANY_REQUESTS`] if no page of the registry was made and no route shows it.
    pub(crate) fn note_request(&self, registry: &Registry) {
        static WARNED: AtomicBool = AtomicBool::new(false);
        let is_due =
            self.0.load(Relaxed) < MANY_REQUESTS && self.0.fetch_add(1, Relaxed) + 1 == MANY_REQUESTS;
        if is_due && !registry.has_reader() {
            warn_once(
                &WARNED,
                "`HttpMetrics` has measured 1000 requests, and no page of its registry was made and no route shows it: mount one, \
                 `App::new().service(MetricsRoute::new(\"/metrics\"))`",
            );
        }
    }
}

/// Warns of a metrics route whose requests another service answers.
pub(crate) fn unreachable_route(path: &str, taken_by: Option<&str>) {
    static WARNED: AtomicBool = AtomicBool::new(false);
    let by =
        taken_by.map_or_else(|| "another service".to_owned(), |pattern| format!("the route `{pattern}`"));
    warn_once(
        &WARNED,
        &format!(
            "a request to the metrics route `{path}` was answered by {by}, which stands before it: mount the `MetricsRoute` first, \
             `App::new().service(MetricsRoute::new(\"/metrics\")).service(…)`"
        ),
    );
}

/// Warns of separate instances with the same metrics.
pub(crate) fn duplicate_instance() {
    static WARNED: AtomicBool = AtomicBool::new(false);
    warn_once(
        &WARNED,
        "`HttpMetrics` was created more than once with the same metrics; the instances share their series. If this happens in \
         the closure of `HttpServer::new`, create it before and clone it into the closure",
    );
}

/// Warns of a measured scope or resource inside a measured app.
pub(crate) fn nested_middleware() {
    static WARNED: AtomicBool = AtomicBool::new(false);
    warn_once(
        &WARNED,
        "`HttpMetrics` wraps a service inside another service that counts in the same metrics. Requests are counted once, by \
         the outer one; remove the inner `wrap`",
    );
}

/// Logs a warning for the first caller. The others do not wait for the logger, which may serve requests itself.
fn warn_once(warned: &AtomicBool, warning: &str) {
    if cfg!(debug_assertions) && !warned.swap(true, Relaxed) {
        log::warn!("{warning}");
    }
}
