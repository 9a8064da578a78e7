//! Removed series: the next owner of the slots starts at zero, and late writes do not reach it.

use std::{
    sync::{
        Barrier,
        atomic::{AtomicBool, Ordering::Relaxed},
    },
    thread,
    time::{Duration, Instant},
};

use metrics_core::{
    __private::{CacheKey, Interners},
    Capped, Counter, Definition, Dimension, Family, Gauge, Histogram, LabelField, LabelSet, Metric, Registry,
};

#[derive(Clone)]
struct Name(Capped<2>);

impl LabelSet for Name {
    const DIMENSIONS: &'static [Dimension] = &[Dimension::of::<Capped<2>>("name")];
    const CAPPED: bool = true;
    fn index(&self, interners: &Interners) -> usize {
        self.0.position(interners, 0)
    }
    fn write_key(&self, key: &mut CacheKey) {
        self.0.write_key(key);
    }
}

fn name(name: &str) -> Name {
    Name(name.into())
}

fn family<M: Metric + 'static>(name: &str) -> (Registry, Family<Name, M>) {
    let registry = Registry::new();
    let family = registry.register(&Definition::new(name, "Help.").buckets_of::<M>()).unwrap();
    (registry, family)
}

trait BucketsOf {
    fn buckets_of<M: 'static>(self) -> Self;
}

impl BucketsOf for Definition {
    fn buckets_of<M: 'static>(self) -> Self {
        if std::any::TypeId::of::<M>() == std::any::TypeId::of::<Histogram>() {
            self.buckets(&[1.0])
        } else {
            self
        }
    }
}

#[test]
fn removed_string_frees_its_slot() {
    let (registry, calls) = family::<Counter>("calls_total");
    for round in 0..3 {
        calls.with(name("eu")).inc_by(5);
        let late = calls.with(name("eu"));
        assert_eq!(late.get(), 5, "round {round}");
        assert!(calls.remove(name("eu")));
        assert!(!calls.remove(name("eu")));
        let next = calls.with(name("us"));
        assert_eq!(next.get(), 0);
        late.inc_by(100);
        assert_eq!(next.get(), 0);
        next.inc();
        thread::scope(|scope| {
            scope.spawn(|| late.inc_by(100));
            scope.spawn(|| next.inc());
        });
        assert_eq!(calls.with(name("us")).get(), 2);
        assert_eq!(calls.with(name("eu")).get(), 0);
        assert!(!registry.text().contains("_OTHER"));
        assert!(calls.remove(name("us")) && calls.remove(name("eu")));
        assert!(!registry.text().contains("name="), "{}", registry.text());
    }
}

#[test]
fn unknown_string() {
    let (registry, calls) = family::<Counter>("calls_total");
    for name_without_series in ["a", "b", "c"] {
        assert!(!calls.remove(name(name_without_series)));
    }
    calls.with(name("eu")).inc();
    calls.with(name("us")).inc();
    assert!(!registry.text().contains("_OTHER"), "{}", registry.text());
}

#[test]
fn string_past_the_limit() {
    let (registry, calls) = family::<Counter>("calls_total");
    for called in ["a", "b", "c"] {
        calls.with(name(called)).inc();
    }
    let long = "a name of more bytes than are kept in words";
    calls.with(name(long)).inc();
    assert!(!calls.remove(name("c")) && !calls.remove(name("d")) && !calls.remove(name(long)));
    assert!(registry.text().contains("calls_total{name=\"_OTHER\"} 2\n"), "{}", registry.text());
    // Removing an unknown name neither counts as an overflow nor uses a position.
    assert!(
        registry.text().contains("metrics_overflow_total{metric=\"calls_total\"} 2\n"),
        "{}",
        registry.text()
    );
    assert!(calls.remove(name("_OTHER")));
    assert!(!registry.text().contains("_OTHER"), "{}", registry.text());
    assert!(calls.remove(name("a")) && !calls.remove(name("a")));
}

#[test]
fn late_writes() {
    let (_registry, levels) = family::<Gauge>("level");
    let late = levels.with(name("a"));
    late.set(5);
    late.inc();
    levels.remove(name("a"));
    let next = levels.with(name("b"));
    late.set(100);
    late.dec();
    assert_eq!(next.get(), 0);
    next.inc();
    next.set(3);
    next.dec();
    assert_eq!(next.get(), 2);
    assert_eq!(late.get(), 0);

    let (_registry, ratios) = family::<Gauge<f64>>("ratio");
    let late = ratios.with(name("a"));
    late.set(0.5);
    ratios.remove(name("a"));
    let next = ratios.with(name("b"));
    late.add(0.5);
    assert_eq!(next.get().to_bits(), 0);
    next.set(2.0);
    assert_eq!((late.get().to_bits(), next.get()), (0, 2.0));

    let (_registry, sizes) = family::<Histogram>("size_bytes");
    let late = sizes.with(name("a"));
    late.observe(0.1);
    sizes.remove(name("a"));
    let next = sizes.with(name("b"));
    late.observe(7.0);
    assert_eq!((next.count(), next.sum().to_bits()), (0, 0));
    next.observe(0.3);
    assert_eq!((next.count(), next.sum()), (1, 0.3));
}

/// Threads count in series that another thread removes. A count is removed with its series or still there, and never in another
/// series.
#[test]
fn strings_come_and_go() {
    let (registry, calls) = family::<Counter>("calls_total");
    let done = AtomicBool::new(false);
    thread::scope(|scope| {
        for thread in 0..3_u64 {
            let (calls, done) = (&calls, &done);
            scope.spawn(move || {
                let mut at = thread;
                while !done.load(Relaxed) {
                    // Each name has a step of its own, so that a wrong series is not a multiple of it.
                    let step = [1009, 1013, 1019][usize::try_from(at % 3).unwrap()];
                    calls.with(name(&format!("step-{step}"))).inc_by(step);
                    at += 1;
                }
            });
        }
        for round in 0..3000 {
            let step = [1009, 1013, 1019][round % 3];
            calls.remove(name(&format!("step-{step}")));
            for line in registry.text().lines().filter(|line| line.starts_with("calls_total{name=\"step-")) {
                let (labels, value) = line.rsplit_once(' ').unwrap();
                let step: u64 = labels.trim_end_matches("\"}").rsplit('-').next().unwrap().parse().unwrap();
                assert_eq!(value.parse::<u64>().unwrap() % step, 0, "round {round}: {line}");
            }
        }
        done.store(true, Relaxed);
    });
}

#[test]
fn time_to_live() {
    // On a busy machine this thread may wait for longer than a short time to live, so longer ones are tried.
    let times = [60, 600, 6_000, 60_000].map(Duration::from_millis);
    assert!(times.into_iter().any(is_forgotten_if_idle), "this thread is kept waiting");
}

/// Returns true if this thread could count often enough to keep a series alive; asserts nothing otherwise.
fn is_forgotten_if_idle(ttl: Duration) -> bool {
    let registry = Registry::new();
    let calls: Family<Name, Counter> =
        registry.register(&Definition::new("calls_total", "Calls.").ttl(ttl)).unwrap();
    calls.with(name("idle")).inc();
    let late = calls.with(name("idle"));
    let start = Instant::now();
    let mut counted = 0;
    while start.elapsed() < ttl * 3 {
        let before = Instant::now();
        calls.with(name("busy")).inc();
        counted += 1;
        let page = registry.text();
        thread::sleep(Duration::from_millis(5));
        if before.elapsed() >= ttl / 2 {
            return false;
        }
        assert!(page.contains(&format!("name=\"busy\"}} {counted}\n")), "{page}");
    }
    let end = Instant::now();
    calls.with(name("busy")).inc();
    let without_idle = registry.text();
    late.inc();
    let still_without = registry.text();
    let busy = calls.with(name("busy")).get();
    calls.with(name("new")).inc();
    calls.with(name("newer")).inc();
    let page = registry.text();
    if end.elapsed() >= ttl / 2 {
        return false;
    }
    assert!(!without_idle.contains("idle"), "{without_idle}");
    assert!(!still_without.contains("idle"), "{still_without}");
    assert_eq!(busy, counted + 1);
    assert!(
        page.contains(&format!("name=\"busy\"}} {busy}\n")) && page.contains("name=\"new\"} 1\n"),
        "{page}"
    );
    assert!(page.contains("name=\"_OTHER\"} 1\n"), "{page}");
    true
}

#[test]
fn finite_family_has_no_time_to_live() {
    let definition = Definition::new("calls_total", "Calls.").ttl(Duration::from_secs(1));
    let error = Registry::new().register::<Family<Flag, Counter>>(&definition).unwrap_err();
    assert!(error.to_string().ends_with("only a family with a capped label forgets series"), "{error}");
}

#[derive(Clone, Copy)]
struct Flag(bool);

impl LabelSet for Flag {
    const DIMENSIONS: &'static [Dimension] = &[Dimension::of::<bool>("flag")];
    const CAPPED: bool = false;
    fn index(&self, interners: &Interners) -> usize {
        self.0.position(interners, 0)
    }
}

#[test]
fn finite_series() {
    let registry = Registry::new();
    let calls: Family<Flag, Counter> = registry.register(&Definition::new("calls_total", "Calls.")).unwrap();
    calls.with(Flag(true)).inc_by(3);
    assert!(calls.remove(Flag(true)));
    let header = "# HELP calls_total Calls.\n# TYPE calls_total counter\ncalls_total{flag=\"false\"} 0\n";
    assert_eq!(registry.text(), header);
    calls.with(Flag(true)).inc();
    assert_eq!(registry.text(), format!("{header}calls_total{{flag=\"true\"}} 1\n"));
}

#[test]
fn infinite_sum() {
    for _ in 0..3 {
        let registry = Registry::new();
        let sizes: Histogram = registry.register(&Definition::new("size", "Size.").buckets(&[1.5])).unwrap();
        sizes.observe(0.5);
        assert_eq!(sizes.sum().to_bits(), 0.5_f64.to_bits());
        sizes.observe(f64::INFINITY);
    }
}

#[derive(Clone, Copy, LabelSet)]
struct Side {
    left: bool,
}

/// Removes series of a finite label set, which keep their slots, while another thread has a cell of its own.
#[test]
fn infinite_sum_restarts_at_zero() {
    for (here, there) in [
        (f64::INFINITY, 1.0),
        (1.0, f64::INFINITY),
        (f64::NEG_INFINITY, 1.0),
        (f64::INFINITY, f64::NEG_INFINITY), // no number
        (f64::MAX, f64::MAX),
        (0.5, 0.25),
    ] {
        let registry = Registry::new();
        let definition = Definition::new("size_bytes", "Help.").buckets(&[10.0]);
        let sizes: Family<Side, Histogram> = registry.register(&definition).unwrap();
        let left = sizes.with(Side { left: true });
        let step = Barrier::new(2);
        let (mut removed, mut page) = (false, String::new());
        // Nothing is asserted while the other thread waits.
        thread::scope(|scope| {
            scope.spawn(|| {
                left.observe(there);
                step.wait();
                step.wait();
                left.observe(2.0);
            });
            left.observe(here);
            step.wait();
            removed = sizes.remove(Side { left: true });
            page = registry.text();
            step.wait();
            left.observe(1.5);
        });
        assert!(removed && !page.contains("left=\"true\""), "{here} {there}\n{page}");
        let page = registry.text();
        let expected = "size_bytes_sum{left=\"true\"} 3.5\nsize_bytes_count{left=\"true\"} 2\n";
        assert!(page.contains(expected), "{here} {there}\n{page}");
        assert!(sizes.remove(Side { left: true }) && !registry.text().contains("left=\"true\""));
    }
}

/// A removed float is subtracted exactly, however often.
#[test]
fn float_restarts_at_exact_zero() {
    let mut random = 0x9E37_79B9_7F4A_7C15_u64;
    // The series keep their slots, so that each family has others.
    let mut kept = Vec::new();
    for _ in 0..300 {
        let registry = Registry::new();
        let amounts: Family<Flag, Counter<f64>> =
            registry.register(&Definition::new("amount_total", "Amount.")).unwrap();
        let ratios: Family<Flag, Histogram> =
            registry.register(&Definition::new("work_ratio", "Ratio.").buckets(&[0.5])).unwrap();
        for _ in 0..6 {
            for _ in 0..3 {
                random ^= random << 13;
                random ^= random >> 7;
                random ^= random << 17;
                let scale = [0.001, 0.1, 1.0, 10.0, 1000.0][(random % 5) as usize];
                let amount = (random >> 11) as f64 / (1_u64 << 53) as f64 * scale;
                amounts.with(Flag(true)).inc_by(amount);
                ratios.with(Flag(true)).observe(amount);
            }
            assert!(amounts.remove(Flag(true)) && ratios.remove(Flag(true)));
            assert_eq!(amounts.with(Flag(true)).get().to_bits(), 0);
            assert_eq!(ratios.with(Flag(true)).sum().to_bits(), 0);
            let page = registry.text();
            assert!(!page.contains("flag=\"true\""), "{page}");
        }
        kept.push((amounts, ratios));
    }
}

/// After removal the threads' cells keep their values. So later counts are rounded as they would have been, and are not negative.
#[test]
fn float_rounding_goes_on() {
    for (former, amount) in
        [(0.1, 0.2), (1e9, 0.1), (1e9, 1e-9), (1e17, 1.0), (1e17, 24.0), (f64::MAX, 1e300)]
    {
        let registry = Registry::new();
        let amounts: Family<Flag, Counter<f64>> =
            registry.register(&Definition::new("amount_total", "Amount.")).unwrap();
        let counter = amounts.with(Flag(true));
        counter.inc_by(former);
        assert!(amounts.remove(Flag(true)));
        counter.inc_by(amount);
        let expected = (former + amount) - former;
        assert_eq!(counter.get().to_bits(), expected.to_bits(), "{amount} after {former}");
        assert_eq!(registry.text().contains("flag=\"true\""), expected > 0.0, "{amount} after {former}");
        // A new series starts at zero.
        drop((amounts, registry));
        let registry = Registry::new();
        let amounts: Family<Flag, Counter<f64>> =
            registry.register(&Definition::new("amount_total", "Amount.")).unwrap();
        amounts.with(Flag(true)).inc_by(amount);
        assert_eq!(amounts.with(Flag(true)).get().to_bits(), amount.to_bits());
    }
}

/// The float of the former owner of the slots does not affect the next owner.
#[test]
fn reused_float_slot_is_exact() {
    for _ in 0..20 {
        let registry = Registry::new();
        let amount: Counter<f64> = registry.register(&Definition::new("amount_total", "Amount.")).unwrap();
        let ratio: Histogram =
            registry.register(&Definition::new("work_ratio", "Ratio.").buckets(&[0.25, 0.75])).unwrap();
        for value in [0.1, 0.2] {
            thread::scope(|scope| {
                scope.spawn(|| {
                    amount.inc_by(value);
                    ratio.observe(value);
                });
            });
        }
        let sum = 0.1 + 0.2;
        assert_eq!((amount.get(), ratio.sum()), (sum, sum));
        amount.inc_by(1e17);
        ratio.observe(1e300);
        ratio.observe(f64::INFINITY);
    }
}
