//! Threads that start, count and end: no count is lost, and no counter goes down.

use std::{
    cell::RefCell,
    sync::{
        Barrier,
        atomic::{AtomicBool, Ordering::Relaxed},
    },
    thread,
};

use metrics_core::{
    __private::Interners, Capped, Counter, Definition, Dimension, Family, Gauge, Histogram, LabelSet,
    LabelValue, Registry,
};

fn registry() -> (Registry, Counter, Gauge, Histogram) {
    let registry = Registry::new();
    let counter = registry.register(&Definition::new("events_total", "Events.")).unwrap();
    let gauge = registry.register(&Definition::new("level", "Level.")).unwrap();
    let time = Definition::new("time_seconds", "Time.").buckets(&[0.001, 0.01, 0.1]);
    let histogram = registry.register(&time).unwrap();
    (registry, counter, gauge, histogram)
}

/// Returns the value of a sample on a page.
fn sample(page: &str, name: &str) -> u64 {
    let line = page.lines().find(|line| line.split(' ').next() == Some(name));
    line.and_then(|line| line.rsplit(' ').next()).and_then(|value| value.parse().ok()).unwrap_or_default()
}

#[test]
fn threads_come_and_go_during_scrapes() {
    const EACH: u64 = 50;
    // Fewer under valgrind, see scripts/valgrind.
    let wanted = std::env::var("CHURN_THREADS").ok().and_then(|number| number.parse().ok());
    let threads: u64 = wanted.unwrap_or(10_000_u64).next_multiple_of(8);
    let (registry, counter, gauge, histogram) = registry();
    let done = AtomicBool::new(false);
    let scrapes = thread::scope(|scope| {
        let scraper = scope.spawn(|| {
            let (mut scrapes, mut count, mut observed) = (0, 0, 0);
            while !done.load(Relaxed) {
                let page = registry.text();
                let now = sample(&page, "events_total");
                assert!(now >= count, "the counter went down from {count} to {now}");
                let buckets = sample(&page, "time_seconds_bucket{le=\"+Inf\"}");
                assert_eq!(buckets, sample(&page, "time_seconds_count"));
                assert!(buckets >= observed, "the histogram went down from {observed} to {buckets}");
                (scrapes, count, observed) = (scrapes + 1, now, buckets);
            }
            scrapes
        });
        for batch in 0..threads / 8 {
            let batch_threads: Vec<_> = (0..8)
                .map(|thread| {
                    let (counter, gauge, histogram) = (&counter, &gauge, &histogram);
                    scope.spawn(move || {
                        for each in 0..EACH {
                            gauge.inc();
                            counter.inc();
                            histogram.observe((batch + thread + each) as f64 / 1e5);
                            gauge.dec();
                        }
                    })
                })
                .collect();
            for thread in batch_threads {
                thread.join().unwrap();
            }
        }
        done.store(true, Relaxed);
        scraper.join().unwrap()
    });
    assert!(scrapes > 0);
    assert_eq!(counter.get(), threads * EACH);
    assert_eq!(histogram.count(), threads * EACH);
    assert_eq!(gauge.get(), 0);
}

#[test]
fn more_threads_than_slabs() {
    const THREADS: u64 = 400;
    let (_registry, counter, gauge, histogram) = registry();
    let barrier = Barrier::new(usize::try_from(THREADS).unwrap());
    thread::scope(|scope| {
        for _ in 0..THREADS {
            scope.spawn(|| {
                counter.inc();
                gauge.inc();
                histogram.observe(0.005);
                // All threads live at the same time, and count again.
                barrier.wait();
                counter.inc();
                gauge.add(2);
            });
        }
    });
    assert_eq!((counter.get(), gauge.get()), (2 * THREADS, 3 * i64::try_from(THREADS).unwrap()));
    assert_eq!((histogram.count(), (histogram.sum() * 1000.0).round()), (THREADS, 5.0 * THREADS as f64));
}

/// The cells of all threads have a limit. Past it threads share cells, and lose no count either.
#[test]
fn many_threads_and_series() {
    const THREADS: u64 = 72;
    const SERIES: usize = 160_000;
    let registry = Registry::new();
    let definition = Definition::new("spread_total", "Spread over many chunks of cells.");
    let family: Family<Place, Counter> = registry.register(&definition).unwrap();
    let barrier = Barrier::new(usize::try_from(THREADS).unwrap());
    let places = || (0..SERIES).step_by(256);
    thread::scope(|scope| {
        for _ in 0..THREADS {
            scope.spawn(|| {
                // All threads live at the same time.
                barrier.wait();
                for _ in 0..2 {
                    places().for_each(|place| family.with(Place(place)).inc());
                }
                barrier.wait();
            });
        }
    });
    for place in places() {
        assert_eq!(family.with(Place(place)).get(), 2 * THREADS, "place {place}");
    }
}

/// A label with many values.
struct Place(usize);

impl LabelValue for Place {
    const COUNT: usize = 160_000;

    fn index(&self) -> usize {
        self.0
    }

    fn name_at(_: usize) -> &'static str {
        "somewhere"
    }
}

impl LabelSet for Place {
    const DIMENSIONS: &'static [Dimension] = &[Dimension::of::<Self>("place")];
    const CAPPED: bool = false;

    fn index(&self, _: &Interners) -> usize {
        self.0
    }
}

/// Counts when it is dropped.
struct CountOnDrop(Counter, Histogram);

impl Drop for CountOnDrop {
    fn drop(&mut self) {
        self.0.inc();
        self.1.observe(0.5);
    }
}

thread_local! {
    static EARLY: RefCell<Option<CountOnDrop>> = const { RefCell::new(None) };
    static LATE: RefCell<Option<CountOnDrop>> = const { RefCell::new(None) };
}

#[test]
fn thread_local_destructors() {
    let (_registry, counter, _, histogram) = registry();
    for _ in 0..20 {
        let (counter, histogram) = (counter.clone(), histogram.clone());
        thread::spawn(move || {
            // One is created before the thread's slab and one after it, so that one of them is dropped later than the slab.
            EARLY.set(Some(CountOnDrop(counter.clone(), histogram.clone())));
            counter.inc();
            LATE.set(Some(CountOnDrop(counter.clone(), histogram.clone())));
        })
        .join()
        .unwrap();
    }
    assert_eq!((counter.get(), histogram.count(), histogram.sum()), (60, 40, 20.0));
}

#[test]
fn unwinding() {
    let (_registry, counter, _, histogram) = registry();
    let guard = CountOnDrop(counter.clone(), histogram);
    let result = std::panic::catch_unwind(std::panic::AssertUnwindSafe(move || {
        let _guard = guard;
        std::panic::panic_any("expected");
    }));
    assert!(result.is_err());
    assert_eq!(counter.get(), 1);
}

#[test]
fn gauge_set_and_added_to() {
    let (_registry, _, gauge, _) = registry();
    gauge.set(100);
    assert_eq!(gauge.get(), 100);
    thread::scope(|scope| {
        for _ in 0..4 {
            scope.spawn(|| (0..1000).for_each(|_| gauge.inc()));
            scope.spawn(|| (0..500).for_each(|_| gauge.dec()));
        }
    });
    assert_eq!(gauge.get(), 2100);
    gauge.set(-5);
    assert_eq!(gauge.get(), -5);
    thread::scope(|scope| {
        scope.spawn(|| gauge.sub(10));
    });
    assert_eq!(gauge.get(), -15);
}

/// A collector of the `prometheus` crate that counts while it is collected.
struct CountsItself(Counter, prometheus::IntGauge);

impl prometheus::core::Collector for CountsItself {
    fn desc(&self) -> Vec<&prometheus::core::Desc> {
        self.1.desc()
    }

    fn collect(&self) -> Vec<prometheus::proto::MetricFamily> {
        self.0.inc();
        let late: Counter = Registry::global()
            .register(&Definition::new("registered_late_total", "While collecting."))
            .unwrap();
        late.inc();
        self.1.collect()
    }
}

#[test]
fn collector_counts_and_registers() {
    let (_registry, counter, _, _) = registry();
    let gauge = prometheus::IntGauge::new("collected", "Collected.").unwrap();
    prometheus::register(Box::new(CountsItself(counter.clone(), gauge))).unwrap();
    assert!(Registry::global().text().contains("\ncollected 0\n"));
    assert_eq!(counter.get(), 1);
    prometheus::gather();
    assert_eq!(counter.get(), 2);
}

/// Returns floats of all magnitudes, whose sums need more digits than a float has.
fn fraction(number: u64) -> f64 {
    number as f64 * 0.1 + if number.is_multiple_of(7) { 1e15 } else { 1e-9 }
}

#[test]
fn folded_threads_keep_their_sums() {
    #[derive(Clone, metrics_core::LabelSet)]
    struct Tenant {
        name: Capped<50>,
    }
    let (registry, counter, gauge, histogram) = registry();
    let fractions: Counter<f64> =
        registry.register(&Definition::new("fractions_total", "Fractions.")).unwrap();
    let tenants: Family<Tenant, Counter<f64>> =
        registry.register(&Definition::new("tenants_total", "Tenants.")).unwrap();
    let tenant = |number: u64| tenants.with(Tenant { name: format!("t{}", number % 40).into() });
    let (mut before, mut count) = (0.0, 0);
    for round in 0..6_u64 {
        // At the same time, so that each has a slab of its own.
        let barrier = Barrier::new(24);
        thread::scope(|scope| {
            for number in 0..24 {
                let (barrier, counter, gauge, histogram, fractions, tenant) =
                    (&barrier, &counter, &gauge, &histogram, &fractions, &tenant);
                scope.spawn(move || {
                    counter.inc();
                    gauge.add(2);
                    gauge.dec();
                    histogram.observe(0.005);
                    fractions.inc_by(fraction(round * 24 + number));
                    tenant(number).inc_by(fraction(number));
                    barrier.wait();
                });
            }
        });
        count += 24;
        for _ in 0..3 {
            let page = registry.text();
            assert_eq!(sample(&page, "events_total"), count);
            assert_eq!(sample(&page, "level"), count);
            assert_eq!(sample(&page, "time_seconds_count"), count);
            let sum = fractions.get();
            assert!(sum >= before, "the sum fell from {before:e} to {sum:e}");
            before = sum;
        }
        // A string that returns after its removal starts at zero.
        let name = || Tenant { name: "t3".into() };
        assert!(tenants.remove(name()));
        assert_eq!(tenants.with(name()).get().to_bits(), 0);
    }
    // The exact sum, rounded once.
    let large = (0..144_u64).filter(|number| number.is_multiple_of(7)).count() as f64 * 1e15;
    assert!((before - large).abs() < 2_000.0, "{before:e}");
}
