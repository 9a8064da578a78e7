//! What a site's metrics are registered as.

use std::sync::Arc;

use super::{Instrument, InstrumentKind, InstrumentLabel, Outcome, SiteDeclaration, resolved::Resolved};
use crate::{
    label::{Dimension, Interners, LabelValue},
    model::{
        Buckets, DEFAULT_BUCKETS, Descriptor, Label, Layout, Location, MetricType, RegistrationError,
        bucket_layouts,
    },
    name::InvalidDefinition,
    native::DEFAULT_SCHEMA,
    registry::NativeBuckets,
    series::{Hidden, SeriesSet, SetOptions},
};

/// A site while it is being resolved.
pub(super) struct Site<'a> {
    pub(super) declaration: &'static SiteDeclaration,
    pub(super) dimensions: &'a [Dimension],
    pub(super) interners: &'a Interners,
    pub(super) absent: &'a [u32],
}

impl Site<'_> {
    /// Registers a metric; where that fails, it is detached.
    pub(super) fn register(&self, instrument: &'static Instrument) -> Resolved {
        let registry = self.declaration.registry();
        let descriptor = descriptor(self, instrument);
        let options = SetOptions {
            interners: Some(interners(instrument.labels, self.interners)),
            hidden: hidden(&descriptor, self.declaration, instrument.labels, self.absent),
            ttl: None,
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
        Resolved::of_set(set, instrument, self.interners)
    }
}

/// The endings whose series wait for their first observation, and the absence of labels from the returned value.
fn hidden(
    descriptor: &Descriptor,
    site: &SiteDeclaration,
    labels: &[InstrumentLabel],
    absent: &[u32],
) -> Hidden {
    let variable = labels.iter().filter(|label| !label.is_constant());
    let values = variable.enumerate().flat_map(|(at, label)| match label {
        InstrumentLabel::Result => vec![(at, Outcome::Cancelled.index()), (at, Outcome::Panicked.index())],
        InstrumentLabel::Dimension(place) => {
            let absent = place.checked_sub(site.arguments).and_then(|returned| absent.get(returned));
            absent.map(|value| (at, *value as usize)).into_iter().collect()
        }
        _ => Vec::new(),
    });
    Hidden::new(&descriptor.dimensions(), &values.collect::<Vec<_>>())
}

/// The interners of a metric's capped labels: the site's.
fn interners(labels: &[InstrumentLabel], site: &Interners) -> Interners {
    let variable = labels.iter().filter(|label| !label.is_constant());
    site.select(variable.map(|label| match label {
        InstrumentLabel::Dimension(at) => Some(*at),
        _ => None,
    }))
}

fn buckets(instrument: &Instrument) -> Result<&'static Buckets, InvalidDefinition> {
    let bounds = if instrument.buckets.is_empty() { DEFAULT_BUCKETS } else { instrument.buckets };
    match instrument.native {
        None => bucket_layouts::get(bounds, true, None),
        Some(NativeBuckets::Beside) => bucket_layouts::get(bounds, true, Some(DEFAULT_SCHEMA)),
        Some(NativeBuckets::Only) => bucket_layouts::get(&[], true, Some(DEFAULT_SCHEMA)),
    }
}

fn layout(instrument: &Instrument) -> Result<Layout, InvalidDefinition> {
    Ok(match instrument.kind {
        InstrumentKind::Calls => Layout::Counter,
        InstrumentKind::Duration => Layout::Histogram(buckets(instrument)?),
        InstrumentKind::InFlight => Layout::Gauge,
    })
}

fn descriptor(site: &Site<'_>, instrument: &Instrument) -> Descriptor {
    let constant =
        |name: &'static str, value: &'static str| Label::Constant { name: name.into(), value: value.into() };
    let label = |label: &InstrumentLabel| match *label {
        InstrumentLabel::Function => constant("function", site.declaration.function),
        InstrumentLabel::Module => constant("module", site.declaration.module),
        InstrumentLabel::Constant(name, value) => constant(name, value),
        InstrumentLabel::Result => Label::Variable(Dimension::of::<Outcome>("result")),
        InstrumentLabel::Dimension(at) => {
            Label::Variable(site.dimensions.get(at).copied().unwrap_or(Dimension::of::<()>("")))
        }
    };
    let (kind, unit) = match instrument.kind {
        InstrumentKind::Calls => (MetricType::Counter, None),
        InstrumentKind::Duration => (MetricType::Histogram, Some("seconds")),
        InstrumentKind::InFlight => (MetricType::Gauge, None),
    };
    Descriptor {
        name: instrument.name.into(),
        help: instrument.help.into(),
        unit,
        kind,
        labels: instrument.labels.iter().map(label).collect(),
        location: Location { file: site.declaration.file, line: site.declaration.line },
        module: site.declaration.module,
        objective: instrument.objective,
        quantiles: None,
        open: None,
    }
}
