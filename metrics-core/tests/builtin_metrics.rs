//! The built-in metrics: the tables in the guide, and the help texts.

use std::collections::BTreeMap;

use metrics_core::{Capped, Counter, Definition, Family, LabelSet, Registry, build_info, observed};

build_info!(commit = "8a90611", branch = "main");

const GUIDE: &str = include_str!("../src/guide/builtin_metrics.rs");

/// Prefixes of the names of built-in metrics.
const PREFIXES: [&str; 5] = ["metrics_", "process_", "tokio_", "rust_info", "build_info"];

#[derive(Clone, LabelSet)]
struct Tenant {
    tenant: Capped<10>,
}

#[observed]
fn call() {}

/// Returns the page of the global registry with all built-in metrics on it.
fn page() -> String {
    let registry = Registry::global();
    let calls: Family<Tenant, Counter> =
        registry.register_or_detach(&Definition::new("tenant_calls_total", "Number of calls of a tenant."));
    calls.with(Tenant { tenant: "acme".into() }).inc();
    call();
    #[cfg(feature = "tokio")]
    {
        let runtime = tokio::runtime::Builder::new_current_thread().build().expect("a runtime");
        let metrics = metrics_core::TokioMetrics::new("main", runtime.handle()).expect("a legal name");
        // Another test of this file may have registered it.
        let _ = registry.register_collector(metrics);
    }
    registry.text()
}

/// Returns the values of lines such as `# TYPE name value`, by name.
fn comments<'p>(page: &'p str, keyword: &str) -> BTreeMap<&'p str, &'p str> {
    let lines = page.lines().filter_map(|line| line.strip_prefix(keyword)?.strip_prefix(' '));
    lines.filter_map(|line| line.split_once(' ')).collect()
}

/// Returns the metrics in the tables of the guide with their types.
fn documented() -> BTreeMap<&'static str, &'static str> {
    let rows = GUIDE.lines().filter_map(|line| line.strip_prefix("//! | `")?.split_once("` | "));
    let metrics = rows.filter(|(name, _)| PREFIXES.iter().any(|prefix| name.starts_with(prefix)));
    metrics.filter_map(|(name, rest)| Some((name, rest.split_once(" |")?.0))).collect()
}

/// Returns whether a metric is on the page whatever the system and the features are.
fn is_always_there(name: &str) -> bool {
    let is_missing = |prefix: &str, is_supported: bool| name.starts_with(prefix) && !is_supported;
    !is_missing("process_", cfg!(all(feature = "process", target_os = "linux")))
        // The file may be missing in a container.
        && !name.starts_with("process_network_")
        && !is_missing("tokio_", cfg!(feature = "tokio"))
}

#[test]
fn guide_lists_them() {
    let page = page();
    let types = comments(&page, "# TYPE");
    let documented = documented();
    for (name, metric_type) in &types {
        if PREFIXES.iter().any(|prefix| name.starts_with(prefix)) {
            assert_eq!(documented.get(name), Some(metric_type), "{name} in the guide");
        }
    }
    for name in documented.keys().filter(|name| is_always_there(name)) {
        assert!(types.contains_key(name), "{name} on the page:\n{page}");
    }
    assert_labels_are_documented(&page);
}

/// Checks that the guide has every label value of the self metrics.
fn assert_labels_are_documented(page: &str) {
    for (family, separator) in [
        ("metrics_scrape_errors_total{cause=", "//! | "),
        ("metrics_exemplars_dropped_total{cause=", ""),
        ("metrics_scrapes_total{format=", ""),
    ] {
        let values = page.lines().filter_map(|line| line.strip_prefix(family)?.split('"').nth(1));
        let values: Vec<_> = values.collect();
        assert!(values.len() >= 4, "{family} {values:?}");
        for value in values {
            assert!(GUIDE.contains(&format!("{separator}`{value}`")), "{family} {value}");
        }
    }
}

/// Texts of `client_golang`, and of the `prometheus` crate for the threads.
const PROCESS: [(&str, &str); 10] = [
    ("process_cpu_seconds_total", "Total user and system CPU time spent in seconds."),
    ("process_max_fds", "Maximum number of open file descriptors."),
    ("process_network_receive_bytes_total", "Number of bytes received by the process over the network."),
    ("process_network_transmit_bytes_total", "Number of bytes sent by the process over the network."),
    ("process_open_fds", "Number of open file descriptors."),
    ("process_resident_memory_bytes", "Resident memory size in bytes."),
    ("process_start_time_seconds", "Start time of the process since unix epoch in seconds."),
    ("process_threads", "Number of OS threads in the process."),
    ("process_virtual_memory_bytes", "Virtual memory size in bytes."),
    ("process_virtual_memory_max_bytes", "Maximum amount of virtual memory available in bytes."),
];

#[test]
fn help_texts_are_noun_phrases() {
    let page = page();
    let texts = comments(&page, "# HELP");
    assert!(texts.contains_key("function_calls_total") && texts.contains_key("metrics_overflow_total"));
    for (name, help) in texts {
        let first_word = help.split(' ').next().unwrap_or_default();
        assert!(help.starts_with(|first: char| first.is_ascii_uppercase()), "{name}: {help}");
        assert!(help.ends_with('.') && !help.trim_end_matches('.').contains(". "), "{name}: {help}");
        assert!(!["A", "An", "The", "How", "What", "Whether"].contains(&first_word), "{name}: {help}");
        if name.starts_with("process_") {
            let official = PROCESS.iter().find(|(known, _)| *known == name);
            assert_eq!(official, Some(&(name, help)), "{name}");
        }
    }
}
