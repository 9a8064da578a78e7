//! Checks of constants, whose values the macro cannot see.

use metrics_lint::{self as lint, MetricType, Rule};

use super::{InstrumentKind, Outcome};
use crate::{
    label::{Dimension, LabelValue},
    model::Objective,
    series::MOST_POSITIONS,
};

/// Checks a constant metric name at compile time, by the rules that are not `allowed`.
///
/// # Panics
///
/// Panics if the name breaks a rule; in a constant, that is a compile error.
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

/// Checks the number of series of a metric at compile time; `labels` are indices of the site's dimensions.
///
/// A dimension whose type is known only in a call counts as one value.
///
/// # Panics
///
/// Panics if there are more than 1000 initial series and `is_allowed` is not set, or if the labels have too many combinations; in a
/// constant, that is a compile error.
#[track_caller]
pub const fn assert_series(
    dimensions: &[Option<Dimension>],
    labels: &[usize],
    has_outcome: bool,
    is_allowed: bool,
) {
    let (positions, _) = combinations(dimensions, labels, if has_outcome { Outcome::COUNT } else { 1 });
    assert!(
        positions <= MOST_POSITIONS,
        "the labels have more than four million combinations: lower a limit of `capped`, or take a label away"
    );
    let (series, is_capped) =
        combinations(dimensions, labels, if has_outcome { OUTCOMES_AT_START } else { 1 });
    assert!(
        is_capped || is_allowed || series <= lint::MOST_SERIES,
        "the labels make more than 1000 series, all of them there from the start: take a label away, or say \
         `allow = label_product`"
    );
}

/// Returns whether the number of initial series is past 100 and within the limit of an error.
pub const fn makes_many_series(
    dimensions: &[Option<Dimension>],
    labels: &[usize],
    has_outcome: bool,
) -> bool {
    let (series, is_capped) =
        combinations(dimensions, labels, if has_outcome { OUTCOMES_AT_START } else { 1 });
    !is_capped && series > lint::MOST_SERIES_WITHOUT_ADVICE && series <= lint::MOST_SERIES
}

/// Number of outcomes whose series are on the page before the first call: `ok` and `error`.
const OUTCOMES_AT_START: usize = 2;

/// Returns the number of combinations of label values and outcomes, and whether a label is capped, so that series appear with their
/// values.
const fn combinations(dimensions: &[Option<Dimension>], labels: &[usize], outcomes: usize) -> (usize, bool) {
    let mut series = outcomes;
    let mut is_capped = false;
    let mut at = 0;
    while at < labels.len() {
        if let Some(dimension) = &dimensions[labels[at]] {
            series = series.saturating_mul(dimension.size());
            is_capped |= dimension.limit().is_some();
        }
        at += 1;
    }
    (series, is_capped)
}

/// Checks a constant objective against the histogram of its function at compile time; `bounds` is `None` without a histogram.
///
/// # Panics
///
/// Panics if the objective has a latency that is not one of the bounds; in a constant, that is a compile error.
#[track_caller]
pub const fn assert_objective(objective: &Objective, bounds: Option<&[f64]>) {
    match (objective.latency, bounds) {
        (None, _) => {}
        (Some(latency), Some(bounds)) => assert_latency(bounds, latency),
        (Some(_), None) => panic!("a latency needs a histogram on the same function: add `#[timed]`"),
    }
}

/// Checks that a latency is one of a histogram's constant bounds, at compile time.
///
/// # Panics
///
/// Panics if it is not; in a constant, that is a compile error.
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
