//! The delimited protobuf, read by `prost`.

use metrics_core::{Counter, Definition, Gauge, Histogram, Page, Registry, Scrape, prometheus};
use prost::Message;

/// What the tests read of `io.prometheus.client`.
#[derive(PartialEq, Message)]
struct MetricFamily {
    #[prost(string, optional, tag = "1")]
    name: Option<String>,
    #[prost(string, optional, tag = "2")]
    help: Option<String>,
    #[prost(int32, optional, tag = "3")]
    kind: Option<i32>,
    #[prost(message, repeated, tag = "4")]
    metrics: Vec<Metric>,
    #[prost(string, optional, tag = "5")]
    unit: Option<String>,
}

#[derive(PartialEq, Message)]
struct Metric {
    #[prost(message, repeated, tag = "1")]
    labels: Vec<Label>,
    #[prost(message, optional, tag = "2")]
    gauge: Option<Number>,
    #[prost(message, optional, tag = "3")]
    counter: Option<Number>,
    #[prost(message, optional, tag = "7")]
    histogram: Option<ClassicHistogram>,
}

#[derive(PartialEq, Message)]
struct Label {
    #[prost(string, optional, tag = "1")]
    name: Option<String>,
    #[prost(string, optional, tag = "2")]
    value: Option<String>,
}

#[derive(PartialEq, Message)]
struct Number {
    #[prost(double, optional, tag = "1")]
    value: Option<f64>,
}

#[derive(PartialEq, Message)]
struct ClassicHistogram {
    #[prost(uint64, optional, tag = "1")]
    count: Option<u64>,
    #[prost(double, optional, tag = "2")]
    sum: Option<f64>,
    #[prost(message, repeated, tag = "3")]
    buckets: Vec<Bucket>,
}

#[derive(PartialEq, Message)]
struct Bucket {
    #[prost(uint64, optional, tag = "1")]
    count: Option<u64>,
    #[prost(double, optional, tag = "2")]
    bound: Option<f64>,
}

const ACCEPT: &str =
    "application/vnd.google.protobuf;proto=io.prometheus.client.MetricFamily;encoding=delimited,*/*;q=0.1";

fn families(registry: &Registry, names: &[&str]) -> Vec<MetricFamily> {
    let mut page = Page::default();
    let scrape = names.iter().fold(Scrape::negotiate([ACCEPT], [""]), |scrape, name| scrape.name(*name));
    registry.scrape(&scrape, &mut page);
    let content_type =
        "application/vnd.google.protobuf; proto=io.prometheus.client.MetricFamily; encoding=delimited";
    assert_eq!(page.content_type(), content_type);
    let mut rest = page.as_ref();
    let mut families = Vec::new();
    while !rest.is_empty() {
        families.push(MetricFamily::decode_length_delimited(&mut rest).expect("a family"));
    }
    families
}

fn family(name: &str, help: &str, kind: i32, metrics: Vec<Metric>) -> MetricFamily {
    MetricFamily { name: Some(name.into()), help: Some(help.into()), kind: Some(kind), metrics, unit: None }
}

fn histogram(count: u64, sum: f64, buckets: &[(u64, f64)]) -> Metric {
    let bucket = |(count, bound): &(u64, f64)| Bucket { count: Some(*count), bound: Some(*bound) };
    let buckets = buckets.iter().map(bucket).collect();
    Metric {
        histogram: Some(ClassicHistogram { count: Some(count), sum: Some(sum), buckets }),
        ..Metric::default()
    }
}

#[test]
fn our_families_are_read_back() {
    let registry = Registry::new();
    let value = "a\\\"b\n,c=\"\\nä".repeat(20);
    let definition = Definition::new("sent_bytes_total", "Sent\n.").unit("bytes");
    let sent: Counter = registry.register(&definition.label("to", value.clone()).label("b", "2")).unwrap();
    let level: Gauge = registry.register(&Definition::new("level", "Level.")).unwrap();
    let time: Histogram =
        registry.register(&Definition::new("time_seconds", "Time.").buckets(&[0.5, 1.0])).unwrap();
    sent.inc_by(300);
    level.set(-7);
    time.observe(0.75);
    time.observe(1.5);
    let label = |name: &str, value: &str| Label { name: Some(name.into()), value: Some(value.into()) };
    let sent = Metric {
        labels: vec![label("to", &value), label("b", "2")],
        counter: Some(Number { value: Some(300.0) }),
        ..Metric::default()
    };
    let level = Metric { gauge: Some(Number { value: Some(-7.0) }), ..Metric::default() };
    let mut sent = family("sent_bytes_total", "Sent\n.", 0, vec![sent]);
    sent.unit = Some("bytes".into());
    let time = histogram(2, 2.25, &[(0, 0.5), (1, 1.0), (2, f64::INFINITY)]);
    let expected =
        [family("level", "Level.", 1, vec![level]), sent, family("time_seconds", "Time.", 4, vec![time])];
    assert_eq!(families(&registry, &[]), expected);
}

#[test]
fn foreign_families_are_read_back() {
    let times = prometheus::register_histogram!("protobuf_times", "Times.", vec![1.0]).unwrap();
    times.observe(3.0);
    let expected =
        family("protobuf_times", "Times.", 4, vec![histogram(1, 3.0, &[(0, 1.0), (1, f64::INFINITY)])]);
    assert_eq!(families(Registry::global(), &["protobuf_times"]), [expected]);
}
