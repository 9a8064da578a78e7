//! What the slots of one series mean.

use std::sync::Arc;

use once_cell::sync::Lazy;

use super::{buckets::Buckets, descriptor::MetricType};
use crate::{
    cell::{CellKind, SeriesShape},
    label::{escape, parse_block},
};

/// Stands for the buckets of what is no histogram.
static NO_BUCKETS: Lazy<Arc<Buckets>> = Lazy::new(|| Arc::new(Buckets::none()));

/// What the slots of one series mean.
#[derive(Debug, PartialEq)]
pub enum Layout {
    /// One slot that counts.
    Counter,
    /// One floating-point slot that counts.
    FloatCounter,
    /// A slot to add to, whose shared cell is the value last set, and a mark, see `metric::gauge`.
    Gauge,
    /// A floating-point value in the shared cell.
    FloatGauge,
    /// The sum, nanoseconds for durations and floating-point otherwise, and a slot for each bucket, `+Inf` included.
    Histogram(Arc<Buckets>),
    /// The same for a summary: the sum, and one bucket, which is the count.
    Summary(Arc<Buckets>),
    /// A floating-point value of a counter in the shared cell, from a callback.
    ReadCounter,
    /// In the shared cell whether the series is there; its value is 1.
    Info,
    /// The number of the current state in the shared cell.
    StateSet(Arc<States>),
}

/// The states of a state set.
#[derive(Debug, PartialEq, Eq)]
pub struct States(Box<[Box<str>]>);

impl States {
    /// The states with these texts; the label is called like the family, as `OpenMetrics` demands.
    pub(crate) fn new(family: &str, states: impl Iterator<Item = &'static str>) -> Self {
        let label = |state| {
            let mut text = format!("{family}=\"");
            escape(&mut text, state);
            text.push('"');
            text.into()
        };
        Self(states.map(label).collect())
    }

    /// Each state's label as the text formats have it.
    pub(crate) fn labels(&self) -> impl Iterator<Item = &str> {
        self.0.iter().map(|label| &**label)
    }

    /// The texts of the states.
    pub(crate) fn values(&self) -> Vec<String> {
        self.labels().flat_map(parse_block).map(|(_, value)| value).collect()
    }

    /// Whether a state is the current one in the words of a series.
    #[allow(clippy::unused_self)] // what the words mean is the states' affair
    pub(crate) fn is_current(&self, state: usize, words: &[u64]) -> bool {
        words.first().is_some_and(|current| usize::try_from(*current) == Ok(state))
    }
}

impl Layout {
    pub(crate) const fn kind(&self) -> MetricType {
        match self {
            Self::Counter | Self::FloatCounter | Self::ReadCounter => MetricType::Counter,
            Self::Gauge | Self::FloatGauge => MetricType::Gauge,
            Self::Histogram(_) => MetricType::Histogram,
            Self::Summary(_) => MetricType::Summary,
            Self::Info => MetricType::Info,
            Self::StateSet(_) => MetricType::StateSet,
        }
    }

    /// The same layout; buckets are shared.
    pub(crate) fn share(&self) -> Self {
        match self {
            Self::Counter => Self::Counter,
            Self::FloatCounter => Self::FloatCounter,
            Self::Gauge => Self::Gauge,
            Self::FloatGauge => Self::FloatGauge,
            Self::Histogram(buckets) => Self::Histogram(Arc::clone(buckets)),
            Self::Summary(buckets) => Self::Summary(Arc::clone(buckets)),
            Self::ReadCounter => Self::ReadCounter,
            Self::Info => Self::Info,
            Self::StateSet(states) => Self::StateSet(Arc::clone(states)),
        }
    }

    /// A histogram's buckets.
    #[inline]
    pub(crate) fn buckets(&self) -> &Buckets {
        match self {
            Self::Histogram(buckets) | Self::Summary(buckets) => buckets,
            _ => &NO_BUCKETS,
        }
    }

    /// A histogram's buckets, to keep.
    pub(crate) fn shared_buckets(&self) -> Arc<Buckets> {
        match self {
            Self::Histogram(buckets) | Self::Summary(buckets) => Arc::clone(buckets),
            _ => Arc::clone(&NO_BUCKETS),
        }
    }

    pub(crate) fn shape(&self) -> SeriesShape {
        match self {
            Self::Counter => SeriesShape { width: 1, special: CellKind::Integer },
            Self::FloatCounter => SeriesShape { width: 1, special: CellKind::Float },
            Self::Gauge => SeriesShape { width: 2, special: CellKind::Mark },
            Self::FloatGauge | Self::ReadCounter | Self::Info | Self::StateSet(_) => {
                SeriesShape { width: 1, special: CellKind::Shared }
            }
            Self::Histogram(buckets) | Self::Summary(buckets) => {
                let special = if buckets.takes_durations() { CellKind::Integer } else { CellKind::Float };
                SeriesShape { width: buckets.bounds().len() + 2, special }
            }
        }
    }
}
