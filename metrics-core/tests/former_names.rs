//! Metrics that are exposed under a former name as well.
#![cfg(feature = "enabled")]

use metrics_core::{
    Capped, Counter, Definition, DynamicFamily, Family, Format, Gauge, Histogram, Info, LabelSet, LabelValue,
    MetricGroup, Page, Registry, Scrape, StateSet, Summary, catalog, counted, in_flight, prometheus,
    testing::{family, lock::Lock},
    timed,
};

#[derive(Clone, LabelSet)]
struct Mail {
    list: Capped<10>,
}

#[derive(Clone, Copy, LabelValue)]
enum Phase {
    Starting,
    Running,
}

#[derive(MetricGroup)]
#[metrics(namespace = "post", global = false)]
struct Post {
    /// Mails sent.
    #[metric(renamed_from = "mails_total")]
    sent_total: Family<Mail, Counter>,
    /// Time to send.
    #[metric(renamed_from = "mail_seconds", buckets(1, 2))]
    duration_seconds: Histogram,
}

/// Letters written.
#[counted(name = "former_letters_total", renamed_from = "letters_total", labels(result))]
#[timed(name = "former_letter_seconds", renamed_from = "letter_seconds", help = "Time of a letter.")]
#[in_flight(name = "former_letters", renamed_from = "letters", help = "Letters being written.")]
fn write(letter: &str) -> Result<(), ()> {
    if letter.is_empty() { Err(()) } else { Ok(()) }
}

/// Parcels packed.
#[counted(name = "former_parcels_total", renamed_from = "parcels_total")]
fn pack() {}

/// The lines of a family with its name left out.
fn nameless(registry: &Registry, name: &str) -> String {
    let lines = family(registry, name);
    assert!(!lines.is_empty(), "{name} is on the page");
    lines.replace(name, "NAME")
}

fn assert_same(registry: &Registry, one: &str, other: &str) {
    assert_eq!(nameless(registry, one), nameless(registry, other));
}

#[test]
fn fields_are_on_the_page_under_both_names() {
    let registry = Registry::new();
    let post = Post::register_in(&registry).expect("an empty registry");
    post.sent_total.with(Mail { list: "news".into() }).inc_by(3);
    post.duration_seconds.observe(1.5);
    assert_same(&registry, "post_sent_total", "mails_total");
    assert_same(&registry, "post_duration_seconds", "mail_seconds");
    assert!(registry.text().contains("mails_total{list=\"news\"} 3\n"));
    assert!(registry.text().contains("mail_seconds_bucket{le=\"2\"} 1\n"));
}

#[test]
fn functions_are_on_the_page_under_both_names() {
    write("").unwrap_err();
    let registry = Registry::global();
    for (one, other) in [
        ("former_letters_total", "letters_total"),
        ("former_letter_seconds", "letter_seconds"),
        ("former_letters", "letters"),
    ] {
        assert_same(registry, one, other);
    }
    assert!(registry.text().contains("\nletters_total{result=\"error\"} 1\n"));
    let entry = catalog().metrics.into_iter().find(|entry| entry.name == "former_letters_total");
    assert_eq!(entry.and_then(|entry| entry.renamed_from).as_deref(), Some("letters_total"));
    let lock = Lock::of(&catalog()).to_string();
    assert!(
        lock.contains("[former_letters_total]\ntype = \"counter\"\nrenamed_from = \"letters_total\"\n"),
        "{lock}"
    );
    assert!(!lock.contains("[letters_total]"), "{lock}");
}

/// A registry with a metric of each type that can have a former name.
fn all_types() -> Registry {
    let registry = Registry::new();
    let define = |name: &str, former: &'static str| Definition::new(name, "Help.").renamed_from(former);
    let counter: Counter = registry.register(&define("new_total", "old_total")).unwrap();
    counter.inc();
    let gauge: Gauge = registry.register(&define("new", "old")).unwrap();
    gauge.set(2);
    let histogram: Histogram = registry.register(&define("new_seconds", "old_seconds").native()).unwrap();
    histogram.observe(0.25);
    let summary: Summary = registry.register(&define("new_bytes", "old_bytes").quantiles(&[0.5])).unwrap();
    summary.observe(4.0);
    let info: Info = registry.register(&define("new_info", "old_info").label("version", "1")).unwrap();
    let dynamic: DynamicFamily<Counter> =
        registry.register(&define("new_things_total", "old_things_total").dynamic_label("kind", 5)).unwrap();
    dynamic.with(&["a"]).inc();
    std::mem::forget((counter, gauge, histogram, summary, info, dynamic));
    registry
}

#[test]
fn every_format_has_both_names() {
    let registry = all_types();
    for format in [Format::Text, Format::OpenMetrics, Format::Protobuf, Format::Json] {
        let mut page = Page::default();
        registry.scrape(&Scrape::new(format), &mut page);
        let page = String::from_utf8_lossy(page.as_ref()).into_owned();
        for name in ["old_seconds", "old_bytes"] {
            let (one, other) =
                (page.matches(&name.replace("old", "new")).count(), page.matches(name).count());
            assert!(other > 0 && one == other, "{format:?} {name}: {one} and {other} in\n{page}");
        }
    }
    for name in ["total", "seconds", "bytes", "info", "things_total"] {
        assert_same(&registry, &format!("new_{name}"), &format!("old_{name}"));
    }
}

#[test]
fn a_page_of_one_name_has_that_alone() {
    let registry = all_types();
    let mut page = Page::default();
    registry.scrape(&Scrape::new(Format::Text).name("old_total"), &mut page);
    let page = String::from_utf8_lossy(page.as_ref()).into_owned();
    assert!(page.contains("\nold_total 1\n") && !page.contains("new_total"), "{page}");
}

#[test]
fn names_clash_whether_former_or_present() {
    let define = |name: &str| Definition::new(name, "Help.");
    let registry = Registry::new();
    let _jobs: Counter = registry.register(&define("new_total").renamed_from("old_total")).unwrap();
    let _seconds: Histogram = registry.register(&define("new_seconds").renamed_from("old_seconds")).unwrap();
    let refused = |definition: &Definition| {
        let error = registry.register::<Counter>(definition).expect_err("a clash");
        error.to_string()
    };
    for (definition, reason) in [
        (define("old_total"), "is exposed under a name of `new_total`"),
        (define("other_total").renamed_from("old_total"), "is exposed under a name of"),
        (define("other_total").renamed_from("new_total"), "is exposed under a name of"),
        (define("old_seconds_count"), "has samples named like those of"),
        (define("other_total").renamed_from("new_seconds_sum"), "has samples named like those of"),
        (define("new_total"), "has another former name"),
        (define("new_total").renamed_from("older_total"), "has another former name"),
        (define("same_total").renamed_from("same_total"), "the former name is the present one"),
        (define("wrong_total").renamed_from("no name"), "no name"),
    ] {
        let message = refused(&definition);
        assert!(message.contains(reason), "{definition:?}: {message}");
    }
    assert!(registry.register::<Histogram>(&define("old")).is_ok(), "a stem is no name of a sample");
}

#[test]
fn a_former_name_is_free_when_its_metric_is_gone() {
    let registry = Registry::new();
    let definition = Definition::new("new_total", "Help.").renamed_from("old_total");
    let old = Definition::new("old_total", "Help.");
    let jobs: Counter = registry.register(&definition).unwrap();
    assert!(registry.register::<Counter>(&old).is_err());
    drop(jobs);
    let _old: Counter = registry.register(&old).expect("the name is free");
    assert!(registry.register::<Counter>(&definition).is_err());
}

#[test]
fn state_sets_and_foreign_types_have_one_name() {
    let registry = Registry::new();
    let definition = Definition::new("phase", "Help.").renamed_from("state");
    let error = registry.register::<StateSet<Phase>>(&definition).map(|_| ()).expect_err("states");
    assert!(error.to_string().contains("a state set has no former name"), "{error}");
    let _ = [Phase::Starting, Phase::Running];
    let definition = Definition::new("foreign_total", "Help.").renamed_from("old_total");
    let error = registry.register::<prometheus::IntCounter>(&definition).map(|_| ()).expect_err("foreign");
    assert!(error.to_string().contains("types of the `prometheus` crate have one name"), "{error}");
}

#[test]
fn gathering_by_the_prometheus_crate_has_both_names() {
    // No other test counts here.
    pack();
    let families = prometheus::gather();
    let value = |name: &str| {
        let family = families.iter().find(|family| family.name() == name).expect(name);
        family.get_metric().len()
    };
    assert_eq!(value("parcels_total"), value("former_parcels_total"));
}
