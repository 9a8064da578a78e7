//! What goes out is read back the same by somebody else's parsers.

use metrics_core::{Counter, Definition, Gauge, Histogram, Registry, prometheus};
use tests::python::{Family, parse_open_metrics, parse_text};

/// A small generator, so that a failure prints what to run again.
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

    /// Any text, with what formats escape and what separates lines more often than chance would have it.
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

    /// Any float: each bit pattern, and the special ones more often.
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

/// What a family was made with.
struct Made {
    name: String,
    help: String,
    label: String,
    value: f64,
    _gauge: Gauge<f64>,
}

fn made(registry: &Registry, random: &mut Random, number: usize) -> Made {
    // The text parser of the Python client takes white space from both ends of a help text.
    let (name, help) = (format!("any_{number:04}"), format!("h{}h", random.text()));
    let (label, value) = (random.text(), random.float());
    let definition = Definition::new(name.clone(), help.clone()).label("label", label.clone());
    let gauge: Gauge<f64> = registry.register(&definition).expect("a new name");
    gauge.set(value);
    Made { name, help, label, value, _gauge: gauge }
}

fn assert_same(made: &Made, family: &Family, seed: u64) {
    let Made { name, help, label, value, .. } = made;
    assert_eq!((&family.name, &family.help), (name, help), "seed {seed}");
    let [sample] = family.samples.as_slice() else { panic!("{family:?}, seed {seed}") };
    // A label without a value is an absent one.
    let labels: Vec<_> =
        [("label".to_owned(), label.clone())].into_iter().filter(|(_, label)| !label.is_empty()).collect();
    assert_eq!((&sample.name, &sample.labels), (name, &labels), "seed {seed}");
    let difference = sample.value.partial_cmp(value).is_none_or(std::cmp::Ordering::is_ne);
    assert!(
        !difference || (sample.value.is_nan() && value.is_nan()),
        "{} is not {value} of {name}, seed {seed}",
        sample.value
    );
}

#[test]
fn any_label_any_help_and_any_float_come_back() {
    // Another seed is another run; this one is the same each time.
    let seed =
        std::env::var("SEED").ok().and_then(|seed| seed.parse().ok()).unwrap_or(0x9E37_79B9_7F4A_7C15_u64)
            | 1;
    let mut random = Random(seed);
    let registry = Registry::new();
    let all: Vec<_> = (0..1000).map(|number| made(&registry, &mut random, number)).collect();
    for families in [parse_text(&registry.text()), parse_open_metrics(&registry.open_metrics())] {
        assert_eq!(families.len(), all.len(), "seed {seed}");
        for (made, family) in all.iter().zip(&families) {
            assert_same(made, family, seed);
        }
    }
}

/// What a parser has read of a family: its type and the samples, name, `le` and value.
fn shown(families: &[Family], name: &str) -> Vec<String> {
    let family = families.iter().find(|family| family.name == name);
    let family = family.unwrap_or_else(|| panic!("no {name} in {families:#?}"));
    let sample = |sample: &tests::python::Sample| {
        let labels: Vec<String> =
            sample.labels.iter().map(|(name, value)| format!(" {name}={value}")).collect();
        let labels = labels.concat();
        format!("{}{labels} {}", sample.name, sample.value)
    };
    let heading = format!("{} {}", family.kind, family.unit);
    [heading.trim().to_owned()].into_iter().chain(family.samples.iter().map(sample)).collect()
}

#[test]
fn every_type_is_read_back() {
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

    let text = parse_text(&registry.text());
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
    let open = parse_open_metrics(&registry.open_metrics());
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
