//! No page has two families with samples of one name, whatever the names of own families and of those of the `prometheus` crate are.

#![cfg(feature = "enabled")]

use std::collections::BTreeSet;

use metrics_core::{
    Counter, Definition, Gauge, Histogram, Info, Registry, Summary,
    prometheus::{self, core::Collector},
};

/// A generator of random names with its seed, which is part of the names.
struct Random {
    state: u64,
    seed: u64,
}

impl Random {
    fn below(&mut self, bound: usize) -> usize {
        // xorshift64*
        self.state ^= self.state >> 12;
        self.state ^= self.state << 25;
        self.state ^= self.state >> 27;
        (self.state.wrapping_mul(0x2545_F491_4F6C_DD1D) >> 33) as usize % bound
    }

    fn one_of<T: Copy>(&mut self, all: &[T]) -> T {
        all[self.below(all.len())]
    }
}

const SUFFIXES: [&str; 7] = ["", "_total", "_created", "_count", "_sum", "_bucket", "_info"];

fn name(random: &mut Random) -> String {
    let stem = random.one_of(&["a", "b"]);
    let (one, other) = (random.one_of(&SUFFIXES), random.one_of(&SUFFIXES));
    format!("{stem}{}{one}{other}", random.seed)
}

/// A metric that is kept alive, and its name.
type Kept = (Box<dyn std::any::Any>, String);

/// Registers a metric of a random type, unless it is refused.
fn ours(random: &mut Random, registry: &Registry) -> Option<Kept> {
    let name = name(random);
    let define = Definition::new(name.clone(), "Help.");
    let kept: Box<dyn std::any::Any> = match random.below(5) {
        0 => Box::new(registry.register::<Counter>(&define).ok()?),
        1 => Box::new(registry.register::<Gauge>(&define).ok()?),
        2 => Box::new(registry.register::<Histogram>(&define.buckets(&[1.0])).ok()?),
        3 => Box::new(registry.register::<Summary>(&define).ok()?),
        _ => Box::new(registry.register::<Info>(&define.label("fact", "true")).ok()?),
    };
    Some((kept, name))
}

fn register(registry: &Registry, metric: prometheus::Result<impl Collector + 'static>) {
    // The `prometheus` crate may refuse it.
    let _ = metric.and_then(|metric| registry.register_collector(metric));
}

fn theirs(random: &mut Random, registry: &Registry) {
    let name = name(random);
    match random.below(3) {
        0 => register(registry, prometheus::IntCounter::new(name, "Help.")),
        1 => register(registry, prometheus::IntGauge::new(name, "Help.")),
        _ => {
            let options = prometheus::HistogramOpts::new(name, "Help.").buckets(vec![1.0]);
            register(registry, prometheus::Histogram::with_opts(options));
        }
    }
}

/// Returns the families of a page with their types and the names of their samples.
fn families(page: &str) -> Vec<(&str, &str, Vec<&str>)> {
    let mut families: Vec<(&str, &str, Vec<&str>)> = Vec::new();
    for line in page.lines() {
        if let Some(family) = line.strip_prefix("# TYPE ") {
            let (name, kind) = family.split_once(' ').expect("a type");
            families.push((name, kind, Vec::new()));
        } else if !line.starts_with('#') {
            let name = line.split(['{', ' ']).next().expect("a name");
            families.last_mut().expect("a type before").2.push(name);
        }
    }
    families
}

/// Returns the suffixes of a type's samples.
fn suffixes(kind: &str) -> &'static [&'static str] {
    match kind {
        "counter" => &["_total", "_created"],
        "histogram" => &["_bucket", "_count", "_sum", "_created"],
        "summary" => &["", "_count", "_sum", "_created"],
        "info" => &["_info"],
        _ => &[""],
    }
}

/// Checks for OpenMetrics that the name of a family and the names that its samples may have belong to no other family.
fn assert_apart_in_openmetrics(page: &str) {
    let mut taken = BTreeSet::new();
    for (family, kind, samples) in families(page) {
        let may: BTreeSet<String> = suffixes(kind).iter().map(|suffix| format!("{family}{suffix}")).collect();
        assert!(samples.iter().all(|sample| may.contains(*sample)), "{family} {kind} in\n{page}");
        for name in may.into_iter().chain([family.to_owned()]).collect::<BTreeSet<_>>() {
            assert!(taken.insert(name.clone()), "{name} is twice in\n{page}");
        }
    }
}

fn assert_apart_in_text(page: &str) {
    let mut taken = BTreeSet::new();
    for (family, kind, samples) in families(page) {
        assert!(taken.insert(family) || kind == "summary", "{family} is twice in\n{page}");
        for name in samples.into_iter().filter(|name| *name != family).collect::<BTreeSet<_>>() {
            assert!(taken.insert(name), "{name} is twice in\n{page}");
        }
    }
}

#[test]
fn random_names() {
    for seed in 1..=1000 {
        let random = &mut Random { state: seed, seed };
        let registry = Registry::new();
        registry.created_timestamps(random.below(2) == 0);
        let kept: Vec<_> = (0..random.below(7)).filter_map(|_| ours(random, &registry)).collect();
        (0..random.below(4)).for_each(|_| theirs(random, &registry));
        let (text, open_metrics) =
            (kept_pages::text(registry.text()), kept_pages::open_metrics(registry.open_metrics()));
        assert_apart_in_text(&text);
        assert_apart_in_openmetrics(&open_metrics);
        // Own metrics are on every page.
        for (_, name) in &kept {
            assert!(text.contains(&format!("# TYPE {name} ")), "{name}, seed {seed}, in\n{text}");
            let is_there = open_metrics.lines().any(|line| {
                let rest = line.strip_prefix(name.as_str());
                rest.is_some_and(|rest| rest.starts_with([' ', '{', '_']))
            });
            assert!(is_there, "{name}, seed {seed}, in\n{open_metrics}");
        }
    }
}

/// A family of the `prometheus` crate that clashes with an own one is skipped, in the formats in which it clashes.
#[test]
fn foreign_families_give_way() {
    let registry = Registry::new();
    let _time: Histogram = registry.register(&Definition::new("x", "Help.").buckets(&[1.0])).unwrap();
    let _when: Gauge = registry.register(&Definition::new("y_created", "Help.")).unwrap();
    for name in ["x_count", "x_created", "z"] {
        register(&registry, prometheus::IntGauge::new(name, "Help."));
    }
    let options = |name| prometheus::HistogramOpts::new(name, "Help.").buckets(vec![1.0]);
    register(&registry, prometheus::Histogram::with_opts(options("y")));
    let families = |page: &str| {
        page.lines()
            .filter_map(|line| line.strip_prefix("# TYPE ")?.split(' ').next().map(str::to_owned))
            .collect::<Vec<_>>()
    };
    assert_eq!(families(&kept_pages::text(registry.text())), ["x", "x_created", "y", "y_created", "z"]);
    assert_eq!(families(&kept_pages::open_metrics(registry.open_metrics())), ["x", "y_created", "z"]);
}

/// In OpenMetrics a counter and an info of one stem would be one family.
#[test]
fn info_gives_way_to_a_counter() {
    let registry = Registry::new();
    let _count: Counter = registry.register(&Definition::new("app_build_total", "Help.")).unwrap();
    let _info: Info = registry.register(&Definition::new("app_build_info", "Help.").label("a", "b")).unwrap();
    let page = kept_pages::open_metrics(registry.open_metrics());
    for part in ["# TYPE app_build counter\n", "# TYPE app_build_info gauge\n", "app_build_info{a=\"b\"} 1\n"]
    {
        assert!(page.contains(part), "{part} in\n{page}");
    }
}
