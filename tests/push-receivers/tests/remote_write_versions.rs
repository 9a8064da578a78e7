//! Remote write 2.0, and 1.0 where a receiver does not confirm it.

use std::{collections::BTreeMap, time::Duration};

use metrics_core::{Counter, Definition, Push, PushError, Registry, RemoteWrite};
use tests::{
    protobuf::families,
    scripted_server::{Answer, Received, ScriptedServer},
};
use tests_push_receivers::{
    metrics::{Metrics, ODD, TRACE_ID},
    write_messages::{Exemplar1, Exemplar2, Label, Labels, Request, Sample, TimeSeries1, WriteRequest},
};

const PATIENCE: Duration = Duration::from_secs(120);
/// The NaN of a stale marker.
const STALE: u64 = 0x7ff0_0000_0000_0002;

fn confirmed() -> Answer {
    Answer::status(204).header("X-Prometheus-Remote-Write-Samples-Written", "1")
}

fn target(server: &ScriptedServer) -> RemoteWrite {
    RemoteWrite::new(&server.url("/api/v1/write"))
        .label("job", "j")
        .label("instance", "i")
        .label("queue", "other")
}

fn version(request: &Received) -> &str {
    match request.header("x-prometheus-remote-write-version") {
        "2.0.0" => {
            assert_eq!(
                request.header("content-type"),
                "application/x-protobuf;proto=io.prometheus.write.v2.Request"
            );
        }
        "0.1.0" => assert_eq!(request.header("content-type"), "application/x-protobuf"),
        other => panic!("version {other}"),
    }
    assert_eq!(request.target(), "/api/v1/write");
    assert_eq!(request.header("content-encoding"), "snappy");
    assert!(request.header("user-agent").starts_with("metrics-core/"), "{request:?}");
    request.header("x-prometheus-remote-write-version")
}

fn versions(server: &ScriptedServer) -> Vec<String> {
    server.received().iter().map(|request| version(request).to_owned()).collect()
}

fn one_counter() -> (Registry, Counter) {
    let registry = Registry::new();
    let definition = Definition::new("jobs_total", "Jobs that ended.").label("queue", "mail").unit("jobs");
    let jobs = registry.register(&definition).unwrap();
    (registry, jobs)
}

fn labels(pairs: &[(&str, &str)]) -> Labels {
    pairs.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect()
}

#[test]
fn message_of_version_2() {
    let registry = Registry::new();
    let metrics = Metrics::register(&registry);
    metrics.record();
    let server = ScriptedServer::start(vec![confirmed()]);
    let push = Push::to(target(&server)).registry(&registry).start().unwrap();
    push.flush_blocking(PATIENCE).unwrap();
    assert_eq!(versions(&server), ["2.0.0"]);
    let request = Request::of(&server.received()[0]);
    let by_name = |name: &str, more: &[(&str, &str)]| {
        let mut expected = labels(&[("__name__", name), ("instance", "i"), ("job", "j"), ("queue", "other")]);
        expected.extend(labels(more));
        let found = request.timeseries.iter().find(|series| request.labels(&series.labels_refs) == expected);
        found.unwrap_or_else(|| panic!("{expected:?}")).clone()
    };
    // The series' own label wins.
    let jobs = by_name("jobs_total", &[("queue", "mail")]);
    let sample = jobs.samples[0];
    assert!((sample.value - 3.0).abs() < f64::EPSILON);
    assert!(0 < sample.start_timestamp && sample.start_timestamp <= sample.timestamp, "{sample:?}");
    let metadata = jobs.metadata.unwrap();
    assert_eq!(metadata.metric_type, 1, "a counter");
    assert_eq!(request.symbol(metadata.help_ref), "Help \\ with \"all\"\nof it.");
    assert_eq!(request.symbol(metadata.unit_ref), "");
    let exemplar = &jobs.exemplars[0];
    assert_eq!(request.labels(&exemplar.labels_refs)["trace_id"], TRACE_ID);
    assert!((exemplar.value - 3.0).abs() < f64::EPSILON && exemplar.timestamp > 0);
    let level = by_name("level_celsius", &[]);
    assert_eq!((level.samples[0].start_timestamp, level.metadata.unwrap().metric_type), (0, 2), "a gauge");
    by_name("odd", &[("odd", ODD)]);
    let bucket = by_name("classic_seconds_bucket", &[("le", "1.0")]);
    assert_eq!(request.symbol(bucket.metadata.unwrap().unit_ref), "seconds");
    assert_eq!(bucket.exemplars.len(), 1);
    assert!(bucket.samples[0].start_timestamp > 0);
    let native = by_name("native_bytes", &[]);
    let histogram = &native.histograms[0];
    let scraped = families(&registry, &["native_bytes"]).remove(0).metrics.remove(0).histogram.unwrap();
    assert_eq!(
        (histogram.count_int, histogram.zero_count_int, histogram.schema),
        (Some(1003), Some(1), scraped.schema())
    );
    assert!(0 < histogram.start_timestamp && histogram.start_timestamp <= histogram.timestamp);
    assert_eq!(native.metadata.unwrap().metric_type, 3, "a histogram");
    assert_eq!(by_name("size_bytes_count", &[]).metadata.unwrap().metric_type, 5, "a summary");
}

#[test]
fn exemplars_are_sent_once() {
    let (registry, jobs) = one_counter();
    jobs.inc_by_with(1, [("trace_id", "a")]);
    let server = ScriptedServer::start(vec![confirmed()]);
    let push = Push::to(target(&server)).registry(&registry).start().unwrap();
    for _ in 0..2 {
        push.flush_blocking(PATIENCE).unwrap();
    }
    let exemplars = |request: &Received| {
        Request::of(request).timeseries.iter().map(|series| series.exemplars.len()).sum::<usize>()
    };
    assert_eq!(server.received().iter().map(exemplars).collect::<Vec<_>>(), [1, 0]);
}

/// Asserts that a receiver of 1.0 gets what it did not take in 2.0, and no 2.0 after that.
#[track_caller]
fn assert_fallback(answer: Answer) {
    let registry = Registry::new();
    let metrics = Metrics::register(&registry);
    metrics.record();
    let server = ScriptedServer::start(vec![answer, Answer::status(204)]);
    let push = Push::to(target(&server)).registry(&registry).start().unwrap();
    for _ in 0..2 {
        push.flush_blocking(PATIENCE).unwrap();
    }
    assert_eq!(versions(&server), ["2.0.0", "0.1.0", "0.1.0"]);
    let received = server.received();
    assert_eq!(series_of_2(&Request::of(&received[0])), series_of_1(&WriteRequest::of(&received[1])));
    let metadata = WriteRequest::of(&received[1]).metadata;
    let of = |name: &str| metadata.iter().find(|metadata| metadata.metric_family_name == name);
    for (name, metric_type, unit) in [
        ("jobs_total", 1, ""),
        ("level_celsius", 2, ""),
        ("classic_seconds", 3, "seconds"),
        ("native_bytes", 3, ""),
        ("both_bytes", 3, ""),
        ("size_bytes", 5, ""),
    ] {
        let metadata = of(name).unwrap_or_else(|| panic!("{name} in {metadata:?}"));
        assert_eq!((metadata.metric_type, metadata.unit.as_str()), (metric_type, unit), "{name}");
        assert_eq!(metadata.help, "Help \\ with \"all\"\nof it.", "{name}");
    }
    assert!(of("classic_seconds_bucket").is_none() && of("size_bytes_sum").is_none(), "{metadata:?}");
}

/// Returns the values, times, exemplars and histograms of a request by labels, as text.
fn series_of_2(request: &Request) -> BTreeMap<Labels, String> {
    let exemplar = |exemplar: &Exemplar2| {
        (request.labels(&exemplar.labels_refs), exemplar.value.to_bits(), exemplar.timestamp)
    };
    let series = request.timeseries.iter().map(|series| {
        let mut histograms = series.histograms.clone();
        for histogram in &mut histograms {
            histogram.start_timestamp = 0;
        }
        let samples = samples(&series.samples);
        let exemplars: Vec<_> = series.exemplars.iter().map(exemplar).collect();
        (request.labels(&series.labels_refs), format!("{samples:?} {exemplars:?} {histograms:?}"))
    });
    series.collect()
}

fn series_of_1(request: &WriteRequest) -> BTreeMap<Labels, String> {
    let by_name = |labels: &[Label]| -> Labels {
        labels.iter().map(|label| (label.name.clone(), label.value.clone())).collect()
    };
    // Exemplars of native histograms come after them, in a series of their own.
    let mut joined = BTreeMap::<Labels, TimeSeries1>::new();
    for series in &request.timeseries {
        let before = joined.entry(by_name(&series.labels)).or_default();
        assert!(
            *before == TimeSeries1::default() || series.samples.is_empty() && series.histograms.is_empty()
        );
        before.samples.extend_from_slice(&series.samples);
        before.histograms.extend_from_slice(&series.histograms);
        before.exemplars.extend_from_slice(&series.exemplars);
    }
    let series = joined.into_iter().map(|(labels, series)| {
        let exemplar =
            |exemplar: &Exemplar1| (by_name(&exemplar.labels), exemplar.value.to_bits(), exemplar.timestamp);
        let exemplars: Vec<_> = series.exemplars.iter().map(exemplar).collect();
        (labels, format!("{:?} {exemplars:?} {:?}", samples(&series.samples), series.histograms))
    });
    series.collect()
}

fn samples(samples: &[Sample]) -> Vec<(u64, i64)> {
    samples.iter().map(|sample| (sample.value.to_bits(), sample.timestamp)).collect()
}

#[test]
fn without_confirmation() {
    assert_fallback(Answer::status(204));
    assert_fallback(Answer::status(200).body("ok"));
}

#[test]
fn unsupported_media_type() {
    assert_fallback(Answer::status(415));
}

#[test]
fn version_1_from_the_start() {
    let (registry, _jobs) = one_counter();
    let server = ScriptedServer::start(vec![Answer::status(204)]);
    let push = Push::to(target(&server).version_1()).registry(&registry).start().unwrap();
    push.flush_blocking(PATIENCE).unwrap();
    assert_eq!(versions(&server), ["0.1.0"]);
}

#[test]
fn refused_and_unavailable() {
    let (registry, _jobs) = one_counter();
    let server = ScriptedServer::start(vec![
        Answer::status(400).body("out of order sample"),
        Answer::status(503),
        Answer::status(429),
        confirmed(),
    ]);
    let wait = Duration::from_millis(1);
    let push = Push::to(target(&server)).registry(&registry).backoff(wait, wait).start().unwrap();
    let error = push.flush_blocking(PATIENCE).unwrap_err();
    assert!(matches!(error, PushError::Rejected(_)), "{error}");
    assert!(error.to_string().contains("out of order sample"), "{error}");
    push.flush_blocking(PATIENCE).unwrap();
    assert_eq!(versions(&server), ["2.0.0"; 4]);
    let received = server.received();
    assert_eq!(received[1].body, received[2].body);
    assert_eq!(received[1].body, received[3].body);
}

#[test]
fn markers_at_the_end() {
    let (registry, _jobs) = one_counter();
    let _native: metrics_core::Histogram =
        registry.register(&Definition::new("native_bytes", "Sizes.").buckets(&[]).native()).unwrap();
    let server = ScriptedServer::start(vec![confirmed()]);
    let push = Push::to(target(&server)).registry(&registry).start().unwrap();
    push.shutdown_blocking(PATIENCE).unwrap();
    let [page, markers] = &server.received()[..] else { panic!("a page and the markers") };
    let (page, markers) = (Request::of(page), Request::of(markers));
    let labels = |request: &Request| -> Vec<Labels> {
        let mut labels: Vec<_> =
            request.timeseries.iter().map(|series| request.labels(&series.labels_refs)).collect();
        labels.sort();
        labels
    };
    assert_eq!(labels(&page), labels(&markers));
    let time = page.timeseries[0].samples[0].timestamp;
    let mut native = 0;
    for series in &markers.timeseries {
        for sample in &series.samples {
            assert_eq!(sample.value.to_bits(), STALE);
            assert!(sample.timestamp > time);
        }
        for histogram in &series.histograms {
            assert_eq!((histogram.sum.to_bits(), histogram.count_int), (STALE, Some(0)));
            assert!(histogram.timestamp > time);
            native += 1;
        }
    }
    assert_eq!(native, 1);
}

#[test]
fn many_series_are_several_requests() {
    let registry = Registry::new();
    let gauges: metrics_core::DynamicFamily<metrics_core::Gauge> =
        registry.register(&Definition::new("gauges", "Gauges.").dynamic_label("number", 5000)).unwrap();
    for number in 0..4500 {
        gauges.with(&[&number.to_string()]).set(number);
    }
    let server = ScriptedServer::start(vec![confirmed()]);
    let push = Push::to(target(&server)).registry(&registry).start().unwrap();
    push.flush_blocking(PATIENCE).unwrap();
    let sizes: Vec<_> = server.received().iter().map(|it| Request::of(it).timeseries.len()).collect();
    assert_eq!(sizes[..2], [2000, 2000]);
    assert!(sizes.len() == 3 && sizes[2] >= 500, "{sizes:?}");
}

#[test]
fn only_some_families() {
    let registry = Registry::new();
    let _metrics = Metrics::register(&registry);
    let server = ScriptedServer::start(vec![confirmed()]);
    let target = target(&server).only("jobs_").only("size_bytes");
    let push = Push::to(target).registry(&registry).start().unwrap();
    push.flush_blocking(PATIENCE).unwrap();
    let request = Request::of(&server.received()[0]);
    let name = |labels: &Vec<u32>| request.labels(labels)["__name__"].clone();
    let names: Vec<_> = request.timeseries.iter().map(|series| name(&series.labels_refs)).collect();
    assert_eq!(names, ["jobs_total", "size_bytes_sum", "size_bytes_count"]);
}

#[test]
fn invalid_labels_are_refused() {
    for name in ["", "1a", "a-b", "__name__", "ü"] {
        let target = RemoteWrite::new("http://127.0.0.1:1/").label(name, "x");
        let error = Push::to(target).registry(&Registry::new()).start().unwrap_err();
        assert!(matches!(error, PushError::Config(_)), "{name}: {error}");
    }
}
