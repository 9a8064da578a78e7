//! Groups: structs whose fields are metrics.

mod assert;
mod message;
mod names;

use std::{borrow::Cow, time::Duration};

pub use self::{
    assert::{LabelInName, ManySeries, assert_labels, assert_names, has_label_in_name, has_many_series},
    names::{FieldNames, GroupNames, MetricNames},
};
use crate::{
    definition::Definition,
    descriptor::Location,
    field::GroupField,
    foreign::ForeignId,
    native::NativeBuckets,
    registry::{RegistrationError, Registry},
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

/// Registers a metric, or takes note of the error and detaches it.
pub(crate) fn register_or_detach<F: GroupField>(registry: &Registry, definition: &Definition) -> F {
    F::register(registry, definition).unwrap_or_else(|error| {
        registry.note_error(error);
        F::detached(definition)
    })
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
enum Mode {
    /// A conflict is noted in the registry and the metric detached.
    Lenient,
    /// The first conflict is the group's.
    Strict,
}

impl Scope<'_> {
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

fn build<G: MetricGroup>(place: LabelledRegistry<'_>, mode: Mode) -> (G, Vec<RegistrationError>) {
    let LabelledRegistry { registry, labels } = place;
    let mut scope =
        Scope { registry, prefix: String::new(), labels, mode, errors: Vec::new(), staying: Vec::new() };
    let group = G::build(&mut scope);
    if !scope.errors.is_empty() {
        for id in scope.staying {
            registry.remove_foreign(id, |_| true);
        }
    }
    (group, scope.errors)
}

/// A registry, and the labels that tell an instance of a group apart from others in it.
///
/// `register_in` takes a `&Registry` or one of these, made by [`Registry::labelled`].
#[derive(Clone, Debug)]
pub struct LabelledRegistry<'a> {
    registry: &'a Registry,
    labels: Vec<(Cow<'a, str>, Cow<'a, str>)>,
}

impl<'a> From<&'a Registry> for LabelledRegistry<'a> {
    fn from(registry: &'a Registry) -> Self {
        Self { registry, labels: Vec::new() }
    }
}

impl<'a> LabelledRegistry<'a> {
    /// One more label on all metrics of the instance.
    pub fn labelled(mut self, name: impl Into<Cow<'a, str>>, value: impl Into<Cow<'a, str>>) -> Self {
        self.labels.push((name.into(), value.into()));
        self
    }
}

impl Registry {
    /// This registry with a label on all metrics of an instance: several instances of one group are told apart by it.
    ///
    /// When an instance is dropped, its series leave the page.
    ///
    /// ```
    /// use metrics_core::{Counter, MetricGroup, Registry};
    ///
    /// #[derive(MetricGroup)]
    /// #[metrics(namespace = "cache", global = false)]
    /// struct CacheMetrics {
    ///     /// Look-ups that found something.
    ///     hits_total: Counter,
    /// }
    ///
    /// let registry = Registry::new();
    /// let users = CacheMetrics::register_in(registry.labelled("cache", "users"))?;
    /// let games = CacheMetrics::register_in(registry.labelled("cache", "games"))?;
    /// users.hits_total.inc();
    /// let page = registry.text();
    /// assert!(page.contains("cache_hits_total{cache=\"games\"} 0\ncache_hits_total{cache=\"users\"} 1\n"));
    /// drop(games);
    /// assert!(!registry.text().contains("games"));
    /// # Ok::<(), metrics_core::RegistrationError>(())
    /// ```
    pub fn labelled<'a>(
        &'a self,
        name: impl Into<Cow<'a, str>>,
        value: impl Into<Cow<'a, str>>,
    ) -> LabelledRegistry<'a> {
        LabelledRegistry::from(self).labelled(name, value)
    }
}

/// The instance of a group in a static registry: a metric that cannot be registered is detached.
pub fn register_static<G: MetricGroup>(registry: &Registry) -> G {
    build(registry.into(), Mode::Lenient).0
}

/// The global instance of a group: a metric that cannot be registered is detached.
pub fn register_global<G: MetricGroup>() -> G {
    register_static(Registry::global())
}

/// An instance in a registry of one's own.
///
/// # Errors
///
/// The first conflict with what is registered there; nothing of the group is registered then.
pub fn register_in<'a, G: MetricGroup>(
    place: impl Into<LabelledRegistry<'a>>,
) -> Result<G, RegistrationError> {
    let (group, errors) = build(place.into(), Mode::Strict);
    errors.into_iter().next().map_or(Ok(group), Err)
}

/// An instance that no registry shows.
pub fn unregistered<G: MetricGroup>() -> G {
    build((&Registry::new()).into(), Mode::Lenient).0
}
