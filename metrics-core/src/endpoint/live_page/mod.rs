//! The live page, which draws the metrics in a browser.

use bytes::Bytes;
use http::{
    HeaderName, HeaderValue, Response,
    header::{CACHE_CONTROL, CONTENT_SECURITY_POLICY, CONTENT_TYPE, REFERRER_POLICY, X_CONTENT_TYPE_OPTIONS},
};

use super::body::EndpointBody;

const HTML: &str = include_str!("page.html");
const STYLE: &str = include_str!("style.css");
const SCRIPT: &str = concat!(
    include_str!("scrapes.js"),
    include_str!("format.js"),
    include_str!("elements.js"),
    include_str!("chart.js"),
    include_str!("history.js"),
    include_str!("http.js"),
    include_str!("functions.js"),
    include_str!("process.js"),
    include_str!("families.js"),
    include_str!("groups.js"),
    include_str!("page.js"),
);

/// Placeholders in the HTML for the other files, and for the address of the metrics.
const STYLE_PLACEHOLDER: &str = "METRICS_STYLE";
const SCRIPT_PLACEHOLDER: &str = "METRICS_SCRIPT";
const ADDRESS_PLACEHOLDER: &str = "METRICS_ADDRESS";

/// Headers of the page. The policy allows no loading, and requests to the page's own service only.
const HEADERS: [(HeaderName, &str); 5] = [
    (CONTENT_TYPE, "text/html; charset=utf-8"),
    (CACHE_CONTROL, "no-cache"),
    (
        CONTENT_SECURITY_POLICY,
        "default-src 'none'; script-src 'unsafe-inline'; style-src 'unsafe-inline'; connect-src 'self'; \
         img-src data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
    ),
    (X_CONTENT_TYPE_OPTIONS, "nosniff"),
    (REFERRER_POLICY, "no-referrer"),
];

/// Returns the HTML of the live page at a path, for the metrics at another path.
pub(super) fn html(path: &str, metrics: &str) -> Bytes {
    HTML.replace(ADDRESS_PLACEHOLDER, &escape(&relative(path, metrics)))
        .replace(STYLE_PLACEHOLDER, STYLE)
        .replace(SCRIPT_PLACEHOLDER, SCRIPT)
        .into()
}

/// Returns a path relative to another one without its slashes at the end, which routers may ignore. Both may be inside a scope, whose
/// prefix is unknown here.
fn relative(from: &str, to: &str) -> String {
    let depth = from.trim_matches('/').matches('/').count();
    let up = if depth == 0 { "./".to_owned() } else { "../".repeat(depth) };
    up + to.trim_start_matches('/')
}

fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('"', "&quot;").replace('<', "&lt;")
}

/// Creates the response with the live page.
pub(super) fn response(html: Bytes) -> Response<EndpointBody> {
    let mut response = Response::new(EndpointBody::whole(html));
    let headers = HEADERS.map(|(name, value)| (name, HeaderValue::from_static(value)));
    response.headers_mut().extend(headers);
    response
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_metrics_are_linked_relative_to_the_page() {
        for (from, to, expected) in [
            ("/metrics/live", "/metrics", "../metrics"),
            ("/live", "/metrics", "./metrics"),
            ("/a/b/c", "/internal/metrics", "../../internal/metrics"),
            ("/live/", "/metrics", "./metrics"),
            ("/a/live/", "/metrics", "../metrics"),
            ("/", "/metrics", "./metrics"),
        ] {
            assert_eq!(relative(from, to), expected);
        }
        let page = String::from_utf8(html("/live", "/\"<&").to_vec()).expect("text");
        assert!(page.contains("\"./&quot;&lt;&amp;\"") && !page.contains("METRICS_"), "{page}");
    }

    #[test]
    fn scraped_text_is_never_html() {
        for way in ["innerHTML", "outerHTML", "insertAdjacentHTML", "document.write", "eval(", "DOMParser"] {
            assert!(!SCRIPT.contains(way), "{way}");
        }
        assert!(!SCRIPT.contains("</"), "the script would end there");
    }

    /// Returns the relative luminance of a color, as the Web Content Accessibility Guidelines define it.
    fn luminance(color: &str) -> f64 {
        let digits = color.trim_start_matches('#');
        let width = digits.len() / 3;
        let channel = |at: usize| {
            let part = digits[at * width..][..width].repeat(3 - width);
            let part = f64::from(u8::from_str_radix(&part, 16).expect("hexadecimal digits")) / 255.0;
            if part <= 0.040_45 { part / 12.92 } else { ((part + 0.055) / 1.055).powf(2.4) }
        };
        0.2126 * channel(0) + 0.7152 * channel(1) + 0.0722 * channel(2)
    }

    #[test]
    fn colors_have_contrast() {
        let (light, dark) = STYLE.split_once("@media (prefers-color-scheme: dark)").expect("a dark scheme");
        let (dark, _) = dark.split_once("\n}\n").expect("its end");
        for (scheme, css) in [("light", light), ("dark", dark)] {
            let color = |name: &str| {
                let (_, after) = css.split_once(&format!("--{name}: ")).expect(name);
                luminance(after.split(';').next().expect("a value"))
            };
            let contrast = |one: &str, other: &str| {
                let (one, other) = (color(one), color(other));
                (one.max(other) + 0.05) / (one.min(other) + 0.05)
            };
            for ground in ["ground", "surface"] {
                for (text, least) in [("ink", 7.0), ("quiet", 4.5), ("focus", 4.5), ("c3", 4.5)] {
                    assert!(contrast(text, ground) >= least, "{scheme}: {text} on {ground}");
                }
            }
            assert!(contrast("ink", "alarm") >= 7.0, "{scheme}");
            for curve in ["c0", "c1", "c2", "c3", "c4", "c5"] {
                assert!(contrast(curve, "surface") >= 3.0, "{scheme}: {curve}");
            }
        }
    }

    #[test]
    fn the_page_loads_nothing() {
        for address in ["http:", "https:", "//cdn", "@import", "url("] {
            let page = [HTML, STYLE, SCRIPT].concat().replace("http://www.w3.org/2000/svg", "");
            assert!(!page.contains(address), "{address}");
        }
    }
}
