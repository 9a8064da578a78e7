//! Counters.

use std::marker::PhantomData;

use super::storage::{
    Cells, Definition, InvalidDefinition, Layout, Metric, MetricType, Part, Series, SharedSet,
};
use crate::exemplar;

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
    cells: Cells,
    _set: SharedSet,
    number: PhantomData<N>,
}

/// One counter of a family.
#[derive(Clone, Copy, Debug)]
pub struct CounterChild<'a, N: Number = u64> {
    cells: Cells,
    family: PhantomData<(&'a (), N)>,
}

/// What a [`Counter`] counts in: `u64` or `f64`.
pub trait Number: Copy + std::fmt::Debug + Send + Sync + 'static + sealed::Number {}

impl Number for u64 {}
impl Number for f64 {}

mod sealed {
    use super::{Cells, Layout};

    pub trait Number {
        const ONE: Self;
        const LAYOUT: Layout;
        fn add(cells: Cells, amount: Self);
        /// The same without asking the source of exemplars; the amount, if it counts.
        fn add_quietly(cells: Cells, amount: Self) -> Option<f64>;
        fn sum(cells: Cells) -> Self;
        fn from_word(word: u64) -> Self;
        /// The layout of a value that is read and not counted, and how it is kept.
        const READ: Layout;
        fn keep(cells: Cells, value: Self);
        fn kept(cells: Cells) -> Self;
    }

    impl Number for u64 {
        const ONE: Self = 1;
        const LAYOUT: Layout = Layout::Counter;

        #[inline]
        fn add(cells: Cells, amount: Self) {
            cells.count(amount);
        }

        fn add_quietly(cells: Cells, amount: Self) -> Option<f64> {
            cells.add(0, amount);
            Some(amount as f64)
        }

        fn sum(cells: Cells) -> Self {
            cells.sum(0)
        }

        fn from_word(word: u64) -> Self {
            word
        }

        const READ: Layout = Layout::Counter;

        fn keep(cells: Cells, value: Self) {
            // What former owners of the slot have counted is still in the threads' cells.
            cells.set_shared(0, value.wrapping_sub(cells.sum_owned(0)));
        }

        fn kept(cells: Cells) -> Self {
            cells.sum(0)
        }
    }

    impl Number for f64 {
        const ONE: Self = 1.0;
        const LAYOUT: Layout = Layout::FloatCounter;

        #[inline]
        fn add(cells: Cells, amount: Self) {
            if amount > 0.0 && amount.is_finite() {
                cells.count_f64(amount);
            }
        }

        fn add_quietly(cells: Cells, amount: Self) -> Option<f64> {
            let counts = amount > 0.0 && amount.is_finite();
            counts.then(|| cells.add_f64(0, amount)).map(|()| amount)
        }

        fn sum(cells: Cells) -> Self {
            cells.sum_f64(0)
        }

        fn from_word(word: u64) -> Self {
            Self::from_bits(word)
        }

        const READ: Layout = Layout::ReadCounter;

        fn keep(cells: Cells, value: Self) {
            // What is no count, NaN for one, leaves it as it was.
            if value >= 0.0 {
                cells.set_shared(0, value.to_bits());
            }
        }

        fn kept(cells: Cells) -> Self {
            Self::from_bits(cells.get_shared(0))
        }
    }
}

impl<N: Number> Counter<N> {
    #[inline]
    pub(super) const fn cells(&self) -> Cells {
        self.cells
    }

    #[inline]
    const fn child(&self) -> CounterChild<'_, N> {
        CounterChild { cells: self.cells, family: PhantomData }
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

    /// Adds one, and keeps an exemplar with these labels, in place of the one before.
    ///
    /// An exemplar says which trace a count comes from. It is shown in OpenMetrics, in the protobuf and in JSON, and not in the
    /// text format, which has none. Names and values have at most 128 code points together; an exemplar with more, or with an
    /// illegal name, is dropped and counted in `metrics_exemplars_dropped_total`, and the increment counts all the same.
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
        self.child().inc_with(exemplar);
    }

    /// Adds an amount, and keeps an exemplar with these labels, see [`inc_with`](Self::inc_with).
    pub fn inc_by_with<K: AsRef<str>, V: AsRef<str>>(
        &self,
        amount: N,
        exemplar: impl IntoIterator<Item = (K, V)>,
    ) {
        self.child().inc_by_with(amount, exemplar);
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
        N::add(self.cells, N::ONE);
    }

    /// Adds an amount, see [`Counter::inc_by`].
    #[inline]
    pub fn inc_by(self, amount: N) {
        N::add(self.cells, amount);
    }

    /// Adds one, and keeps an exemplar with these labels, see [`Counter::inc_with`].
    pub fn inc_with<K: AsRef<str>, V: AsRef<str>>(self, exemplar: impl IntoIterator<Item = (K, V)>) {
        self.inc_by_with(N::ONE, exemplar);
    }

    /// Adds an amount, and keeps an exemplar with these labels, see [`Counter::inc_with`].
    pub fn inc_by_with<K: AsRef<str>, V: AsRef<str>>(
        self,
        amount: N,
        exemplar: impl IntoIterator<Item = (K, V)>,
    ) {
        if let Some(value) = N::add_quietly(self.cells, amount) {
            exemplar::record(self.cells.place(0), value, exemplar);
        }
    }

    /// The sum of what all threads have counted.
    pub fn get(self) -> N {
        N::sum(self.cells)
    }
}

impl<N: Number> Series for Counter<N> {
    const KIND: MetricType = MetricType::Counter;
    const WIDTH: usize = 1;

    fn layout(definition: &Definition) -> Result<Layout, InvalidDefinition> {
        definition.refuse_buckets()?;
        Ok(N::LAYOUT)
    }

    fn from_set(set: SharedSet) -> Self {
        Self { cells: set.cells(|_| 0), _set: set, number: PhantomData }
    }
}

impl<N: Number> Part for Counter<N> {
    fn of_series(set: SharedSet, cells: Cells) -> Self {
        Self { cells, _set: set, number: PhantomData }
    }
}

impl<N: Number> Metric for Counter<N> {
    type Child<'a> = CounterChild<'a, N>;
    type Value = N;

    #[inline]
    fn child(cells: Cells, _: &Layout) -> Self::Child<'_> {
        CounterChild { cells, family: PhantomData }
    }

    fn value(_: &Layout, words: &[u64]) -> N {
        N::from_word(words.first().copied().unwrap_or_default())
    }
}
