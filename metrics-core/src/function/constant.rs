//! What attributes check about constants, whose values the macro cannot see.

use metrics_lint::{self as lint, MetricType, Rule};

use super::InstrumentKind;

/// Checks a metric name that is a constant, while compiling, by the rules that are not `allowed`.
///
/// # Panics
///
/// Where it breaks one; in a constant, that is a compile error.
#[track_caller]
pub const fn assert_metric(name: &str, kind: InstrumentKind, allowed: &[&str]) {
    let of_name = match kind {
        InstrumentKind::Calls => MetricType::Counter,
        InstrumentKind::Duration => MetricType::Histogram,
        InstrumentKind::InFlight => MetricType::Gauge,
    };
    let broken = match lint::first_broken_rule(name, of_name, allowed) {
        None if matches!(kind, InstrumentKind::Duration)
            && !lint::ends_with(name, "_seconds")
            && !lint::listed(Rule::SecondsSuffix.name(), allowed) =>
        {
            Some(Rule::SecondsSuffix)
        }
        broken => broken,
    };
    if let Some(rule) = broken {
        panic!("{}", rule.sentence());
    }
}

/// Checks that a latency is one of a histogram's bounds that are a constant, while compiling.
///
/// # Panics
///
/// Where it is none; in a constant, that is a compile error.
#[track_caller]
pub const fn assert_latency(bounds: &[f64], latency: f64) {
    let mut at = 0;
    let mut found = false;
    while at < bounds.len() {
        found |= bounds[at].to_bits() == latency.to_bits();
        at += 1;
    }
    assert!(found, "the latency of the objective is not one of these buckets");
}

#[cfg(test)]
mod tests {
    use std::panic::catch_unwind;

    use super::{InstrumentKind, assert_latency, assert_metric};

    #[test]
    fn names_follow_the_rules_that_are_not_allowed() {
        use InstrumentKind::{Calls, Duration, InFlight};

        let breaks = |name: &'static str, kind, allowed: &'static [&str]| {
            catch_unwind(|| assert_metric(name, kind, allowed)).is_err()
        };
        assert!(!breaks("a_total", Calls, &[]) && !breaks("a_seconds", Duration, &[]));
        assert!(!breaks("a", Calls, &["counter_total"]) && !breaks("a", Duration, &["seconds_suffix"]));
        for (name, kind) in [
            ("", InFlight),
            ("9", InFlight),
            ("a-b", InFlight),
            ("a", Calls),
            ("a", Duration),
            ("a_total", InFlight),
        ] {
            assert!(breaks(name, kind, &[]), "{name} {kind:?}");
        }
    }

    #[test]
    fn latencies_are_bounds() {
        assert_latency(&[0.1, 0.25], 0.25);
        assert!(catch_unwind(|| assert_latency(&[0.1, 0.25], 0.2)).is_err());
    }
}
