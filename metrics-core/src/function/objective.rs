//! Objectives: what share of a function's calls is to end well, and how fast.

use std::fmt;

use crate::{descriptor::Kind, registry::Registry};

/// What `objective(…)` of an attribute says.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Objective {
    /// The objective's name.
    pub name: &'static str,
    /// The share of calls that is to end well, and within `latency` where that is given.
    pub success: Percentage,
    /// An upper bound of one of the histogram's buckets, in seconds.
    pub latency: Option<f64>,
}

/// A percentage as it was written, exact: `99.95` is 9995 with two decimals.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Percentage {
    /// All digits as one number.
    pub digits: u64,
    /// How many of them stand after the point.
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

/// A metric that an objective is judged by.
#[derive(Clone, Debug, PartialEq)]
pub struct Judged {
    /// The metric's name.
    pub metric: String,
    /// Its type.
    pub kind: Kind,
    /// Whether it tells how calls ended: it has the label `result`.
    pub has_result: bool,
    /// The labels that tell the function from others in the same family.
    pub labels: Vec<(String, String)>,
    /// The objective.
    pub objective: Objective,
}

/// The metrics of a registry that objectives are judged by, for what is generated of them.
pub fn objectives(registry: &Registry) -> Vec<Judged> {
    registry.declare();
    let sets = registry.snapshot().into_iter().flat_map(|family| family.sets);
    sets.filter_map(|set| {
        let descriptor = set.descriptor();
        let labels = descriptor.constants().into_iter();
        Some(Judged {
            metric: descriptor.name.clone(),
            kind: descriptor.kind,
            has_result: descriptor.dimensions().iter().any(|dimension| dimension.name() == "result"),
            labels: labels.map(|(name, value)| (name.to_owned(), value.to_owned())).collect(),
            objective: *descriptor.objective?,
        })
    })
    .collect()
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
