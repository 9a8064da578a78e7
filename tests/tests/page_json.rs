//! The page as JSON, read by `serde_json`.

use metrics_core::{
    Counter, Definition, Family, Format, Gauge, Histogram, Info, JsonTemplate, LabelSet, LabelValue, Page,
    Registry, Scrape, StateSet, Summary, prometheus,
};
use serde_json::{Value, json};

fn read(registry: &Registry, scrape: &Scrape) -> Value {
    let mut page = Page::default();
    registry.scrape(scrape, &mut page);
    assert_eq!(page.content_type(), "application/json");
    serde_json::from_slice(page.as_ref()).expect("JSON")
}

#[test]
fn the_shape_is_the_documented_one() {
    let registry = Registry::new();
    let definition = Definition::new("sent_bytes_total", "\"Sent\"\n\u{1}.").unit("bytes");
    let sent: Counter = registry.register(&definition.label("to", "a\\\"b\n\r\u{7f}ä,c=\"\\")).unwrap();
    let level: Gauge<f64> = registry.register(&Definition::new("level", "Level.")).unwrap();
    let time: Histogram =
        registry.register(&Definition::new("time_seconds", "Time.").buckets(&[0.5, 1e6])).unwrap();
    sent.inc_by(u64::MAX);
    level.set(f64::NEG_INFINITY);
    time.observe(0.75);
    let expected = json!({"families": [
        {"name": "level", "type": "gauge", "help": "Level.", "series": [{"labels": {}, "value": "-Inf"}]},
        {"name": "sent_bytes_total", "type": "counter", "unit": "bytes", "help": "\"Sent\"\n\u{1}.", "series": [
            {"labels": {"to": "a\\\"b\n\r\u{7f}ä,c=\"\\"}, "value": u64::MAX},
        ]},
        {"name": "time_seconds", "type": "histogram", "help": "Time.", "series": [
            {
                "labels": {},
                "buckets": [
                    {"le": 0.5, "count": 0},
                    {"le": 1e6, "count": 1},
                    {"le": "+Inf", "count": 1},
                ],
                "sum": 0.75,
                "count": 1,
            },
        ]},
    ]});
    let page = read(&registry, &Scrape::new(Format::Json));
    // Whole floats may be written as integers.
    assert_eq!(
        page.to_string().replace("1000000.0", "1000000"),
        expected.to_string().replace("1000000.0", "1000000")
    );
    let named = read(&registry, &Scrape::negotiate(["application/json"], [""]).query("name[]=level"));
    assert_eq!(named["families"].as_array().map(Vec::len), Some(1));
    assert_eq!(read(&Registry::new(), &Scrape::new(Format::Json)), json!({"families": []}));
}

#[test]
fn foreign_families_have_the_same_shape() {
    let theirs = prometheus::register_int_counter_vec!("json_theirs_total", "Theirs.", &["a"]).unwrap();
    let times = prometheus::register_histogram!("json_times", "Times.", vec![1.0]).unwrap();
    theirs.with_label_values(&["x\"y"]).inc();
    times.observe(3.0);
    let scrape = Scrape::new(Format::Json).name("json_theirs_total").name("json_times");
    let expected = json!({"families": [
        {"name": "json_theirs_total", "type": "counter", "help": "Theirs.", "series": [
            {"labels": {"a": "x\"y"}, "value": 1},
        ]},
        {"name": "json_times", "type": "histogram", "help": "Times.", "series": [
            {
                "labels": {},
                "buckets": [{"le": 1, "count": 0}, {"le": "+Inf", "count": 1}],
                "sum": 3,
                "count": 1,
            },
        ]},
    ]});
    assert_eq!(read(Registry::global(), &scrape), expected);
}

#[derive(Clone, Copy, LabelSet)]
struct Blocked {
    blocked: bool,
}

/// The shape that the Django template of the first seed had.
#[test]
fn a_template_keeps_a_shape_that_users_know() {
    let registry = Registry::new();
    let requests: Family<Blocked, Counter> =
        registry.register(&Definition::new("api_requests_total", "Requests.")).unwrap();
    requests.with(Blocked { blocked: false }).inc_by(u64::MAX - 2);
    requests.with(Blocked { blocked: true }).inc_by(2);
    let template = JsonTemplate::new().value("requestCount", "api_requests_total").value_where(
        "requestsBlocked",
        "api_requests_total",
        &[("blocked", "true")],
    );
    assert_eq!(
        template.render(&registry),
        r#"{"metrics":[{"name":"requestCount","value":18446744073709551615},{"name":"requestsBlocked","value":2}]}"#
    );
    assert_eq!(JsonTemplate::new().render(&registry), r#"{"metrics":[]}"#);
}

#[test]
fn a_template_takes_every_type() {
    let registry = Registry::new();
    let define = |name: &str| Definition::new(name, "Help.");
    let level: Gauge = registry.register(&define("level")).unwrap();
    let load: Gauge<f64> = registry.register(&define("load")).unwrap();
    let time: Histogram = registry.register(&define("time_seconds")).unwrap();
    let size: Summary = registry.register(&define("size_bytes")).unwrap();
    level.set(-7);
    load.set(f64::NAN);
    time.observe(1.0);
    size.observe(1.0);
    let names = ["level", "load", "time_seconds", "size_bytes", "none", "\"\n"];
    let template = names.iter().fold(JsonTemplate::new(), |template, name| template.value(*name, *name));
    let page: Value = serde_json::from_str(&template.render(&registry)).expect("JSON");
    let values: Vec<_> = page["metrics"].as_array().unwrap().iter().map(|one| one["value"].clone()).collect();
    assert_eq!(values, [json!(-7), json!("NaN"), json!(1), json!(1), json!(null), json!(null)]);
    let theirs = prometheus::register_int_counter_vec!("template_theirs_total", "Theirs.", &["a"]).unwrap();
    theirs.with_label_values(&["x"]).inc();
    theirs.with_label_values(&["y"]).inc_by(2);
    let template = JsonTemplate::new().value("all", "template_theirs_total").value_where(
        "y",
        "template_theirs_total",
        &[("a", "y")],
    );
    assert_eq!(
        template.render(Registry::global()),
        r#"{"metrics":[{"name":"all","value":3},{"name":"y","value":2}]}"#
    );
}

#[derive(Clone, Copy, LabelValue)]
enum Phase {
    Starting,
    Running,
}

#[test]
fn infos_state_sets_and_summaries_have_the_same_shape() {
    let registry = Registry::new();
    let define = |name: &str| Definition::new(name, "Help.");
    let _build: Info = registry.register(&define("app_build_info").label("version", "1")).unwrap();
    let phase: StateSet<Phase> = registry.register(&define("app_phase")).unwrap();
    let size: Summary = registry.register(&define("app_size_bytes")).unwrap();
    phase.set(Phase::Starting);
    phase.set(Phase::Running);
    size.observe(2.5);
    let expected = json!({"families": [
        {"name": "app_build_info", "type": "info", "help": "Help.", "series": [
            {"labels": {"version": "1"}, "value": 1},
        ]},
        {"name": "app_phase", "type": "stateset", "help": "Help.", "series": [
            {"labels": {"app_phase": "Starting"}, "value": 0},
            {"labels": {"app_phase": "Running"}, "value": 1},
        ]},
        {"name": "app_size_bytes", "type": "summary", "help": "Help.", "series": [
            {"labels": {}, "sum": 2.5, "count": 1},
        ]},
    ]});
    assert_eq!(read(&registry, &Scrape::new(Format::Json)), expected);
}
