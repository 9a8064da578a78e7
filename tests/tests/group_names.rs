//! Names of a group's fields: constants, families of several fields, and metrics without a help text.

// An info that nobody reads raises no warning.
#![deny(warnings)]

use metrics_core::{
    Capped, Counter, Family, Gauge, Histogram, Info, LabelSet, Metric, MetricGroup, Registry, counted,
    prometheus::IntCounter, testing::family,
};

const EU: &str = "eu";
const NOTHING: &str = "";

#[derive(Clone, LabelSet)]
struct Commit {
    commit: Capped<1>,
}

#[derive(Clone, Copy, LabelSet)]
struct Ranked {
    ranked: bool,
}

#[derive(MetricGroup)]
#[metrics(namespace = "facts", global = false)]
struct Facts {
    /// Version of the running build.
    #[metric(labels(version = "1.2"))]
    build: Info,
    /// Said in full.
    #[metric(labels(by = "rustc"))]
    compiler_info: Info,
    /// Of the group itself.
    #[metric(labels(kind = "test"))]
    info: Info,
    /// As fields are called that nobody reads.
    #[metric(labels(os = "any"))]
    _host: Info,
    /// Place of the service.
    #[metric(when = true, labels(at = "here"))]
    place: Option<Info>,
    /// Called otherwise.
    #[metric(name = "other_info", labels(a = "b"))]
    called: Info,
    /// From where it was built.
    source: Family<Commit, Info>,
}

#[test]
fn constant_labels() {
    let registry = Registry::new();
    let facts = Facts::register_in(&registry).expect("an empty registry");
    facts.source.with(Commit { commit: "8a90611".into() }).publish();
    let page = kept_pages::text(registry.text());
    let samples: Vec<_> = page.lines().filter(|line| !line.starts_with('#')).collect();
    assert_eq!(
        samples,
        [
            r#"facts_build_info{version="1.2"} 1"#,
            r#"facts_compiler_info{by="rustc"} 1"#,
            r#"facts_host_info{os="any"} 1"#,
            r#"facts_info{kind="test"} 1"#,
            r#"facts_other_info{a="b"} 1"#,
            r#"facts_place_info{at="here"} 1"#,
            r#"facts_source_info{commit="8a90611"} 1"#,
            r#"metrics_overflow_total{metric="facts_source_info"} 0"#,
        ]
    );
    assert!(kept_pages::open_metrics(registry.open_metrics()).contains("# TYPE facts_build info\n"));
}

#[derive(MetricGroup)]
#[metrics(namespace = "shared", global = false, labels(shop = "a"))]
struct Shared {
    /// Orders taken.
    #[metric(name = "orders_total", labels(channel = "web"))]
    web: Counter,
    /// Orders taken.
    #[metric(name = "orders_total", labels(channel = "phone"))]
    phone: Counter,
    /// Orders taken.
    #[metric(name = "orders_total", labels(channel = EU))]
    by_mail: Counter,
    /// Time to answer.
    #[metric(name = "answer_duration_seconds", buckets(1, 2), labels(side = "left", kind = "a"))]
    left: Family<Ranked, Histogram>,
    /// Time to answer.
    #[metric(name = "answer_duration_seconds", buckets(1, 2), labels(kind = "a", side = "right"))]
    right: Family<Ranked, Histogram>,
    /// Calls.
    #[metric(name = "calls_total", labels(old = "yes"))]
    old: IntCounter,
    /// Calls.
    #[metric(name = "calls_total", labels(old = "no"))]
    new: IntCounter,
}

#[test]
fn fields_of_one_family() {
    let registry = Registry::new();
    let shared = Shared::register_in(&registry).expect("an empty registry");
    shared.web.inc();
    shared.phone.inc_by(2);
    shared.by_mail.inc_by(3);
    shared.right.with(Ranked { ranked: true }).observe(1.5);
    shared.left.with(Ranked { ranked: false }).observe(0.5);
    shared.old.inc_by(4);
    shared.new.inc_by(5);
    assert_eq!(
        family(&registry, "shared_orders_total"),
        r#"# HELP shared_orders_total Orders taken.
# TYPE shared_orders_total counter
shared_orders_total{shop="a",channel="eu"} 3
shared_orders_total{shop="a",channel="phone"} 2
shared_orders_total{shop="a",channel="web"} 1
"#
    );
    let page = kept_pages::text(registry.text());
    for line in [
        r#"shared_answer_duration_seconds_count{shop="a",kind="a",side="right",ranked="true"} 1"#,
        r#"shared_answer_duration_seconds_count{shop="a",side="left",kind="a",ranked="false"} 1"#,
        r#"shared_calls_total{old="no",shop="a"} 5"#,
        r#"shared_calls_total{old="yes",shop="a"} 4"#,
    ] {
        assert!(page.lines().any(|other| other == line), "{line} in\n{page}");
    }
    assert_eq!(page.matches("# TYPE shared_").count(), 3);
    assert_eq!(registry.registration_errors(), []);
}

#[derive(MetricGroup)]
#[metrics(namespace = "unhelped", global = false)]
struct Unhelped {
    #[metric(allow(no_help))]
    first_total: Counter,
    #[metric(help = NOTHING, allow(no_help))]
    second_total: Counter,
}

#[derive(MetricGroup)]
#[metrics(namespace = "unhelped_group", global = false, allow(no_help))]
struct UnhelpedGroup {
    only_total: Counter,
    foreign_total: IntCounter,
}

#[counted(name = "unhelped_calls_total", allow = no_help)]
fn call() {}

#[counted(name = "unhelped_constant_total", help = NOTHING, allow = no_help)]
fn call_constant() {}

#[test]
fn allowed_without_help() {
    call();
    call_constant();
    let registry = Registry::new();
    let unhelped = Unhelped::register_in(&registry).expect("an empty registry");
    let group = UnhelpedGroup::register_in(&registry).expect("an empty registry");
    for counter in [&unhelped.first_total, &unhelped.second_total, &group.only_total] {
        counter.inc();
    }
    group.foreign_total.inc();
    let page = kept_pages::text(registry.text()) + &kept_pages::text(Registry::global().text());
    for line in [
        "unhelped_first_total 1",
        "unhelped_second_total 1",
        "unhelped_group_only_total 1",
        "unhelped_group_foreign_total 1",
        "unhelped_calls_total 1",
        "unhelped_constant_total 1",
    ] {
        assert!(page.lines().any(|other| other == line), "{line} in\n{page}");
    }
    assert!(page.contains("# HELP unhelped_first_total \n"), "{page}");
}

/// A group with a generic metric type and known labels.
#[derive(MetricGroup)]
#[metrics(namespace = "half")]
struct Half<M: Metric> {
    /// Jobs.
    jobs: Family<Ranked, M>,
}

#[test]
fn generic_metric_type() {
    let registry = Registry::new();
    let half = Half::<Gauge>::register_in(&registry).expect("an empty registry");
    half.jobs.with(Ranked { ranked: true }).set(3);
    assert!(kept_pages::text(registry.text()).contains("half_jobs{ranked=\"true\"} 3\n"));
}
