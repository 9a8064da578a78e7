//! Facts about the result of a query.

use super::labels::Labels;

/// Kind of series.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum SeriesKind {
    Counter,
    Gauge,
    /// Classic buckets of a histogram.
    Buckets,
    NativeHistogram,
    /// Not known, or computed.
    Other,
}

impl SeriesKind {
    pub(super) const fn as_str(self) -> &'static str {
        match self {
            Self::Counter => "a counter",
            Self::Gauge => "a gauge",
            Self::Buckets => "buckets",
            Self::NativeHistogram => "a native histogram",
            Self::Other => "a number",
        }
    }

    /// Returns the kind of the sum, the maximum and so on of series.
    pub(super) const fn aggregated(self) -> Self {
        match self {
            // A sum of counters falls where one of them is reset.
            Self::Counter => Self::Other,
            Self::Gauge | Self::Buckets | Self::NativeHistogram | Self::Other => self,
        }
    }

    /// Returns the kind of the rate of series.
    pub(super) const fn rate(self) -> Self {
        match self {
            Self::Counter | Self::Gauge => Self::Gauge,
            Self::Buckets | Self::NativeHistogram | Self::Other => self,
        }
    }
}

/// A metric that a query reads.
#[derive(Clone, Debug)]
pub(super) struct Leaf {
    pub(super) name: String,
    /// Byte of the name in the query.
    pub(super) at: usize,
    pub(super) kind: SeriesKind,
}

/// Labels and kind of a query's result.
#[derive(Clone, Debug)]
pub(super) struct Shape {
    pub(super) labels: Labels,
    pub(super) kind: SeriesKind,
    pub(super) is_scalar: bool,
    /// The metrics that the result comes from.
    pub(super) leaves: Vec<Leaf>,
}

impl Shape {
    /// Returns the shape of a result of which nothing is known.
    pub(super) fn unknown() -> Self {
        Self { labels: Labels::open(), kind: SeriesKind::Other, is_scalar: false, leaves: Vec::new() }
    }

    pub(super) fn scalar() -> Self {
        Self { labels: Labels::default(), is_scalar: true, ..Self::unknown() }
    }
}
