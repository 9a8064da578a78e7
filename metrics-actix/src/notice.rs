//! What a debug build says, once, about how the middleware is used.

use std::sync::Once;

/// Separate instances with the same metrics.
pub(crate) fn made_twice() {
    static SAID: Once = Once::new();
    say(
        &SAID,
        "`HttpMetrics` was made more than once with the same metrics. They share one set of series; if it is made inside \
         the closure of `HttpServer::new`, make it before and clone it",
    );
}

/// A scope or a resource that is measured inside a measured app.
pub(crate) fn nested() {
    static SAID: Once = Once::new();
    say(
        &SAID,
        "a service that is wrapped in `HttpMetrics` stands inside another one that counts in the same metrics. Its requests \
         are counted once, by the outer one; the inner one can go",
    );
}

/// A version of actix-web whose routes are not understood.
pub(crate) fn unknown_map() {
    static SAID: Once = Once::new();
    say(
        &SAID,
        "`HttpMetrics` cannot read the patterns of this version of actix-web. It counts as it should, but asks for the pattern at \
         each request, which is slower",
    );
}

fn say(said: &'static Once, notice: &str) {
    if cfg!(debug_assertions) {
        said.call_once(|| log::warn!("{notice}"));
    }
}
