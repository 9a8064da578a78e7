//! One series of a family: labels, value, and what belongs to it.

use std::ops::ControlFlow;

use super::{bounds::Bounds, labels::Labels};
use crate::{
    cell::{Cells, wide_seconds},
    model::{Buckets, States},
    native::{Schema, Snapshot},
    series::{SeriesReader, SeriesRef},
};

/// Buffers that are used again from series to series.
#[derive(Debug, Default)]
pub(in crate::exposition) struct ReadBuffers {
    pub(super) reader: SeriesReader,
    /// Counts of a foreign family.
    pub(super) words: Vec<u64>,
    pub(super) labels: String,
    pub(super) quantiles: Vec<(f64, f64)>,
}

/// A series at the time of a scrape. `'f` is the family's lifetime; the rest is valid until the next series is read.
#[derive(Clone, Copy, Debug)]
pub(in crate::exposition) struct SeriesView<'f, 's> {
    pub(in crate::exposition) labels: Labels<'s>,
    pub(in crate::exposition) value: Value<'f, 's>,
    /// The collector's own time of the values, in milliseconds since 1970.
    pub(in crate::exposition) timestamp: Option<i64>,
    /// The series itself; `None` for families of the `prometheus` crate.
    pub(super) origin: Option<SeriesRef<'s>>,
}

impl SeriesView<'_, '_> {
    /// Returns when the series was at zero, in milliseconds since 1970.
    pub(in crate::exposition) fn created(&self) -> Option<u64> {
        self.origin.map(SeriesRef::since)
    }

    /// Returns the cells whose exemplars the series shows.
    pub(super) fn cells(&self) -> Option<Cells> {
        self.origin.map(SeriesRef::cells)
    }
}

/// Receiver of the series of a family.
///
/// A trait and no closure for the text formats, whose methods are inlined in the loop over counters: there the type of the value
/// is known, and the view is never in memory.
pub(in crate::exposition) trait SeriesVisitor<'f> {
    /// Receives a series; no further series is read after a break.
    fn visit(&mut self, series: SeriesView<'f, '_>) -> ControlFlow<()>;
}

impl<'f, F: FnMut(SeriesView<'f, '_>) -> ControlFlow<()>> SeriesVisitor<'f> for F {
    #[inline]
    fn visit(&mut self, series: SeriesView<'f, '_>) -> ControlFlow<()> {
        self(series)
    }
}

/// Value of a series.
#[derive(Clone, Copy, Debug)]
pub(in crate::exposition) enum Value<'f, 's> {
    Count(u64),
    Integer(i64),
    Float(f64),
    Histogram(HistogramView<'f, 's>),
    Summary(SummaryView<'s>),
    StateSet(StateView<'f, 's>),
    /// Of a family without a type.
    Nothing,
}

/// Sum of the observations of a histogram or summary.
#[derive(Clone, Copy, Debug)]
pub(in crate::exposition) enum Sum {
    /// Of durations, exact.
    Nanoseconds(u64),
    Number(f64),
}

impl Sum {
    #[inline]
    pub(super) fn of(buckets: &Buckets, words: &[u64]) -> Self {
        match words.get(Buckets::SUM) {
            Some(nanos) if buckets.takes_durations() && wide_seconds(*nanos).is_none() => {
                Self::Nanoseconds(*nanos)
            }
            Some(_) | None => Self::Number(buckets.sum(words)),
        }
    }

    #[inline]
    pub(in crate::exposition) fn as_f64(self) -> f64 {
        match self {
            Self::Nanoseconds(nanos) => crate::model::buckets::seconds(nanos),
            Self::Number(number) => number,
        }
    }
}

/// Classic buckets of a series, and its native ones if it has them.
#[derive(Clone, Copy, Debug)]
pub(in crate::exposition) struct HistogramView<'f, 's> {
    pub(in crate::exposition) bounds: Bounds<'f>,
    /// Count of each bucket, `+Inf` included; not cumulative.
    pub(in crate::exposition) counts: &'s [u64],
    pub(in crate::exposition) sum: Sum,
    pub(in crate::exposition) native: Option<NativeView>,
}

/// Native buckets of a series.
#[derive(Clone, Copy, Debug)]
pub(in crate::exposition) struct NativeView {
    pub(super) cells: Cells,
    pub(super) schema: Schema,
}

impl NativeView {
    pub(in crate::exposition) fn read(self, snapshot: &mut Snapshot) {
        snapshot.read(self.cells, self.schema);
    }
}

/// Observations of a summary.
#[derive(Clone, Copy, Debug)]
pub(in crate::exposition) struct SummaryView<'s> {
    /// Quantiles with their values.
    pub(in crate::exposition) quantiles: &'s [(f64, f64)],
    pub(in crate::exposition) sum: Sum,
    pub(in crate::exposition) count: u64,
}

/// State of a state set.
#[derive(Clone, Copy, Debug)]
pub(in crate::exposition) struct StateView<'f, 's> {
    pub(super) states: &'f States,
    pub(super) words: &'s [u64],
}

impl<'f> StateView<'f, '_> {
    /// Returns the label of each state as the text formats have it, and whether it is the current state.
    pub(in crate::exposition) fn states(self) -> impl Iterator<Item = (&'f str, bool)> {
        let Self { states, words } = self;
        states.labels().enumerate().map(move |(at, label)| (label, states.is_current(at, words)))
    }
}
