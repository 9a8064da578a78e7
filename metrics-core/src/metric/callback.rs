//! Metrics whose value is read when the page is made.

use std::marker::PhantomData;

use super::{
    counter::Number,
    gauge::Level,
    storage::{
        Cells, Definition, InvalidDefinition, Layout, Metric, MetricType, Series, SeriesSet, SharedSet,
    },
};

/// A gauge whose value is read from a closure, or from any value that a closure can share.
///
/// The closure runs when the page is made, and should be quick. Until it is given the value is zero. One that panics costs its
/// metric, which is left out of that page and counted in `metrics_scrape_errors_total`.
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
pub struct GaugeFn<N: Level = i64> {
    set: SharedSet,
    number: PhantomData<fn() -> N>,
}

/// One gauge of a family whose value is read when the page is made.
#[derive(Clone, Copy, Debug)]
pub struct GaugeFnChild<'a, N: Level = i64> {
    cells: Cells,
    /// None where the metric is detached.
    set: Option<&'a SeriesSet>,
    number: PhantomData<fn() -> N>,
}

impl<N: Level> GaugeFn<N> {
    fn child(&self) -> GaugeFnChild<'_, N> {
        GaugeFnChild { cells: self.set.cells(|_| 0), set: Some(&self.set), number: PhantomData }
    }

    /// Says where the value comes from, in place of what was said before.
    pub fn read_from(&self, read: impl Fn() -> N + Send + Sync + 'static) {
        self.child().read_from(read);
    }

    /// Reads the value now; one whose closure panics stays what it was.
    pub fn get(&self) -> N {
        self.child().get()
    }
}

impl<N: Level> GaugeFnChild<'_, N> {
    /// Says where the value comes from, in place of what was said before.
    pub fn read_from(self, read: impl Fn() -> N + Send + Sync + 'static) {
        let cells = self.cells;
        if let Some(set) = self.set {
            set.callbacks().set(cells, move |turn| {
                let value = read();
                turn.store(|| N::set(cells, value));
            });
        }
    }

    /// Reads the value now; one whose closure panics stays what it was.
    pub fn get(self) -> N {
        if let Some(set) = self.set {
            set.callbacks().read();
        }
        N::get(self.cells)
    }
}

impl<N: Level> Series for GaugeFn<N> {
    const KIND: MetricType = MetricType::Gauge;

    fn layout(definition: &Definition) -> Result<Layout, InvalidDefinition> {
        definition.refuse_buckets()?;
        Ok(N::LAYOUT)
    }

    fn from_set(set: SharedSet) -> Self {
        Self { set, number: PhantomData }
    }
}

impl<N: Level> Metric for GaugeFn<N> {
    type Child<'a> = GaugeFnChild<'a, N>;
    type Value = N;

    fn child(cells: Cells, _: &Layout) -> Self::Child<'_> {
        GaugeFnChild { cells, set: None, number: PhantomData }
    }

    fn child_of(cells: Cells, set: &SeriesSet) -> Self::Child<'_> {
        GaugeFnChild { cells, set: Some(set), number: PhantomData }
    }

    fn value(_: &Layout, words: &[u64]) -> N {
        N::from_word(words.first().copied().unwrap_or_default())
    }
}

/// A counter whose value is read from a closure: a number that only goes up and is counted somewhere else.
///
/// The closure runs when the page is made, and should be quick. Until it is given the value is zero. One that panics costs its
/// metric, which is left out of that page and counted in `metrics_scrape_errors_total`.
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
pub struct CounterFn<N: Number = u64> {
    set: SharedSet,
    number: PhantomData<fn() -> N>,
}

/// One counter of a family whose value is read when the page is made.
#[derive(Clone, Copy, Debug)]
pub struct CounterFnChild<'a, N: Number = u64> {
    cells: Cells,
    /// None where the metric is detached.
    set: Option<&'a SeriesSet>,
    number: PhantomData<fn() -> N>,
}

impl<N: Number> CounterFn<N> {
    fn child(&self) -> CounterFnChild<'_, N> {
        CounterFnChild { cells: self.set.cells(|_| 0), set: Some(&self.set), number: PhantomData }
    }

    /// Says where the value comes from, in place of what was said before.
    pub fn read_from(&self, read: impl Fn() -> N + Send + Sync + 'static) {
        self.child().read_from(read);
    }

    /// Reads the value now; one whose closure panics stays what it was.
    pub fn get(&self) -> N {
        self.child().get()
    }
}

impl<N: Number> CounterFnChild<'_, N> {
    /// Says where the value comes from, in place of what was said before.
    pub fn read_from(self, read: impl Fn() -> N + Send + Sync + 'static) {
        let cells = self.cells;
        if let Some(set) = self.set {
            set.callbacks().set(cells, move |turn| {
                let value = read();
                turn.store(|| N::keep(cells, value));
            });
        }
    }

    /// Reads the value now; one whose closure panics stays what it was.
    pub fn get(self) -> N {
        if let Some(set) = self.set {
            set.callbacks().read();
        }
        N::kept(self.cells)
    }
}

impl<N: Number> Series for CounterFn<N> {
    const KIND: MetricType = MetricType::Counter;

    fn layout(definition: &Definition) -> Result<Layout, InvalidDefinition> {
        definition.refuse_buckets()?;
        Ok(N::READ)
    }

    fn from_set(set: SharedSet) -> Self {
        Self { set, number: PhantomData }
    }
}

impl<N: Number> Metric for CounterFn<N> {
    type Child<'a> = CounterFnChild<'a, N>;
    type Value = N;

    fn child(cells: Cells, _: &Layout) -> Self::Child<'_> {
        CounterFnChild { cells, set: None, number: PhantomData }
    }

    fn child_of(cells: Cells, set: &SeriesSet) -> Self::Child<'_> {
        CounterFnChild { cells, set: Some(set), number: PhantomData }
    }

    fn value(_: &Layout, words: &[u64]) -> N {
        N::from_word(words.first().copied().unwrap_or_default())
    }
}
