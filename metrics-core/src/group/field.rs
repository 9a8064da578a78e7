//! Fields of groups: the traits that groups and their fields implement, and the scope in which they are registered.

use std::{borrow::Cow, time::Duration};

use super::names::GroupNames;
use crate::{
    label::Dimension,
    model::{Location, MetricType, RegistrationError},
    registry::{Definition, ForeignId, NativeBuckets, Registry},
};

/// A struct whose fields are metrics, `#[derive(MetricGroup)]`.
///
/// The derive gives the struct `global()`, the static instance, `register_in(&registry)` and `unregistered()`; this trait is
/// what they and nested groups are made of.
pub trait MetricGroup: Sized {
    /// The names of the metrics, as far as they are known while compiling.
    #[doc(hidden)]
    const NAMES: &'static GroupNames = &GroupNames::UNKNOWN;

    /// Makes the group's metrics in a scope.
    fn build(scope: &mut Scope<'_>) -> Self;
}

/// What a field of a group may be: a metric, a [`Family`] of them, or a metric of the `prometheus` crate.
///
/// An `Option` of one of these is registered where its `#[metric(when = …)]` is true.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a metric",
    label = "a field of a group is a `Counter`, a `Gauge`, a `Histogram`, another metric type or a `Family` of these",
    note = "write `#[metric(flatten)]` on a field that is a group itself, and `#[metric(skip)]` on one that is no metric"
)]
pub trait GroupField: Sized {
    /// The type in the exposition.
    #[doc(hidden)]
    const KIND: MetricType;

    /// The labels that vary.
    #[doc(hidden)]
    const DIMENSIONS: &'static [Dimension] = &[];

    /// Registers the metric.
    #[doc(hidden)]
    fn register(registry: &Registry, definition: &Definition) -> Result<Self, RegistrationError>;

    /// A metric that counts where nobody sees it.
    #[doc(hidden)]
    fn detached(definition: &Definition) -> Self;

    #[doc(hidden)]
    fn build(scope: &mut Scope<'_>, spec: &'static FieldSpec) -> Self {
        scope.field(spec)
    }
}

impl<F: GroupField> GroupField for Option<F> {
    const KIND: MetricType = F::KIND;
    const DIMENSIONS: &'static [Dimension] = F::DIMENSIONS;

    fn register(registry: &Registry, definition: &Definition) -> Result<Self, RegistrationError> {
        F::register(registry, definition).map(Some)
    }

    fn detached(definition: &Definition) -> Self {
        Some(F::detached(definition))
    }

    fn build(scope: &mut Scope<'_>, spec: &'static FieldSpec) -> Self {
        Some(F::build(scope, spec))
    }
}

/// What a derive has found out about a field.
#[derive(Debug)]
pub struct FieldSpec {
    /// The field's part of the name.
    pub name: &'static str,
    /// The help text.
    pub help: &'static str,
    /// The unit.
    pub unit: Option<&'static str>,
    /// The constant labels.
    pub labels: &'static [(&'static str, &'static str)],
    /// The names of the labels of a `*Vec` of the `prometheus` crate.
    pub label_names: &'static [&'static str],
    /// The bounds of the buckets, for a histogram that names them.
    pub buckets: Option<&'static [f64]>,
    /// Whether there are native buckets, for a histogram.
    pub native: Option<NativeBuckets>,
    /// The quantiles of a summary.
    pub quantiles: Option<&'static [f64]>,
    /// Over how many milliseconds they are.
    pub window_milliseconds: Option<u64>,
    /// After how many milliseconds a series that does not change is forgotten.
    pub ttl_milliseconds: Option<u64>,
    /// The module that declares the field.
    pub module: &'static str,
    /// Where it was declared.
    pub file: &'static str,
    /// The line in it.
    pub line: u32,
}

/// Where the fields of a group are made: the registry, and what stands before their names.
#[derive(Debug)]
pub struct Scope<'a> {
    registry: &'a Registry,
    prefix: String,
    /// The constant labels of the groups around.
    labels: Vec<(Cow<'a, str>, Cow<'a, str>)>,
    mode: Mode,
    errors: Vec<RegistrationError>,
    /// What does not leave the page when it is dropped.
    staying: Vec<ForeignId>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Mode {
    /// A conflict is noted in the registry and the metric detached.
    Lenient,
    /// The first conflict is the group's.
    Strict,
}

impl<'a> Scope<'a> {
    pub(super) const fn new(
        registry: &'a Registry,
        labels: Vec<(Cow<'a, str>, Cow<'a, str>)>,
        mode: Mode,
    ) -> Self {
        Self { registry, prefix: String::new(), labels, mode, errors: Vec::new(), staying: Vec::new() }
    }

    /// Ends the registration: returns the errors, after taking off the page what was registered beside them.
    pub(super) fn finish(self) -> Vec<RegistrationError> {
        if !self.errors.is_empty() {
            for id in self.staying {
                self.registry.remove_foreign(id, |_| true);
            }
        }
        self.errors
    }

    /// Makes the metric of a field.
    pub fn field<F: GroupField>(&mut self, spec: &'static FieldSpec) -> F {
        let definition = self.definition(spec);
        let registered = F::register(self.registry, &definition);
        self.registered_or_detached(registered, &definition)
    }

    /// Makes the metric of a field that does not leave the page when it is dropped.
    pub(crate) fn staying_field<F: GroupField>(
        &mut self,
        spec: &'static FieldSpec,
        register: impl FnOnce(&Registry, &Definition) -> Result<(F, Option<ForeignId>), RegistrationError>,
    ) -> F {
        let definition = self.definition(spec);
        let registered = register(self.registry, &definition).map(|(metric, new)| {
            self.staying.extend(new);
            metric
        });
        self.registered_or_detached(registered, &definition)
    }

    fn registered_or_detached<F: GroupField>(
        &mut self,
        registered: Result<F, RegistrationError>,
        definition: &Definition,
    ) -> F {
        registered.unwrap_or_else(|error| {
            match self.mode {
                Mode::Lenient => self.registry.note_error(error),
                Mode::Strict => self.errors.push(error),
            }
            F::detached(definition)
        })
    }

    /// Makes a group inside this one; `subsystem` stands before its names.
    pub fn nested<G: MetricGroup>(&mut self, subsystem: Option<&'static str>) -> G {
        self.named(subsystem.unwrap_or_default(), G::build)
    }

    /// Makes what `build` makes with a part added to what stands before its names.
    pub fn named<R>(&mut self, part: &'static str, build: impl FnOnce(&mut Self) -> R) -> R {
        let outer = self.prefix.len();
        if !part.is_empty() {
            self.prefix.push_str(part);
            self.prefix.push('_');
        }
        let result = build(self);
        self.prefix.truncate(outer);
        result
    }

    /// Makes what `build` makes with constant labels on all of it.
    pub fn labelled<R>(
        &mut self,
        labels: &[(&'static str, &'static str)],
        build: impl FnOnce(&mut Self) -> R,
    ) -> R {
        let outer = self.labels.len();
        self.labels.extend(labels.iter().map(|(name, value)| ((*name).into(), (*value).into())));
        let result = build(self);
        self.labels.truncate(outer);
        result
    }

    fn definition(&self, spec: &'static FieldSpec) -> Definition {
        let name = format!("{}{}", self.prefix, spec.name);
        let mut definition = Definition::new(name, spec.help)
            .at(Location { file: spec.file, line: spec.line })
            .within(spec.module);
        if let Some(unit) = spec.unit {
            definition = definition.unit(unit);
        }
        if let Some(buckets) = spec.buckets {
            definition = definition.buckets(buckets);
        }
        if let Some(native) = spec.native {
            definition = native.add_to(definition);
        }
        if let Some(quantiles) = spec.quantiles {
            definition = definition.quantiles(quantiles);
        }
        if let Some(window) = spec.window_milliseconds {
            definition = definition.window(Duration::from_millis(window));
        }
        if let Some(ttl) = spec.ttl_milliseconds {
            definition = definition.ttl(Duration::from_millis(ttl));
        }
        let outer = self.labels.iter().map(|(name, value)| (name.to_string(), value.to_string()));
        let definition = outer.fold(definition.label_names(spec.label_names), |definition, (name, value)| {
            definition.label(name, value)
        });
        spec.labels.iter().fold(definition, |definition, (name, value)| definition.label(*name, *value))
    }
}

impl Registry {
    /// Registers a metric, or gives the one that is registered with the same definition.
    ///
    /// # Errors
    ///
    /// Where the name or a label is illegal (one that begins with `_` is reserved by `OpenMetrics`), or where the definition contradicts one of the same name in type, help, unit,
    /// labels or buckets.
    pub fn register<F: GroupField>(&self, definition: &Definition) -> Result<F, RegistrationError> {
        F::register(self, definition)
    }

    /// Registers a metric as [`register`](Self::register) does; where that fails, gives one that counts where nobody sees it.
    ///
    /// The error is logged once, counted in `metrics_registration_errors_total`, and listed by [`registration_errors`](Self::registration_errors). This is
    /// for libraries: a metric never stops the service that it is in.
    pub fn register_or_detach<F: GroupField>(&self, definition: &Definition) -> F {
        F::register(self, definition).unwrap_or_else(|error| {
            self.note_error(error);
            F::detached(definition)
        })
    }
}
