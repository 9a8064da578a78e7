//! Types of metrics, as far as names depend on them.

/// A metric's type.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MetricType {
    /// A counter: its name ends in `_total`.
    Counter,
    /// A gauge or a state set.
    Gauge,
    /// A histogram: it has series that end in `_bucket`, `_count` and `_sum`.
    Histogram,
    /// A summary: it has series that end in `_count` and `_sum`.
    Summary,
    /// An info metric: its name ends in `_info`.
    Info,
    /// A metric of unknown type, for which only the rules for all types hold.
    Unknown,
}
