//! What the slots of one series mean.

use std::sync::Arc;

use once_cell::sync::Lazy;

use crate::{
    buckets::Buckets,
    cell::{Shape, Word},
    descriptor::Kind,
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
    /// A slot for each bucket, `+Inf` included, and the sum: nanoseconds for durations, floating-point otherwise.
    Histogram(Arc<Buckets>),
}

impl Layout {
    pub(crate) const fn kind(&self) -> Kind {
        match self {
            Self::Counter | Self::FloatCounter => Kind::Counter,
            Self::Gauge | Self::FloatGauge => Kind::Gauge,
            Self::Histogram(_) => Kind::Histogram,
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
        }
    }

    /// A histogram's buckets.
    #[inline]
    pub(crate) fn buckets(&self) -> &Buckets {
        match self {
            Self::Histogram(buckets) => buckets,
            _ => &NO_BUCKETS,
        }
    }

    /// A histogram's buckets, to keep.
    pub(crate) fn shared_buckets(&self) -> Arc<Buckets> {
        match self {
            Self::Histogram(buckets) => Arc::clone(buckets),
            _ => Arc::clone(&NO_BUCKETS),
        }
    }

    pub(crate) fn shape(&self) -> Shape {
        match self {
            Self::Counter => Shape { width: 1, last: Word::Integer },
            Self::FloatCounter => Shape { width: 1, last: Word::Float },
            Self::Gauge => Shape { width: 2, last: Word::Mark },
            Self::FloatGauge => Shape { width: 1, last: Word::Shared },
            Self::Histogram(buckets) => {
                let last = if buckets.takes_durations() { Word::Integer } else { Word::Float };
                Shape { width: buckets.bounds().len() + 2, last }
            }
        }
    }
}
