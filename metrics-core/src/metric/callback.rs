//! Metrics whose value a closure reads when the page is made.

use std::{marker::PhantomData, ops::Deref, sync::Arc};

use super::{
    counter::CounterValue,
    gauge::GaugeValue,
    storage::{Metric, StoredMetric},
};
use crate::{
    cell::Cells,
    model::{Layout, MetricType},
    name::InvalidDefinition,
    registry::Definition,
    series::{SeriesSet, SharedSet},
};

/// A gauge whose value is read from a closure.
///
/// The closure runs when a page is made and should be quick; no lock is held meanwhile. Before one is set the value is zero. If
/// it panics, only its metric is missing from that page, and `metrics_scrape_errors_total` counts it.
///
/// A closure that makes a page or reads a callback metric sees the values that were read before.
///
/// ```
/// use std::sync::{Arc, atomic::{AtomicI64, Ordering::Relaxed}};
///
/// use metrics_core::{Definition, GaugeFn, Registry};
///
/// let registry = Registry::new();
/// let waiting: GaugeFn = registry.register(&Definition::new("jobs_waiting", "Jobs in the queue."))?;
/// let length = Arc::new(AtomicI64::new(0));
/// let shared = Arc::clone(&length);
/// waiting.read_from(move || shared.load(Relaxed));
/// length.store(7, Relaxed);
/// assert!(registry.text().contains("jobs_waiting 7\n"));
/// # Ok::<(), metrics_core::RegistrationError>(())
/// ```
#[derive(Clone, Debug)]
pub struct GaugeFn<N: GaugeValue = i64>(GaugeFnHandle<'static, N, SharedSet>);

/// A gauge of a family whose value is read from a closure.
#[derive(Clone, Copy, Debug)]
pub struct GaugeFnHandle<'a, N: GaugeValue = i64, S = &'a SeriesSet> {
    cells: Cells,
    set: S,
    lifetime: PhantomData<&'a ()>,
    number: PhantomData<fn() -> N>,
}

impl<N: GaugeValue, S: Deref<Target = SeriesSet>> GaugeFnHandle<'_, N, S> {
    const fn new(cells: Cells, set: S) -> Self {
        Self { cells, set, lifetime: PhantomData, number: PhantomData }
    }

    /// Sets the closure that the value is read from, in place of the one before.
    ///
    /// ```
    /// use std::sync::{Arc, Mutex};
    /// use metrics_core::{Definition, GaugeFn, Registry};
    ///
    /// let registry = Registry::new();
    /// let queue = Arc::new(Mutex::new(vec![1, 2, 3]));
    /// let length: GaugeFn = registry.register(&Definition::new("queue_length", "Entries of the queue."))?;
    /// let shared = Arc::clone(&queue);
    /// length.read_from(move || shared.lock().map_or(0, |queue| queue.len() as i64));
    /// # #[cfg(feature = "enabled")]
    /// assert!(registry.text().contains("queue_length 3\n"));
    /// # Ok::<(), metrics_core::RegistrationError>(())
    /// ```
    pub fn read_from(&self, read: impl Fn() -> N + Send + Sync + 'static) {
        let cells = self.cells;
        self.set.callbacks().set(cells, move |run| {
            let value = read();
            run.store(|| N::set(cells, value));
        });
    }

    /// Reads the value from something shared, which the metric keeps alive: a queue, a pool, an atomic.
    ///
    /// ```
    /// use std::sync::{Arc, Mutex};
    ///
    /// use metrics_core::{Definition, GaugeFn, Registry};
    ///
    /// let registry = Registry::new();
    /// let waiting: GaugeFn<f64> = registry.register(&Definition::new("jobs_waiting", "Jobs in the queue."))?;
    /// let queue = Arc::new(Mutex::new(vec!["first"]));
    /// waiting.read_shared(&queue, |queue| queue.lock().map_or(f64::NAN, |queue| queue.len() as f64));
    /// queue.lock().unwrap().push("second");
    /// assert!(registry.text().contains("jobs_waiting 2\n"));
    /// # Ok::<(), metrics_core::RegistrationError>(())
    /// ```
    pub fn read_shared<T: Send + Sync + 'static>(
        &self,
        shared: &Arc<T>,
        read: impl Fn(&T) -> N + Send + Sync + 'static,
    ) {
        let shared = Arc::clone(shared);
        self.read_from(move || read(&shared));
    }

    /// Reads the value now; if the closure panics, returns the value read before.
    pub fn get(&self) -> N {
        self.set.callbacks().read();
        N::get(self.cells)
    }
}

impl<N: GaugeValue> Deref for GaugeFn<N> {
    type Target = GaugeFnHandle<'static, N, SharedSet>;

    fn deref(&self) -> &Self::Target {
        &self.0
    }
}

impl<N: GaugeValue> StoredMetric for GaugeFn<N> {
    const TYPE: MetricType = MetricType::Gauge;

    fn layout(definition: &Definition) -> Result<Layout, InvalidDefinition> {
        definition.refuse_buckets()?;
        Ok(N::LAYOUT)
    }

    fn from_set(set: SharedSet) -> Self {
        Self(GaugeFnHandle::new(set.cells(|_| 0), set))
    }
}

impl<N: GaugeValue> Metric for GaugeFn<N> {
    type Handle<'a> = GaugeFnHandle<'a, N>;
    type Value = N;

    fn handle_of(cells: Cells, set: &SeriesSet) -> Self::Handle<'_> {
        GaugeFnHandle::new(cells, set)
    }

    fn value(_: &Layout, words: &[u64]) -> N {
        N::from_word(words.first().copied().unwrap_or_default())
    }
}

/// A counter whose value is read from a closure: a total that something else counts.
///
/// The closure runs when a page is made and should be quick, see [`GaugeFn`].
///
/// ```
/// use metrics_core::{CounterFn, Definition, Registry};
///
/// let registry = Registry::new();
/// let faults: CounterFn = registry.register(&Definition::new("page_faults_total", "Page faults."))?;
/// faults.read_from(|| 42);
/// assert!(registry.text().contains("page_faults_total 42\n"));
/// # Ok::<(), metrics_core::RegistrationError>(())
/// ```
#[derive(Clone, Debug)]
pub struct CounterFn<N: CounterValue = u64>(CounterFnHandle<'static, N, SharedSet>);

/// A counter of a family whose value is read from a closure.
#[derive(Clone, Copy, Debug)]
pub struct CounterFnHandle<'a, N: CounterValue = u64, S = &'a SeriesSet> {
    cells: Cells,
    set: S,
    lifetime: PhantomData<&'a ()>,
    number: PhantomData<fn() -> N>,
}

impl<N: CounterValue, S: Deref<Target = SeriesSet>> CounterFnHandle<'_, N, S> {
    const fn new(cells: Cells, set: S) -> Self {
        Self { cells, set, lifetime: PhantomData, number: PhantomData }
    }

    /// Sets the closure that the value is read from, in place of the one before.
    ///
    /// ```
    /// use std::sync::atomic::{AtomicU64, Ordering::Relaxed};
    /// use metrics_core::{CounterFn, Definition, Registry};
    ///
    /// // A count that another library keeps.
    /// static RECONNECTS: AtomicU64 = AtomicU64::new(2);
    ///
    /// let registry = Registry::new();
    /// let reconnects: CounterFn = registry.register(&Definition::new("reconnects_total", "Reconnections."))?;
    /// reconnects.read_from(|| RECONNECTS.load(Relaxed));
    /// # #[cfg(feature = "enabled")]
    /// assert_eq!(reconnects.get(), 2);
    /// # Ok::<(), metrics_core::RegistrationError>(())
    /// ```
    pub fn read_from(&self, read: impl Fn() -> N + Send + Sync + 'static) {
        let cells = self.cells;
        self.set.callbacks().set(cells, move |run| {
            let value = read();
            run.store(|| N::store_total(cells, value));
        });
    }

    /// Reads the value from something shared, see [`GaugeFnHandle::read_shared`].
    ///
    /// ```
    /// use std::sync::{Arc, atomic::{AtomicU64, Ordering::Relaxed}};
    ///
    /// use metrics_core::{CounterFn, Definition, Registry};
    ///
    /// let registry = Registry::new();
    /// let seen: CounterFn = registry.register(&Definition::new("seen_total", "Messages seen."))?;
    /// let count = Arc::new(AtomicU64::new(7));
    /// seen.read_shared(&count, |count| count.load(Relaxed));
    /// assert!(registry.text().contains("seen_total 7\n"));
    /// # Ok::<(), metrics_core::RegistrationError>(())
    /// ```
    pub fn read_shared<T: Send + Sync + 'static>(
        &self,
        shared: &Arc<T>,
        read: impl Fn(&T) -> N + Send + Sync + 'static,
    ) {
        let shared = Arc::clone(shared);
        self.read_from(move || read(&shared));
    }

    /// Reads the value now; if the closure panics, returns the value read before.
    pub fn get(&self) -> N {
        self.set.callbacks().read();
        N::load_total(self.cells)
    }
}

impl<N: CounterValue> Deref for CounterFn<N> {
    type Target = CounterFnHandle<'static, N, SharedSet>;

    fn deref(&self) -> &Self::Target {
        &self.0
    }
}

impl<N: CounterValue> StoredMetric for CounterFn<N> {
    const TYPE: MetricType = MetricType::Counter;

    fn layout(definition: &Definition) -> Result<Layout, InvalidDefinition> {
        definition.refuse_buckets()?;
        Ok(N::CALLBACK_LAYOUT)
    }

    fn from_set(set: SharedSet) -> Self {
        Self(CounterFnHandle::new(set.cells(|_| 0), set))
    }
}

impl<N: CounterValue> Metric for CounterFn<N> {
    type Handle<'a> = CounterFnHandle<'a, N>;
    type Value = N;

    fn handle_of(cells: Cells, set: &SeriesSet) -> Self::Handle<'_> {
        CounterFnHandle::new(cells, set)
    }

    fn value(_: &Layout, words: &[u64]) -> N {
        N::from_word(words.first().copied().unwrap_or_default())
    }
}
