//! What a field of a group may be.

use std::sync::Arc;

use crate::{
    definition::Definition,
    descriptor::Kind,
    family::{Family, OpenFamily, SeriesSet, SetOptions, SharedSet},
    group::{FieldSpec, Scope},
    label::{Dimension, LabelSet, LabelValue},
    layout::Layout,
    metric::{
        Counter, CounterFn, Gauge, GaugeFn, Histogram, Info, Level, Metric, Number, StateSet, Summary,
        sealed::{Part, Series},
    },
    name::Rejection,
    registry::{RegistrationError, Registry},
};

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
    const KIND: Kind;

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

// One by one, and not for all metrics at once: a family without labels would be told that it is no metric then.
macro_rules! fields {
    ($([$($generics:tt)*] $kind:ty;)*) => {$(
        impl<$($generics)*> GroupField for $kind {
            const KIND: Kind = <Self as Series>::KIND;

            fn register(registry: &Registry, definition: &Definition) -> Result<Self, RegistrationError> {
                register_set(registry, definition, Self::layout, &[]).map(Self::from_set)
            }

            fn detached(definition: &Definition) -> Self {
                Self::from_set(detached_set(definition, Self::layout, &[]))
            }
        }
    )*};
}

fields! {
    [N: Number] Counter<N>;
    [N: Level] Gauge<N>;
    [] Histogram;
    [] Summary;
    [] Info;
    [L: LabelValue] StateSet<L>;
    [N: Number] CounterFn<N>;
    [N: Level] GaugeFn<N>;
}

impl<L: LabelSet, M: Metric> GroupField for Family<L, M> {
    const KIND: Kind = <M as Series>::KIND;
    const DIMENSIONS: &'static [Dimension] = L::DIMENSIONS;

    fn register(registry: &Registry, definition: &Definition) -> Result<Self, RegistrationError> {
        register_set(registry, definition, M::layout, L::DIMENSIONS).map(Self::from_set)
    }

    fn detached(definition: &Definition) -> Self {
        Self::from_set(detached_set(definition, M::layout, L::DIMENSIONS))
    }
}

impl<M: Metric + Part> GroupField for OpenFamily<M> {
    const KIND: Kind = <M as Series>::KIND;

    fn register(registry: &Registry, definition: &Definition) -> Result<Self, RegistrationError> {
        let illegal = |rejection| definition.illegal(rejection);
        let dimensions = definition.open_dimensions().map_err(illegal)?;
        let layout = M::layout(definition).map_err(illegal)?;
        let descriptor = definition.descriptor(layout.kind(), &dimensions);
        registry.register_set(descriptor, layout, SetOptions::default()).map(Self::from_set)
    }

    fn detached(definition: &Definition) -> Self {
        Self::from_set(detached_set(definition, M::layout, &[]))
    }
}

impl<F: GroupField> GroupField for Option<F> {
    const KIND: Kind = F::KIND;
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

type LayoutOf = fn(&Definition) -> Result<Layout, Rejection>;

fn register_set(
    registry: &Registry,
    definition: &Definition,
    layout: LayoutOf,
    dimensions: &'static [Dimension],
) -> Result<SharedSet, RegistrationError> {
    let illegal = |rejection| definition.illegal(rejection);
    definition.refuse_label_names().map_err(illegal)?;
    let layout = layout(definition).map_err(illegal)?;
    let descriptor = definition.descriptor(layout.kind(), dimensions);
    let options = definition.options(layout.kind(), dimensions).map_err(illegal)?;
    registry.register_set(descriptor, layout, options)
}

fn detached_set(definition: &Definition, layout: LayoutOf, dimensions: &'static [Dimension]) -> SharedSet {
    // A definition whose own layout is illegal still has to be counted in.
    let layout =
        layout(definition).or_else(|_| layout(&definition.without_buckets())).unwrap_or(Layout::Counter);
    let descriptor = definition.descriptor(layout.kind(), dimensions);
    Arc::new(SeriesSet::detached(descriptor, layout))
}
