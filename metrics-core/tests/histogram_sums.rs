//! Sums of durations past 64 bits of nanoseconds do not fall.

use std::time::Duration;

use metrics_core::{Capped, Definition, Family, Histogram, LabelSet, Registry};

#[derive(Clone, LabelSet)]
struct Tenant {
    name: Capped<10>,
}

#[derive(Clone, Copy, LabelSet)]
struct Flag {
    is_on: bool,
}

/// Seconds of 2^64 nanoseconds.
const LONGEST: f64 = 18_446_744_073.709_55;

fn definition(name: &str) -> Definition {
    Definition::new(name, "Durations.").buckets(&[1.0])
}

/// Returns the sum of a family on the page.
fn sum(registry: &Registry, name: &str) -> f64 {
    let page = registry.text();
    let line = page.lines().find(|line| line.starts_with(&format!("{name}_sum"))).expect("a sum");
    line.rsplit(' ').next().and_then(|value| value.parse().ok()).expect("a number")
}

#[test]
fn a_sum_grows_past_64_bits() {
    let registry = Registry::new();
    let durations: Histogram = registry.register(&definition("long_seconds")).unwrap();
    let mut before = 0.0;
    for times in 1..=5_u32 {
        durations.observe_duration(Duration::MAX);
        let sum = sum(&registry, "long_seconds");
        assert!(sum > before, "the sum fell from {before} to {sum}");
        assert!((sum / (f64::from(times) * LONGEST) - 1.0).abs() < 1e-9, "{sum}");
        assert_eq!(durations.sum().to_bits(), sum.to_bits());
        before = sum;
    }
    for _ in 0..2 {
        durations.observe(1.7e9);
        let sum = sum(&registry, "long_seconds");
        assert!((sum - before - 1.7e9).abs() < 1e3, "{before}, then {sum}");
        before = sum;
    }
}

#[test]
fn removed_series_starts_at_zero() {
    let registry = Registry::new();
    let flags: Family<Flag, Histogram> = registry.register(&definition("flags_seconds")).unwrap();
    let tenants: Family<Tenant, Histogram> = registry.register(&definition("tenants_seconds")).unwrap();
    let (flag, tenant) = (Flag { is_on: false }, || Tenant { name: "a".into() });
    for _ in 0..3 {
        for _ in 0..2 {
            flags.with(flag).observe_duration(Duration::MAX);
            tenants.with(tenant()).observe_duration(Duration::MAX);
            assert!(sum(&registry, "flags_seconds") > 1e10 && sum(&registry, "tenants_seconds") > 1e10);
        }
        assert!(flags.remove(flag) && tenants.remove(tenant()));
        flags.with(flag).observe(2.0);
        tenants.with(tenant()).observe(3.0);
        assert!((sum(&registry, "flags_seconds") - 2.0).abs() < 1e-9);
        assert!((sum(&registry, "tenants_seconds") - 3.0).abs() < 1e-9);
        assert!(flags.remove(flag) && tenants.remove(tenant()));
    }
}

#[test]
fn reused_slots_start_at_zero() {
    for _ in 0..3 {
        let registry = Registry::new();
        let durations: Histogram = registry.register(&definition("again_seconds")).unwrap();
        durations.observe(1.0);
        assert!((sum(&registry, "again_seconds") - 1.0).abs() < 1e-9);
        for _ in 0..2 {
            durations.observe_duration(Duration::MAX);
            assert!(sum(&registry, "again_seconds") > 1e10);
        }
    }
}
