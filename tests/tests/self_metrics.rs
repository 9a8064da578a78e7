//! The self metrics and those of the process, on the page of the global registry.

use std::time::{Duration, SystemTime};

use metrics_core::{
    Format, Page, Registry, Scrape,
    prometheus::{self, Counter},
};
use tests::{
    promtool::{Verdict, check_metrics},
    python::{parse_open_metrics, parse_text},
};

fn scrape(format: Format) -> Vec<u8> {
    let mut page = Page::default();
    Registry::global().scrape(&Scrape::new(format), &mut page);
    page.as_ref().to_vec()
}

fn text() -> String {
    String::from_utf8(scrape(Format::Text)).expect("text")
}

fn value(page: &str, sample: &str) -> Option<f64> {
    page.lines().find_map(|line| line.strip_prefix(sample)?.strip_prefix(' ')?.parse().ok())
}

/// Returns the names of families with a prefix.
fn families(page: &str, start: &str) -> Vec<String> {
    let names = page.lines().filter_map(|line| line.strip_prefix("# TYPE ")?.split(' ').next());
    names.filter(|name| name.starts_with(start)).map(str::to_owned).collect()
}

metrics_core::build_info!(commit = "8a90611", branch = "");

// One test, as each scrape is counted on the next page.
#[test]
fn library_and_process() {
    let first = text();
    assert_eq!(
        families(&first, "metrics_"),
        [
            "metrics_exemplars_dropped_total",
            "metrics_label_sets",
            "metrics_registration_errors_total",
            "metrics_scrape_duration_seconds",
            "metrics_scrape_errors_total",
            "metrics_scrape_size_bytes",
            "metrics_scrapes_in_flight",
            "metrics_scrapes_total",
        ]
    );
    assert_eq!(value(&first, "metrics_scrapes_in_flight"), Some(1.0));
    let build =
        format!("build_info{{name=\"tests\",version=\"{}\",commit=\"8a90611\"}}", env!("CARGO_PKG_VERSION"));
    assert_eq!(value(&first, &build), Some(1.0), "{first}");
    let rust = first.lines().find(|line| line.starts_with("rust_info{version=\"1.")).expect("it is there");
    assert!(rust.contains(",target=\"") && rust.ends_with("\"} 1"), "{rust}");
    for sample in [
        "metrics_scrapes_total{format=\"text\"}",
        "metrics_scrapes_total{format=\"openmetrics\"}",
        "metrics_scrapes_total{format=\"protobuf\"}",
        "metrics_scrapes_total{format=\"json\"}",
        "metrics_scrape_duration_seconds_count",
        "metrics_scrape_size_bytes_sum",
        "metrics_scrape_size_bytes_count",
        "metrics_scrape_errors_total{cause=\"panic\"}",
    ] {
        assert_eq!(value(&first, sample), Some(0.0), "{sample}");
    }

    let json: serde_json::Value = serde_json::from_slice(&scrape(Format::Json)).expect("JSON");
    let all = json["families"].as_array().expect("a list");
    let label_sets: usize = all.iter().map(|family| family["series"].as_array().expect("a list").len()).sum();
    let second = text();
    #[expect(clippy::cast_precision_loss, reason = "it is small")]
    let (label_sets, length) = (label_sets as f64, first.len() as f64);
    assert_eq!(value(&second, "metrics_label_sets"), Some(label_sets));
    assert_eq!(value(&second, "metrics_scrapes_total{format=\"text\"}"), Some(1.0));
    assert_eq!(value(&second, "metrics_scrapes_total{format=\"json\"}"), Some(1.0));
    assert_eq!(value(&second, "metrics_scrape_duration_seconds_count"), Some(2.0));
    assert_eq!(value(&second, "metrics_scrape_size_bytes_count"), Some(2.0));
    assert!(value(&second, "metrics_scrape_size_bytes_sum") > Some(length));
    assert!(value(&second, "metrics_scrape_duration_seconds_sum") > Some(0.0));
    // Pages that no scraper asks for are not counted.
    assert!(!kept_pages::open_metrics(Registry::global().open_metrics()).is_empty());
    let page = kept_pages::text(Registry::global().text());
    assert_eq!(value(&page, "metrics_scrapes_total{format=\"openmetrics\"}"), Some(0.0));
    assert_eq!(value(&page, "metrics_scrapes_total{format=\"text\"}"), Some(2.0));
    assert_eq!(value(&page, "metrics_scrapes_in_flight"), Some(0.0));

    assert_eq!(check_metrics(&second), Verdict::clean());
    parse_text(&second);
    parse_open_metrics(&String::from_utf8(scrape(Format::OpenMetrics)).expect("text"));

    if cfg!(target_os = "linux") {
        the_process_is_there(&second);
    }
}

fn the_process_is_there(page: &str) {
    // Those of the network may be missing in a container.
    let names: Vec<_> =
        families(page, "process_").into_iter().filter(|name| !name.contains("network")).collect();
    assert_eq!(
        names,
        [
            "process_cpu_seconds_total",
            "process_max_fds",
            "process_open_fds",
            "process_resident_memory_bytes",
            "process_start_time_seconds",
            "process_threads",
            "process_virtual_memory_bytes",
            "process_virtual_memory_max_bytes",
        ]
    );
    let get = |name: &str| value(page, name).expect("it is there");
    assert!(get("process_cpu_seconds_total") >= 0.0);
    assert!((3.0..get("process_max_fds")).contains(&get("process_open_fds")));
    assert!(get("process_threads") >= 2.0, "this thread is not the first one");
    let (resident, virtually) = (get("process_resident_memory_bytes"), get("process_virtual_memory_bytes"));
    assert!((1e6..virtually).contains(&resident), "{resident} of {virtually}");
    assert!(get("process_virtual_memory_max_bytes") >= virtually);
    let now = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).expect("after 1970");
    let started = Duration::from_secs_f64(get("process_start_time_seconds"));
    assert!(now.abs_diff(started) < Duration::from_secs(600), "started at {started:?}, and it is {now:?}");

    // A collector of the `prometheus` crate replaces a metric of the process.
    let theirs = Counter::new("process_cpu_seconds_total", "Theirs.").expect("a legal name");
    prometheus::register(Box::new(theirs.clone())).expect("a new name");
    theirs.inc_by(1e9);
    let page = text();
    assert_eq!(page.matches("\nprocess_cpu_seconds_total 1000000000\n").count(), 1, "{page}");
    assert_eq!(page.matches("\nprocess_cpu_seconds_total ").count(), 1, "{page}");
    assert_eq!(page.matches("\nprocess_open_fds ").count(), 1, "{page}");

    let registry = Registry::global();
    registry.show_process_metrics(false);
    assert_eq!(families(&text(), "process_"), ["process_cpu_seconds_total"]);
    registry.show_process_metrics(true);
    assert_eq!(families(&text(), "process_").len(), families(&page, "process_").len());
}
