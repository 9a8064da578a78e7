//! Gauges.
//!
//! A gauge of integers has a slot that is added to and whose shared cell takes what is needed for the sum to be the value
//! that was set. Its second slot is a mark: while no thread has ever added, setting is one store, and nothing is summed up.
//! A gauge of floats is one shared cell, as sums of floats in differing order would not come back to zero.

use std::marker::PhantomData;

use super::{
    Metric,
    sealed::{Definition, Layout, Rejection, Series, SharedSet, Slot},
};
use crate::cell;

/// A value that goes up and down: `Gauge` holds an `i64`, `Gauge<f64>` a fraction.
///
/// ```
/// use metrics_core::{Definition, Gauge, Registry};
///
/// let registry = Registry::new();
/// let players: Gauge = registry.register(&Definition::new("players", "Players online."))?;
/// players.inc();
/// players.set(40);
/// players.add(2);
/// assert_eq!(players.get(), 42);
/// # Ok::<(), metrics_core::RegistrationError>(())
/// ```
#[derive(Clone, Debug)]
pub struct Gauge<N: Level = i64> {
    slot: Slot,
    _set: SharedSet,
    number: PhantomData<N>,
}

/// One gauge of a family.
#[derive(Clone, Copy, Debug)]
pub struct GaugeChild<'a, N: Level = i64> {
    slot: Slot,
    family: PhantomData<(&'a (), N)>,
}

/// What a [`Gauge`] holds: `i64` or `f64`.
pub trait Level:
    Copy + std::fmt::Debug + std::ops::Neg<Output = Self> + Send + Sync + 'static + sealed::Level
{
}

impl Level for i64 {}
impl Level for f64 {}

mod sealed {
    use super::{Layout, Slot, cell};

    pub trait Level {
        const ONE: Self;
        const LAYOUT: Layout;
        fn add(slot: Slot, amount: Self);
        fn set(slot: Slot, value: Self);
        fn get(slot: Slot) -> Self;
    }

    impl Level for i64 {
        const ONE: Self = 1;
        const LAYOUT: Layout = Layout::Gauge;

        #[inline]
        fn add(slot: Slot, amount: Self) {
            cell::add_marked(slot, amount.cast_unsigned());
        }

        fn set(slot: Slot, value: Self) {
            let added = if cell::get_shared(slot.plus(1)) == 0 { 0 } else { cell::sum_owned(slot) };
            cell::set_shared(slot, value.cast_unsigned().wrapping_sub(added));
        }

        fn get(slot: Slot) -> Self {
            cell::sum(slot).cast_signed()
        }
    }

    impl Level for f64 {
        const ONE: Self = 1.0;
        const LAYOUT: Layout = Layout::FloatGauge;

        #[inline]
        fn add(slot: Slot, amount: Self) {
            cell::add_shared_f64(slot, amount);
        }

        fn set(slot: Slot, value: Self) {
            cell::set_shared(slot, value.to_bits());
        }

        fn get(slot: Slot) -> Self {
            Self::from_bits(cell::get_shared(slot))
        }
    }
}

impl<N: Level> Gauge<N> {
    #[inline]
    const fn child(&self) -> GaugeChild<'_, N> {
        GaugeChild { slot: self.slot, family: PhantomData }
    }

    /// Adds one.
    #[inline]
    pub fn inc(&self) {
        self.child().inc();
    }

    /// Takes one away.
    #[inline]
    pub fn dec(&self) {
        self.child().dec();
    }

    /// Adds an amount.
    #[inline]
    pub fn add(&self, amount: N) {
        self.child().add(amount);
    }

    /// Takes an amount away.
    #[inline]
    pub fn sub(&self, amount: N) {
        self.child().sub(amount);
    }

    /// Sets the value.
    #[inline]
    pub fn set(&self, value: N) {
        self.child().set(value);
    }

    /// The value.
    pub fn get(&self) -> N {
        self.child().get()
    }
}

impl<N: Level> GaugeChild<'_, N> {
    /// Adds one.
    #[inline]
    pub fn inc(self) {
        N::add(self.slot, N::ONE);
    }

    /// Takes one away.
    #[inline]
    pub fn dec(self) {
        N::add(self.slot, -N::ONE);
    }

    /// Adds an amount.
    #[inline]
    pub fn add(self, amount: N) {
        N::add(self.slot, amount);
    }

    /// Takes an amount away.
    #[inline]
    pub fn sub(self, amount: N) {
        N::add(self.slot, -amount);
    }

    /// Sets the value.
    #[inline]
    pub fn set(self, value: N) {
        N::set(self.slot, value);
    }

    /// The value.
    pub fn get(self) -> N {
        N::get(self.slot)
    }
}

impl<N: Level> Series for Gauge<N> {
    fn layout(definition: &Definition) -> Result<Layout, Rejection> {
        definition.refuse_buckets()?;
        Ok(N::LAYOUT)
    }

    fn from_set(set: SharedSet) -> Self {
        Self { slot: set.slot_at(0), _set: set, number: PhantomData }
    }
}

impl<N: Level> Metric for Gauge<N> {
    type Child<'a> = GaugeChild<'a, N>;

    #[inline]
    fn child(slot: Slot, _: &Layout) -> Self::Child<'_> {
        GaugeChild { slot, family: PhantomData }
    }
}
