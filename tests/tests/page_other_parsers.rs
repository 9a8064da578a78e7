//! Parsers of other projects read the recorded values from pages.

use std::collections::BTreeMap;

use metrics_core::{Counter, Definition, Format, Gauge, Histogram, Page, Registry, Scrape, prometheus};
use serde_json::Value;
use tests::{
    protobuf,
    python::{Family, Sample, parse_open_metrics, parse_text},
};

/// A generator of random values with a seed that a failure prints.
struct Random(u64);

impl Random {
    fn bits(&mut self) -> u64 {
        // xorshift64*
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        self.0.wrapping_mul(0x2545_F491_4F6C_DD1D)
    }

    fn below(&mut self, bound: usize) -> usize {
        usize::try_from(self.bits() >> 33).expect("31 bits") % bound
    }

    /// Returns a random text, often with characters that formats escape or that separate lines.
    fn text(&mut self) -> String {
        const SPECIAL: [char; 20] = [
            '\\', '"', '\n', '\r', '\t', ' ', ',', '{', '}', '=', '#', '\0', 'n', '\u{85}', '\u{2028}', 'ä',
            '😀', '\u{FEFF}', '\'', '\u{1C}',
        ];
        (0..self.below(24))
            .map(|_| match self.below(3) {
                0 => char::from_u32(u32::try_from(self.below(0x11_0000)).expect("21 bits")).unwrap_or('?'),
                _ => SPECIAL[self.below(SPECIAL.len())],
            })
            .collect()
    }

    /// Returns a random bit pattern as a float, often a special one.
    fn float(&mut self) -> f64 {
        const SPECIAL: [f64; 12] = [
            0.0,
            -0.0,
            1.0,
            f64::NAN,
            f64::INFINITY,
            f64::NEG_INFINITY,
            f64::MAX,
            f64::MIN,
            f64::MIN_POSITIVE,
            5e-324,
            -2.5e-310,
            1e16,
        ];
        if self.below(4) == 0 { SPECIAL[self.below(SPECIAL.len())] } else { f64::from_bits(self.bits()) }
    }
}

/// Definition and values of a generated family.
struct Made {
    name: String,
    help: String,
    label: String,
    value: f64,
    _gauge: Gauge<f64>,
}

fn made(registry: &Registry, random: &mut Random, number: usize) -> Made {
    // The text parser of the Python client trims help texts.
    let (name, help) = (format!("any_{number:04}"), format!("h{}h", random.text()));
    let (label, value) = (random.text(), random.float());
    let definition = Definition::new(name.clone(), help.clone()).label("label", label.clone());
    let gauge: Gauge<f64> = registry.register(&definition).expect("a new name");
    gauge.set(value);
    Made { name, help, label, value, _gauge: gauge }
}

fn assert_same(made: &Made, family: &Family, format: &str) {
    let Made { name, help, label, value, .. } = made;
    assert_eq!((&family.name, &family.help), (name, help), "{format}");
    let [sample] = family.samples.as_slice() else { panic!("{family:?}, {format}") };
    // A label with an empty value is absent.
    let labels: Vec<_> =
        [("label".to_owned(), label.clone())].into_iter().filter(|(_, label)| !label.is_empty()).collect();
    assert_eq!((&sample.name, &sample.labels), (name, &labels), "{format}");
    let difference = sample.value.partial_cmp(value).is_none_or(std::cmp::Ordering::is_ne);
    assert!(
        !difference || (sample.value.is_nan() && value.is_nan()),
        "{} is not {value} of {name}, {format}",
        sample.value
    );
}

/// Returns the families of a protobuf page, read by `prost`.
fn parse_protobuf(registry: &Registry) -> Vec<Family> {
    let family = |family: protobuf::MetricFamily| {
        let name = family.name.unwrap_or_default();
        let sample = |metric: &protobuf::Metric| {
            let label = |label: &protobuf::Label| Some((label.name.clone()?, label.value.clone()?));
            let labels = metric.labels.iter().filter_map(label).collect();
            let value = metric.gauge.as_ref().and_then(|gauge| gauge.value).expect("a gauge");
            Sample { name: name.clone(), labels, value }
        };
        let samples = family.metrics.iter().map(sample).collect();
        let (kind, unit) = ("gauge".into(), family.unit.unwrap_or_default());
        Family { name, kind, unit, help: family.help.unwrap_or_default(), samples }
    };
    protobuf::families(registry, &[]).into_iter().map(family).collect()
}

/// Returns the families of a JSON page, read by `serde_json`, without the numbers, which it does not read exactly.
fn parse_json(registry: &Registry) -> Vec<Family> {
    let mut page = Page::default();
    registry.scrape(&Scrape::new(Format::Json), &mut page);
    let page = str::from_utf8(page.as_ref()).expect("text");
    let whole: Value = serde_json::from_str(page).expect("JSON");
    let text = |value: &Value| value.as_str().expect("a text").to_owned();
    let family = |(family, line): (&Value, &str)| {
        let [sample] = family["series"].as_array().expect("an array").as_slice() else { panic!("{line}") };
        let (_, number) = line.rsplit_once("\"value\":").expect("a value");
        let value = match number.trim_end_matches(['}', ']', ',']) {
            "\"NaN\"" => f64::NAN,
            "\"+Inf\"" => f64::INFINITY,
            "\"-Inf\"" => f64::NEG_INFINITY,
            number => number.parse().expect("a number"),
        };
        let labels = sample["labels"].as_object().expect("an object");
        let labels: BTreeMap<_, _> = labels.iter().map(|(name, value)| (name.clone(), text(value))).collect();
        let (name, kind) = (text(&family["name"]), text(&family["type"]));
        let samples = vec![Sample { name: name.clone(), labels: labels.into_iter().collect(), value }];
        Family { name, kind, unit: String::new(), help: text(&family["help"]), samples }
    };
    // One line for each family.
    let lines = page.lines().filter(|line| line.contains("{\"name\":"));
    whole["families"].as_array().expect("an array").iter().zip(lines).map(family).collect()
}

#[test]
fn random_families() {
    // The same in each run; `tests/fuzz-cases` has the cases of the fuzzer.
    let seed = 0x5EED_0006;
    let mut random = Random(seed);
    let registry = Registry::new();
    let all: Vec<_> = (0..1000).map(|number| made(&registry, &mut random, number)).collect();
    let (text, open) = (kept_pages::text(registry.text()), kept_pages::open_metrics(registry.open_metrics()));
    let read = [
        ("text", parse_text(&text)),
        ("OpenMetrics", parse_open_metrics(&open)),
        ("protobuf", parse_protobuf(&registry)),
        ("JSON", parse_json(&registry)),
    ];
    for (format, families) in read {
        assert_eq!(families.len(), all.len(), "{format}");
        for (made, family) in all.iter().zip(&families) {
            assert_same(made, family, format);
        }
    }
}

/// Returns the type of a parsed family, and its samples as name, `le` and value.
fn shown(families: &[Family], name: &str) -> Vec<String> {
    let family = families.iter().find(|family| family.name == name);
    let family = family.unwrap_or_else(|| panic!("no {name} in {families:#?}"));
    let sample = |sample: &Sample| {
        let labels: Vec<String> =
            sample.labels.iter().map(|(name, value)| format!(" {name}={value}")).collect();
        let labels = labels.concat();
        format!("{}{labels} {}", sample.name, sample.value)
    };
    let heading = format!("{} {}", family.kind, family.unit);
    [heading.trim().to_owned()].into_iter().chain(family.samples.iter().map(sample)).collect()
}

#[test]
fn every_type() {
    let registry = Registry::global();
    let sent: Counter =
        registry.register(&Definition::new("parsed_sent_bytes_total", "Sent.").unit("bytes")).unwrap();
    let definition = Definition::new("parsed_time_seconds", "Time.").buckets(&[0.5, 1.0, 1e6]);
    let time: Histogram = registry.register(&definition).unwrap();
    let shift: Histogram =
        registry.register(&Definition::new("parsed_shift", "Shift.").buckets(&[-1.0, 1.0])).unwrap();
    let plain = prometheus::register_int_counter!("parsed_plain", "No suffix.").unwrap();
    let theirs = prometheus::register_histogram!("parsed_theirs", "Theirs.", vec![1.0, 2e6]).unwrap();
    sent.inc_by(7);
    time.observe(0.75);
    shift.observe(-3.0);
    plain.inc();
    theirs.observe(3.0);

    let text = parse_text(&kept_pages::text(registry.text()));
    assert_eq!(shown(&text, "parsed_sent_bytes"), ["counter", "parsed_sent_bytes_total 7"]);
    assert_eq!(
        shown(&text, "parsed_shift"),
        [
            "histogram",
            "parsed_shift_bucket le=-1 1",
            "parsed_shift_bucket le=1 1",
            "parsed_shift_bucket le=+Inf 1",
            "parsed_shift_sum -3",
            "parsed_shift_count 1",
        ]
    );
    let open = parse_open_metrics(&kept_pages::open_metrics(registry.open_metrics()));
    assert_eq!(shown(&open, "parsed_sent_bytes"), ["counter bytes", "parsed_sent_bytes_total 7"]);
    assert_eq!(shown(&open, "parsed_plain"), ["unknown", "parsed_plain 1"]);
    assert_eq!(
        shown(&open, "parsed_shift"),
        [
            "histogram",
            "parsed_shift_bucket le=-1.0 1",
            "parsed_shift_bucket le=1.0 1",
            "parsed_shift_bucket le=+Inf 1",
        ]
    );
    for (families, le) in [(&text, ["0.5", "1", "1e+06"]), (&open, ["0.5", "1.0", "1e+06"])] {
        let buckets = [("parsed_time_seconds_bucket", le, [0, 1, 1])];
        let lines = buckets.iter().flat_map(|(name, le, counts)| {
            le.iter().zip(counts).map(move |(le, count)| format!("{name} le={le} {count}"))
        });
        let rest = [
            "parsed_time_seconds_bucket le=+Inf 1",
            "parsed_time_seconds_sum 0.75",
            "parsed_time_seconds_count 1",
        ];
        let expected: Vec<_> =
            ["histogram".to_owned()].into_iter().chain(lines).chain(rest.map(str::to_owned)).collect();
        assert_eq!(shown(families, "parsed_time_seconds"), expected);
        assert_eq!(shown(families, "parsed_theirs").len(), 6);
    }
}
