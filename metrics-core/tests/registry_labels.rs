//! Constant labels of a registry.

use metrics_core::{
    Capped, Counter, Definition, Family, Format, LabelSet, Page, Registry, Scrape,
    prometheus::{IntCounter, core::Collector},
    testing::{family, value},
};

#[derive(Clone, LabelSet)]
struct Tenant {
    tenant: Capped<1>,
}

fn labelled() -> Registry {
    let registry = Registry::new();
    registry.constant_labels([("service", "arena"), ("region", "e\"u")]).unwrap();
    registry
}

#[test]
fn every_series_begins_with_them() {
    let registry = labelled();
    let calls: Family<Tenant, Counter> =
        registry.register(&Definition::new("calls_total", "Calls.").label("queue", "mail")).unwrap();
    calls.with(Tenant { tenant: "acme".into() }).inc();
    calls.with(Tenant { tenant: "bolt".into() }).inc();
    let theirs = IntCounter::new("their_total", "Theirs.").unwrap();
    registry.register_collector(theirs.clone()).unwrap();
    registry.show_process_metrics(true);

    let own = r#"service="arena",region="e\"u""#;
    assert_eq!(value(&registry, &format!(r#"calls_total{{{own},queue="mail",tenant="acme"}}"#)), Some(1.0));
    assert_eq!(
        value(&registry, &format!(r#"metrics_overflow_total{{{own},metric="calls_total"}}"#)),
        Some(1.0)
    );
    assert!(family(&registry, "their_total").contains(r#"service="arena""#));
    #[cfg(all(feature = "process", target_os = "linux"))]
    assert!(family(&registry, "process_open_fds").contains(r#"service="arena""#));
    let lines = registry.text().lines().filter(|line| !line.starts_with('#')).count();
    assert_eq!(registry.text().matches(r#"region="e\"u""#).count(), lines);
    assert_eq!(theirs.desc().len(), 1);
}

#[test]
fn all_formats_have_them() {
    let registry = labelled();
    let _jobs: Counter = registry.register(&Definition::new("jobs_total", "Jobs.")).unwrap();
    let mut page = Page::default();
    for format in [Format::Text, Format::OpenMetrics, Format::Protobuf, Format::Json] {
        registry.scrape(&Scrape::new(format), &mut page);
        let page = String::from_utf8_lossy(page.as_ref());
        assert!(page.contains("service") && page.contains("arena"), "{format:?}: {page}");
    }
}

#[test]
fn own_label_wins() {
    let registry = labelled();
    let definition = Definition::new("jobs_total", "Jobs.").label("region", "us");
    let _jobs: Counter = registry.register(&definition).unwrap();
    let again: Counter = registry.register(&definition).unwrap();
    again.inc();
    assert_eq!(value(&registry, r#"jobs_total{service="arena",region="us"}"#), Some(1.0));
}

#[test]
fn set_once_before_use() {
    let registry = Registry::new();
    for (name, expected) in [("le", "`le`: "), ("1x", "`1x`: ")] {
        let error = registry.constant_labels([(name, "x")]).unwrap_err().to_string();
        assert!(error.starts_with("constant labels of a registry: ") && error.contains(expected), "{error}");
    }
    let twice = registry.constant_labels([("a", "x"), ("a", "y")]).unwrap_err();
    assert!(twice.to_string().contains("is repeated"));
    registry.constant_labels([("a", "x")]).unwrap();
    assert!(registry.constant_labels([("a", "x")]).is_err());

    let used = Registry::new();
    assert_eq!(used.text(), "");
    let error = used.constant_labels([("a", "x")]).unwrap_err();
    assert!(error.to_string().contains("`a`: the registry is in use"), "{error}");
}
