//! Warnings about the use of the middleware, logged once in debug builds.

use std::sync::Once;

/// Warns of separate instances with the same metrics.
pub(crate) fn duplicate_instance() {
    static WARNED: Once = Once::new();
    warn_once(
        &WARNED,
        "`HttpMetrics` was created more than once with the same metrics; the instances share their series. If this happens in \
         the closure of `HttpServer::new`, create it before and clone it into the closure",
    );
}

/// Warns of a measured scope or resource inside a measured app.
pub(crate) fn nested_middleware() {
    static WARNED: Once = Once::new();
    warn_once(
        &WARNED,
        "`HttpMetrics` wraps a service inside another service that counts in the same metrics. Requests are counted once, by \
         the outer one; remove the inner `wrap`",
    );
}

fn warn_once(warned: &'static Once, warning: &str) {
    if cfg!(debug_assertions) {
        warned.call_once(|| log::warn!("{warning}"));
    }
}
