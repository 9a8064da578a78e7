//! Gauges.
//!
//! An integer gauge has one slot for additions; `set` stores the difference to the wanted value in its shared cell. Its second
//! slot is a mark: until a thread adds, `set` is one store without a sum. A floating-point gauge is one shared cell, because
//! sums of floats in varying order do not return to zero.

use std::{marker::PhantomData, ops::Deref, time::SystemTime};

use super::storage::{Borrowed, DynamicMetric, Metric, StoredMetric};
use crate::{
    cell::Cells,
    model::{Layout, MetricType},
    name::InvalidDefinition,
    registry::Definition,
    series::{SeriesSet, SharedSet},
};

/// A value that goes up and down: `Gauge` holds an `i64`, `Gauge<f64>` a fraction.
///
/// Its methods are those of [`GaugeHandle`], to which it dereferences.
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
pub struct Gauge<N: GaugeValue = i64>(GaugeHandle<'static, N, SharedSet>);

/// A gauge of a family, as [`Family::with`](super::Family::with) returns it: small and `Copy`.
#[derive(Clone, Copy, Debug)]
pub struct GaugeHandle<'a, N: GaugeValue = i64, S = Borrowed<'a>> {
    cells: Cells,
    _set: S,
    types: PhantomData<(&'a (), N)>,
}

/// A number that a [`Gauge`] holds: `i64` or `f64`.
pub trait GaugeValue: Copy + std::fmt::Debug + Send + Sync + 'static + sealed::GaugeValue {}

impl GaugeValue for i64 {}
impl GaugeValue for f64 {}

mod sealed {
    use super::{Cells, Layout};

    pub trait GaugeValue {
        const ONE: Self;
        const LAYOUT: Layout;
        const WIDTH: usize;
        fn add(cells: Cells, amount: Self);
        fn sub(cells: Cells, amount: Self);
        fn set(cells: Cells, value: Self);
        fn get(cells: Cells) -> Self;
        fn from_word(word: u64) -> Self;
    }

    impl GaugeValue for i64 {
        const ONE: Self = 1;
        const LAYOUT: Layout = Layout::Gauge;
        const WIDTH: usize = 2;

        #[inline]
        fn add(cells: Cells, amount: Self) {
            cells.add_marked(amount.cast_unsigned());
        }

        #[inline]
        fn sub(cells: Cells, amount: Self) {
            cells.add_marked(amount.wrapping_neg().cast_unsigned());
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

    impl GaugeValue for f64 {
        const ONE: Self = 1.0;
        const LAYOUT: Layout = Layout::FloatGauge;
        const WIDTH: usize = 1;

        #[inline]
        fn add(cells: Cells, amount: Self) {
            cells.add_shared_f64(0, amount);
        }

        #[inline]
        fn sub(cells: Cells, amount: Self) {
            cells.add_shared_f64(0, -amount);
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

impl<N: GaugeValue, S> GaugeHandle<'_, N, S> {
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

    /// Subtracts one.
    #[inline]
    pub fn dec(&self) {
        N::sub(self.cells, N::ONE);
    }

    /// Adds an amount; an `i64` wraps.
    ///
    /// ```
    /// use metrics_core::{Definition, Gauge, Registry};
    ///
    /// let registry = Registry::new();
    /// let queued: Gauge = registry.register(&Definition::new("queued_jobs", "Jobs that wait."))?;
    /// queued.add(5);
    /// queued.dec();
    /// # #[cfg(feature = "enabled")]
    /// assert_eq!(queued.get(), 4);
    /// # Ok::<(), metrics_core::RegistrationError>(())
    /// ```
    #[doc(alias = "inc_by")]
    #[inline]
    pub fn add(&self, amount: N) {
        N::add(self.cells, amount);
    }

    /// Subtracts an amount; an `i64` wraps.
    #[doc(alias = "dec_by")]
    #[inline]
    pub fn sub(&self, amount: N) {
        N::sub(self.cells, amount);
    }

    /// Sets the value.
    ///
    /// ```
    /// use metrics_core::{Definition, Gauge, Registry};
    ///
    /// let registry = Registry::new();
    /// let level: Gauge<f64> = registry.register(&Definition::new("tank_level_ratio", "Level of the tank."))?;
    /// level.set(0.75);
    /// # #[cfg(feature = "enabled")]
    /// assert!(registry.text().contains("tank_level_ratio 0.75\n"));
    /// # Ok::<(), metrics_core::RegistrationError>(())
    /// ```
    #[inline]
    pub fn set(&self, value: N) {
        N::set(self.cells, value);
    }

    /// Returns the value.
    pub fn get(&self) -> N {
        N::get(self.cells)
    }
}

impl<S> GaugeHandle<'_, f64, S> {
    /// Sets the value to the current time, in seconds since the Unix epoch.
    ///
    /// ```
    /// use metrics_core::{Definition, Gauge, Registry};
    ///
    /// let definition = Definition::new("backup_timestamp_seconds", "Time of the last backup.");
    /// let backup: Gauge<f64> = Registry::new().register(&definition)?;
    /// backup.set_to_current_time();
    /// assert!(backup.get() > 1.7e9);
    /// # Ok::<(), metrics_core::RegistrationError>(())
    /// ```
    pub fn set_to_current_time(&self) {
        self.set(SystemTime::UNIX_EPOCH.elapsed().map_or(0.0, |elapsed| elapsed.as_secs_f64()));
    }
}

impl<N: GaugeValue> Deref for Gauge<N> {
    type Target = GaugeHandle<'static, N, SharedSet>;

    #[inline]
    fn deref(&self) -> &Self::Target {
        &self.0
    }
}

impl<N: GaugeValue> Gauge<N> {
    /// Returns a handle that borrows this gauge, as a family gives them.
    #[inline]
    pub const fn handle(&self) -> GaugeHandle<'_, N> {
        GaugeHandle::new(self.0.cells, PhantomData)
    }
}

impl<N: GaugeValue> StoredMetric for Gauge<N> {
    const TYPE: MetricType = MetricType::Gauge;
    const WIDTH: usize = N::WIDTH;

    fn layout(definition: &Definition) -> Result<Layout, InvalidDefinition> {
        definition.refuse_buckets()?;
        Ok(N::LAYOUT)
    }

    fn from_set(set: SharedSet) -> Self {
        let cells = set.cells(|_| 0);
        Self::of_series(set, cells)
    }
}

impl<N: GaugeValue> DynamicMetric for Gauge<N> {
    fn of_series(set: SharedSet, cells: Cells) -> Self {
        Self(GaugeHandle::new(cells, set))
    }
}

impl<N: GaugeValue> Metric for Gauge<N> {
    type Handle<'a> = GaugeHandle<'a, N>;
    type Value = N;

    #[inline]
    fn handle_of(cells: Cells, _: &SeriesSet) -> Self::Handle<'_> {
        GaugeHandle::new(cells, PhantomData)
    }

    fn value(_: &Layout, words: &[u64]) -> N {
        N::from_word(words.first().copied().unwrap_or_default())
    }
}
