//! The page for browsers.

use actix_web::{
    HttpResponse,
    http::header::{
        CACHE_CONTROL, CONTENT_SECURITY_POLICY, CONTENT_TYPE, REFERRER_POLICY, X_CONTENT_TYPE_OPTIONS,
    },
    web::Bytes,
};

const HTML: &str = include_str!("page.html");
const STYLE: &str = include_str!("style.css");
const SCRIPT: &str = concat!(include_str!("scrapes.js"), include_str!("chart.js"), include_str!("page.js"));

/// What stands in the HTML for the other files, and for the address of the metrics.
const STYLE_PLACE: &str = "METRICS_STYLE";
const SCRIPT_PLACE: &str = "METRICS_SCRIPT";
const ADDRESS_PLACE: &str = "METRICS_ADDRESS";

/// The page loads nothing and asks nobody but the service that it comes from.
const POLICY: &str = "default-src 'none'; script-src 'unsafe-inline'; style-src 'unsafe-inline'; \
                      connect-src 'self'; img-src data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

/// The page at a path, of the metrics at another.
pub(super) fn page(path: &str, metrics: &str) -> Bytes {
    HTML.replace(ADDRESS_PLACE, &escape(&relative(path, metrics)))
        .replace(STYLE_PLACE, STYLE)
        .replace(SCRIPT_PLACE, SCRIPT)
        .into()
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
        assert!(page.contains("\"./&quot;&lt;&amp;\"") && !page.contains("METRICS_"), "{page}");
    }

    #[test]
    fn what_is_scraped_goes_in_as_text() {
        for way in ["innerHTML", "outerHTML", "insertAdjacentHTML", "document.write", "eval(", "DOMParser"] {
            assert!(!SCRIPT.contains(way), "{way}");
        }
        assert!(!SCRIPT.contains("</"), "the script would end there");
    }

    #[test]
    fn the_page_asks_nobody_else() {
        for address in ["http:", "https:", "//cdn", "@import", "url("] {
            let page = [HTML, STYLE, SCRIPT].concat().replace("http://www.w3.org/2000/svg", "");
            assert!(!page.contains(address), "{address}");
        }
    }
}
