//! Warnings about the use of the middleware, logged once in debug builds.

use std::sync::Once;

/// Warns of separate instances with the same metrics.
pub(crate) fn duplicate_instance() {
    static WARNED: Once = Once::new();
    warn_once(
        &WARNED,
        "`HttpMetrics` was made more than once with the same metrics. They share one set of series; if it is made inside \
         the closure of `HttpServer::new`, make it before and clone it",
    );
}

/// Warns of a measured scope or resource inside a measured app.
pub(crate) fn nested_middleware() {
    static WARNED: Once = Once::new();
    warn_once(
        &WARNED,
        "a service that is wrapped in `HttpMetrics` stands inside another one that counts in the same metrics. Its requests \
         are counted once, by the outer one; the inner one can go",
    );
}

fn warn_once(warned: &'static Once, warning: &str) {
    if cfg!(debug_assertions) {
        warned.call_once(|| log::warn!("{warning}"));
    }
}
