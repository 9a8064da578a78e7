//! Gauges whose series are removed or expire do not go below zero.

use std::{thread, time::Duration};

use metrics_core::{Capped, Definition, Family, Gauge, LabelSet, Registry};

#[derive(Clone, LabelSet)]
struct Tenant {
    name: Capped<10>,
}

fn tenant(name: &str) -> Tenant {
    Tenant { name: name.into() }
}

#[derive(Clone, Copy, LabelSet)]
struct Flag {
    is_on: bool,
}

const TTL: Duration = Duration::from_millis(20);

/// Makes pages for longer than the time to live.
fn wait(registry: &Registry) {
    for _ in 0..6 {
        registry.text();
        thread::sleep(TTL / 2);
    }
}

#[test]
fn nonzero_gauge_stays() {
    let registry = Registry::new();
    let jobs: Family<Tenant, Gauge> = registry.register(&Definition::new("jobs", "Jobs.").ttl(TTL)).unwrap();
    jobs.with(tenant("a")).inc();
    wait(&registry);
    assert!(registry.text().contains("jobs{name=\"a\"} 1\n"));
    jobs.with(tenant("a")).dec();
    assert_eq!(jobs.with(tenant("a")).get(), 0);
    wait(&registry);
    assert!(!registry.text().contains("jobs{"));
}

#[test]
fn nonzero_float_gauge_stays() {
    let registry = Registry::new();
    let load: Family<Tenant, Gauge<f64>> =
        registry.register(&Definition::new("load", "Load.").ttl(TTL)).unwrap();
    load.with(tenant("a")).add(0.5);
    wait(&registry);
    assert!(registry.text().contains("load{name=\"a\"} 0.5\n"));
    load.with(tenant("a")).sub(0.5);
    wait(&registry);
    assert!(!registry.text().contains("load{"));
}

#[test]
fn guard_of_a_removed_series() {
    let registry = Registry::new();
    let flags: Family<Flag, Gauge> = registry.register(&Definition::new("flags", "Flags.")).unwrap();
    let fractions: Family<Flag, Gauge<f64>> =
        registry.register(&Definition::new("fractions", "Fractions.")).unwrap();
    let strings: Family<Tenant, Gauge> = registry.register(&Definition::new("strings", "Strings.")).unwrap();
    let flag = Flag { is_on: true };
    let guards = (flags.with(flag).track(), fractions.with(flag).track(), strings.with(tenant("a")).track());
    assert!(flags.remove(flag) && fractions.remove(flag) && strings.remove(tenant("a")));
    let next = flags.with(flag).track();
    strings.with(tenant("a")).set(0);
    drop(guards);
    assert_eq!((flags.with(flag).get(), strings.with(tenant("a")).get()), (1, 0));
    assert_eq!(fractions.with(flag).get().to_bits(), 0);
    drop(next);
    assert_eq!(flags.with(flag).get(), 0);
}

#[test]
fn subtracting_the_least_integer() {
    let gauge: Gauge = Registry::new().register(&Definition::new("level", "Level.")).unwrap();
    gauge.sub(i64::MIN);
    assert_eq!(gauge.get(), i64::MIN);
    gauge.add(i64::MIN);
    assert_eq!(gauge.get(), 0);
}
