//! Objectives: the share of a function's calls that must succeed, and the latency.

use std::fmt;

/// A service-level objective, as a constant that functions share: `objective = API`.
///
/// ```
/// use metrics_core::{Objective, observed};
///
/// const API: Objective = Objective::new("api", 99.9).latency(0.25).latency_success(99.0);
///
/// #[observed(objective = API)]
/// fn search() {}
///
/// #[observed(objective = API)]
/// fn order() {}
///
/// let rules = metrics_core::catalog().to_prometheus_rules();
/// assert!(rules.contains("objective-api-errors") && rules.contains("objective-api-latency"));
/// # search();
/// # order();
/// ```
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Objective {
    pub(crate) name: &'static str,
    /// Share of calls that must succeed.
    pub(crate) success: Percentage,
    /// Longest duration in seconds: an upper bound of one of the histogram's buckets.
    pub(crate) latency: Option<f64>,
    /// Share of calls that must end within the latency.
    pub(crate) latency_success: Percentage,
}

impl Objective {
    /// Creates an objective with the share of calls that must succeed, in percent.
    ///
    /// # Panics
    ///
    /// If the name has other characters than letters, digits, `_`, `-` and `.`, or the share is not from 50 to below 100 or has more
    /// than 9 decimals. In a constant, that is a compile error.
    pub const fn new(name: &'static str, success: f64) -> Self {
        assert!(is_legal(name), "an objective's name has letters, digits, `_`, `-` and `.`");
        let success = Percentage::of_objective(success);
        Self { name, success, latency: None, latency_success: success }
    }

    /// Sets the longest duration of a call in seconds. It is an upper bound of one of the histogram's buckets.
    ///
    /// # Panics
    ///
    /// If the latency is not positive and finite. In a constant, that is a compile error.
    #[must_use]
    pub const fn latency(mut self, seconds: f64) -> Self {
        assert!(seconds > 0.0 && seconds.is_finite(), "a latency is a positive number of seconds");
        self.latency = Some(seconds);
        self
    }

    /// Sets the share of calls that must end within the latency, in percent. The default is the share that must succeed.
    ///
    /// # Panics
    ///
    /// If there is no latency, or the share is not from 50 to below 100 or has more than 9 decimals. In a constant, that is a compile
    /// error.
    #[must_use]
    pub const fn latency_success(mut self, success: f64) -> Self {
        assert!(self.latency.is_some(), "a share of calls within the latency needs a latency");
        self.latency_success = Percentage::of_objective(success);
        self
    }

    /// Creates an objective from what a macro has checked.
    #[doc(hidden)]
    pub const fn checked(
        name: &'static str,
        success: Percentage,
        latency: Option<f64>,
        latency_success: Percentage,
    ) -> Self {
        Self { name, success, latency, latency_success }
    }

    /// Returns true if both have the same numbers, as far as both have a latency.
    pub(crate) fn agrees_with(&self, other: &Self) -> bool {
        let latencies = self.latency.zip(other.latency);
        self.success == other.success
            && latencies.is_none_or(|(one, other)| one.to_bits() == other.to_bits())
            && (latencies.is_none() || self.latency_success == other.latency_success)
    }
}

/// Labels that the public Autometrics specification 1.0 gives to the series of a function with an objective.
///
/// A function without an objective does not have them, although it is in the same family.
pub(crate) const OBJECTIVE_LABELS: [&str; 3] =
    ["objective_name", "objective_percentile", "objective_latency_threshold"];

const fn is_legal(name: &str) -> bool {
    let bytes = name.as_bytes();
    let mut at = 0;
    while at < bytes.len() {
        if !(bytes[at].is_ascii_alphanumeric() || matches!(bytes[at], b'_' | b'-' | b'.')) {
            return false;
        }
        at += 1;
    }
    !bytes.is_empty()
}

/// A percentage exactly as it was written: `99.95` is 9995 with two decimals.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Percentage {
    /// All digits as one number, the last of the decimals not zero.
    pub digits: u64,
    /// Number of digits after the point.
    pub decimals: u8,
}

impl Percentage {
    const fn of_objective(percent: f64) -> Self {
        assert!(
            percent >= 50.0 && percent < 100.0,
            "a share is a percentage from 50 to below 100, or no alert could fire: 99.9 % is `99.9`"
        );
        match Self::exact(percent) {
            Some(share) => share,
            None => panic!("a share has at most 9 decimals"),
        }
    }

    /// The shortest decimal that reads as this number, with at most 9 decimals.
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "a percentage with 9 decimals has 12 digits"
    )]
    const fn exact(percent: f64) -> Option<Self> {
        let (mut decimals, mut scale) = (0, 1_u64);
        while decimals <= 9 {
            let digits = (percent * scale as f64 + 0.5) as u64;
            if (digits as f64 / scale as f64).to_bits() == percent.to_bits() {
                return Some(Self { digits, decimals });
            }
            decimals += 1;
            scale *= 10;
        }
        None
    }
}

impl fmt::Display for Percentage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let scale = 10_u64.saturating_pow(self.decimals.into());
        let (whole, rest) = (self.digits / scale, self.digits % scale);
        match self.decimals {
            0 => write!(f, "{whole}"),
            decimals => write!(f, "{whole}.{rest:0width$}", width = decimals.into()),
        }
    }
}

#[cfg(test)]
mod tests {
    use std::panic::catch_unwind;

    use super::{Objective, Percentage};

    #[test]
    fn shares_are_exact() {
        for (percent, digits, decimals) in [
            (99.9, 999, 1),
            (99.95, 9995, 2),
            (50.0, 50, 0),
            (99.999_999_999, 99_999_999_999, 9),
            (66.6, 666, 1),
        ] {
            assert_eq!(Objective::new("api", percent).success, Percentage { digits, decimals });
        }
    }

    #[test]
    fn nonsense_is_refused() {
        for percent in [0.999, 49.9, 100.0, f64::NAN, 99.999_999_999_9] {
            assert!(catch_unwind(|| Objective::new("api", percent)).is_err(), "{percent}");
        }
        assert!(catch_unwind(|| Objective::new("", 99.0)).is_err());
        assert!(catch_unwind(|| Objective::new("a b", 99.0)).is_err());
        assert!(catch_unwind(|| Objective::new("api", 99.0).latency(0.0)).is_err());
        assert!(catch_unwind(|| Objective::new("api", 99.0).latency_success(99.0)).is_err());
    }

    #[test]
    fn percentages_are_shown_as_they_were_written() {
        let shown = |digits, decimals| Percentage { digits, decimals }.to_string();
        assert_eq!(shown(999, 1), "99.9");
        assert_eq!(shown(99, 0), "99");
        assert_eq!(shown(9905, 2), "99.05");
        assert_eq!(shown(5, 2), "0.05");
    }
}
