//! Layouts: the meaning of the slots of one series.

use std::sync::Arc;

use super::{bucket_layouts, buckets::Buckets, descriptor::MetricType};
use crate::{
    cell::{CellKind, SeriesShape},
    label::{escape, parse_block},
};

/// The meaning of the slots of one series.
#[derive(Clone, Debug, PartialEq)]
pub enum Layout {
    /// One slot that counts.
    Counter,
    /// One floating-point slot that counts.
    FloatCounter,
    /// A slot that is added to, whose shared cell is the value last set, and a mark, see `metric::gauge`.
    Gauge,
    /// A floating-point value in the shared cell.
    FloatGauge,
    /// The sum, nanoseconds for durations and floating-point otherwise, and a slot for each bucket, `+Inf` included.
    Histogram(&'static Buckets),
    /// The sum, as in a histogram, and one bucket, which is the count.
    Summary(&'static Buckets),
    /// A floating-point value of a counter in the shared cell, from a callback.
    ReadCounter,
    /// One in the shared cell while the series is on the page.
    Info,
    /// The number of the current state in the shared cell.
    StateSet(Arc<States>),
}

/// The states of a state set.
#[derive(Debug, PartialEq, Eq)]
pub struct States(Box<[Box<str>]>);

impl States {
    /// Creates states with these texts. The label has the name of the family, as `OpenMetrics` demands.
    pub(crate) fn new(family: &str, states: impl Iterator<Item = &'static str>) -> Self {
        let label = |state| {
            let mut text = format!("{family}=\"");
            escape(&mut text, state);
            text.push('"');
            text.into()
        };
        Self(states.map(label).collect())
    }

    /// Returns the label of each state as the text formats have it.
    pub(crate) fn labels(&self) -> impl Iterator<Item = &str> {
        self.0.iter().map(|label| &**label)
    }

    /// Returns the texts of the states.
    pub(crate) fn values(&self) -> Vec<String> {
        self.labels().flat_map(parse_block).map(|(_, value)| value).collect()
    }

    /// Returns whether a state is the current one in the words of a series.
    #[allow(clippy::unused_self)] // the states say what the words mean
    pub(crate) fn is_current(&self, state: usize, words: &[u64]) -> bool {
        words.first().is_some_and(|current| usize::try_from(*current) == Ok(state))
    }
}

impl Layout {
    /// Returns the type of a metric with this layout.
    pub(crate) const fn metric_type(&self) -> MetricType {
        match self {
            Self::Counter | Self::FloatCounter | Self::ReadCounter => MetricType::Counter,
            Self::Gauge | Self::FloatGauge => MetricType::Gauge,
            Self::Histogram(_) => MetricType::Histogram,
            Self::Summary(_) => MetricType::Summary,
            Self::Info => MetricType::Info,
            Self::StateSet(_) => MetricType::StateSet,
        }
    }

    /// Returns the buckets of a histogram, and no bucket but `+Inf` for other types.
    #[inline]
    pub(crate) fn buckets(&self) -> &'static Buckets {
        match self {
            Self::Histogram(buckets) | Self::Summary(buckets) => buckets,
            Self::Counter
            | Self::FloatCounter
            | Self::Gauge
            | Self::FloatGauge
            | Self::ReadCounter
            | Self::Info
            | Self::StateSet(_) => bucket_layouts::unbounded(false),
        }
    }

    /// Returns the number and kind of the slots.
    pub(crate) fn shape(&self) -> SeriesShape {
        match self {
            Self::Counter => SeriesShape { width: 1, special: CellKind::Integer },
            Self::FloatCounter => SeriesShape { width: 1, special: CellKind::Float },
            Self::Gauge => SeriesShape { width: 2, special: CellKind::Mark },
            Self::FloatGauge | Self::ReadCounter | Self::Info | Self::StateSet(_) => {
                SeriesShape { width: 1, special: CellKind::Shared }
            }
            Self::Histogram(buckets) | Self::Summary(buckets) => {
                let special = if buckets.takes_durations() { CellKind::Nanos } else { CellKind::Float };
                SeriesShape { width: buckets.bounds().len() + 2, special }
            }
        }
    }
}
