//! The page as JSON, read by `serde_json`.

use metrics_core::{
    Counter, Definition, Format, Gauge, Histogram, Info, LabelValue, Page, Registry, Scrape, StateSet,
    Summary, prometheus,
};
use serde_json::{Value, json};

fn read(registry: &Registry, scrape: &Scrape) -> Value {
    let mut page = Page::default();
    registry.scrape(scrape, &mut page);
    assert_eq!(page.content_type(), "application/json");
    kept_pages::json(page.as_ref());
    serde_json::from_slice(page.as_ref()).expect("JSON")
}

#[test]
fn documented_shape() {
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
    // A whole float may be written as an integer.
    assert_eq!(
        page.to_string().replace("1000000.0", "1000000"),
        expected.to_string().replace("1000000.0", "1000000")
    );
    let named = read(&registry, &Scrape::negotiate(["application/json"], [""]).query("name[]=level"));
    assert_eq!(named["families"].as_array().map(Vec::len), Some(1));
    assert_eq!(read(&Registry::new(), &Scrape::new(Format::Json)), json!({"families": []}));
}

#[test]
fn foreign_families() {
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

#[derive(Clone, Copy, LabelValue)]
enum Phase {
    Starting,
    Running,
}

#[test]
fn infos_state_sets_and_summaries() {
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
