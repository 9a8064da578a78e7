//! The page for browsers.

use actix_web::{
    HttpResponse,
    http::header::{
        CACHE_CONTROL, CONTENT_SECURITY_POLICY, CONTENT_TYPE, REFERRER_POLICY, X_CONTENT_TYPE_OPTIONS,
    },
    web::Bytes,
};

const HTML: &str = include_str!("live.html");

/// What stands in the file for the address of the metrics.
const ADDRESS: &str = "METRICS_ADDRESS";

/// The page loads nothing and asks nobody but the service that it comes from.
const POLICY: &str = "default-src 'none'; script-src 'unsafe-inline'; style-src 'unsafe-inline'; \
                      connect-src 'self'; img-src data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

/// The page at a path, of the metrics at another.
pub(super) fn page(path: &str, metrics: &str) -> Bytes {
    HTML.replace(ADDRESS, &escape(&relative(path, metrics))).into()
}

/// One path as seen from another. Both may be in a scope, so that neither is known in full.
fn relative(from: &str, to: &str) -> String {
    let depth = from.trim_start_matches('/').matches('/').count();
    let up = if depth == 0 { "./".to_owned() } else { "../".repeat(depth) };
    up + to.trim_start_matches('/')
}

fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('"', "&quot;").replace('<', "&lt;")
}

pub(super) fn answer(html: Bytes) -> HttpResponse {
    HttpResponse::Ok()
        .insert_header((CONTENT_TYPE, "text/html; charset=utf-8"))
        .insert_header((CACHE_CONTROL, "no-cache"))
        .insert_header((CONTENT_SECURITY_POLICY, POLICY))
        .insert_header((X_CONTENT_TYPE_OPTIONS, "nosniff"))
        .insert_header((REFERRER_POLICY, "no-referrer"))
        .body(html)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_metrics_are_found_from_the_page() {
        for (from, to, expected) in [
            ("/metrics/live", "/metrics", "../metrics"),
            ("/live", "/metrics", "./metrics"),
            ("/a/b/c", "/internal/metrics", "../../internal/metrics"),
            ("/live/", "/metrics", "../metrics"),
        ] {
            assert_eq!(relative(from, to), expected);
        }
        let page = String::from_utf8(page("/live", "/\"<&").to_vec()).expect("text");
        assert!(page.contains("\"./&quot;&lt;&amp;\"") && !page.contains(ADDRESS), "{page}");
    }

    #[test]
    fn the_page_asks_nobody_else() {
        for address in ["http:", "https:", "//cdn", "@import", "url("] {
            assert!(!HTML.replace("http://www.w3.org/2000/svg", "").contains(address), "{address}");
        }
    }
}
