//! Metric types as fields of groups.

use std::sync::Arc;

use super::{
    Counter, CounterFn, DynamicFamily, Family, Gauge, GaugeFn, Histogram, Info, Level, Number, StateSet,
    Summary,
    storage::{Metric, Part, Series},
};
use crate::{
    group::GroupField,
    label::{Dimension, LabelSet, LabelValue},
    model::{Layout, MetricType, RegistrationError},
    name::InvalidDefinition,
    registry::{Definition, Registry},
    series::{SeriesSet, SetOptions, SharedSet},
};

// One by one, and not for all metrics at once: a family without labels would be told that it is no metric then.
macro_rules! fields {
    ($([$($generics:tt)*] $kind:ty;)*) => {$(
        impl<$($generics)*> GroupField for $kind {
            const KIND: MetricType = <Self as Series>::KIND;

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
    const KIND: MetricType = <M as Series>::KIND;
    const DIMENSIONS: &'static [Dimension] = L::DIMENSIONS;

    fn register(registry: &Registry, definition: &Definition) -> Result<Self, RegistrationError> {
        register_set(registry, definition, M::layout, L::DIMENSIONS).map(Self::from_set)
    }

    fn detached(definition: &Definition) -> Self {
        Self::from_set(detached_set(definition, M::layout, L::DIMENSIONS))
    }
}

impl<M: Metric + Part> GroupField for DynamicFamily<M> {
    const KIND: MetricType = <M as Series>::KIND;

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

type LayoutOf = fn(&Definition) -> Result<Layout, InvalidDefinition>;

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
