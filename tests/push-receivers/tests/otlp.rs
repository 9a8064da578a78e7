//! OTLP over HTTP, decoded with the messages that OpenTelemetry publishes.

use std::{collections::BTreeMap, io::Read as _, time::Duration};

use metrics_core::{Counter, Definition, Histogram, Job, Otlp, Push, PushClient, PushError, Registry};
use serde_json::{Value, json};
use tests::{
    protobuf::{self as proto, families},
    python,
    scripted_server::{Answer, Received, ScriptedServer},
};
use tests_push_receivers::metrics::Metrics;

const PATIENCE: Duration = Duration::from_secs(120);

fn start(
    server: &ScriptedServer,
    registry: &Registry,
    change: impl FnOnce(Otlp) -> Otlp,
) -> metrics_core::PushHandle {
    let target = change(Otlp::new(&server.url("")).service_name("arena"));
    let wait = Duration::from_millis(1);
    Push::to(target).registry(registry).backoff(wait, wait).start().expect("valid options")
}

/// Returns the metrics of a request by name, without those of the push itself.
fn metrics(request: &Received) -> BTreeMap<String, Value> {
    assert_eq!(request.header("content-type"), "application/x-protobuf");
    let decoded = python::decode_otlp(&request.body);
    let metrics =
        decoded["resource_metrics"][0]["scope_metrics"][0]["metrics"].as_array().expect("metrics").clone();
    let named =
        metrics.into_iter().map(|metric| (metric["name"].as_str().expect("a name").to_owned(), metric));
    named.filter(|(name, _)| !name.starts_with("metrics_")).collect()
}

fn number(value: &Value) -> u64 {
    value.as_str().expect("a number of 64 bits").parse().expect("a number")
}

fn numbers(values: &Value) -> Vec<u64> {
    values.as_array().expect("a list").iter().map(number).collect()
}

fn labels(point: &Value) -> BTreeMap<String, String> {
    let attributes = point["attributes"].as_array().expect("a list").iter();
    let text = |value: &Value| value.as_str().expect("a text").to_owned();
    attributes.map(|attribute| (text(&attribute["key"]), text(&attribute["value"]["string_value"]))).collect()
}

/// A point in the form of a scrape.
#[derive(Debug, PartialEq)]
enum Point {
    Number(f64),
    /// Bounds with cumulative counts, the sum and the count.
    Classic(Vec<(f64, u64)>, f64, u64),
    /// Schema, buckets of both signs, count around zero, its width, the sum and the count.
    Native(i64, [Vec<(i32, u64)>; 2], u64, f64, f64, u64),
    /// Quantiles, the sum and the count.
    Summary(Vec<(f64, f64)>, f64, u64),
}

fn float(value: &Value) -> f64 {
    value.as_f64().expect("a float")
}

fn pushed_points(metric: &Value) -> Vec<(BTreeMap<String, String>, Point)> {
    let kinds = ["gauge", "sum", "histogram", "exponential_histogram", "summary"];
    let kind = kinds.into_iter().find(|kind| !metric[*kind].is_null()).expect("a kind");
    let points = metric[kind]["data_points"].as_array().expect("a list").iter();
    let point = |point: &Value| match kind {
        "gauge" | "sum" => Point::Number(float(&point["as_double"])),
        "histogram" => {
            let bounds = point["explicit_bounds"].as_array().expect("a list").iter().map(float);
            let mut all = 0;
            let counts = numbers(&point["bucket_counts"]).into_iter().map(|count| {
                all += count;
                all
            });
            let buckets = bounds.chain([f64::INFINITY]).zip(counts).collect();
            Point::Classic(buckets, float(&point["sum"]), number(&point["count"]))
        }
        "exponential_histogram" => {
            let side = |side: &Value| -> Vec<(i32, u64)> {
                let first =
                    i32::try_from(side["offset"].as_i64().expect("a number")).expect("a small one") + 1;
                (first..).zip(numbers(&side["bucket_counts"])).filter(|(_, count)| *count > 0).collect()
            };
            let sides = [side(&point["positive"]), side(&point["negative"])];
            let (zeros, width) = (number(&point["zero_count"]), float(&point["zero_threshold"]));
            let scale = point["scale"].as_i64().expect("a number");
            Point::Native(scale, sides, zeros, width, float(&point["sum"]), number(&point["count"]))
        }
        _ => {
            let quantiles = point["quantile_values"].as_array().expect("a list").iter();
            let quantiles = quantiles.map(|it| (float(&it["quantile"]), float(&it["value"]))).collect();
            Point::Summary(quantiles, float(&point["sum"]), number(&point["count"]))
        }
    };
    points.map(|it| (labels(it), point(it))).collect()
}

fn scraped_points(family: &proto::MetricFamily) -> Vec<(BTreeMap<String, String>, Point)> {
    let point = |metric: &proto::Metric| {
        if let Some(gauge) = &metric.gauge {
            Point::Number(gauge.value())
        } else if let Some(counter) = &metric.counter {
            Point::Number(counter.value())
        } else if let Some(summary) = &metric.summary {
            let quantiles = summary.quantiles.iter().map(|it| (it.quantile(), it.value())).collect();
            Point::Summary(quantiles, summary.sum(), summary.count())
        } else {
            let histogram = metric.histogram.as_ref().expect("a value");
            let (sum, count) = (histogram.sum(), histogram.count());
            if let Some(schema) = histogram.schema {
                let sides = [histogram.native(false), histogram.native(true)];
                let (zeros, width) = (histogram.zeros(), histogram.zero_threshold());
                Point::Native(schema.into(), sides, zeros, width, sum, count)
            } else {
                let buckets = histogram.buckets.iter().map(|it| (it.bound(), it.count()));
                Point::Classic(buckets.collect(), sum, count)
            }
        }
    };
    let labels = |metric: &proto::Metric| -> BTreeMap<String, String> {
        metric.labels.iter().map(|label| (label.name().into(), label.value().into())).collect()
    };
    family.metrics.iter().map(|metric| (labels(metric), point(metric))).collect()
}

#[test]
fn points_of_a_scrape() {
    let registry = Registry::new();
    let recorded = Metrics::register(&registry);
    recorded.record();
    let server = ScriptedServer::start(vec![Answer::status(200)]);
    let push = start(&server, &registry, |target| target);
    push.flush_blocking(PATIENCE).unwrap();
    let received = server.received();
    assert_eq!((received.len(), received[0].target()), (1, "/v1/metrics"));
    let mut pushed = metrics(&received[0]);
    for family in families(&registry, &[]) {
        if !family.name().starts_with("metrics_") {
            let metric = pushed.remove(family.name()).unwrap_or_else(|| panic!("{}", family.name()));
            assert_eq!(pushed_points(&metric), scraped_points(&family), "{}", family.name());
            assert_eq!(metric["description"], family.help());
        }
    }
    assert!(pushed.is_empty(), "{pushed:#?}");
}

#[test]
fn kinds_units_times_and_exemplars() {
    let registry = Registry::new();
    let recorded = Metrics::register(&registry);
    recorded.record();
    let server = ScriptedServer::start(vec![Answer::status(200)]);
    let push = start(&server, &registry, |target| target.resource("service.instance.id", "a-1"));
    push.flush_blocking(PATIENCE).unwrap();
    let request = &server.received()[0];
    let decoded = python::decode_otlp(&request.body);
    let resource = labels(&decoded["resource_metrics"][0]["resource"]);
    let expected = [("service.instance.id", "a-1"), ("service.name", "arena")];
    assert_eq!(resource, expected.map(|(key, value)| (key.into(), value.into())).into());
    assert_eq!(decoded["resource_metrics"][0]["scope_metrics"][0]["scope"]["name"], "metrics-core");
    let metrics = metrics(request);
    for (name, unit) in
        [("jobs_total", ""), ("classic_seconds", "s"), ("native_bytes", "By"), ("level_celsius", "Cel")]
    {
        assert_eq!(metrics[name]["unit"], unit, "{name}");
    }
    for (name, kind) in [
        ("jobs_total", "counter"),
        ("odd", "gauge"),
        ("native_bytes", "histogram"),
        ("size_bytes", "summary"),
    ] {
        let kind = json!([{"key": "prometheus.type", "value": {"string_value": kind}}]);
        let found = &metrics[name]["metadata"][0];
        assert_eq!(
            (&found["key"], &found["value"]["string_value"]),
            (&kind[0]["key"], &kind[0]["value"]["string_value"])
        );
    }
    let jobs = &metrics["jobs_total"]["sum"];
    assert_eq!(
        (&jobs["is_monotonic"], &jobs["aggregation_temporality"]),
        (&json!(true), &json!("AGGREGATION_TEMPORALITY_CUMULATIVE"))
    );
    for name in ["jobs_total", "classic_seconds", "native_bytes", "size_bytes"] {
        let kind = ["sum", "histogram", "exponential_histogram", "summary"]
            .into_iter()
            .find(|kind| !metrics[name][*kind].is_null());
        let point = &metrics[name][kind.expect("a kind")]["data_points"][0];
        let (start, time) = (number(&point["start_time_unix_nano"]), number(&point["time_unix_nano"]));
        assert!(0 < start && start <= time, "{name}: {start} {time}");
    }
    // `TRACE_ID` and `SPAN_ID` in base64, as JSON has bytes.
    let exemplar = &jobs["data_points"][0]["exemplars"][0];
    assert_eq!(exemplar["as_double"], 3.0);
    assert_eq!(exemplar["trace_id"], "S/kvNXezTaajzpKdDg5HNg==");
    assert_eq!(exemplar["span_id"], "APBnqgupArc=");
    assert_eq!(exemplar["filtered_attributes"], json!([]));
    assert!(number(&exemplar["time_unix_nano"]) > 0);
    let other = &metrics["classic_seconds"]["histogram"]["data_points"][0]["exemplars"][0];
    assert_eq!(other["filtered_attributes"].as_array().map(Vec::len), Some(2), "no id of a span: {other}");
    assert_eq!(other["trace_id"], "");
    assert_eq!(
        metrics["native_bytes"]["exponential_histogram"]["data_points"][0]["exemplars"][0]["as_double"],
        500.0
    );
}

#[test]
fn growth() {
    let registry = Registry::new();
    let recorded = Metrics::register(&registry);
    recorded.record();
    let server = ScriptedServer::start(vec![Answer::status(200)]);
    let push = start(&server, &registry, Otlp::delta);
    push.flush_blocking(PATIENCE).unwrap();
    recorded.jobs.inc_by(5);
    recorded.classic.observe(0.05);
    recorded.native.observe(2000.0);
    recorded.native.observe(0.0);
    push.flush_blocking(PATIENCE).unwrap();
    push.flush_blocking(PATIENCE).unwrap();
    let pushes: Vec<_> = server.received().iter().map(metrics).collect();
    let point = |push: usize, name: &str, kind: &str| pushes[push][name][kind]["data_points"][0].clone();
    let jobs = |push| point(push, "jobs_total", "sum");
    assert_eq!(json!([0, 1, 2].map(|push| jobs(push)["as_double"].clone())), json!([3.0, 5.0, 0.0]));
    for (push, metrics) in pushes.iter().enumerate() {
        for (name, kind) in [
            ("jobs_total", "sum"),
            ("classic_seconds", "histogram"),
            ("native_bytes", "exponential_histogram"),
        ] {
            assert_eq!(metrics[name][kind]["aggregation_temporality"], "AGGREGATION_TEMPORALITY_DELTA");
            if push > 0 {
                assert_eq!(
                    point(push, name, kind)["start_time_unix_nano"],
                    point(push - 1, name, kind)["time_unix_nano"]
                );
                assert_eq!(point(push, name, kind)["exemplars"], json!([]), "they were sent");
            }
        }
    }
    let classic = point(1, "classic_seconds", "histogram");
    assert_eq!((numbers(&classic["bucket_counts"]), number(&classic["count"])), (vec![1, 0, 0, 0], 1));
    assert!((float(&classic["sum"]) - 0.05).abs() < 1e-9);
    let native = point(1, "native_bytes", "exponential_histogram");
    assert_eq!((number(&native["count"]), number(&native["zero_count"])), (2, 1));
    assert_eq!(numbers(&native["positive"]["bucket_counts"]).iter().sum::<u64>(), 1);
    assert_eq!(numbers(&native["negative"]["bucket_counts"]).iter().sum::<u64>(), 0);
    // A gauge and a summary have no growth.
    assert_eq!(point(2, "level_celsius", "gauge")["as_double"], -2.5);
    assert_eq!(number(&point(2, "size_bytes", "summary")["count"]), 1);
}

/// The sum of all growth is the total, though the resolution of the histogram falls on the way.
#[test]
fn growth_over_changes_of_the_resolution() {
    let registry = Registry::new();
    let sizes: Histogram =
        registry.register(&Definition::new("sizes", "Sizes.").buckets(&[]).native_schema(5)).unwrap();
    let server = ScriptedServer::start(vec![Answer::status(200)]);
    let push = start(&server, &registry, Otlp::delta);
    let mut value = 1.0;
    for _ in 0..8 {
        for _ in 0..40 {
            sizes.observe(value);
            value *= 1.1;
        }
        push.flush_blocking(PATIENCE).unwrap();
    }
    let points: Vec<_> = server
        .received()
        .iter()
        .map(|it| metrics(it)["sizes"]["exponential_histogram"]["data_points"][0].clone())
        .collect();
    let scales: Vec<_> = points.iter().map(|point| point["scale"].as_i64().unwrap()).collect();
    assert!(scales.first() > scales.last(), "{scales:?}");
    for point in &points {
        assert_eq!(
            (number(&point["count"]), numbers(&point["positive"]["bucket_counts"]).iter().sum()),
            (40, 40),
            "{point}"
        );
    }
}

/// The last values are sent, whenever the period of the push ends.
#[test]
fn last_values_are_sent_at_the_end() {
    let hour = Duration::from_secs(3600);
    for (change, expected) in [(None, 7.0), (Some(Otlp::delta as fn(Otlp) -> Otlp), 4.0)] {
        let registry = Registry::new();
        let jobs: Counter = registry.register(&Definition::new("jobs_total", "Jobs that ended.")).unwrap();
        jobs.inc_by(3);
        let server = ScriptedServer::start([Answer::status(200)]);
        let target = Otlp::new(&server.url(""));
        let target = change.into_iter().fold(target, |target, change| change(target));
        let push = Push::to(target).registry(&registry).every(hour).start().unwrap();
        push.flush_blocking(PATIENCE).unwrap();
        jobs.inc_by(4);
        push.shutdown_blocking(PATIENCE).unwrap();
        let last = metrics(server.received().last().unwrap());
        assert_eq!(last["jobs_total"]["sum"]["data_points"][0]["as_double"], expected);
    }
}

#[test]
fn job_sends_its_values_at_its_end() {
    let registry = Registry::new();
    let rows: Counter = registry.register(&Definition::new("rows_total", "Rows that were read.")).unwrap();
    let server = ScriptedServer::start([Answer::status(200)]);
    let job = Job::new("import").push_to(Otlp::new(&server.url(""))).registry(&registry).without_signals();
    job.run(|| {
        rows.inc_by(5);
        Ok::<_, PushError>(())
    })
    .unwrap();
    let received = server.received();
    let [request] = &received[..] else { panic!("{} requests", received.len()) };
    let decoded = python::decode_otlp(&request.body);
    assert_eq!(labels(&decoded["resource_metrics"][0]["resource"])["service.name"], "import");
    let metrics = metrics(request);
    assert_eq!(metrics["rows_total"]["sum"]["data_points"][0]["as_double"], 5.0);
    let names: Vec<_> = metrics.keys().filter(|name| name.starts_with("job_")).collect();
    assert!(!names.is_empty(), "{metrics:?}");
}

#[test]
fn only_some_families() {
    let registry = Registry::new();
    let _recorded = Metrics::register(&registry);
    let server = ScriptedServer::start(vec![Answer::status(200)]);
    start(&server, &registry, |target| target.only("jobs_").only("size_bytes"))
        .flush_blocking(PATIENCE)
        .unwrap();
    let metrics = metrics(&server.received()[0]);
    assert_eq!(metrics.keys().collect::<Vec<_>>(), ["jobs_total", "size_bytes"]);
}

#[test]
fn options() {
    let registry = Registry::new();
    let recorded = Metrics::register(&registry);
    recorded.record();
    let server = ScriptedServer::start(vec![Answer::status(200)]);
    let change = |target: Otlp| {
        let client = PushClient::new().header("api-key", "k");
        target.gzip().without_suffixes().without_exponential_histograms().client(client)
    };
    start(&server, &registry, change).flush_blocking(PATIENCE).unwrap();
    let mut request = server.received().remove(0);
    assert_eq!((request.header("content-encoding"), request.header("api-key")), ("gzip", "k"));
    let mut body = Vec::new();
    flate2::read::GzDecoder::new(request.body.as_slice()).read_to_end(&mut body).unwrap();
    request.body = body;
    let metrics = metrics(&request);
    let names: Vec<_> = metrics.keys().map(String::as_str).collect();
    assert_eq!(names, ["both", "build_info", "classic", "jobs", "level", "native", "odd", "phase", "size"]);
    assert_eq!(numbers(&metrics["both"]["histogram"]["data_points"][0]["bucket_counts"]), [100, 900, 0]);
}

/// Only 429, 502, 503 and 504 are sent again, and a partial success is a refusal.
#[test]
fn answers() {
    // A message of one field, itself a message: 2 points were refused, with the text "old".
    let partial = [0x0A, 7, 0x08, 2, 0x12, 3, b'o', b'l', b'd'];
    let registry = Registry::new();
    let answers = [500, 429, 502, 503, 504, 200, 400].map(Answer::status);
    let answers = answers.into_iter().chain([Answer::status(200).body(partial)]);
    let server = ScriptedServer::start(answers.collect::<Vec<_>>());
    let push = start(&server, &registry, |target| target);
    let rejected = |result: Result<(), PushError>| match result {
        Err(PushError::Rejected(why)) => why,
        other => panic!("{other:?}"),
    };
    assert!(rejected(push.flush_blocking(PATIENCE)).contains("500"));
    assert_eq!(server.received().len(), 1);
    push.flush_blocking(PATIENCE).unwrap();
    assert_eq!(server.received().len(), 6);
    assert!(rejected(push.flush_blocking(PATIENCE)).contains("400"));
    assert_eq!(rejected(push.flush_blocking(PATIENCE)), "2 points: old");
    let bodies: Vec<_> = server.received().into_iter().map(|request| request.body).collect();
    assert!(bodies[1..6].windows(2).all(|pair| pair[0] == pair[1]), "the same request is sent again");
}
