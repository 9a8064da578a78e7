//! The catalogue of a binary that links no library with metrics.
#![cfg(feature = "enabled")]

use metrics_core::{Registry, catalog};

#[test]
fn documents_of_nothing() {
    let catalog = catalog();
    assert!(catalog.metrics.iter().any(|metric| metric.name == "metrics_scrapes_total"));
    for document in [
        catalog.to_markdown(),
        catalog.to_json(),
        catalog.to_grafana_dashboard("Nothing"),
        catalog.to_prometheus_rules(),
    ] {
        assert!(document.contains("`use my_service as _;`"), "{document}");
    }
    assert!(!Registry::new().catalog().to_markdown().contains("use my_service"));
}
