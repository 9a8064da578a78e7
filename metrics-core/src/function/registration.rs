//! Registration of a call site's metrics.

use std::ptr;

use super::{
    Instrument, InstrumentKind, InstrumentLabel, Outcome, SiteDeclaration, bound_metric::BoundMetric,
    default_buckets,
};
use crate::{
    encode::number,
    label::{Dimension, Interners, LabelValue},
    model::{
        Buckets, Descriptor, Label, Layout, MetricType, OBJECTIVE_LABELS, Objective, RegistrationError,
        bucket_layouts,
    },
    name::InvalidDefinition,
    native::DEFAULT_SCHEMA,
    registry::{NativeBuckets, Registry},
    series::{Hidden, HiddenRule, SeriesSet, SetOptions, SharedSet},
};

/// A call site while it is being resolved.
pub(super) struct Site<'a> {
    pub(super) declaration: &'static SiteDeclaration,
    pub(super) dimensions: &'a [Dimension],
    pub(super) interners: &'a Interners,
    pub(super) absent: &'a [u32],
}

impl Site<'_> {
    /// Registers a metric, or detaches it if that fails.
    pub(super) fn register(&self, instrument: &'static Instrument) -> BoundMetric {
        let registry = self.declaration.registry();
        let mut described = descriptor(self, instrument);
        let problem =
            objective_conflict(registry, &described).or_else(|| latency_problem(&described, instrument));
        if let Some(error) = problem {
            registry.note_error(error);
            described.objective = None;
        }
        if is_shared(instrument) {
            described.labels.extend(objective_labels(&described));
        }
        let options = SetOptions {
            interners: Some(interners(instrument.labels, self.interners)),
            hidden: hidden(&described, self.declaration, instrument, self.absent),
            ttl: None,
        };
        let location = described.location;
        let illegal = |invalid| RegistrationError::illegal(instrument.name, location, invalid);
        let registered = layout(instrument)
            .map_err(illegal)
            .and_then(|layout| registry.register_set(described, layout, options));
        let set = registered.unwrap_or_else(|error| {
            registry.note_error(error);
            let layout = layout(instrument).unwrap_or(Layout::Counter);
            SharedSet::new(SeriesSet::detached(descriptor(self, instrument), layout))
        });
        if let Some(error) = self.shared_series(instrument, &set) {
            registry.note_error(error);
        }
        BoundMetric::of_set(set, instrument, self.interners)
    }

    /// Finds another function with the same name and module, in the first metric that has them as labels.
    fn shared_series(&self, instrument: &'static Instrument, set: &SharedSet) -> Option<RegistrationError> {
        let first = self.declaration.instruments.iter().find(|instrument| is_shared(instrument))?;
        let (here, there) = (self.declaration.location(), set.descriptor().location);
        let is_shared = ptr::eq(first, instrument) && !self.declaration.is_named && here != there;
        is_shared.then(|| {
            RegistrationError::shared_series(instrument.name, here, self.declaration.function, there)
        })
    }
}

/// Returns whether a metric is in the family that all functions without a `name` share.
fn is_shared(instrument: &Instrument) -> bool {
    instrument.labels.iter().any(|label| matches!(label, InstrumentLabel::Function))
}

/// Returns the labels of a function's objective on a family that functions share, as the Autometrics specification 1.0 names them.
///
/// The threshold is written as Prometheus keeps the bucket's `le`, to which the specification's rules compare it.
fn objective_labels(descriptor: &Descriptor) -> Vec<Label> {
    let Some(objective) = descriptor.objective else { return Vec::new() };
    let values = match (descriptor.metric_type, objective.latency) {
        (MetricType::Counter, _) => vec![objective.name.to_owned(), objective.success.to_string()],
        (MetricType::Histogram, Some(latency)) => {
            let share = objective.latency_success.to_string();
            vec![objective.name.to_owned(), share, number::canonical(latency)]
        }
        (
            MetricType::Gauge
            | MetricType::Histogram
            | MetricType::Summary
            | MetricType::Info
            | MetricType::StateSet,
            _,
        ) => Vec::new(),
    };
    let labels = OBJECTIVE_LABELS.into_iter().zip(values);
    labels.map(|(name, value)| Label::Constant { name: name.into(), value: value.into() }).collect()
}

/// Finds the objective of another function with the same name and other numbers, as rules can be written for one of them only.
fn objective_conflict(registry: &Registry, descriptor: &Descriptor) -> Option<RegistrationError> {
    let objective = descriptor.objective?;
    let differs = |other: &&Objective| other.name == objective.name && !other.agrees_with(objective);
    let definitions = registry.definitions();
    let mut existing = definitions.iter().map(|set| set.descriptor());
    let existing = existing.find(|existing| existing.objective.as_ref().is_some_and(differs))?;
    Some(RegistrationError::objective(
        &descriptor.name,
        descriptor.location,
        objective.name,
        existing.location,
    ))
}

/// Finds a latency that is not a bound of the histogram, as the share of calls within it cannot be computed.
fn latency_problem(descriptor: &Descriptor, instrument: &Instrument) -> Option<RegistrationError> {
    let (objective, Ok(Layout::Histogram(buckets))) = (descriptor.objective?, layout(instrument)) else {
        return None;
    };
    let (latency, bounds) = (objective.latency?, buckets.bounds());
    let is_bound = bounds.iter().any(|bound| bound.to_bits() == latency.to_bits());
    let of_objective = (objective.name, latency);
    (!is_bound)
        .then(|| RegistrationError::latency(&descriptor.name, descriptor.location, of_objective, bounds))
}

/// Returns the series that are hidden until their first observation: those of rare outcomes, and impossible combinations of labels.
fn hidden(
    descriptor: &Descriptor,
    site: &SiteDeclaration,
    instrument: &Instrument,
    absent: &[u32],
) -> Hidden {
    let variable = || instrument.labels.iter().filter(|label| !label.is_constant()).enumerate();
    let outcome =
        variable().find(|(_, label)| matches!(label, InstrumentLabel::Outcome(_))).map(|(at, _)| at);
    let absent_at = |index: usize| {
        let returned = index.checked_sub(site.arguments)?;
        absent.get(returned).map(|value| *value as usize)
    };
    let rules = variable().flat_map(|(at, label)| match *label {
        InstrumentLabel::Outcome(_) => {
            [Outcome::Cancelled, Outcome::Panicked].map(|value| HiddenRule::Is((at, value.index()))).to_vec()
        }
        InstrumentLabel::Dimension(index) => {
            absent_at(index).map(|value| HiddenRule::Is((at, value))).into_iter().collect()
        }
        InstrumentLabel::Error(index) => {
            let rule = |value| match (outcome, instrument.only) {
                (Some(outcome), _) => Some(HiddenRule::Agree((outcome, Outcome::Error.index()), (at, value))),
                (None, None) => None,
                (None, Some(Outcome::Error)) => Some(HiddenRule::Is((at, value))),
                (None, Some(Outcome::Ok | Outcome::Cancelled | Outcome::Panicked)) => {
                    Some(HiddenRule::IsNot((at, value)))
                }
            };
            absent_at(index).and_then(rule).into_iter().collect()
        }
        InstrumentLabel::Function | InstrumentLabel::Module | InstrumentLabel::Constant(..) => Vec::new(),
    });
    Hidden::new(&descriptor.dimensions(), &rules.collect::<Vec<_>>())
}

/// Selects the interners of a metric's capped labels from those of the call site.
fn interners(labels: &[InstrumentLabel], site: &Interners) -> Interners {
    let variable = labels.iter().filter(|label| !label.is_constant());
    site.select(variable.map(|label| label.dimension()))
}

fn buckets(instrument: &Instrument) -> Result<&'static Buckets, InvalidDefinition> {
    let bounds =
        || if instrument.buckets.is_empty() { default_buckets::bounds() } else { instrument.buckets };
    match instrument.native {
        None => bucket_layouts::get(bounds(), true, None),
        Some(NativeBuckets::Beside) => bucket_layouts::get(bounds(), true, Some(DEFAULT_SCHEMA)),
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
        InstrumentLabel::Outcome(name) => Label::Variable(Dimension::of::<Outcome>(name)),
        InstrumentLabel::Dimension(at) | InstrumentLabel::Error(at) => {
            Label::Variable(site.dimensions.get(at).copied().unwrap_or(Dimension::of::<()>("")))
        }
    };
    let (metric_type, unit) = match instrument.kind {
        InstrumentKind::Calls => (MetricType::Counter, None),
        InstrumentKind::Duration => (MetricType::Histogram, Some("seconds")),
        InstrumentKind::InFlight => (MetricType::Gauge, None),
    };
    Descriptor {
        name: instrument.name.into(),
        renamed_from: instrument.renamed_from.map(Into::into),
        help: instrument.help.into(),
        unit,
        metric_type,
        labels: instrument.labels.iter().map(label).collect(),
        location: site.declaration.location(),
        module: site.declaration.module,
        objective: instrument.objective,
        quantiles: None,
        bucket_group: None,
    }
}
