//! Metric types as fields of groups: how each is registered or detached.

use super::{
    callback::{CounterFn, GaugeFn},
    counter::{Counter, CounterValue},
    dynamic_family::DynamicFamily,
    family::Family,
    gauge::{Gauge, GaugeValue},
    histogram::Histogram,
    info::Info,
    state_set::StateSet,
    storage::{DynamicMetric, Metric, StoredMetric},
    summary::Summary,
};
use crate::{
    group::GroupField,
    label::{Dimension, LabelSet, LabelValue},
    model::{Layout, MetricType, RegistrationError},
    name::InvalidDefinition,
    registry::{Definition, Registry},
    series::{SeriesSet, SetOptions, SharedSet},
};

// One impl each: with a blanket impl for `Metric`, the compiler would call a family without labels no metric.
macro_rules! fields {
    ($([$($generics:tt)*] $metric:ty;)*) => {$(
        impl<$($generics)*> GroupField for $metric {
            const TYPE: MetricType = <Self as StoredMetric>::TYPE;

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
    [N: CounterValue] Counter<N>;
    [N: GaugeValue] Gauge<N>;
    [] Histogram;
    [] Summary;
    [] Info;
    [L: LabelValue] StateSet<L>;
    [N: CounterValue] CounterFn<N>;
    [N: GaugeValue] GaugeFn<N>;
}

impl<L: LabelSet, M: Metric> GroupField for Family<L, M> {
    const TYPE: MetricType = <M as StoredMetric>::TYPE;
    const DIMENSIONS: &'static [Dimension] = L::DIMENSIONS;

    fn register(registry: &Registry, definition: &Definition) -> Result<Self, RegistrationError> {
        register_set(registry, definition, M::layout, L::DIMENSIONS).map(Self::from_set)
    }

    fn detached(definition: &Definition) -> Self {
        Self::from_set(detached_set(definition, M::layout, L::DIMENSIONS))
    }
}

impl<M: Metric + DynamicMetric> GroupField for DynamicFamily<M> {
    const TYPE: MetricType = <M as StoredMetric>::TYPE;

    fn register(registry: &Registry, definition: &Definition) -> Result<Self, RegistrationError> {
        let illegal = |invalid| definition.illegal(invalid);
        let dimensions = definition.dynamic_dimensions().map_err(illegal)?;
        let layout = M::layout(definition).map_err(illegal)?;
        let descriptor = definition.descriptor(layout.metric_type(), &dimensions);
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
    let illegal = |invalid| definition.illegal(invalid);
    definition.refuse_label_names().map_err(illegal)?;
    let layout = layout(definition).map_err(illegal)?;
    let descriptor = definition.descriptor(layout.metric_type(), dimensions);
    let options = definition.options(layout.metric_type(), dimensions).map_err(illegal)?;
    registry.register_set(descriptor, layout, options)
}

fn detached_set(definition: &Definition, layout: LayoutOf, dimensions: &'static [Dimension]) -> SharedSet {
    // A definition with an illegal layout still needs one to count in.
    let layout =
        layout(definition).or_else(|_| layout(&definition.without_buckets())).unwrap_or(Layout::Counter);
    let descriptor = definition.descriptor(layout.metric_type(), dimensions);
    SharedSet::new(SeriesSet::detached(descriptor, layout))
}
