//! A metric of a call site, and the way from a call's labels to its cells.

use std::sync::{
    Arc,
    atomic::{AtomicU32, Ordering::Relaxed},
};

use super::{Instrument, InstrumentKind, InstrumentLabel, Outcome};
use crate::{
    cell::{Cells, Slot},
    label::{CappedText, Dimension, Interner, Interners, LabelValue, OTHER},
    metric::record_nanos,
    model::Buckets,
    series::SharedSet,
};

/// A metric of a call site.
#[derive(Debug)]
pub(super) struct BoundMetric {
    set: SharedSet,
    /// First slot and slots per series, for a metric whose positions are slots.
    dense: Option<(Slot, usize)>,
    /// Number of positions of the metric.
    positions: usize,
    /// Strides of the site's dimensions.
    strides: Box<[Stride]>,
    /// Distance between neighbouring outcomes, in positions; zero without the label `result`.
    result_stride: usize,
    instrument: &'static Instrument,
}

/// Share of a dimension of the site in the position of a series.
#[derive(Debug)]
struct Stride {
    /// Index of the dimension in the site.
    dimension: usize,
    /// Label of the metric if its strings are not those of the site, because another site or a concurrent thread has created the
    /// metric.
    foreign: Option<ForeignLabel>,
    /// Distance between neighbouring values, in positions.
    distance: usize,
}

/// A label whose strings in the metric are not those of the site.
#[derive(Debug)]
struct ForeignLabel {
    /// Index of the label in the metric.
    at: usize,
    /// By position in the site: the position in the metric plus one, or zero before it is looked up.
    positions: Box<[AtomicU32]>,
}

impl ForeignLabel {
    /// Returns the position of the site's value in the metric. A string past the limit is counted for both.
    fn position(&self, site: &Interner, metric: &Interners, id: u32) -> usize {
        let known = self.positions.get(id as usize);
        if let Some(position) = known.and_then(|known| known.load(Relaxed).checked_sub(1)) {
            return position as usize;
        }
        let Some(text) = site.text_at(id as usize) else {
            metric.note_overflow(self.at);
            return metric.position(self.at, &CappedText::new(OTHER));
        };
        let position = metric.position(self.at, &CappedText::new(&text));
        // Positions that may change are looked up each time. So are strings past the limit, to be counted.
        if metric.get(self.at).is_some_and(|interner| interner.keeps(position))
            && let (Some(known), Ok(position)) = (known, u32::try_from(position + 1))
        {
            known.store(position, Relaxed);
        }
        position
    }
}

impl BoundMetric {
    pub(super) const fn kind(&self) -> InstrumentKind {
        self.instrument.kind
    }

    pub(super) fn buckets(&self) -> &'static Buckets {
        self.set.layout().buckets()
    }

    /// Returns the first slot of a metric whose only variable label is `result`.
    pub(super) fn first_of_result(&self) -> Option<Slot> {
        self.dense.filter(|_| self.strides.is_empty()).map(|(first, _)| first)
    }

    /// Returns the distance of an outcome's series from the first slot; `None` if the outcome is not recorded.
    pub(super) fn offset_of(&self, outcome: Outcome) -> Option<usize> {
        let (_, width) = self.dense?;
        self.records(outcome).then(|| outcome.index() * self.result_stride * width)
    }

    pub(super) fn record_start(&self, interners: &Interners, arguments: &[u32]) {
        if self.kind() == InstrumentKind::InFlight {
            self.cells(interners, (arguments, &[]), Outcome::Ok).add_marked(1);
        }
    }

    pub(super) fn record_end(
        &self,
        interners: &Interners,
        labels: (&[u32], &[u32]),
        nanos: u64,
        outcome: Outcome,
    ) {
        match self.kind() {
            InstrumentKind::InFlight => {
                self.cells(interners, (labels.0, &[]), Outcome::Ok).add_marked(u64::MAX);
            }
            _ if !self.records(outcome) => {}
            InstrumentKind::Calls => self.cells(interners, labels, outcome).count(1),
            InstrumentKind::Duration => {
                let cells = self.cells(interners, labels, outcome);
                record_nanos(cells, self.set.layout().buckets(), nanos);
            }
        }
    }

    /// Computes the strides of the site's dimensions in a set.
    pub(super) fn of_set(set: SharedSet, instrument: &'static Instrument, interners: &Interners) -> Self {
        let positions = set.dimensions().iter().map(Dimension::size).product::<usize>();
        let mut stride = positions;
        let mut strides = Vec::new();
        let mut result_stride = 0;
        let variable = instrument.labels.iter().filter(|label| !label.is_constant());
        for (at, (label, dimension)) in variable.zip(set.dimensions()).enumerate() {
            stride /= dimension.size().max(1);
            match label {
                InstrumentLabel::Outcome(_) => result_stride = stride,
                InstrumentLabel::Dimension(place) | InstrumentLabel::Error(place) => {
                    let own = interners.get(*place);
                    let foreign =
                        set.interners().get(at).filter(|set| own.is_some_and(|own| !Arc::ptr_eq(own, set)));
                    strides.push(Stride {
                        dimension: *place,
                        foreign: foreign.map(|_| ForeignLabel {
                            at,
                            positions: (0..dimension.size()).map(|_| AtomicU32::new(0)).collect(),
                        }),
                        distance: stride,
                    });
                }
                InstrumentLabel::Function | InstrumentLabel::Module | InstrumentLabel::Constant(..) => {}
            }
        }
        Self { dense: set.dense(), positions, set, strides: strides.into(), result_stride, instrument }
    }

    #[inline]
    fn records(&self, outcome: Outcome) -> bool {
        self.instrument.only.is_none_or(|only| only == outcome)
    }

    #[inline]
    fn cells(&self, interners: &Interners, labels: (&[u32], &[u32]), outcome: Outcome) -> Cells {
        match self.dense {
            Some((first, width)) => {
                let position = self.position(interners, labels, outcome);
                // A label value implemented by hand may have an invalid position.
                Cells::unguarded(if position < self.positions {
                    first.plus(position * width)
                } else {
                    Slot::SINK
                })
            }
            // Strings of the site keep their positions. Those of another site or of a family are looked up again if they have changed
            // in the meantime.
            None => self.set.cells(|_| self.position(interners, labels, outcome)),
        }
    }

    #[inline]
    fn position(
        &self,
        interners: &Interners,
        (arguments, returned): (&[u32], &[u32]),
        outcome: Outcome,
    ) -> usize {
        let mut position = outcome.index() * self.result_stride;
        for stride in &self.strides {
            let labels = arguments.get(stride.dimension);
            let place = labels.or_else(|| returned.get(stride.dimension.wrapping_sub(arguments.len())));
            position += self.translate(stride, interners, place.copied().unwrap_or(0)) * stride.distance;
        }
        position
    }

    /// Returns the position of a label's value in the set. Strings that the site keeps are interned in the set too.
    #[inline]
    fn translate(&self, stride: &Stride, interners: &Interners, place: u32) -> usize {
        match (&stride.foreign, interners.get(stride.dimension)) {
            (Some(foreign), Some(site)) => foreign.position(site, self.set.interners(), place),
            _ => place as usize,
        }
    }
}
