//! One metric of a site: how a call's labels lead to its cells.

use std::sync::Arc;

use super::{Instrument, InstrumentKind, InstrumentLabel, Outcome};
use crate::{
    cell::{Cells, Slot},
    label::{Dimension, Interners, LabelValue, OTHER, Text},
    metric::record_nanos,
    model::Buckets,
    series::SharedSet,
};

/// One metric of the site.
#[derive(Debug)]
pub(super) struct BoundMetric {
    set: SharedSet,
    /// The first slot and the distance from series to series, where positions are slots.
    dense: Option<(Slot, usize)>,
    /// The distance between neighbouring values of each of the site's dimensions, in positions.
    strides: Box<[Stride]>,
    /// The same for the endings; zero where the metric has no label `result`.
    result_stride: usize,
    instrument: &'static Instrument,
}

/// The part of one of the site's dimensions in the position of a metric's series.
#[derive(Debug)]
struct Stride {
    /// The place of the dimension in the site.
    dimension: usize,
    /// The place of the label in the metric, if its strings are not the site's own: another site has made the metric.
    foreign: Option<usize>,
    /// The distance between neighbouring values, in positions.
    distance: usize,
}

impl BoundMetric {
    pub(super) const fn kind(&self) -> InstrumentKind {
        self.instrument.kind
    }

    pub(super) fn buckets(&self) -> &'static Buckets {
        self.set.layout().buckets()
    }

    /// The first slot of a metric whose only variable label is `result`.
    pub(super) fn first_of_result(&self) -> Option<Slot> {
        self.dense.filter(|_| self.strides.is_empty()).map(|(first, _)| first)
    }

    /// The distance of an outcome's series from the first slot; `None` where the outcome is not recorded.
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

    /// Finds out how the site's dimensions lead to the set's series.
    pub(super) fn of_set(set: SharedSet, instrument: &'static Instrument, interners: &Interners) -> Self {
        let mut stride = set.dimensions().iter().map(Dimension::size).product::<usize>();
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
                        foreign: foreign.map(|_| at),
                        distance: stride,
                    });
                }
                InstrumentLabel::Function | InstrumentLabel::Module | InstrumentLabel::Constant(..) => {}
            }
        }
        Self { dense: set.dense(), set, strides: strides.into(), result_stride, instrument }
    }

    #[inline]
    fn records(&self, outcome: Outcome) -> bool {
        self.instrument.only.is_none_or(|only| only == outcome)
    }

    #[inline]
    fn cells(&self, interners: &Interners, labels: (&[u32], &[u32]), outcome: Outcome) -> Cells {
        match self.dense {
            Some((first, width)) => {
                Cells::unguarded(first.plus(self.position(interners, labels, outcome) * width))
            }
            // The site's strings keep their places. Those of another site's, or of a family's, are looked up again when they
            // have moved meanwhile, as this is called again then.
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

    /// The position of a label's value in the set; strings that the site has interned are interned in the set too.
    #[inline]
    fn translate(&self, stride: &Stride, interners: &Interners, place: u32) -> usize {
        let place = place as usize;
        let Some(at) = stride.foreign else { return place };
        let Some(interner) = interners.get(stride.dimension) else { return place };
        let text = interner.text_at(place).unwrap_or_else(|| OTHER.into());
        self.set.interners().position(at, &Text::new(&text))
    }
}
