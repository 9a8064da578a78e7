//! Objectives: the share of a function's calls that must succeed, and the latency.

use std::fmt;

/// A service-level objective of a function, `objective(…)`.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Objective {
    /// Name of the objective.
    pub name: &'static str,
    /// Share of calls that must succeed, and within `latency` if there is one.
    pub success: Percentage,
    /// Longest duration in seconds: an upper bound of one of the histogram's buckets.
    pub latency: Option<f64>,
}

/// A percentage exactly as it was written: `99.95` is 9995 with two decimals.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Percentage {
    /// All digits as one number.
    pub digits: u64,
    /// Number of digits after the point.
    pub decimals: u8,
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
    use super::Percentage;

    #[test]
    fn percentages_are_shown_as_they_were_written() {
        let shown = |digits, decimals| Percentage { digits, decimals }.to_string();
        assert_eq!(shown(999, 1), "99.9");
        assert_eq!(shown(99, 0), "99");
        assert_eq!(shown(9905, 2), "99.05");
        assert_eq!(shown(5, 2), "0.05");
    }
}
