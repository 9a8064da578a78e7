//! Invalid label values: of a wrong implementation, or with characters that break a page.

use std::thread;

use metrics_core::{
    __private::{CallSite, Dimension, Instrument, InstrumentLabel, SiteDeclaration, position},
    Capped, Counter, Definition, DynamicFamily, Family, LabelName, LabelSet, LabelValue, Registry,
};

/// A label value whose index may be past its count.
#[derive(Clone, Copy)]
struct Wrong(usize);

impl LabelValue for Wrong {
    const COUNT: usize = 2;

    fn index(&self) -> usize {
        self.0
    }

    fn name_at(index: usize) -> &'static str {
        ["zero", "one"].get(index).copied().unwrap_or_default()
    }
}

impl LabelName for Wrong {
    const NAME: &'static str = "wrong";
}

#[derive(Clone, Copy, LabelSet)]
struct WithFlag {
    wrong: Wrong,
    is_on: bool,
}

#[derive(Clone, LabelSet)]
struct WithString {
    wrong: Wrong,
    name: Capped<3>,
}

const INDICES: [usize; 9] = [2, 3, 4, 7, 100, 1 << 20, 1 << 31, u32::MAX as usize, usize::MAX / 2];

#[test]
fn invalid_index_is_not_counted() {
    let registry = Registry::new();
    let register = |name: &str| registry.register::<Counter>(&Definition::new(name, "Others.")).unwrap();
    let _before = register("a_before_total");
    let wrong: Family<WithFlag, Counter> =
        registry.register(&Definition::new("wrong_total", "Wrong.")).unwrap();
    let strings: Family<WithString, Counter> =
        registry.register(&Definition::new("strings_total", "Wrong.")).unwrap();
    let tuple: Family<(Wrong,), Counter> =
        registry.register(&Definition::new("tuple_total", "Wrong.")).unwrap();
    let _after: Vec<_> = (0..100).map(|number| register(&format!("z_after_{number}_total"))).collect();
    for index in INDICES {
        tuple.with((Wrong(index),)).inc();
        for flag in [false, true] {
            wrong.with(WithFlag { wrong: Wrong(index), is_on: flag }).inc();
            assert!(!wrong.remove(WithFlag { wrong: Wrong(index), is_on: flag }));
        }
        for name in ["a", "b", "a"] {
            strings.with(WithString { wrong: Wrong(index), name: name.into() }).inc();
        }
    }
    strings.with(WithString { wrong: Wrong(1), name: "a".into() }).inc();
    let page = registry.text();
    let counted: Vec<_> =
        page.lines().filter(|line| !line.starts_with('#') && !line.ends_with(" 0")).collect();
    assert_eq!(counted, ["strings_total{wrong=\"one\",name=\"a\"} 1"]);
}

#[test]
fn call_with_an_invalid_index_is_not_counted() {
    const DIMENSIONS: &[Option<Dimension>] = &[Some(Dimension::of::<Wrong>("wrong"))];
    const LABELS: &[InstrumentLabel] = &[InstrumentLabel::Dimension(0)];
    static DECLARATION: SiteDeclaration = SiteDeclaration {
        function: "wrong",
        arguments: 1,
        dimensions: DIMENSIONS,
        instruments: &[Instrument {
            name: "wrong_calls_total",
            help: "Help.",
            labels: LABELS,
            ..Instrument::CALLS
        }],
        ..SiteDeclaration::PLAIN
    };
    static SITE: CallSite = CallSite::new(&DECLARATION);
    let after: Vec<Counter> = (0..100)
        .map(|number| {
            let definition = Definition::new(format!("behind_{number}_total"), "Others.");
            Registry::global().register(&definition).unwrap()
        })
        .collect();
    for index in INDICES {
        SITE.begin([position(&Wrong(index))]).finish(false, [], ());
    }
    SITE.begin([position(&Wrong(1))]).finish(false, [], ());
    let page = Registry::global().text();
    assert!(
        page.contains("wrong_calls_total{wrong=\"zero\"} 0\nwrong_calls_total{wrong=\"one\"} 1\n"),
        "{page}"
    );
    assert_eq!(after.iter().map(|counter| counter.get()).sum::<u64>(), 0);
}

#[test]
fn separators_are_replaced() {
    #[derive(Clone, LabelSet)]
    struct Path {
        file: Capped<5>,
    }
    let registry = Registry::new();
    let paths: Family<Path, Counter> = registry.register(&Definition::new("paths_total", "Paths.")).unwrap();
    let definition = Definition::new("queues_total", "Queues.").dynamic_label("queue", 5);
    let queues: DynamicFamily<Counter> = registry.register(&definition).unwrap();
    let separators = ["\r", "\u{B}", "\u{C}", "\u{1C}", "\u{85}", "\u{2028}", "\u{2029}", "\0", "\t"];
    for _ in 0..2 {
        for separator in separators {
            let path = format!("/a{separator}b");
            paths.with(Path { file: path.as_str().into() }).inc();
            queues.with(&[&path]).inc();
            paths
                .with(Path { file: format!("{path} of more than the bytes of a short string").into() })
                .inc();
        }
    }
    paths.with(Path { file: "line\nfeed".into() }).inc();
    let page = registry.text();
    assert!(page.contains("paths_total{file=\"/a\u{FFFD}b\"} 18\n"), "{page}");
    assert!(page.contains("queues_total{queue=\"/a\u{FFFD}b\"} 18\n"), "{page}");
    assert!(page.contains("paths_total{file=\"line\\nfeed\"} 1\n"), "{page}");
    assert!(!separators.iter().any(|separator| page.contains(separator)));
}

#[test]
fn separators_in_a_full_label() {
    #[derive(Clone, LabelSet)]
    struct Path {
        file: Capped<1>,
    }
    let registry = Registry::new();
    let paths: Family<Path, Counter> = registry.register(&Definition::new("full_total", "Paths.")).unwrap();
    for _ in 0..3 {
        paths.with(Path { file: "a\rb".into() }).inc();
    }
    assert!(registry.text().contains("full_total{file=\"a\u{FFFD}b\"} 3\n"));
}

#[test]
fn overflow_of_a_shared_metric() {
    const DIMENSIONS: &[Option<Dimension>] = &[Some(Dimension::capped("tenant", 2))];
    const LABELS: &[InstrumentLabel] = &[InstrumentLabel::Dimension(0)];
    const CALLS: Instrument =
        Instrument { name: "shared_calls_total", help: "Help.", labels: LABELS, ..Instrument::CALLS };
    static ONE: SiteDeclaration = SiteDeclaration {
        function: "one",
        arguments: 1,
        dimensions: DIMENSIONS,
        instruments: &[CALLS],
        ..SiteDeclaration::PLAIN
    };
    static OTHER: SiteDeclaration = SiteDeclaration { function: "other", ..ONE };
    static FIRST: CallSite = CallSite::new(&ONE);
    static SECOND: CallSite = CallSite::new(&OTHER);
    let call =
        |site: &'static CallSite, tenant: &str| site.begin([site.capped(0, tenant)]).finish(false, [], ());
    for tenant in ["a", "b"] {
        call(&FIRST, tenant);
    }
    // The second call site sees more strings than fit, in another order.
    for _ in 0..5 {
        for tenant in ["b", "x", "y", "a"] {
            call(&SECOND, tenant);
        }
    }
    let page = Registry::global().text();
    assert!(page.contains("shared_calls_total{tenant=\"b\"} 6\n"), "{page}");
    let overflow = page
        .lines()
        .find_map(|line| line.strip_prefix("metrics_overflow_total{metric=\"shared_calls_total\"} "))
        .and_then(|count| count.parse::<u64>().ok());
    // `x` and `y` in each call; `a` came last and is past the limit of the call site.
    assert_eq!(overflow, Some(15), "{page}");
}

#[test]
fn concurrent_first_calls() {
    const DIMENSIONS: &[Option<Dimension>] = &[Some(Dimension::capped("tenant", 1))];
    const LABELS: &[InstrumentLabel] = &[InstrumentLabel::Dimension(0)];
    static DECLARATION: SiteDeclaration = SiteDeclaration {
        function: "raced",
        arguments: 1,
        dimensions: DIMENSIONS,
        instruments: &[Instrument {
            name: "raced_total",
            help: "Help.",
            labels: LABELS,
            ..Instrument::CALLS
        }],
        ..SiteDeclaration::PLAIN
    };
    static SITE: CallSite = CallSite::new(&DECLARATION);
    thread::scope(|scope| {
        for _ in 0..8 {
            scope.spawn(|| {
                for tenant in ["a", "b"] {
                    SITE.begin([SITE.capped(0, tenant)]).finish(false, [], ());
                }
            });
        }
    });
    let page = Registry::global().text();
    let lines: Vec<_> = page.lines().filter(|line| line.contains("raced_total")).collect();
    let of = |label: &str| lines.iter().any(|line| line.contains(label) && line.ends_with(" 8"));
    // The family keeps one of the two strings.
    assert!(of("tenant=\"_OTHER\"") && (of("tenant=\"a\"") || of("tenant=\"b\"")), "{lines:?}");
    assert!(of("metrics_overflow_total{metric=\"raced_total\"}"), "{lines:?}");
}
