//! Groups: structs whose fields are metrics.

use std::{sync::Arc, time::Duration};

use crate::{
    definition::Definition,
    descriptor::Location,
    family::{Family, SeriesSet, SharedSet},
    label::{Dimension, LabelSet},
    layout::Layout,
    metric::Metric,
    name::Rejection,
    registry::{RegistrationError, Registry},
};

/// A struct whose fields are metrics, `#[derive(MetricGroup)]`.
///
/// The derive gives the struct `global()`, the static instance, `register_in(&registry)` and `unregistered()`; this trait is
/// what they and nested groups are made of.
pub trait MetricGroup: Sized {
    /// Makes the group's metrics in a scope.
    fn build(scope: &mut Scope<'_>) -> Self;
}

/// What a field of a group may be: a metric, or a [`Family`] of them.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a metric",
    label = "a field of a group is a `Counter`, a `Gauge`, a `Histogram`, another metric type or a `Family` of these",
    note = "write `#[metric(flatten)]` on a field that is a group itself"
)]
pub trait GroupField: Sized {
    /// The variable labels.
    #[doc(hidden)]
    const DIMENSIONS: &'static [Dimension];

    #[doc(hidden)]
    fn layout(definition: &Definition) -> Result<Layout, Rejection>;

    #[doc(hidden)]
    fn from_set(set: SharedSet) -> Self;

    #[doc(hidden)]
    fn register(registry: &Registry, definition: &Definition) -> Result<Self, RegistrationError> {
        let layout = layout_of::<Self>(definition)?;
        let descriptor = definition.descriptor(layout.kind(), Self::DIMENSIONS);
        let options =
            definition.options(Self::DIMENSIONS).map_err(|rejection| definition.illegal(rejection))?;
        registry.register_set(descriptor, layout, options).map(Self::from_set)
    }

    #[doc(hidden)]
    fn build(scope: &mut Scope<'_>, spec: &'static FieldSpec) -> Self {
        scope.field(spec)
    }
}

impl<M: Metric> GroupField for M {
    const DIMENSIONS: &'static [Dimension] = &[];

    fn layout(definition: &Definition) -> Result<Layout, Rejection> {
        M::layout(definition)
    }

    fn from_set(set: SharedSet) -> Self {
        M::from_set(set)
    }
}

impl<L: LabelSet, M: Metric> GroupField for Family<L, M> {
    const DIMENSIONS: &'static [Dimension] = L::DIMENSIONS;

    fn layout(definition: &Definition) -> Result<Layout, Rejection> {
        M::layout(definition)
    }

    fn from_set(set: SharedSet) -> Self {
        Self::from_set(set)
    }
}

fn layout_of<F: GroupField>(definition: &Definition) -> Result<Layout, RegistrationError> {
    F::layout(definition).map_err(|rejection| definition.illegal(rejection))
}

/// A metric that counts where nobody sees it.
fn detached<F: GroupField>(definition: &Definition) -> F {
    // A definition whose own layout is illegal still has to be counted in.
    let layout = F::layout(definition)
        .or_else(|_| F::layout(&definition.without_buckets()))
        .unwrap_or(Layout::Counter);
    let descriptor = definition.descriptor(layout.kind(), F::DIMENSIONS);
    F::from_set(Arc::new(SeriesSet::detached(descriptor, layout)))
}

/// Registers a metric, or takes note of the error and detaches it.
pub(crate) fn register_or_detach<F: GroupField>(registry: &Registry, definition: &Definition) -> F {
    F::register(registry, definition).unwrap_or_else(|error| {
        registry.note_error(error);
        detached(definition)
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
    /// The bounds of the buckets, for a histogram that names them.
    pub buckets: Option<&'static [f64]>,
    /// After how long a series that does not change is forgotten.
    pub ttl: Option<Duration>,
    /// Where the field was declared.
    pub file: &'static str,
    /// The line in it.
    pub line: u32,
}

/// Where the fields of a group are made: the registry, and what stands before their names.
#[derive(Debug)]
pub struct Scope<'a> {
    registry: &'a Registry,
    prefix: String,
    mode: Mode,
    errors: Vec<RegistrationError>,
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
        match (F::register(self.registry, &definition), self.mode) {
            (Ok(metric), _) => metric,
            (Err(error), mode) => {
                match mode {
                    Mode::Lenient => self.registry.note_error(error),
                    Mode::Strict => self.errors.push(error),
                }
                detached(&definition)
            }
        }
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

    fn definition(&self, spec: &'static FieldSpec) -> Definition {
        let name = format!("{}{}", self.prefix, spec.name);
        let mut definition =
            Definition::new(name, spec.help).at(Location { file: spec.file, line: spec.line });
        if let Some(unit) = spec.unit {
            definition = definition.unit(unit);
        }
        if let Some(buckets) = spec.buckets {
            definition = definition.buckets(buckets);
        }
        if let Some(ttl) = spec.ttl {
            definition = definition.ttl(ttl);
        }
        spec.labels.iter().fold(definition, |definition, (name, value)| definition.label(*name, *value))
    }
}

fn build<G: MetricGroup>(registry: &Registry, mode: Mode) -> (G, Vec<RegistrationError>) {
    let mut scope = Scope { registry, prefix: String::new(), mode, errors: Vec::new() };
    let group = G::build(&mut scope);
    (group, scope.errors)
}

/// The global instance of a group: a metric that cannot be registered is detached.
pub fn register_global<G: MetricGroup>() -> G {
    build(Registry::global(), Mode::Lenient).0
}

/// An instance in a registry of one's own.
///
/// # Errors
///
/// The first conflict with what is registered there; nothing of the group is registered then.
pub fn register_in<G: MetricGroup>(registry: &Registry) -> Result<G, RegistrationError> {
    let (group, errors) = build(registry, Mode::Strict);
    errors.into_iter().next().map_or(Ok(group), Err)
}

/// An instance that no registry shows.
pub fn unregistered<G: MetricGroup>() -> G {
    build(&Registry::new(), Mode::Lenient).0
}
