//! Counts as JSON in a custom format, for an existing client.

use actix_web::{get, web::Json};
use metrics_core::{Format, Page, Registry, Scrape};
use serde_json::{Value, json};

/// Names that the client knows, and the families that they sum up.
const COUNTS: [(&str, &str); 2] =
    [("requestCount", "http_requests_total"), ("primesFound", "quickstart_primes_found_total")];

/// Shows `{"metrics":[{"name":"requestCount","value":17},…]}`.
#[get("/api/metrics")]
pub(crate) async fn counts() -> Json<Value> {
    let counts = COUNTS.map(|(name, family)| json!({"name": name, "value": total(family)}));
    Json(json!({"metrics": counts}))
}

/// Sums up the series of a counter, from the page in JSON that shows this family alone.
fn total(family: &str) -> u64 {
    let mut page = Page::default();
    Registry::global().scrape(&Scrape::new(Format::Json).name(family), &mut page);
    let page: Value = serde_json::from_slice(page.as_ref()).unwrap_or_default();
    let series = page["families"][0]["series"].as_array();
    series.into_iter().flatten().filter_map(|series| series["value"].as_u64()).sum()
}
