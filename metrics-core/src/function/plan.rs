//! A call site with its metrics resolved to slots.

use std::sync::Arc;

use super::{Ending, Instrument, InstrumentKind, InstrumentLabel, SiteDeclaration};
use crate::{
    buckets::{Buckets, DEFAULT_BUCKETS},
    cell::{Cells, Slot},
    clock::Timestamp,
    descriptor::{Descriptor, Kind, Label, Location},
    family::{Hidden, SeriesSet, SetOptions, SharedSet},
    label::{Dimension, Interners, LabelValue, OTHER, Text},
    layout::Layout,
    metric::{Histogram, Metric},
    name::Rejection,
    registry::{RegistrationError, Registry},
};

/// A call site with its metrics resolved to slots.
#[derive(Debug)]
pub(super) struct Plan {
    counters: Box<[Resolved]>,
    durations: Box<[Resolved]>,
    gauges: Box<[Resolved]>,
    /// The strings of the capped labels, by the site's dimensions.
    interners: Interners,
    /// Which positions the labels from the returned value have where nothing is returned.
    absent: Box<[u32]>,
}

/// A site while it is being resolved.
struct Site<'a> {
    declaration: &'static SiteDeclaration,
    dimensions: &'a [Dimension],
    interners: &'a Interners,
    absent: &'a [u32],
}

/// One metric of the site.
#[derive(Debug)]
struct Resolved {
    set: SharedSet,
    /// The first slot and the distance from series to series, where positions are slots.
    dense: Option<(Slot, usize)>,
    /// How far apart neighbouring values of each of the site's dimensions are, in positions.
    strides: Box<[Stride]>,
    /// The same for the endings; zero where the metric has no label `result`.
    result_stride: usize,
    only: Option<Ending>,
}

/// How one of the site's dimensions enters the position of a metric's series.
#[derive(Debug)]
struct Stride {
    /// The place of the dimension in the site.
    dimension: usize,
    /// The place of the label in the metric, if its strings are not the site's own: another site has made the metric.
    foreign: Option<usize>,
    /// How far apart neighbouring values are, in positions.
    distance: usize,
}

impl Plan {
    /// Registers the site's metrics; one that cannot be is detached.
    pub(super) fn resolve(declaration: &'static SiteDeclaration, late: &[Dimension]) -> Self {
        let unknown = |at: usize| late.get(at).copied().unwrap_or(Dimension::of::<()>(""));
        let declared = declaration.dimensions.iter().enumerate();
        let dimensions: Vec<_> = declared.map(|(at, known)| known.unwrap_or_else(|| unknown(at))).collect();
        let interners = Interners::new(dimensions.iter().map(Dimension::limit));
        let absent = |at: usize| narrow(interners.position(at, &Text::new("")));
        let absent: Box<[u32]> = (declaration.arguments..dimensions.len()).map(absent).collect();
        let site = Site { declaration, dimensions: &dimensions, interners: &interners, absent: &absent };
        let of_kind = |kind| {
            let instruments = declaration.instruments.iter().filter(|instrument| instrument.kind == kind);
            instruments.map(|instrument| Resolved::new(&site, instrument)).collect()
        };
        let (counters, durations, gauges) = (
            of_kind(InstrumentKind::Calls),
            of_kind(InstrumentKind::Duration),
            of_kind(InstrumentKind::InFlight),
        );
        Self { counters, durations, gauges, interners, absent }
    }

    /// The position of a capped label's value.
    pub(super) fn position(&self, dimension: usize, text: &str) -> u32 {
        narrow(self.interners.position(dimension, &Text::new(text)))
    }

    #[inline]
    pub(super) fn enter(&self, arguments: &[u32]) -> Timestamp {
        for gauge in &self.gauges {
            gauge.cells(&self.interners, arguments, &[], Ending::Ok).add_marked(1);
        }
        if self.durations.is_empty() { Timestamp::NONE } else { Timestamp::now() }
    }

    #[inline]
    pub(super) fn leave(&self, start: Timestamp, arguments: &[u32], returned: &[u32], ending: Ending) {
        let returned = if returned.is_empty() { &self.absent } else { returned };
        if !self.durations.is_empty() {
            let nanos = start.nanos_until(Timestamp::now());
            for duration in self.durations.iter().filter(|duration| duration.records(ending)) {
                let cells = duration.cells(&self.interners, arguments, returned, ending);
                Histogram::child(cells, duration.set.layout()).observe_nanos(nanos);
            }
        }
        for counter in self.counters.iter().filter(|counter| counter.records(ending)) {
            counter.cells(&self.interners, arguments, returned, ending).add(0, 1);
        }
        for gauge in &self.gauges {
            gauge.cells(&self.interners, arguments, &[], Ending::Ok).add_marked(u64::MAX);
        }
    }
}

impl Resolved {
    fn new(site: &Site<'_>, instrument: &'static Instrument) -> Self {
        let registry = Registry::global();
        let descriptor = descriptor(site, instrument);
        let options = SetOptions {
            interners: Some(interners(instrument.labels, site.interners)),
            hidden: hidden(&descriptor, site.declaration, instrument.labels, site.absent),
        };
        let illegal = |rejection| RegistrationError::illegal(instrument.name, descriptor.location, rejection);
        let registered = layout(instrument)
            .map_err(illegal)
            .and_then(|layout| registry.register_set(descriptor.clone(), layout, options));
        let set = registered.unwrap_or_else(|error| {
            registry.note_error(error);
            let layout = layout(instrument).unwrap_or(Layout::Counter);
            Arc::new(SeriesSet::detached(descriptor, layout))
        });
        Self::of_set(set, instrument, site.interners)
    }

    /// Finds out how the site's dimensions lead to the set's series.
    fn of_set(set: SharedSet, instrument: &'static Instrument, interners: &Interners) -> Self {
        let mut stride = set.dimensions().iter().map(Dimension::size).product::<usize>();
        let mut strides = Vec::new();
        let mut result_stride = 0;
        let variable =
            instrument.labels.iter().filter(|label| !matches!(label, InstrumentLabel::Constant(..)));
        for (at, (label, dimension)) in variable.zip(set.dimensions()).enumerate() {
            stride /= dimension.size().max(1);
            match label {
                InstrumentLabel::Result => result_stride = stride,
                InstrumentLabel::Dimension(place) => {
                    let own = interners.get(*place);
                    let foreign =
                        set.interners().get(at).filter(|set| own.is_some_and(|own| !Arc::ptr_eq(own, set)));
                    strides.push(Stride {
                        dimension: *place,
                        foreign: foreign.map(|_| at),
                        distance: stride,
                    });
                }
                InstrumentLabel::Constant(..) => {}
            }
        }
        Self { dense: set.dense(), set, strides: strides.into(), result_stride, only: instrument.only }
    }

    #[inline]
    fn records(&self, ending: Ending) -> bool {
        self.only.is_none_or(|only| only == ending)
    }

    #[inline]
    fn cells(&self, interners: &Interners, arguments: &[u32], returned: &[u32], ending: Ending) -> Cells {
        let mut position = ending.index() * self.result_stride;
        for stride in &self.strides {
            let labels = arguments.get(stride.dimension);
            let place = labels.or_else(|| returned.get(stride.dimension.wrapping_sub(arguments.len())));
            position += self.translate(stride, interners, place.copied().unwrap_or(0)) * stride.distance;
        }
        match self.dense {
            Some((first, width)) => Cells::unguarded(first.plus(position * width)),
            None => self.set.cells(|_| position),
        }
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

/// The endings whose series wait for their first observation, and the absence of labels from the returned value.
fn hidden(
    descriptor: &Descriptor,
    site: &SiteDeclaration,
    labels: &[InstrumentLabel],
    absent: &[u32],
) -> Hidden {
    let variable = labels.iter().filter(|label| !matches!(label, InstrumentLabel::Constant(..)));
    let values = variable.enumerate().flat_map(|(at, label)| match label {
        InstrumentLabel::Result => vec![(at, Ending::Cancelled.index()), (at, Ending::Panicked.index())],
        InstrumentLabel::Dimension(place) => {
            let absent = place.checked_sub(site.arguments).and_then(|returned| absent.get(returned));
            absent.map(|value| (at, *value as usize)).into_iter().collect()
        }
        InstrumentLabel::Constant(..) => Vec::new(),
    });
    Hidden::new(&descriptor.dimensions(), &values.collect::<Vec<_>>())
}

/// The interners of a metric's capped labels: the site's.
fn interners(labels: &[InstrumentLabel], site: &Interners) -> Interners {
    let variable = labels.iter().filter(|label| !matches!(label, InstrumentLabel::Constant(..)));
    site.select(variable.map(|label| match label {
        InstrumentLabel::Dimension(at) => Some(*at),
        InstrumentLabel::Result | InstrumentLabel::Constant(..) => None,
    }))
}

fn layout(instrument: &Instrument) -> Result<Layout, Rejection> {
    let bounds = if instrument.buckets.is_empty() { DEFAULT_BUCKETS } else { instrument.buckets };
    Ok(match instrument.kind {
        InstrumentKind::Calls => Layout::Counter,
        InstrumentKind::Duration => Layout::Histogram(Buckets::new(bounds, true)?.into()),
        InstrumentKind::InFlight => Layout::Gauge,
    })
}

fn narrow(position: usize) -> u32 {
    // Dimensions span at most four million positions.
    u32::try_from(position).unwrap_or(0)
}

fn descriptor(site: &Site<'_>, instrument: &Instrument) -> Descriptor {
    let label = |label: &InstrumentLabel| match *label {
        InstrumentLabel::Constant(name, value) => Label::Constant { name: name.into(), value: value.into() },
        InstrumentLabel::Result => Label::Variable(Dimension::of::<Ending>("result")),
        InstrumentLabel::Dimension(at) => {
            Label::Variable(site.dimensions.get(at).copied().unwrap_or(Dimension::of::<()>("")))
        }
    };
    let (kind, unit) = match instrument.kind {
        InstrumentKind::Calls => (Kind::Counter, None),
        InstrumentKind::Duration => (Kind::Histogram, Some("seconds")),
        InstrumentKind::InFlight => (Kind::Gauge, None),
    };
    Descriptor {
        name: instrument.name.into(),
        help: instrument.help.into(),
        unit,
        kind,
        labels: instrument.labels.iter().map(label).collect(),
        location: Location { file: site.declaration.file, line: site.declaration.line },
    }
}
