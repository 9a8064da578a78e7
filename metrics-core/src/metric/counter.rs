//! Counters.

use std::marker::PhantomData;

use super::{
    Metric,
    sealed::{Definition, Layout, Rejection, Series, SharedSet, Slot},
};
use crate::cell;

/// A value that only goes up: `Counter` counts in `u64`, `Counter<f64>` in fractions.
///
/// An increment is two instructions on a cell that no other thread writes; see the [crate documentation](crate).
///
/// ```
/// use metrics_core::{Counter, Definition, Registry};
///
/// let registry = Registry::new();
/// let jobs: Counter = registry.register(&Definition::new("jobs_total", "Jobs that ended."))?;
/// jobs.inc();
/// jobs.inc_by(2);
/// assert_eq!(jobs.get(), 3);
/// # Ok::<(), metrics_core::RegistrationError>(())
/// ```
#[derive(Clone, Debug)]
pub struct Counter<N: Number = u64> {
    slot: Slot,
    _set: SharedSet,
    number: PhantomData<N>,
}

/// One counter of a family.
#[derive(Clone, Copy, Debug)]
pub struct CounterChild<'a, N: Number = u64> {
    slot: Slot,
    family: PhantomData<(&'a (), N)>,
}

/// What a [`Counter`] counts in: `u64` or `f64`.
pub trait Number: Copy + std::fmt::Debug + Send + Sync + 'static + sealed::Number {}

impl Number for u64 {}
impl Number for f64 {}

mod sealed {
    use super::{Layout, Slot, cell};

    pub trait Number {
        const ONE: Self;
        const LAYOUT: Layout;
        fn add(slot: Slot, amount: Self);
        fn sum(slot: Slot) -> Self;
    }

    impl Number for u64 {
        const ONE: Self = 1;
        const LAYOUT: Layout = Layout::Counter;

        #[inline]
        fn add(slot: Slot, amount: Self) {
            cell::add(slot, amount);
        }

        fn sum(slot: Slot) -> Self {
            cell::sum(slot)
        }
    }

    impl Number for f64 {
        const ONE: Self = 1.0;
        const LAYOUT: Layout = Layout::FloatCounter;

        #[inline]
        fn add(slot: Slot, amount: Self) {
            if amount > 0.0 && amount.is_finite() {
                cell::add_f64(slot, amount);
            }
        }

        fn sum(slot: Slot) -> Self {
            cell::sum_f64(slot)
        }
    }
}

impl<N: Number> Counter<N> {
    #[inline]
    const fn child(&self) -> CounterChild<'_, N> {
        CounterChild { slot: self.slot, family: PhantomData }
    }

    /// Adds one.
    #[inline]
    pub fn inc(&self) {
        self.child().inc();
    }

    /// Adds an amount. As a counter never goes down, an amount of `f64` that is negative, infinite or not a number is left
    /// out.
    #[inline]
    pub fn inc_by(&self, amount: N) {
        self.child().inc_by(amount);
    }

    /// The sum of what all threads have counted.
    pub fn get(&self) -> N {
        self.child().get()
    }
}

impl<N: Number> CounterChild<'_, N> {
    /// Adds one.
    #[inline]
    pub fn inc(self) {
        N::add(self.slot, N::ONE);
    }

    /// Adds an amount, see [`Counter::inc_by`].
    #[inline]
    pub fn inc_by(self, amount: N) {
        N::add(self.slot, amount);
    }

    /// The sum of what all threads have counted.
    pub fn get(self) -> N {
        N::sum(self.slot)
    }
}

impl<N: Number> Series for Counter<N> {
    fn layout(definition: &Definition) -> Result<Layout, Rejection> {
        definition.refuse_buckets()?;
        Ok(N::LAYOUT)
    }

    fn from_set(set: SharedSet) -> Self {
        Self { slot: set.slot_at(0), _set: set, number: PhantomData }
    }
}

impl<N: Number> Metric for Counter<N> {
    type Child<'a> = CounterChild<'a, N>;

    #[inline]
    fn child(slot: Slot, _: &Layout) -> Self::Child<'_> {
        CounterChild { slot, family: PhantomData }
    }
}
