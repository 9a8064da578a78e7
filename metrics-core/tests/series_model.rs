//! Random operations on many series, compared with a simple model.

use std::{collections::BTreeMap, thread};

use metrics_core::{Counter, Definition, Gauge, Histogram, Registry};

/// A generator of random numbers with a seed.
struct Random(u64);

impl Random {
    fn below(&mut self, bound: u64) -> u64 {
        // xorshift64*
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        (self.0.wrapping_mul(0x2545_F491_4F6C_DD1D) >> 33) % bound
    }
}

#[derive(Default)]
struct Model {
    count: u64,
    level: i64,
    observed: u64,
    nanos: u64,
}

struct Metrics {
    count: Counter,
    level: Gauge,
    time: Histogram,
}

fn metrics(registry: &Registry, series: u64) -> Metrics {
    let label = |definition: Definition| definition.label("series", series.to_string());
    Metrics {
        count: registry.register(&label(Definition::new("count_total", "Count."))).unwrap(),
        level: registry.register(&label(Definition::new("level", "Level."))).unwrap(),
        time: registry.register(&label(Definition::new("time_seconds", "Time."))).unwrap(),
    }
}

/// Applies a random operation to the metrics and to the model.
fn step(random: &mut Random, metrics: &Metrics, model: &mut Model) {
    let amount = random.below(1000);
    match random.below(5) {
        0 => {
            metrics.count.inc_by(amount);
            model.count += amount;
        }
        1 => {
            metrics.level.add(amount.cast_signed());
            model.level += amount.cast_signed();
        }
        2 => {
            metrics.level.sub(amount.cast_signed());
            model.level -= amount.cast_signed();
        }
        3 => {
            metrics.level.set(amount.cast_signed());
            model.level = amount.cast_signed();
        }
        _ => {
            metrics.time.observe_duration(std::time::Duration::from_nanos(amount * amount));
            model.observed += 1;
            model.nanos += amount * amount;
        }
    }
}

fn check(series: &BTreeMap<u64, (Metrics, Model)>, seed: u64) {
    for (name, (metrics, model)) in series {
        let actual = (metrics.count.get(), metrics.level.get(), metrics.time.count(), metrics.time.sum());
        let expected = (model.count, model.level, model.observed, model.nanos as f64 / 1e9);
        assert_eq!(actual, expected, "series {name}, seed {seed}");
    }
}

/// Some operations run on threads of their own, and series are dropped and registered again. The values are always those of the model.
#[test]
fn random_operations() {
    // A fixed seed makes each run the same.
    let seed =
        std::env::var("SEED").ok().and_then(|seed| seed.parse().ok()).unwrap_or(0x9E37_79B9_7F4A_7C15_u64)
            | 1;
    let mut random = Random(seed);
    let registry = Registry::new();
    let mut series: BTreeMap<u64, (Metrics, Model)> = BTreeMap::new();
    for round in 0..20_000 {
        let name = random.below(12);
        let (metrics, model) =
            series.entry(name).or_insert_with(|| (metrics(&registry, name), Model::default()));
        match random.below(40) {
            0 => {
                thread::scope(|scope| {
                    scope.spawn(|| (0..20).for_each(|_| step(&mut random, metrics, model)));
                });
            }
            1 => drop(series.remove(&name)),
            _ => step(&mut random, metrics, model),
        }
        if round % 500 == 0 {
            check(&series, seed);
        }
    }
    check(&series, seed);
}
