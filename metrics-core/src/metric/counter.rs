//! Counters.

use std::{marker::PhantomData, ops::Deref};

use super::storage::{Borrowed, DynamicMetric, Metric, StoredMetric};
use crate::{
    cell::Cells,
    exemplar,
    model::{Layout, MetricType},
    name::InvalidDefinition,
    registry::Definition,
    series::{SeriesSet, SharedSet},
};

/// A value that only goes up: `Counter` counts in `u64`, `Counter<f64>` in fractions.
///
/// Its methods are those of [`CounterHandle`], to which it dereferences. An increment is two instructions on a cell that no
/// other thread writes; see the [crate documentation](crate).
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
pub struct Counter<N: CounterValue = u64>(CounterHandle<'static, N, SharedSet>);

/// A counter of a family, as [`Family::with`](super::Family::with) returns it: small and `Copy`.
///
/// It borrows the family, so it never counts in slots that another metric has got since:
///
/// ```compile_fail,E0505
/// use metrics_core::{Counter, Definition, Family, Registry};
///
/// let families = Registry::new();
/// let jobs: Family<(), Counter> = families.register(&Definition::new("jobs_total", "Jobs that ended."))?;
/// let handle = jobs.with(());
/// drop(jobs);
/// handle.inc();
/// # Ok::<(), metrics_core::RegistrationError>(())
/// ```
///
/// The handle inside a [`Counter`] keeps the series itself, by `S`, and is not `Copy`.
#[derive(Clone, Copy, Debug)]
pub struct CounterHandle<'a, N: CounterValue = u64, S = Borrowed<'a>> {
    cells: Cells,
    _set: S,
    types: PhantomData<(&'a (), N)>,
}

/// A number that a [`Counter`] counts in: `u64` or `f64`.
pub trait CounterValue: Copy + std::fmt::Debug + Send + Sync + 'static + sealed::CounterValue {}

impl CounterValue for u64 {}
impl CounterValue for f64 {}

mod sealed {
    use super::{Cells, Layout};

    pub trait CounterValue {
        const ONE: Self;
        const LAYOUT: Layout;
        /// The layout of a counter that a callback reads.
        const CALLBACK_LAYOUT: Layout;

        fn add(cells: Cells, amount: Self);
        /// Adds without asking the source of exemplars; returns the amount if it counts.
        fn add_unsampled(cells: Cells, amount: Self) -> Option<f64>;
        fn sum(cells: Cells) -> Self;
        fn from_word(word: u64) -> Self;
        /// Stores a value that a callback has read.
        fn store_total(cells: Cells, value: Self);
        /// Loads the value that a callback has read last.
        fn load_total(cells: Cells) -> Self;
    }

    impl CounterValue for u64 {
        const ONE: Self = 1;
        const LAYOUT: Layout = Layout::Counter;
        const CALLBACK_LAYOUT: Layout = Layout::Counter;

        #[inline]
        fn add(cells: Cells, amount: Self) {
            cells.count(amount);
        }

        fn add_unsampled(cells: Cells, amount: Self) -> Option<f64> {
            cells.add(0, amount);
            Some(amount as f64)
        }

        fn sum(cells: Cells) -> Self {
            cells.sum(0)
        }

        fn from_word(word: u64) -> Self {
            word
        }

        fn store_total(cells: Cells, value: Self) {
            // The threads' cells still hold the counts of former owners of the slot.
            cells.set_shared(0, value.wrapping_sub(cells.sum_owned(0)));
        }

        fn load_total(cells: Cells) -> Self {
            cells.sum(0)
        }
    }

    impl CounterValue for f64 {
        const ONE: Self = 1.0;
        const LAYOUT: Layout = Layout::FloatCounter;
        const CALLBACK_LAYOUT: Layout = Layout::ReadCounter;

        #[inline]
        fn add(cells: Cells, amount: Self) {
            if amount > 0.0 && amount.is_finite() {
                cells.count_f64(amount);
            }
        }

        fn add_unsampled(cells: Cells, amount: Self) -> Option<f64> {
            let counts = amount > 0.0 && amount.is_finite();
            counts.then(|| cells.add_f64(0, amount)).map(|()| amount)
        }

        fn sum(cells: Cells) -> Self {
            cells.sum_f64(0)
        }

        fn from_word(word: u64) -> Self {
            Self::from_bits(word)
        }

        fn store_total(cells: Cells, value: Self) {
            // NaN and negative numbers are no totals and change nothing.
            if value >= 0.0 {
                cells.set_shared(0, value.to_bits());
            }
        }

        fn load_total(cells: Cells) -> Self {
            Self::from_bits(cells.get_shared(0))
        }
    }
}

impl<N: CounterValue, S> CounterHandle<'_, N, S> {
    const fn new(cells: Cells, set: S) -> Self {
        Self { cells, _set: set, types: PhantomData }
    }

    #[inline]
    pub(super) const fn cells(&self) -> Cells {
        self.cells
    }

    /// Adds one.
    #[inline]
    pub fn inc(&self) {
        N::add(self.cells, N::ONE);
    }

    /// Adds an amount. An `f64` that is negative, infinite or not a number is ignored, as a counter never goes down.
    ///
    /// ```
    /// use metrics_core::{Counter, Definition, Registry};
    ///
    /// let registry = Registry::new();
    /// let paid: Counter<f64> = registry.register(&Definition::new("paid_euros_total", "Sum of payments."))?;
    /// paid.inc_by(2.5);
    /// paid.inc_by(-1.0); // ignored, as a counter never falls
    /// # #[cfg(feature = "enabled")]
    /// assert_eq!(paid.get(), 2.5);
    /// # Ok::<(), metrics_core::RegistrationError>(())
    /// ```
    #[inline]
    pub fn inc_by(&self, amount: N) {
        N::add(self.cells, amount);
    }

    /// Adds one and records an exemplar with these labels, which replaces the one before.
    ///
    /// An exemplar names the trace that a count comes from. OpenMetrics, protobuf and JSON show it; the text format has no
    /// exemplars. Names and values have at most 128 code points together. A longer exemplar, or one with an illegal name, is
    /// dropped and counted in `metrics_exemplars_dropped_total`; the increment still counts.
    ///
    /// ```
    /// use metrics_core::{Counter, Definition, Registry};
    ///
    /// let registry = Registry::new();
    /// let jobs: Counter = registry.register(&Definition::new("jobs_total", "Jobs that ended."))?;
    /// jobs.inc_with([("trace_id", "4bf92f35")]);
    /// assert!(registry.open_metrics().contains("jobs_total 1 # {trace_id=\"4bf92f35\"} 1 "));
    /// # Ok::<(), metrics_core::RegistrationError>(())
    /// ```
    pub fn inc_with<K: AsRef<str>, V: AsRef<str>>(&self, exemplar: impl IntoIterator<Item = (K, V)>) {
        self.inc_by_with(N::ONE, exemplar);
    }

    /// Adds an amount and records an exemplar with these labels, see [`inc_with`](Self::inc_with).
    pub fn inc_by_with<K: AsRef<str>, V: AsRef<str>>(
        &self,
        amount: N,
        exemplar: impl IntoIterator<Item = (K, V)>,
    ) {
        if let Some(value) = N::add_unsampled(self.cells, amount) {
            exemplar::record(self.cells.exemplar_slot(0), value, exemplar);
        }
    }

    /// Returns the sum of the counts of all threads.
    pub fn get(&self) -> N {
        N::sum(self.cells)
    }
}

impl<N: CounterValue> Deref for Counter<N> {
    type Target = CounterHandle<'static, N, SharedSet>;

    #[inline]
    fn deref(&self) -> &Self::Target {
        &self.0
    }
}

impl<N: CounterValue> StoredMetric for Counter<N> {
    const TYPE: MetricType = MetricType::Counter;
    const WIDTH: usize = 1;

    fn layout(definition: &Definition) -> Result<Layout, InvalidDefinition> {
        definition.refuse_buckets()?;
        Ok(N::LAYOUT)
    }

    fn from_set(set: SharedSet) -> Self {
        let cells = set.cells(|_| 0);
        Self::of_series(set, cells)
    }
}

impl<N: CounterValue> DynamicMetric for Counter<N> {
    fn of_series(set: SharedSet, cells: Cells) -> Self {
        Self(CounterHandle::new(cells, set))
    }
}

impl<N: CounterValue> Metric for Counter<N> {
    type Handle<'a> = CounterHandle<'a, N>;
    type Value = N;

    #[inline]
    fn handle_of(cells: Cells, _: &SeriesSet) -> Self::Handle<'_> {
        CounterHandle::new(cells, PhantomData)
    }

    fn value(_: &Layout, words: &[u64]) -> N {
        N::from_word(words.first().copied().unwrap_or_default())
    }
}
