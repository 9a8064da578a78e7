//! Samples as a real Prometheus has them.

use std::{collections::BTreeMap, fs, iter, net::SocketAddr, time::Duration};

use serde_json::Value;
use tests::{http, prometheus::Server, scratch::Scratch, wait};

/// Longest time until a scrape. The interval is a second.
const SCRAPE: Duration = Duration::from_secs(120);

/// Starts a server that scrapes each target under the name of its job, and keeps the labels `job` and `instance` of its page.
pub fn prometheus(targets: &[(&str, SocketAddr)], features: &str) -> Server {
    let data = Scratch::new("metrics-tests-push");
    let jobs = targets.iter().map(|(job, address)| {
        format!(
            "  - job_name: {job}\n    honor_labels: true\n    static_configs: [{{targets: ['{address}']}}]\n"
        )
    });
    let text: String =
        iter::once("global:\n  scrape_interval: 1s\nscrape_configs:\n".to_owned()).chain(jobs).collect();
    let file = data.path().join("prometheus.yml");
    fs::write(&file, text).expect("writing the configuration");
    Server::run_with(&file, data, features)
}

/// Waits until the server has scraped a target.
#[track_caller]
pub fn wait_for_target(server: &Server, job: &str) {
    // Twice, as the first scrape may be older than what was pushed.
    let query = format!("count_over_time((up{{job=\"{job}\"}} == 1)[5m:1s])");
    wait::until_equal(SCRAPE, &query, &true, || server.value(&query).is_some_and(|count| count >= 3.0));
}

/// Returns the samples of a selector, by their labels without some. A value is a text, or the JSON of a native histogram.
#[track_caller]
pub fn samples(server: &Server, selector: &str, without: &[&str]) -> BTreeMap<String, String> {
    let answer =
        server.ask(&format!("/api/v1/query?query={}", http::query_value(selector))).expect("an answer");
    let series = answer["result"].as_array().expect("a vector");
    series
        .iter()
        .map(|series| {
            let mut labels = series["metric"].as_object().expect("labels").clone();
            labels.retain(|name, _| !without.contains(&name.as_str()));
            // OpenMetrics has `1.0` where text has `1`.
            if let Some(bound) = labels.get_mut("le") {
                *bound = bound
                    .as_str()
                    .and_then(|bound| bound.parse::<f64>().ok())
                    .map(|bound| bound.to_string())
                    .into();
            }
            let labels: BTreeMap<_, _> = labels.into_iter().collect();
            let value =
                [&series["value"][1], &series["histogram"][1]].into_iter().find(|value| !value.is_null());
            (format!("{labels:?}"), value.map(Value::to_string).expect("a value"))
        })
        .collect()
}
