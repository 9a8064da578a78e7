//! Counters.

use std::marker::PhantomData;

use super::{
    Metric,
    sealed::{Cells, Definition, Layout, Part, Rejection, Series, SharedSet},
};

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
            cells.add(0, amount);
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
                cells.add_f64(0, amount);
            }
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

    /// The sum of what all threads have counted.
    pub fn get(self) -> N {
        N::sum(self.cells)
    }
}

impl<N: Number> Series for Counter<N> {
    fn layout(definition: &Definition) -> Result<Layout, Rejection> {
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
