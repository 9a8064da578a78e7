//! A real Prometheus has the same samples by remote write as by a scrape.

use std::{collections::BTreeMap, fs, time::Duration};

use metrics_core::{Push, PushHandle, Registry, RemoteWrite};
use serde_json::Value;
use tests::{page_server, prometheus::Server, scratch::Scratch, wait};
use tests_push_receivers::metrics::{Metrics, Odd};

const PATIENCE: Duration = Duration::from_secs(120);

/// Starts a Prometheus that scrapes the registry as the job `scraped`.
fn start(registry: &Registry) -> Server {
    let target = page_server::serve(registry);
    let data = Scratch::new("metrics-tests-remote-write");
    let file = data.path().join("prometheus.yml");
    let global = "global:\n  scrape_interval: 1s\n  scrape_timeout: 1s\n";
    let job = format!("  - job_name: scraped\n    static_configs:\n      - targets: [\"{target}\"]\n");
    fs::write(&file, format!("{global}scrape_configs:\n{job}")).expect("writing the configuration");
    Server::run_receiver(&file, data)
}

fn push(server: &Server, registry: &Registry, change: impl FnOnce(RemoteWrite) -> RemoteWrite) -> PushHandle {
    let target = RemoteWrite::new(&format!("http://{}/api/v1/write", server.address()));
    let target = target.label("job", "pushed").label("instance", "here");
    Push::to(change(target)).registry(registry).start().expect("valid options")
}

/// Returns the series of a job by their labels, without those that the server or the push itself adds.
fn series(server: &Server, job: &str) -> BTreeMap<String, Value> {
    let query = format!("{{job=\"{job}\",__name__!~\"up|scrape_.*|metrics_.*\"}}");
    let series = server.vector(&query).into_iter().map(|mut series| {
        let labels = series["metric"].as_object_mut().expect("labels");
        labels.remove("job");
        labels.remove("instance");
        let kind = if series["histogram"].is_null() { "value" } else { "histogram" };
        // Without the time of the query.
        (series["metric"].to_string(), series[kind][1].take())
    });
    series.collect()
}

#[test]
fn samples_of_a_scrape() {
    let registry = Registry::new();
    let metrics = Metrics::register(&registry);
    metrics.record();
    let server = start(&registry);
    let push = push(&server, &registry, |target| target);
    push.flush_blocking(PATIENCE).expect("a push");
    server.wait_for_scrape();
    let scraped = series(&server, "scraped");
    assert_eq!(series(&server, "pushed"), scraped);
    let is_histogram = |value: &&Value| value.is_object();
    assert_eq!(scraped.values().filter(is_histogram).count(), 2, "{scraped:#?}");
    assert!(scraped.keys().any(|labels| labels.contains("1e+06")), "{scraped:#?}");
    for name in ["jobs_total", "classic_seconds_bucket", "native_bytes"] {
        let exemplars = |job: &str| server.exemplars(&format!("{name}{{job=\"{job}\"}}"));
        let pushed = exemplars("pushed");
        assert_eq!(pushed.len(), 1, "{name}: {pushed:?}");
        wait::until_equal(PATIENCE, name, &pushed, || exemplars("scraped"));
    }
}

#[test]
fn classic_buckets_in_place_of_native_ones() {
    let registry = Registry::new();
    let metrics = Metrics::register(&registry);
    metrics.record();
    let server = start(&registry);
    let push = push(&server, &registry, RemoteWrite::without_native_histograms);
    push.flush_blocking(PATIENCE).expect("a push");
    server.assert_value("both_bytes_bucket{job=\"pushed\",le=\"100.0\"}", 100.0);
    server.assert_value("both_bytes_bucket{job=\"pushed\",le=\"+Inf\"}", 1000.0);
    server.assert_value("native_bytes_bucket{job=\"pushed\",le=\"+Inf\"}", 1003.0);
    server.assert_value("native_bytes_count{job=\"pushed\"}", 1003.0);
    server.assert_value("native_bytes_sum{job=\"pushed\"}", 500_995.0);
}

#[test]
fn series_that_end_are_stale() {
    let registry = Registry::new();
    let metrics = Metrics::register(&registry);
    metrics.record();
    let server = start(&registry);
    let push = push(&server, &registry, |target| target);
    push.flush_blocking(PATIENCE).expect("a push");
    let odd = || server.value("count(odd{job=\"pushed\"})");
    assert_eq!(odd(), Some(1.0));
    assert!(metrics.odd.remove(Odd { odd: tests_push_receivers::metrics::ODD.into() }));
    push.flush_blocking(PATIENCE).expect("a push");
    // The marker may be a millisecond later than the query.
    wait::until_equal(PATIENCE, "the removed series", &None, odd);
    server.assert_value("jobs_total{job=\"pushed\"}", 3.0);
    server.assert_value("histogram_count(native_bytes{job=\"pushed\"})", 1003.0);
    push.shutdown_blocking(PATIENCE).expect("the markers");
    wait::until_equal(PATIENCE, "all series", &None, || server.value("count({job=\"pushed\"})"));
}
