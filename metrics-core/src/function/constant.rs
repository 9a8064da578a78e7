//! What attributes check about constants, whose values the macro cannot see.

use super::InstrumentKind;

/// Checks a metric name that is a constant, while compiling; `suffix` says whether the rule for the type's suffix holds.
///
/// # Panics
///
/// Where it is no name; in a constant, that is a compile error.
#[track_caller]
pub const fn assert_metric(name: &str, kind: InstrumentKind, suffix: bool) {
    let bytes = name.as_bytes();
    assert!(!bytes.is_empty(), "the metric name is empty");
    assert!(!bytes[0].is_ascii_digit(), "a metric name does not begin with a digit");
    let mut at = 0;
    while at < bytes.len() {
        let legal = bytes[at].is_ascii_alphanumeric() || bytes[at] == b'_';
        assert!(legal, "a metric name is made of ASCII letters, digits and `_`");
        at += 1;
    }
    match kind {
        InstrumentKind::Calls => {
            assert!(!suffix || ends_with(bytes, b"_total"), "a counter's name ends in `_total`");
        }
        InstrumentKind::Duration => {
            assert!(!suffix || ends_with(bytes, b"_seconds"), "the name of a duration ends in `_seconds`");
        }
        InstrumentKind::InFlight => {
            assert!(!suffix || !ends_with(bytes, b"_total"), "only a counter's name ends in `_total`");
        }
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

const fn ends_with(bytes: &[u8], end: &[u8]) -> bool {
    if bytes.len() < end.len() {
        return false;
    }
    let from = bytes.len() - end.len();
    let mut at = 0;
    while at < end.len() {
        if bytes[from + at] != end[at] {
            return false;
        }
        at += 1;
    }
    true
}

#[cfg(test)]
mod tests {
    use std::panic::catch_unwind;

    use super::{InstrumentKind, assert_latency, assert_metric};

    #[test]
    fn names_follow_the_grammar_and_the_suffix_of_their_type() {
        use InstrumentKind::{Calls, Duration, InFlight};

        let is_right =
            |name: &'static str, kind, suffix| catch_unwind(|| assert_metric(name, kind, suffix)).is_ok();
        assert!(is_right("a_total", Calls, true) && is_right("a", Calls, false));
        assert!(is_right("a_seconds", Duration, true) && is_right("a", InFlight, true));
        for (name, kind) in [
            ("", InFlight),
            ("9", InFlight),
            ("a-b", InFlight),
            ("a", Calls),
            ("a", Duration),
            ("a_total", InFlight),
        ] {
            assert!(!is_right(name, kind, true), "{name} {kind:?}");
        }
    }

    #[test]
    fn latencies_are_bounds() {
        assert_latency(&[0.1, 0.25], 0.25);
        assert!(catch_unwind(|| assert_latency(&[0.1, 0.25], 0.2)).is_err());
    }
}
