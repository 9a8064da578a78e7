//! Families whose labels are named at run time.

use metrics_core::{Counter, Definition, DynamicFamily, Family, Gauge, Histogram, LabelSet, Registry};

#[derive(Clone, Copy, LabelSet)]
struct Cached {
    cached: bool,
}

fn define(name: &str) -> Definition {
    Definition::new(name, "Help.").dynamic_label("cached", 2).dynamic_label("zone", 1)
}

#[test]
fn limits_by_label() {
    let registry = Registry::new();
    let family: DynamicFamily<Counter> =
        registry.register(&define("jobs_total").label("app", "a")).expect("legal");
    let again: DynamicFamily<Counter> =
        registry.register(&define("jobs_total").label("app", "a")).expect("equal");
    assert!(family.is(&again));
    for values in [&["yes", "north"][..], &["yes", "north"], &["no", "south"], &["maybe"], &["yes", "\"\n"]] {
        family.with(values).inc();
    }
    family.with(&["yes", "north"]).inc_by(5);
    again.note_overflow(0);
    let page = kept_pages::text(registry.text());
    let ours: Vec<_> = page.lines().filter(|line| line.starts_with("jobs_total")).collect();
    assert_eq!(
        ours,
        [
            r#"jobs_total{app="a",cached="yes",zone="north"} 7"#,
            r#"jobs_total{app="a",cached="no",zone="_OTHER"} 1"#,
            r#"jobs_total{app="a",cached="_OTHER",zone="_OTHER"} 1"#,
            r#"jobs_total{app="a",cached="yes",zone="_OTHER"} 1"#,
        ]
    );
    let overflow = page.lines().find(|line| line.starts_with("metrics_overflow_total"));
    assert_eq!(overflow, Some(r#"metrics_overflow_total{metric="jobs_total"} 1"#), "as the caller has noted");
}

#[test]
fn handles_outlive_the_family() {
    let registry = Registry::new();
    let family: DynamicFamily<Gauge> = registry.register(&define("level")).expect("legal");
    let level = family.with(&["yes", "north"]);
    level.set(3);
    drop(family);
    level.inc();
    assert!(kept_pages::text(registry.text()).contains("level{cached=\"yes\",zone=\"north\"} 4\n"));
    drop(level);
    assert_eq!(kept_pages::text(registry.text()), "");
}

#[test]
fn conflicts() {
    let registry = Registry::new();
    let _typed: Family<Cached, Counter> =
        registry.register(&Definition::new("a_total", "Help.")).expect("legal");
    let open = Definition::new("a_total", "Help.").dynamic_label("cached", 2);
    let error = registry.register::<DynamicFamily<Counter>>(&open).expect_err("a conflict");
    assert!(error.to_string().contains("labels of another kind"), "{error}");

    let define = |bucket_group: &str, bounds: &[f64]| {
        Definition::new("b_seconds", "Help.").dynamic_label("a", 2).bucket_group(bucket_group).buckets(bounds)
    };
    let one: DynamicFamily<Histogram> = registry.register(&define("x", &[1.0])).expect("legal");
    let two: DynamicFamily<Histogram> =
        registry.register(&define("x", &[2.0])).expect("of the same bucket_group");
    assert!(!one.is(&two));
    let error = registry.register::<DynamicFamily<Histogram>>(&define("y", &[2.0])).expect_err("a conflict");
    assert!(error.to_string().contains("other buckets for some of its series"), "{error}");

    let without = Definition::new("c_total", "Help.");
    let error = registry.register::<DynamicFamily<Counter>>(&without).expect_err("no labels");
    assert!(error.to_string().contains("a dynamic family has a `dynamic_label`"), "{error}");
    let error = registry.register::<Counter>(&without.dynamic_label("a", 2)).expect_err("labels");
    assert!(error.to_string().contains("need a `DynamicFamily`"), "{error}");
    let error = registry.register::<Counter>(&define("", &[])).expect_err("labels");
    assert!(error.to_string().contains("`a`"), "{error}");
}

#[test]
fn conflicting_family_is_detached() {
    let registry = Registry::new();
    let _level: Gauge = registry.register(&Definition::new("jobs_total", "Jobs.")).expect("legal");
    let family: DynamicFamily<Counter> = registry.register_or_detach(&define("jobs_total"));
    family.with(&["yes", "north"]).inc();
    assert_eq!(registry.registration_errors().len(), 1);
    assert_eq!(kept_pages::text(registry.text()).lines().last(), Some("jobs_total 0"));
}

#[test]
fn threads_share_series() {
    let registry = Registry::new();
    let family: DynamicFamily<Counter> = registry.register(&define("jobs_total")).expect("legal");
    std::thread::scope(|scope| {
        for _ in 0..4 {
            scope.spawn(|| (0..1000).for_each(|_| family.with(&["yes", "north"]).inc()));
        }
    });
    assert_eq!(family.with(&["yes", "north"]).get(), 4000);
}
