//! Pushes to Debian's Pushgateway, which a real Prometheus scrapes.

use std::time::Duration;

use metrics_core::{Counter, Definition, Gauge, Push, PushError, Pushgateway, Registry};
use tests::{page_server, pushgateway::Gateway};
use tests_push::{
    samples::{prometheus, samples, wait_for_target},
    shop,
};

const DEADLINE: Duration = Duration::from_secs(60);

fn push(registry: &Registry, gateway: Pushgateway) -> Result<(), PushError> {
    Push::to(gateway).registry(registry).start()?.shutdown_blocking(DEADLINE)
}

#[test]
fn push_equals_a_scrape_in_text_and_protobuf() {
    let gateway = Gateway::start();
    let (registry, _shop) = shop::registry();
    let target = Pushgateway::new(&gateway.url());
    push(&registry, target.clone().job("text")).unwrap();
    push(&registry, target.job("protobuf").protobuf()).unwrap();

    let targets = [("gateway", gateway.address()), ("direct", page_server::serve(&registry))];
    for features in ["exemplar-storage", "native-histograms"] {
        let server = prometheus(&targets, features);
        for job in ["gateway", "direct"] {
            wait_for_target(&server, job);
        }
        let of = |job: &str| {
            samples(&server, &format!("{{job=\"{job}\",__name__=~\"shop_.+\"}}"), &["job", "instance"])
        };
        let (direct, protobuf) = (of("direct"), of("protobuf"));
        assert!(direct.len() >= 20 || features != "exemplar-storage", "{direct:#?}");
        assert_eq!(protobuf, direct, "{features}");
        let has_native = direct.values().any(|value| value.contains("buckets"));
        assert_eq!(has_native, features == "native-histograms");
        if !has_native {
            assert_eq!(of("text"), direct);
        }
    }
}

#[test]
fn groups_have_any_value() {
    let gateway = Gateway::start();
    let registry = Registry::new();
    let _level: Gauge = registry.register(&Definition::new("level", "Level.")).unwrap();
    for (number, value) in
        ["plain", "a/b", "", "..", ".", "ü ß", "a%2Fb", "a+b", "a\\b", "?x#y"].into_iter().enumerate()
    {
        let target = Pushgateway::new(&gateway.url()).job(format!("job/{number}")).group("path", value);
        push(&registry, target).unwrap();
        let value = value.replace('\\', "\\\\");
        gateway.assert_line(&format!("level{{instance=\"\",job=\"job/{number}\",path=\"{value}\"}} 0"));
    }
}

#[test]
fn put_replaces_post_adds_and_shutdown_deletes() {
    let gateway = Gateway::start();
    let target = || Pushgateway::new(&gateway.url()).job("j").group("instance", "i");
    let registry_with = |name: &'static str| {
        let registry = Registry::new();
        let counter: Counter = registry.register(&Definition::new(name, "Help.")).unwrap();
        (registry, counter)
    };
    let has = |name: &str| gateway.page().contains(&format!("{name}{{instance=\"i\",job=\"j\"}} 0\n"));
    let (first, _one) = registry_with("first_total");
    let (second, _two) = registry_with("second_total");

    push(&first, target()).unwrap();
    push(&second, target().post()).unwrap();
    assert!(has("first_total") && has("second_total"));
    push(&second, target().put()).unwrap();
    assert!(!has("first_total") && has("second_total"));
    push(&first, target().delete_on_shutdown()).unwrap();
    assert!(!has("first_total") && !has("second_total"));
}

#[test]
fn another_type_is_rejected() {
    let gateway = Gateway::start();
    let (one, other) = (Registry::new(), Registry::new());
    let _counter: Counter = one.register(&Definition::new("things_total", "Things.")).unwrap();
    let _gauge: Gauge = other.register(&Definition::new("things_total", "Things.")).unwrap();
    push(&one, Pushgateway::new(&gateway.url()).job("a")).unwrap();
    let error = push(&other, Pushgateway::new(&gateway.url()).job("b")).unwrap_err();
    assert!(matches!(error, PushError::Rejected(_)), "{error:?}");
}

#[test]
fn another_help_is_accepted_with_the_first_one() {
    let gateway = Gateway::start();
    let (one, other) = (Registry::new(), Registry::new());
    let _one: Counter = one.register(&Definition::new("things_total", "Things.")).unwrap();
    let _other: Counter = other.register(&Definition::new("things_total", "Other things.")).unwrap();
    push(&one, Pushgateway::new(&gateway.url()).job("a")).unwrap();
    push(&other, Pushgateway::new(&gateway.url()).job("b")).unwrap();
}

#[test]
fn timestamps_of_collectors_are_left_out() {
    use prometheus::{
        core::{Collector, Desc},
        proto::{Gauge, Metric, MetricFamily, MetricType},
    };

    struct WithTimestamp;

    impl Collector for WithTimestamp {
        fn desc(&self) -> Vec<&Desc> {
            Vec::new()
        }

        fn collect(&self) -> Vec<MetricFamily> {
            let (mut family, mut metric, mut gauge) =
                (MetricFamily::default(), Metric::default(), Gauge::default());
            gauge.set_value(5.0);
            metric.set_gauge(gauge);
            metric.set_timestamp_ms(1_600_000_000_000);
            family.set_name("old".into());
            family.set_help("Old.".into());
            family.set_field_type(MetricType::GAUGE);
            family.mut_metric().push(metric);
            vec![family]
        }
    }

    let gateway = Gateway::start();
    let registry = Registry::new();
    registry.register_collector(WithTimestamp).unwrap();
    assert!(registry.text().contains("old 5 1600000000000\n"), "{}", registry.text());
    push(&registry, Pushgateway::new(&gateway.url()).job("text")).unwrap();
    push(&registry, Pushgateway::new(&gateway.url()).job("protobuf").protobuf()).unwrap();
    for job in ["text", "protobuf"] {
        gateway.assert_line(&format!("old{{instance=\"\",job=\"{job}\"}} 5"));
    }
}
