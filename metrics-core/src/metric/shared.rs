//! Values that others share, read when the page is made.

use std::sync::Arc;

use super::{CounterFn, CounterFnChild, GaugeFn, GaugeFnChild, counter::Number, gauge::Level};

impl<N: Level> GaugeFn<N> {
    /// Says that the value is read from what others have too, which the metric keeps: a queue, a pool, an atomic.
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
}

impl<N: Level> GaugeFnChild<'_, N> {
    /// Says that the value is read from what others have too, see [`GaugeFn::read_shared`].
    pub fn read_shared<T: Send + Sync + 'static>(
        self,
        shared: &Arc<T>,
        read: impl Fn(&T) -> N + Send + Sync + 'static,
    ) {
        let shared = Arc::clone(shared);
        self.read_from(move || read(&shared));
    }
}

impl<N: Number> CounterFn<N> {
    /// Says that the value is read from what others have too, see [`GaugeFn::read_shared`].
    ///
    /// ```
    /// use std::sync::{Arc, atomic::{AtomicU64, Ordering::Relaxed}};
    ///
    /// use metrics_core::{CounterFn, Definition, Registry};
    ///
    /// let registry = Registry::new();
    /// let seen: CounterFn = registry.register(&Definition::new("seen_total", "What was seen."))?;
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
}

impl<N: Number> CounterFnChild<'_, N> {
    /// Says that the value is read from what others have too, see [`GaugeFn::read_shared`].
    pub fn read_shared<T: Send + Sync + 'static>(
        self,
        shared: &Arc<T>,
        read: impl Fn(&T) -> N + Send + Sync + 'static,
    ) {
        let shared = Arc::clone(shared);
        self.read_from(move || read(&shared));
    }
}
