//! Gauges.
//!
//! A gauge of integers has a slot that is added to and whose shared cell takes what is needed for the sum to be the value
//! that was set. Its second slot is a mark: while no thread has ever added, setting is one store, and nothing is summed up.
//! A gauge of floats is one shared cell, as sums of floats in differing order would not come back to zero.

use std::marker::PhantomData;

use super::storage::{
    Cells, Definition, InvalidDefinition, Layout, Metric, MetricType, Part, Series, SharedSet,
};

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
    cells: Cells,
    _set: SharedSet,
    number: PhantomData<N>,
}

/// One gauge of a family.
#[derive(Clone, Copy, Debug)]
pub struct GaugeChild<'a, N: Level = i64> {
    cells: Cells,
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
    use super::{Cells, Layout};

    pub trait Level {
        const ONE: Self;
        const LAYOUT: Layout;
        const WIDTH: usize;
        fn add(cells: Cells, amount: Self);
        fn set(cells: Cells, value: Self);
        fn get(cells: Cells) -> Self;
        fn from_word(word: u64) -> Self;
    }

    impl Level for i64 {
        const ONE: Self = 1;
        const LAYOUT: Layout = Layout::Gauge;
        const WIDTH: usize = 2;

        #[inline]
        fn add(cells: Cells, amount: Self) {
            cells.add_marked(amount.cast_unsigned());
        }

        fn set(cells: Cells, value: Self) {
            let added = if cells.get_shared(1) == 0 { 0 } else { cells.sum_owned(0) };
            cells.set_shared(0, value.cast_unsigned().wrapping_sub(added));
        }

        fn get(cells: Cells) -> Self {
            cells.sum(0).cast_signed()
        }

        fn from_word(word: u64) -> Self {
            word.cast_signed()
        }
    }

    impl Level for f64 {
        const ONE: Self = 1.0;
        const LAYOUT: Layout = Layout::FloatGauge;
        const WIDTH: usize = 1;

        #[inline]
        fn add(cells: Cells, amount: Self) {
            cells.add_shared_f64(0, amount);
        }

        fn set(cells: Cells, value: Self) {
            cells.set_shared(0, value.to_bits());
        }

        fn get(cells: Cells) -> Self {
            Self::from_bits(cells.get_shared(0))
        }

        fn from_word(word: u64) -> Self {
            Self::from_bits(word)
        }
    }
}

impl<N: Level> Gauge<N> {
    #[inline]
    pub(super) const fn cells(&self) -> Cells {
        self.cells
    }

    #[inline]
    pub(super) const fn child(&self) -> GaugeChild<'_, N> {
        GaugeChild { cells: self.cells, family: PhantomData }
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
    #[doc(alias = "inc_by")]
    #[inline]
    pub fn add(&self, amount: N) {
        self.child().add(amount);
    }

    /// Takes an amount away.
    #[doc(alias = "dec_by")]
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
        N::add(self.cells, N::ONE);
    }

    /// Takes one away.
    #[inline]
    pub fn dec(self) {
        N::add(self.cells, -N::ONE);
    }

    /// Adds an amount.
    #[inline]
    pub fn add(self, amount: N) {
        N::add(self.cells, amount);
    }

    /// Takes an amount away.
    #[inline]
    pub fn sub(self, amount: N) {
        N::add(self.cells, -amount);
    }

    /// Sets the value.
    #[inline]
    pub fn set(self, value: N) {
        N::set(self.cells, value);
    }

    /// The value.
    pub fn get(self) -> N {
        N::get(self.cells)
    }
}

impl<N: Level> Series for Gauge<N> {
    const KIND: MetricType = MetricType::Gauge;
    const WIDTH: usize = N::WIDTH;

    fn layout(definition: &Definition) -> Result<Layout, InvalidDefinition> {
        definition.refuse_buckets()?;
        Ok(N::LAYOUT)
    }

    fn from_set(set: SharedSet) -> Self {
        Self { cells: set.cells(|_| 0), _set: set, number: PhantomData }
    }
}

impl<N: Level> Part for Gauge<N> {
    fn of_series(set: SharedSet, cells: Cells) -> Self {
        Self { cells, _set: set, number: PhantomData }
    }
}

impl<N: Level> Metric for Gauge<N> {
    type Child<'a> = GaugeChild<'a, N>;
    type Value = N;

    #[inline]
    fn child(cells: Cells, _: &Layout) -> Self::Child<'_> {
        GaugeChild { cells, family: PhantomData }
    }

    fn value(_: &Layout, words: &[u64]) -> N {
        N::from_word(words.first().copied().unwrap_or_default())
    }
}
