//! The metric types without the feature `enabled`: of no size, and what is counted is forgotten.

use std::{marker::PhantomData, time::Duration};

use super::{
    HistogramSnapshot,
    storage::{Cells, Definition, InvalidDefinition, Layout, Metric, MetricType, Part, Series, SharedSet},
};
use crate::model::Buckets;

/// What a [`Counter`] counts in: `u64` or `f64`.
pub trait Number: Copy + std::fmt::Debug + Default + Send + Sync + 'static + sealed::Number {}

impl Number for u64 {}
impl Number for f64 {}

/// What a [`Gauge`] holds: `i64` or `f64`.
pub trait Level: Copy + std::fmt::Debug + Default + Send + Sync + 'static + sealed::Number {}

impl Level for i64 {}
impl Level for f64 {}

mod sealed {
    pub trait Number {}

    impl Number for u64 {}
    impl Number for i64 {}
    impl Number for f64 {}
}

/// A counter that counts nothing: the feature `enabled` is off.
#[derive(Clone, Debug)]
pub struct Counter<N: Number = u64>(PhantomData<N>);

/// One counter of a family, which counts nothing.
#[derive(Clone, Copy, Debug)]
pub struct CounterChild<'a, N: Number = u64>(PhantomData<(&'a (), N)>);

/// A gauge that holds nothing: the feature `enabled` is off.
#[derive(Clone, Debug)]
pub struct Gauge<N: Level = i64>(PhantomData<N>);

/// One gauge of a family, which holds nothing.
#[derive(Clone, Copy, Debug)]
pub struct GaugeChild<'a, N: Level = i64>(PhantomData<(&'a (), N)>);

/// A histogram that observes nothing: the feature `enabled` is off.
#[derive(Clone, Debug)]
pub struct Histogram(());

/// One histogram of a family, which observes nothing.
#[derive(Clone, Copy, Debug)]
pub struct HistogramChild<'a>(PhantomData<&'a ()>);

/// The methods of a metric and of its child, which do nothing with their arguments and return a zero.
macro_rules! methods {
    ($metric:ty, $child:ty $(, $number:ident: $bound:ident)?; $($name:ident($($argument:ident: $kind:ty)?) $(-> $returned:ty)?;)*) => {
        impl$(<$number: $bound>)? $metric {$(
            /// Nothing, as the feature `enabled` is off.
            #[inline]
            pub fn $name(&self $(, $argument: $kind)?) $(-> $returned)? {
                $(let _ = $argument;)?
                Default::default()
            }
        )*}

        impl$(<$number: $bound>)? $child {$(
            /// Nothing, as the feature `enabled` is off.
            #[inline]
            pub fn $name(self $(, $argument: $kind)?) $(-> $returned)? {
                $(let _ = $argument;)?
                Default::default()
            }
        )*}
    };
}

methods! { Counter<N>, CounterChild<'_, N>, N: Number; inc(); inc_by(amount: N); get() -> N; }
methods! { Gauge<N>, GaugeChild<'_, N>, N: Level; inc(); dec(); add(amount: N); sub(amount: N); set(value: N); get() -> N; }
methods! {
    Histogram, HistogramChild<'_>;
    observe(value: f64);
    observe_duration(duration: Duration);
    count() -> u64;
    sum() -> f64;
    snapshot() -> HistogramSnapshot;
}

/// Methods with an exemplar, which do nothing with their arguments.
macro_rules! with_exemplar {
    ($metric:ty, $child:ty $(, $number:ident: $bound:ident)?; $($name:ident($($argument:ident: $kind:ty)?);)*) => {
        impl$(<$number: $bound>)? $metric {$(
            /// Nothing, as the feature `enabled` is off.
            pub fn $name<K: AsRef<str>, V: AsRef<str>>(
                &self,
                $($argument: $kind,)?
                exemplar: impl IntoIterator<Item = (K, V)>,
            ) {
                $(let _ = $argument;)?
                drop(exemplar);
            }
        )*}

        impl$(<$number: $bound>)? $child {$(
            /// Nothing, as the feature `enabled` is off.
            pub fn $name<K: AsRef<str>, V: AsRef<str>>(
                self,
                $($argument: $kind,)?
                exemplar: impl IntoIterator<Item = (K, V)>,
            ) {
                $(let _ = $argument;)?
                drop(exemplar);
            }
        )*}
    };
}

with_exemplar! { Counter<N>, CounterChild<'_, N>, N: Number; inc_with(); inc_by_with(amount: N); }
with_exemplar! { Histogram, HistogramChild<'_>; observe_with(value: f64); observe_duration_with(duration: Duration); }

impl Histogram {
    #[allow(clippy::unused_self)] // as the other one is called
    pub(super) fn child(&self) -> HistogramChild<'_> {
        Self::none()
    }
}

impl<N: Level> Gauge<N> {
    #[allow(clippy::unused_self)] // as the other one is called
    pub(super) fn child(&self) -> GaugeChild<'_, N> {
        Self::none()
    }
}

impl<'a> HistogramChild<'a> {
    pub(crate) const fn of(_: Cells, _: &'a Buckets) -> Self {
        Self(PhantomData)
    }

    #[allow(clippy::unused_self)] // as the other one is called
    pub(crate) fn observe_nanos(self, _: u64) {}

    #[allow(clippy::unused_self)] // as the other one is called
    pub(super) fn finish_request(self, _: &Gauge, _: &Counter, _: u64) -> bool {
        true
    }
}

impl<N: Number> Series for Counter<N> {
    const KIND: MetricType = MetricType::Counter;

    fn layout(definition: &Definition) -> Result<Layout, InvalidDefinition> {
        definition.refuse_buckets()?;
        Ok(Layout::Counter)
    }

    fn from_set(_: SharedSet) -> Self {
        Self(PhantomData)
    }
}

impl<N: Level> Series for Gauge<N> {
    const KIND: MetricType = MetricType::Gauge;

    fn layout(definition: &Definition) -> Result<Layout, InvalidDefinition> {
        definition.refuse_buckets()?;
        Ok(Layout::Gauge)
    }

    fn from_set(_: SharedSet) -> Self {
        Self(PhantomData)
    }
}

impl Series for Histogram {
    const KIND: MetricType = MetricType::Histogram;

    fn layout(definition: &Definition) -> Result<Layout, InvalidDefinition> {
        Ok(Layout::Histogram(definition.histogram_buckets()?.into()))
    }

    fn from_set(_: SharedSet) -> Self {
        Self(())
    }
}

impl<N: Number> Part for Counter<N> {
    fn of_series(set: SharedSet, _: Cells) -> Self {
        Self::from_set(set)
    }
}

impl<N: Level> Part for Gauge<N> {
    fn of_series(set: SharedSet, _: Cells) -> Self {
        Self::from_set(set)
    }
}

impl Part for Histogram {
    fn of_series(set: SharedSet, _: Cells) -> Self {
        Self::from_set(set)
    }
}

impl<N: Number> Metric for Counter<N> {
    type Child<'a> = CounterChild<'a, N>;
    type Value = N;

    fn value(_: &Layout, _: &[u64]) -> N {
        Default::default()
    }

    fn child(_: Cells, _: &Layout) -> Self::Child<'_> {
        Self::none()
    }

    fn none<'a>() -> Self::Child<'a> {
        CounterChild(PhantomData)
    }
}

impl<N: Level> Metric for Gauge<N> {
    type Child<'a> = GaugeChild<'a, N>;
    type Value = N;

    fn value(_: &Layout, _: &[u64]) -> N {
        Default::default()
    }

    fn child(_: Cells, _: &Layout) -> Self::Child<'_> {
        Self::none()
    }

    fn none<'a>() -> Self::Child<'a> {
        GaugeChild(PhantomData)
    }
}

impl Metric for Histogram {
    type Child<'a> = HistogramChild<'a>;
    type Value = HistogramSnapshot;

    fn value(_: &Layout, _: &[u64]) -> HistogramSnapshot {
        HistogramSnapshot::default()
    }

    fn child(_: Cells, _: &Layout) -> Self::Child<'_> {
        Self::none()
    }

    fn none<'a>() -> Self::Child<'a> {
        HistogramChild(PhantomData)
    }
}

/// A metric whose closure is never called: the feature `enabled` is off.
#[derive(Clone, Debug)]
pub struct CounterFn<N: Number = u64>(PhantomData<N>);

/// One metric of a family whose closure is never called.
#[derive(Clone, Copy, Debug)]
pub struct CounterFnChild<'a, N: Number = u64>(PhantomData<(&'a (), N)>);

methods! { CounterFn<N>, CounterFnChild<'_, N>, N: Number; get() -> N; }

impl<N: Number> CounterFn<N> {
    /// Nothing, as the feature `enabled` is off.
    pub fn read_from(&self, read: impl Fn() -> N + Send + Sync + 'static) {
        drop(read);
    }
}

impl<N: Number> CounterFnChild<'_, N> {
    /// Nothing, as the feature `enabled` is off.
    pub fn read_from(self, read: impl Fn() -> N + Send + Sync + 'static) {
        drop(read);
    }
}

impl<N: Number> Series for CounterFn<N> {
    const KIND: MetricType = MetricType::Counter;

    fn layout(definition: &Definition) -> Result<Layout, InvalidDefinition> {
        definition.refuse_buckets()?;
        Ok(Layout::Counter)
    }

    fn from_set(_: SharedSet) -> Self {
        Self(PhantomData)
    }
}

impl<N: Number> Metric for CounterFn<N> {
    type Child<'a> = CounterFnChild<'a, N>;
    type Value = N;

    fn child(_: Cells, _: &Layout) -> Self::Child<'_> {
        Self::none()
    }

    fn value(_: &Layout, _: &[u64]) -> N {
        N::default()
    }

    fn none<'a>() -> Self::Child<'a> {
        CounterFnChild(PhantomData)
    }
}

/// A metric whose closure is never called: the feature `enabled` is off.
#[derive(Clone, Debug)]
pub struct GaugeFn<N: Level = i64>(PhantomData<N>);

/// One metric of a family whose closure is never called.
#[derive(Clone, Copy, Debug)]
pub struct GaugeFnChild<'a, N: Level = i64>(PhantomData<(&'a (), N)>);

methods! { GaugeFn<N>, GaugeFnChild<'_, N>, N: Level; get() -> N; }

impl<N: Level> GaugeFn<N> {
    /// Nothing, as the feature `enabled` is off.
    pub fn read_from(&self, read: impl Fn() -> N + Send + Sync + 'static) {
        drop(read);
    }
}

impl<N: Level> GaugeFnChild<'_, N> {
    /// Nothing, as the feature `enabled` is off.
    pub fn read_from(self, read: impl Fn() -> N + Send + Sync + 'static) {
        drop(read);
    }
}

impl<N: Level> Series for GaugeFn<N> {
    const KIND: MetricType = MetricType::Gauge;

    fn layout(definition: &Definition) -> Result<Layout, InvalidDefinition> {
        definition.refuse_buckets()?;
        Ok(Layout::Gauge)
    }

    fn from_set(_: SharedSet) -> Self {
        Self(PhantomData)
    }
}

impl<N: Level> Metric for GaugeFn<N> {
    type Child<'a> = GaugeFnChild<'a, N>;
    type Value = N;

    fn child(_: Cells, _: &Layout) -> Self::Child<'_> {
        Self::none()
    }

    fn value(_: &Layout, _: &[u64]) -> N {
        N::default()
    }

    fn none<'a>() -> Self::Child<'a> {
        GaugeFnChild(PhantomData)
    }
}
