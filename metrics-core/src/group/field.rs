//! Groups and their fields as traits, and the scope in which fields are registered.

use std::{borrow::Cow, time::Duration};

use super::names::GroupNames;
use crate::{
    label::Dimension,
    model::{Location, MetricType, RegistrationError},
    registry::{Definition, ForeignId, NativeBuckets, Registry},
};

/// A struct whose fields are metrics.
///
/// [`#[derive(MetricGroup)]`](derive@crate::MetricGroup) implements it, and gives the struct three constructors: `global()`
/// returns the static instance, `register_in(&registry)` an instance in a registry, and `unregistered()` one that no page shows.
/// The trait is a bound for code that takes any group.
///
/// ```
/// use metrics_core::{Counter, MetricGroup, Registry};
///
/// /// Metrics that every worker of a pool has.
/// #[derive(MetricGroup)]
/// #[metrics(namespace = "pool", global = false)]
/// struct PoolMetrics {
///     /// Number of connections opened.
///     connections_total: Counter,
/// }
///
/// /// A pool with the metrics of its user's choice.
/// struct Pool<G: MetricGroup> {
///     metrics: G,
/// }
///
/// let registry = Registry::new();
/// let pool = Pool { metrics: PoolMetrics::register_in(&registry)? };
/// pool.metrics.connections_total.inc();
/// assert!(registry.text().contains("pool_connections_total 1\n"));
///
/// let unwatched = Pool { metrics: PoolMetrics::unregistered() };
/// unwatched.metrics.connections_total.inc();
/// assert!(registry.text().contains("pool_connections_total 1\n"));
/// # Ok::<(), metrics_core::RegistrationError>(())
/// ```
pub trait MetricGroup: Sized {
    /// Names of the metrics that are known at compile time.
    #[doc(hidden)]
    const NAMES: &'static GroupNames = &GroupNames::UNKNOWN;

    /// Creates the group's metrics in a scope.
    fn build(scope: &mut Scope<'_>) -> Self;
}

/// A type of a group's fields: a metric, a [`Family`](crate::Family) of metrics, or a metric of the `prometheus` crate.
///
/// An `Option` of one of these is registered if its `#[metric(when = …)]` is true.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a metric",
    label = "a field of a group is a `Counter`, a `Gauge`, a `Histogram`, another metric type or a `Family` of these",
    note = "write `#[metric(flatten)]` on a field that is a group itself, and `#[metric(skip)]` on one that is no metric"
)]
pub trait GroupField: Sized {
    /// Type of the metric.
    #[doc(hidden)]
    const TYPE: MetricType;

    /// Variable labels of the metric.
    #[doc(hidden)]
    const DIMENSIONS: &'static [Dimension] = &[];

    /// Registers the metric.
    #[doc(hidden)]
    fn register(registry: &Registry, definition: &Definition) -> Result<Self, RegistrationError>;

    /// Creates a metric that is on no page.
    #[doc(hidden)]
    fn detached(definition: &Definition) -> Self;

    #[doc(hidden)]
    fn build(scope: &mut Scope<'_>, spec: &'static FieldSpec) -> Self {
        scope.field(spec)
    }
}

impl<F: GroupField> GroupField for Option<F> {
    const TYPE: MetricType = F::TYPE;
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

/// Name and options of a field, from the derive.
#[derive(Debug)]
pub struct FieldSpec {
    /// Part of the name that the field adds.
    pub name: &'static str,
    /// Former full name, under which the metric is exposed as well.
    pub renamed_from: Option<&'static str>,
    /// Help text.
    pub help: &'static str,
    /// Unit.
    pub unit: Option<&'static str>,
    /// Constant labels.
    pub labels: &'static [(&'static str, &'static str)],
    /// Names of the labels of a `*Vec` of the `prometheus` crate.
    pub label_names: &'static [&'static str],
    /// Bounds of the buckets of a histogram, if it names them.
    pub buckets: Option<&'static [f64]>,
    /// Native buckets of a histogram.
    pub native: Option<NativeBuckets>,
    /// Quantiles of a summary.
    pub quantiles: Option<&'static [f64]>,
    /// Length of the window of the quantiles in milliseconds.
    pub window_milliseconds: Option<u64>,
    /// Time in milliseconds after which an unchanged series is forgotten.
    pub ttl_milliseconds: Option<u64>,
    /// Module that declares the field.
    pub module: &'static str,
    /// Source file that declares the field.
    pub file: &'static str,
    /// Line in that file, from 1.
    pub line: u32,
}

/// The registry in which the fields of a group are created, with the prefix and the labels of the enclosing groups.
#[derive(Debug)]
pub struct Scope<'a> {
    registry: &'a Registry,
    prefix: String,
    /// Constant labels of the enclosing groups.
    labels: Vec<(Cow<'a, str>, Cow<'a, str>)>,
    on_conflict: OnConflict,
    errors: Vec<RegistrationError>,
    /// Fields that stay on the page when they are dropped.
    permanent: Vec<ForeignId>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum OnConflict {
    /// Reports the conflict to the registry and detaches the metric.
    Detach,
    /// Fails the registration of the group.
    Fail,
}

impl<'a> Scope<'a> {
    pub(super) const fn new(
        registry: &'a Registry,
        labels: Vec<(Cow<'a, str>, Cow<'a, str>)>,
        on_conflict: OnConflict,
    ) -> Self {
        Self {
            registry,
            prefix: String::new(),
            labels,
            on_conflict,
            errors: Vec::new(),
            permanent: Vec::new(),
        }
    }

    /// Ends the registration and returns its errors. If there are any, takes the group's other fields off the page.
    pub(super) fn finish(self) -> Vec<RegistrationError> {
        if !self.errors.is_empty() {
            for id in self.permanent {
                self.registry.remove_foreign(id, |_| true);
            }
        }
        self.errors
    }

    /// Creates the metric of a field.
    pub fn field<F: GroupField>(&mut self, spec: &'static FieldSpec) -> F {
        let definition = self.definition(spec);
        let registered = F::register(self.registry, &definition);
        self.registered_or_detached(registered, &definition)
    }

    /// Creates the metric of a field that stays on the page when it is dropped.
    pub(crate) fn permanent_field<F: GroupField>(
        &mut self,
        spec: &'static FieldSpec,
        register: impl FnOnce(&Registry, &Definition) -> Result<(F, Option<ForeignId>), RegistrationError>,
    ) -> F {
        let definition = self.definition(spec);
        let registered = register(self.registry, &definition).map(|(metric, new)| {
            self.permanent.extend(new);
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
            match self.on_conflict {
                OnConflict::Detach => self.registry.note_error(error),
                OnConflict::Fail => self.errors.push(error),
            }
            F::detached(definition)
        })
    }

    /// Creates a group inside this one, with `subsystem` as a prefix of its names.
    pub fn nested<G: MetricGroup>(&mut self, subsystem: Option<&'static str>) -> G {
        self.named(subsystem.unwrap_or_default(), G::build)
    }

    /// Runs `build` with a part added to the prefix.
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

    /// Runs `build` with constant labels added.
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
        if let Some(former_name) = spec.renamed_from {
            definition = definition.renamed_from(former_name);
        }
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
    /// Registers a metric, or returns the one that is registered with the same definition.
    ///
    /// # Errors
    ///
    /// Returns an error if the name or a label is illegal (`OpenMetrics` reserves names that begin with `_`), or if a metric of the
    /// same name has another type, help text, unit, label names or buckets. Its message names both places of declaration.
    ///
    /// ```
    /// use metrics_core::{Counter, Definition, Gauge, Registry};
    ///
    /// let registry = Registry::new();
    /// let definition = Definition::new("jobs_total", "Number of jobs that ended.");
    /// let jobs: Counter = registry.register(&definition)?;
    /// let same: Counter = registry.register(&definition)?;
    /// jobs.inc();
    /// assert_eq!(same.get(), 1);
    ///
    /// let error = registry.register::<Gauge>(&definition).unwrap_err();
    /// assert!(error.to_string().contains("has another type"));
    /// # Ok::<(), metrics_core::RegistrationError>(())
    /// ```
    pub fn register<F: GroupField>(&self, definition: &Definition) -> Result<F, RegistrationError> {
        F::register(self, definition)
    }

    /// Registers a metric as [`register`](Self::register) does; if that fails, returns a metric that is on no page.
    ///
    /// Use it in libraries, as a metric never stops the service. The error is counted in `metrics_registration_errors_total`, listed
    /// by [`registration_errors`](Self::registration_errors), and logged once. A debug build without a logger writes it to standard
    /// error. The logger runs inside this call, so do not call this in the initializer of a static that the logger uses.
    ///
    /// ```
    /// use metrics_core::{Definition, Gauge, Registry};
    ///
    /// let registry = Registry::new();
    /// let players: Gauge = registry.register_or_detach(&Definition::new("players", "Number of players online."));
    /// players.set(3);
    /// assert!(registry.text().contains("players 3\n"));
    /// ```
    pub fn register_or_detach<F: GroupField>(&self, definition: &Definition) -> F {
        F::register(self, definition).unwrap_or_else(|error| {
            self.note_error(error);
            F::detached(definition)
        })
    }
}
