//! Concurrent scrapes in all formats, while threads count, create series, register and drop metrics.

use std::{
    collections::BTreeMap,
    hint::black_box,
    sync::atomic::{AtomicBool, AtomicU64, Ordering::SeqCst},
    thread,
};

use metrics_core::{
    Capped, Counter, CounterFn, Definition, Family, Format, Histogram, LabelSet, Page, Registry, Scrape,
};
use prost::Message;

#[derive(Clone, LabelSet)]
struct Tenant {
    tenant: Capped<10_000>,
    paid: bool,
}

#[derive(Clone, Copy, LabelSet)]
struct Sides {
    left: bool,
    up: bool,
}

#[derive(PartialEq, Message)]
struct ProtoFamily {
    #[prost(string, optional, tag = "1")]
    name: Option<String>,
    #[prost(message, repeated, tag = "4")]
    metrics: Vec<ProtoMetric>,
}

#[derive(PartialEq, Message)]
struct ProtoMetric {
    #[prost(message, optional, tag = "3")]
    counter: Option<ProtoCounter>,
}

#[derive(PartialEq, Message)]
struct ProtoCounter {
    #[prost(double, optional, tag = "1")]
    value: Option<f64>,
}

/// Returns the counters of a page without labels, by name.
fn plain_counters(format: Format, page: &[u8]) -> BTreeMap<String, f64> {
    let text = || str::from_utf8(page).expect("text");
    match format {
        Format::Protobuf => {
            let mut rest = page;
            let mut counters = BTreeMap::new();
            while !rest.is_empty() {
                let family = ProtoFamily::decode_length_delimited(&mut rest).expect("a family");
                if let [ProtoMetric { counter: Some(counter) }] = family.metrics.as_slice() {
                    counters.insert(family.name.unwrap_or_default(), counter.value.unwrap_or_default());
                }
            }
            counters
        }
        // By hand, as `serde_json` does not read floats exactly.
        Format::Json => {
            let families = text().split("{\"name\":\"").skip(1);
            let value = |family: &str| {
                let (name, rest) = family.split_once('"')?;
                let (_, value) = rest.split_once("\"value\":")?;
                Some((name.to_owned(), value.split_once('}')?.0.parse().ok()?))
            };
            families.filter_map(value).collect()
        }
        _ => {
            let samples = text().lines().filter(|line| !line.starts_with('#'));
            let pairs = samples.filter_map(|line| line.split_once(' '));
            pairs.filter_map(|(name, value)| Some((name.to_owned(), value.parse().ok()?))).collect()
        }
    }
}

const FORMATS: [Format; 4] = [Format::Text, Format::OpenMetrics, Format::Protobuf, Format::Json];

/// Source of the values of callbacks.
static SOURCE: AtomicU64 = AtomicU64::new(0);

/// A scrape that begins after the end of another one shows at least its counts.
#[test]
fn counters_never_go_down() {
    let registry = Registry::new();
    let counted: Counter = registry.register(&Definition::new("counted_total", "Counted.")).unwrap();
    let amount: Counter<f64> = registry.register(&Definition::new("amount_total", "Amount.")).unwrap();
    let read: CounterFn = registry.register(&Definition::new("read_total", "Read.")).unwrap();
    let read_amount: CounterFn<f64> =
        registry.register(&Definition::new("read_seconds_total", "Read.")).unwrap();
    let slowly = || {
        let value = SOURCE.fetch_add(1, SeqCst);
        // A value may be stored after one that was read later.
        for _ in 0..value % 7 {
            thread::yield_now();
        }
        value
    };
    read.read_from(slowly);
    #[expect(clippy::cast_precision_loss, reason = "it is small")]
    read_amount.read_from(move || slowly() as f64 / 8.0);

    let names = ["counted_total", "amount_total", "read_total", "read_seconds_total"];
    let seen: [AtomicU64; 4] = Default::default();
    let done = AtomicBool::new(false);
    thread::scope(|scope| {
        for _ in 0..3 {
            scope.spawn(|| {
                while !done.load(SeqCst) {
                    // New threads, with new cells.
                    thread::scope(|inner| {
                        inner.spawn(|| {
                            for _ in 0..500 {
                                counted.inc();
                                amount.inc_by(0.1);
                            }
                        });
                    });
                }
            });
        }
        // On a busy machine all pages may be made before the threads count, so this thread does.
        counted.inc();
        amount.inc_by(0.1);
        let scrapers: Vec<_> = (0..6)
            .map(|at| {
                let (registry, seen) = (&registry, &seen);
                scope.spawn(move || {
                    let mut page = Page::default();
                    for round in 0..80 {
                        let format = FORMATS[(at + round) % FORMATS.len()];
                        let floors = seen.each_ref().map(|seen| f64::from_bits(seen.load(SeqCst)));
                        registry.scrape(&Scrape::new(format), &mut page);
                        let counters = plain_counters(format, page.as_ref());
                        for ((name, floor), seen) in names.into_iter().zip(floors).zip(seen) {
                            let value = counters[name];
                            assert!(value >= floor, "{name} was {floor} and is {value} in {format:?}");
                            // The bits of non-negative floats have the order of the floats.
                            seen.fetch_max(value.to_bits(), SeqCst);
                        }
                    }
                })
            })
            .collect();
        let results: Vec<_> = scrapers.into_iter().map(thread::ScopedJoinHandle::join).collect();
        done.store(true, SeqCst);
        assert!(results.iter().all(Result::is_ok));
    });
    assert!(seen.iter().all(|seen| f64::from_bits(seen.load(SeqCst)) > 0.0), "something was counted");
}

/// Returns the lines of a page by family.
fn lines_by_family(page: &str) -> BTreeMap<&str, Vec<&str>> {
    let mut families: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    let mut name = "";
    for line in page.lines() {
        if let Some(rest) = line.strip_prefix("# HELP ") {
            name = rest.split(' ').next().unwrap_or_default();
            assert!(families.insert(name, Vec::new()).is_none(), "{name} is there twice in\n{page}");
        } else if !line.starts_with('#') {
            families.entry(name).or_default().push(line);
        }
    }
    families
}

fn assert_whole(page: &str) {
    for (name, lines) in lines_by_family(page) {
        match name.split_once('_').map(|(kind, _)| kind) {
            // Two labels with two values each.
            Some("sides") => assert_eq!(lines.len(), 4, "{page}"),
            // Three buckets, `+Inf` included, sum and count.
            Some("times") => {
                assert_eq!(lines.len(), 5, "{page}");
                let value = |line: &str| line.rsplit(' ').next().map(str::to_owned);
                assert_eq!(value(lines[2]), value(lines[4]), "`+Inf` is the count in\n{page}");
            }
            Some("tenants") => {
                for line in lines {
                    let labels = line.strip_prefix("tenants_total{tenant=\"tenant-");
                    let rest = labels.and_then(|labels| labels.split_once("\",paid=\"true\"} "));
                    let (tenant, count) = rest.unwrap_or_else(|| panic!("{line} in\n{page}"));
                    assert!(tenant.parse::<u32>().is_ok(), "{line}");
                    // A series appears with the call that creates it, and its count may follow.
                    assert!(["0", "1"].contains(&count), "{line}");
                }
            }
            _ if name == "metrics_overflow_total" => assert_eq!(lines.len(), 1, "{page}"),
            _ => panic!("{name} in\n{page}"),
        }
    }
}

#[test]
fn new_series_are_whole_or_absent() {
    let registry = Registry::new();
    let tenants: Family<Tenant, Counter> =
        registry.register(&Definition::new("tenants_total", "Tenants.")).unwrap();
    let done = AtomicBool::new(false);
    thread::scope(|scope| {
        for thread in 0..2 {
            let (registry, done) = (&registry, &done);
            scope.spawn(move || {
                for round in 0_usize.. {
                    if done.load(SeqCst) {
                        break;
                    }
                    // One name that comes and goes, and a new one each time.
                    for name in
                        [format!("sides_{thread}_total"), format!("sides_{thread}_{}_total", round % 50)]
                    {
                        let sides: Family<Sides, Counter> =
                            registry.register(&Definition::new(name, "Sides.")).unwrap();
                        sides.with(Sides { left: true, up: false }).inc();
                        black_box(&sides);
                    }
                    let definition =
                        Definition::new(format!("times_{thread}_seconds"), "Times.").buckets(&[0.1, 1.0]);
                    let times: Histogram = registry.register(&definition).unwrap();
                    times.observe(0.5);
                    times.observe(5.0);
                }
            });
        }
        let tenants = &tenants;
        scope.spawn(move || {
            for tenant in 0..2000 {
                tenants.with(Tenant { tenant: format!("tenant-{tenant}").as_str().into(), paid: true }).inc();
            }
        });
        let scrapers: Vec<_> = (0..4)
            .map(|_| {
                scope.spawn(|| {
                    for _ in 0..80 {
                        assert_whole(&registry.text());
                    }
                })
            })
            .collect();
        let results: Vec<_> = scrapers.into_iter().map(thread::ScopedJoinHandle::join).collect();
        done.store(true, SeqCst);
        assert!(results.iter().all(Result::is_ok));
    });
    assert_eq!(lines_by_family(&registry.text())["tenants_total"].len(), 2000);
}
