//! The delimited protobuf.

use metrics_core::{
    Counter, Definition, Family, Format, Gauge, Histogram, Info, LabelSet, LabelValue, Page, Registry,
    Scrape, StateSet, Summary, prometheus,
};
use tests::protobuf::{self as proto, Label, Metric, MetricFamily, families};

fn family(name: &str, help: &str, kind: i32, metrics: Vec<Metric>) -> MetricFamily {
    MetricFamily { name: Some(name.into()), help: Some(help.into()), kind: Some(kind), metrics, unit: None }
}

fn counter(value: f64) -> proto::Counter {
    proto::Counter { value: Some(value), ..Default::default() }
}

fn gauge(value: f64, labels: &[(&str, &str)]) -> Metric {
    let labels = labels.iter().map(|(name, value)| Label::new(name, value)).collect();
    Metric { labels, gauge: Some(proto::Gauge { value: Some(value) }), ..Metric::default() }
}

fn histogram(count: u64, sum: f64, buckets: &[(u64, f64)]) -> Metric {
    let bucket = |(count, bound): &(u64, f64)| proto::Bucket {
        count: Some(*count),
        bound: Some(*bound),
        ..Default::default()
    };
    let buckets = buckets.iter().map(bucket).collect();
    let histogram = proto::Histogram { count: Some(count), sum: Some(sum), buckets, ..Default::default() };
    Metric { histogram: Some(histogram), ..Metric::default() }
}

#[test]
fn own_families() {
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
    let sent = Metric {
        labels: vec![Label::new("to", &value), Label::new("b", "2")],
        counter: Some(counter(300.0)),
        ..Metric::default()
    };
    let mut sent = family("sent_bytes_total", "Sent\n.", 0, vec![sent]);
    sent.unit = Some("bytes".into());
    let time = histogram(2, 2.25, &[(0, 0.5), (1, 1.0), (2, f64::INFINITY)]);
    let expected = [
        family("level", "Level.", 1, vec![gauge(-7.0, &[])]),
        sent,
        family("time_seconds", "Time.", 4, vec![time]),
    ];
    assert_eq!(families(&registry, &[]), expected);
}

#[derive(Clone, Copy, LabelValue)]
enum Phase {
    Starting,
    Running,
}

#[derive(Clone, Copy, LabelSet)]
struct Ranked {
    ranked: bool,
}

#[test]
fn infos_state_sets_and_summaries() {
    let registry = Registry::new();
    let define = |name: &str| Definition::new(name, "Help.");
    let _build: Info = registry.register(&define("app_build_info").label("version", "1\"2")).unwrap();
    let phase: StateSet<Phase> = registry.register(&define("app_phase").label("a", "b")).unwrap();
    let size: Summary = registry.register(&define("app_size_bytes")).unwrap();
    let share: Family<Ranked, Gauge<f64>> = registry.register(&define("app_share")).unwrap();
    phase.set(Phase::Starting);
    phase.set(Phase::Running);
    size.observe(2.5);
    share.with(Ranked { ranked: true }).set(f64::NEG_INFINITY);
    let summary = proto::Summary { count: Some(1), sum: Some(2.5), ..Default::default() };
    let expected = [
        family("app_build_info", "Help.", 1, vec![gauge(1.0, &[("version", "1\"2")])]),
        family(
            "app_phase",
            "Help.",
            1,
            vec![
                gauge(0.0, &[("a", "b"), ("app_phase", "Starting")]),
                gauge(1.0, &[("a", "b"), ("app_phase", "Running")]),
            ],
        ),
        family(
            "app_share",
            "Help.",
            1,
            vec![gauge(0.0, &[("ranked", "false")]), gauge(f64::NEG_INFINITY, &[("ranked", "true")])],
        ),
        family("app_size_bytes", "Help.", 2, vec![Metric { summary: Some(summary), ..Metric::default() }]),
    ];
    assert_eq!(families(&registry, &[]), expected);
}

#[test]
fn exemplars() {
    let registry = Registry::new();
    let jobs: Counter = registry.register(&Definition::new("jobs_total", "Jobs.")).unwrap();
    let time: Histogram =
        registry.register(&Definition::new("time_seconds", "Time.").buckets(&[0.5])).unwrap();
    jobs.inc_by_with(3, [("trace_id", "a\"b"), ("span_id", "c")]);
    time.observe_with(0.25, [("id", "x")]);
    let families = families(&registry, &[]);
    let of_counter = families[0].metrics[0].counter.as_ref().unwrap().exemplar.clone().unwrap();
    assert_eq!(of_counter.labels, [Label::new("trace_id", "a\"b"), Label::new("span_id", "c")]);
    assert_eq!(of_counter.value, Some(3.0));
    let now = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap().as_secs();
    let time = of_counter.timestamp.unwrap();
    assert!(
        u64::try_from(time.seconds).unwrap().abs_diff(now) < 60 && (0..1_000_000_000).contains(&time.nanos)
    );
    let histogram = families[1].metrics[0].histogram.clone().unwrap();
    assert_eq!(histogram.buckets[0].exemplar.as_ref().unwrap().labels, [Label::new("id", "x")]);
    assert_eq!(histogram.buckets[1].exemplar, None);
    assert!(histogram.exemplars.is_empty(), "they are for native histograms");
}

#[test]
fn created_timestamps() {
    let registry = Registry::new();
    let _jobs: Counter = registry.register(&Definition::new("jobs_total", "Jobs.")).unwrap();
    let _size: Summary = registry.register(&Definition::new("size_bytes", "Size.")).unwrap();
    let _time: Histogram =
        registry.register(&Definition::new("time_seconds", "Time.").buckets(&[0.5])).unwrap();
    let created = |families: &[MetricFamily]| {
        let metric = |at: usize| families[at].metrics[0].clone();
        [
            metric(0).counter.unwrap().created,
            metric(1).summary.unwrap().created,
            metric(2).histogram.unwrap().created,
        ]
    };
    assert_eq!(created(&families(&registry, &[])), [None; 3]);
    registry.created_timestamps(true);
    let now = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap().as_secs();
    for time in created(&families(&registry, &[])) {
        assert!(u64::try_from(time.unwrap().seconds).unwrap().abs_diff(now) < 60);
    }
}

#[test]
fn foreign_families() {
    let times = prometheus::register_histogram!("protobuf_times", "Times.", vec![1.0]).unwrap();
    times.observe(3.0);
    let expected =
        family("protobuf_times", "Times.", 4, vec![histogram(1, 3.0, &[(0, 1.0), (1, f64::INFINITY)])]);
    assert_eq!(families(Registry::global(), &["protobuf_times"]), [expected]);
}

/// A generator of random values with a seed.
struct Random(u64);

impl Random {
    fn bits(&mut self) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0
    }

    #[allow(clippy::cast_possible_truncation)] // remainders
    fn text(&mut self) -> String {
        const SPECIAL: [char; 12] = ['\\', '"', '\n', '\r', ',', '{', '}', '=', '\0', 'n', 'ä', '\u{2028}'];
        (0..self.bits() % 200)
            .map(|_| match self.bits() % 3 {
                0 => char::from_u32((self.bits() % 0x11_0000) as u32).unwrap_or('?'),
                _ => SPECIAL[(self.bits() % 12) as usize],
            })
            .collect()
    }

    fn float(&mut self, round: usize) -> f64 {
        const SPECIAL: [f64; 10] = [
            0.0,
            -0.0,
            f64::NAN,
            f64::INFINITY,
            f64::NEG_INFINITY,
            5e-324,
            -2.5e-310,
            f64::MAX,
            f64::MIN,
            1e16,
        ];
        SPECIAL.get(round).copied().unwrap_or_else(|| f64::from_bits(self.bits()))
    }
}

/// Random label values, help texts and floats are read back unchanged.
#[test]
fn random_families() {
    let mut random = Random(0x9E37_79B9_7F4A_7C15);
    for round in 0..500 {
        let registry = Registry::new();
        let (help, value, id) = (random.text(), random.text(), random.text());
        let id: String = id.chars().take(100).collect();
        let number = random.float(round);
        let amount = random.bits() >> 12;
        let define = |name: &str| Definition::new(name, help.clone()).label("a", value.clone());
        let level: Gauge<f64> = registry.register(&define("level")).unwrap();
        let jobs: Counter = registry.register(&define("jobs_total")).unwrap();
        level.set(number);
        jobs.inc_by_with(amount, [("id", id.as_str())]);
        let families = families(&registry, &[]);
        let [jobs, level] = &families[..] else { panic!("two families: {families:?}") };
        assert_eq!(level.help.as_deref(), Some(help.as_str()));
        // A label with an empty value is absent.
        let labels = if value.is_empty() { vec![] } else { vec![Label::new("a", &value)] };
        assert_eq!(level.metrics[0].labels, labels);
        let shown = level.metrics[0].gauge.as_ref().unwrap().value.unwrap();
        assert!(
            shown.to_bits() == number.to_bits() || shown.is_nan() && number.is_nan(),
            "{number:e} {shown:e}"
        );
        let counter = jobs.metrics[0].counter.as_ref().unwrap();
        assert_eq!(counter.value, Some(amount as f64));
        assert_eq!(counter.exemplar.as_ref().unwrap().labels, [Label::new("id", &id)]);
        assert_json(&registry, &help, &value, number, amount, &id);
    }
}

/// Random values are read back unchanged from JSON.
#[track_caller]
fn assert_json(registry: &Registry, help: &str, value: &str, number: f64, amount: u64, id: &str) {
    let mut page = Page::default();
    registry.scrape(&Scrape::new(Format::Json), &mut page);
    let json: serde_json::Value = serde_json::from_slice(page.as_ref()).expect("JSON");
    let series = |at: usize| json["families"][at]["series"][0].clone();
    assert_eq!(json["families"][1]["help"], help);
    if !value.is_empty() {
        assert_eq!(series(1)["labels"]["a"], value);
    }
    // `serde_json` may be off by one bit, so the text is parsed by `std`.
    let text = str::from_utf8(page.as_ref()).expect("UTF-8");
    let (_, shown) = text.rsplit_once("\"value\":").expect("a value");
    let shown = shown.split('}').next().expect("its end");
    let read: f64 = shown.trim_matches('"').parse().expect("a number");
    assert!(read.to_bits() == number.to_bits() || read.is_nan() && number.is_nan(), "{number:e} {shown}");
    assert_eq!(shown.starts_with('"'), !number.is_finite(), "{shown}");
    assert_eq!(series(0)["value"].as_u64(), Some(amount));
    assert_eq!(series(0)["exemplar"]["labels"]["id"], id);
}
