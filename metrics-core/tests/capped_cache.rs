//! A thread's cache of series finds the right series: after removal and re-creation, for families that come and go, for strings past
//! the limit, and with more label sets than fit.

use std::{
    collections::BTreeMap,
    hash::{BuildHasher, RandomState},
    thread,
    time::{Duration, Instant},
};

use metrics_core::{
    Capped, Counter, Definition, Family, Interned, LabelSet, LabelValue, Registry, StatusClass,
};

#[derive(Clone, Copy, LabelValue)]
#[label(rename_all = "snake_case")]
enum Step {
    First,
    Second,
    Third,
}

#[derive(Clone, LabelSet)]
struct Labels {
    step: Step,
    name: Capped<2>,
    cached: bool,
}

fn labels(step: Step, name: &str, cached: bool) -> Labels {
    Labels { step, name: name.into(), cached }
}

fn first(name: &str) -> Labels {
    labels(Step::First, name, false)
}

fn family<L: LabelSet>(registry: &Registry) -> Family<L, Counter> {
    registry.register(&Definition::new("calls_total", "Calls.")).unwrap()
}

/// Returns the samples of the family, without its name and the labels that all of them have.
fn samples(registry: &Registry) -> Vec<String> {
    let page = registry.text();
    let lines = page.lines().filter_map(|line| line.strip_prefix("calls_total"));
    lines.map(ToOwned::to_owned).collect()
}

#[test]
fn removed_series() {
    let registry = Registry::new();
    let calls = family(&registry);
    for round in 1..5 {
        for _ in 0..round {
            calls.with(first("eu")).inc();
            calls.with(labels(Step::First, "eu", true)).inc_by(100);
        }
        assert_eq!(calls.with(first("eu")).get(), round);
        // Another thread removes it too.
        let remove = || assert!(calls.remove(first("eu")));
        if round % 2 == 0 {
            remove();
        } else {
            thread::scope(|scope| scope.spawn(remove).join().unwrap());
        }
        assert_eq!(calls.with(first("eu")).get(), 0, "round {round}");
        assert!(calls.remove(first("eu")));
        let other = round * (round + 1) / 2 * 100;
        let expected = format!("{{step=\"first\",name=\"eu\",cached=\"true\"}} {other}");
        assert_eq!(samples(&registry), [expected]);
    }
}

#[test]
fn string_past_the_limit() {
    let registry = Registry::new();
    let calls = family(&registry);
    for name in ["eu", "us", "eu", "us"] {
        calls.with(first(name)).inc();
    }
    calls.remove(first("eu"));
    for name in ["asia", "us", "eu", "eu", "eu"] {
        calls.with(first(name)).inc();
    }
    let sample =
        |name: &str, count: u64| format!("{{step=\"first\",name=\"{name}\",cached=\"false\"}} {count}");
    let mut seen = samples(&registry);
    seen.sort();
    assert_eq!(seen, [sample("_OTHER", 3), sample("asia", 1), sample("us", 3)]);
    // Each look-up counts as one past the limit.
    let page = registry.text();
    assert!(page.contains("metrics_overflow_total{metric=\"calls_total\"} 3\n"), "{page}");
}

#[test]
fn families_come_and_go() {
    let mut former = None;
    for round in 1..50 {
        let registry = Registry::new();
        let calls = family(&registry);
        for _ in 0..round {
            calls.with(first("eu")).inc();
        }
        let sample = format!("{{step=\"first\",name=\"eu\",cached=\"false\"}} {round}");
        assert_eq!(samples(&registry), [sample]);
        // The next family, or the one after it, reuses the memory and the slots.
        if round % 3 == 0 {
            former = Some((registry, calls));
        }
    }
    let (registry, calls) = former.unwrap();
    calls.with(first("eu")).inc();
    assert_eq!(samples(&registry), ["{step=\"first\",name=\"eu\",cached=\"false\"} 49"]);
}

#[test]
fn expired_series() {
    let registry = Registry::new();
    let definition = Definition::new("calls_total", "Calls.").ttl(Duration::from_millis(1));
    let calls: Family<Labels, Counter> = registry.register(&definition).unwrap();
    for _ in 0..3 {
        calls.with(first("eu")).inc();
        calls.with(first("eu")).inc();
        let begin = Instant::now();
        while !samples(&registry).is_empty() {
            assert!(begin.elapsed() < Duration::from_secs(60), "it is not forgotten");
            thread::yield_now();
        }
        assert_eq!(calls.with(first("eu")).get(), 0);
        calls.with(first("eu")).inc();
        assert_eq!(calls.with(first("eu")).get(), 1);
        calls.remove(first("eu"));
    }
}

#[derive(Clone, LabelSet)]
struct Long {
    name: Capped<100>,
}

#[test]
fn string_lengths() {
    let registry = Registry::new();
    let calls = family(&registry);
    // Strings that differ in one byte: at the beginning, in the middle, at the end.
    let text = "a".repeat(50);
    let mut names = vec![String::new(), "\0".to_owned()];
    for length in [1, 2, 3, 4, 7, 8, 9, 15, 16, 17, 24, 32, 33, 39, 40, 50] {
        names.push(text[..length].to_owned());
        for place in [0, length / 2, length - 1] {
            let mut name = text[..length].to_owned();
            name.replace_range(place..=place, "b");
            if !names.contains(&name) {
                names.push(name);
            }
        }
    }
    let count = |name: &String| calls.with(Long { name: name.into() });
    for _ in 0..3 {
        for (amount, name) in (1..).zip(&names) {
            count(name).inc_by(amount);
        }
    }
    for (amount, name) in (1..).zip(&names) {
        assert_eq!(count(name).get(), 3 * amount, "{name:?}");
    }
    assert_eq!(samples(&registry).len(), names.len());
}

#[derive(Clone, LabelSet)]
struct Whole {
    kind: Interned<3>,
    #[label(flatten)]
    labels: Labels,
    status: StatusClass,
}

#[derive(Clone, LabelSet)]
struct Two {
    from: Capped<2>,
    to: Capped<2>,
}

#[test]
fn every_label_counts() {
    let registry = Registry::new();
    let calls = family::<Whole>(&registry);
    let kinds: Vec<Interned<3>> = ["a", "b", "c", "d"].map(|kind| calls.intern(0, kind)).into();
    let mut all = Vec::new();
    for kind in &kinds {
        for step in [Step::First, Step::Second, Step::Third] {
            for name in ["eu", "us", "asia"] {
                for (cached, status) in [
                    (false, StatusClass::Success),
                    (true, StatusClass::Success),
                    (true, StatusClass::ServerError),
                ] {
                    all.push(Whole { kind: *kind, labels: labels(step, name, cached), status });
                }
            }
        }
    }
    for _ in 0..2 {
        for (amount, labels) in (1..).zip(&all) {
            calls.with(labels).inc_by(amount);
        }
    }
    for (amount, labels) in (1..).zip(&all) {
        assert_eq!(calls.with(labels).get(), 2 * amount, "the labels at {amount}");
    }
    // The fourth kind and the third name are past their limits, with three look-ups each.
    let past = all.len() / 4 + all.len() / 3;
    let page = registry.text();
    assert!(
        page.contains(&format!("metrics_overflow_total{{metric=\"calls_total\"}} {}\n", 3 * past)),
        "{page}"
    );
}

#[test]
fn two_strings() {
    let registry = Registry::new();
    let calls = family(&registry);
    let count = |from: &str, to: &str| calls.with(Two { from: from.into(), to: to.into() });
    for _ in 0..3 {
        count("a", "b").inc();
        count("b", "a").inc_by(10);
        count("b", "b").inc_by(100);
    }
    let seen =
        [count("a", "b"), count("b", "a"), count("b", "b"), count("a", "a")].map(|counter| counter.get());
    assert_eq!(seen, [3, 30, 300, 0]);
}

/// A generator of random numbers with a seed that a failure prints.
struct Random(u64);

impl Random {
    fn below(&mut self, bound: usize) -> usize {
        // xorshift64*
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        usize::try_from(self.0.wrapping_mul(0x2545_F491_4F6C_DD1D) >> 33).unwrap() % bound
    }
}

#[derive(Clone, LabelSet)]
struct Many {
    name: Capped<600>,
    step: Step,
}

/// Counts and removes more series than a thread caches, in two families with the same labels, on several threads. They run one after
/// the other, so that a model has the value of each series.
#[test]
fn random_operations() {
    let seed = RandomState::new().hash_one(1) | 1;
    let mut random = Random(seed);
    let registries = [Registry::new(), Registry::new()];
    let families = [family::<Many>(&registries[0]), family::<Many>(&registries[1])];
    let names: Vec<String> = (0..600).map(|number| format!("name {number}")).collect();
    let steps = [Step::First, Step::Second, Step::Third];
    let mut model: BTreeMap<(usize, usize, usize), u64> = BTreeMap::new();
    for _ in 0..200 {
        let mut turn = || {
            for _ in 0..100 {
                let (family, step) = (random.below(2), random.below(3));
                // Some names come often.
                let bound = [4, 40, 600][random.below(3)];
                let name = random.below(bound);
                let labels = Many { name: names[name].as_str().into(), step: steps[step] };
                if random.below(20) == 0 {
                    let known = model.remove(&(family, name, step));
                    assert_eq!(families[family].remove(labels), known.is_some(), "seed {seed}");
                } else {
                    families[family].with(labels).inc();
                    *model.entry((family, name, step)).or_default() += 1;
                }
            }
        };
        // On this thread, or on a new one that takes over a slab.
        turn();
        thread::scope(|scope| scope.spawn(turn).join().unwrap());
    }
    for (family, registry) in registries.iter().enumerate() {
        let of_family = model.iter().filter(|((of, ..), _)| *of == family);
        let mut expected: Vec<_> = of_family
            .map(|((_, name, step), count)| {
                let step = steps[*step].as_str();
                format!("{{name=\"{}\",step=\"{step}\"}} {count}", names[*name])
            })
            .collect();
        let mut shown = samples(registry);
        expected.sort();
        shown.sort();
        assert_eq!(shown, expected, "seed {seed}");
    }
}

/// Threads count in common series and in their own while other series are removed. The remaining series lose no count.
#[test]
fn concurrent_threads() {
    const TURNS: u64 = 20_000;
    let registry = Registry::new();
    let calls = family::<Many>(&registry);
    let many = |name: &str, step| Many { name: name.into(), step };
    thread::scope(|scope| {
        for own in ["a", "b", "c", "d"] {
            let (calls, many) = (&calls, &many);
            scope.spawn(move || {
                for _ in 0..TURNS {
                    calls.with(many("shared", Step::First)).inc();
                    calls.with(many(own, Step::Second)).inc();
                }
            });
        }
        for number in 0..TURNS / 40 {
            let passing = many("passing", Step::Third);
            calls.with(&passing).inc();
            calls.with(&passing).inc();
            assert_eq!(calls.with(&passing).get(), 2, "the one before number {number} is gone");
            calls.remove(&passing);
        }
    });
    assert_eq!(calls.with(many("shared", Step::First)).get(), 4 * TURNS);
    for own in ["a", "b", "c", "d"] {
        assert_eq!(calls.with(many(own, Step::Second)).get(), TURNS, "{own}");
    }
}
