//! Pages that are restricted to names.

use metrics_core::{
    Counter, Definition, Format, Gauge, Histogram, Info, Page, Registry, Scrape, Summary, prometheus,
};

/// Creates a registry with a metric of each type.
fn registry() -> (Registry, impl Sized) {
    let registry = Registry::new();
    let define = |name: &str| Definition::new(name, "Help.");
    let visits: Counter = registry.register(&define("zoo_visits_total")).unwrap();
    let animals: Gauge = registry.register(&define("zoo_animals")).unwrap();
    let wait: Histogram = registry.register(&define("zoo_wait_seconds")).unwrap();
    let size: Summary = registry.register(&define("zoo_size_bytes")).unwrap();
    let build: Info = registry.register(&define("zoo_build_info")).unwrap();
    registry.created_timestamps(true);
    (registry, (visits, animals, wait, size, build))
}

/// Returns the names of the families on a page that is restricted to a name.
fn families(registry: &Registry, format: Format, name: &str) -> Vec<String> {
    let mut page = Page::default();
    registry.scrape(&Scrape::new(format).name(name), &mut page);
    let page = String::from_utf8(page.as_ref().to_vec()).unwrap();
    let types = page.lines().filter_map(|line| line.strip_prefix("# TYPE "));
    types.filter_map(|line| Some(line.split_once(' ')?.0.to_owned())).collect()
}

#[test]
fn openmetrics_names() {
    let (registry, _metrics) = registry();
    let page = registry.open_metrics();
    let mut family = "";
    let mut samples = 0;
    for line in page.lines() {
        if let Some(rest) = line.strip_prefix("# TYPE ") {
            family = rest.split_once(' ').unwrap().0;
            assert_eq!(families(&registry, Format::OpenMetrics, family), [family]);
        } else if !line.starts_with('#') {
            let sample = line.split(['{', ' ']).next().unwrap();
            assert_eq!(families(&registry, Format::OpenMetrics, sample), [family], "{sample}");
            samples += 1;
        }
    }
    assert!(samples > 15 && page.contains("zoo_visits_created"), "{page}");
}

#[test]
fn unknown_names() {
    let (registry, _metrics) = registry();
    for format in [Format::Text, Format::OpenMetrics] {
        for name in [
            "zoo",
            "zoo_animals_created",
            "zoo_animals_count",
            "zoo_build_created",
            "zoo_size_bytes_bucket",
            "zoo_visits_sum",
            "zoo_visits_total_created",
            "zoo_wait_seconds_total",
        ] {
            assert_eq!(families(&registry, format, name), [""; 0], "{name}");
        }
        assert_eq!(families(&registry, format, "zoo_build").len(), 1);
    }
}

#[test]
fn foreign_names() {
    let registry = Registry::new();
    let visits = prometheus::IntCounter::new("park_visits_total", "Visits.").unwrap();
    let wait =
        prometheus::Histogram::with_opts(prometheus::HistogramOpts::new("park_wait", "Wait.")).unwrap();
    registry.register_collector(visits).unwrap();
    registry.register_collector(wait).unwrap();
    for (name, family) in [
        ("park_visits_total", "park_visits_total"),
        ("park_visits", "park_visits_total"),
        ("park_wait_sum", "park_wait"),
        ("park_wait_bucket", "park_wait"),
    ] {
        assert_eq!(families(&registry, Format::Text, name), [family], "{name}");
    }
}
