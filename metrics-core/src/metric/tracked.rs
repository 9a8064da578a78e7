//! Guards that count work in progress in a gauge.

use super::{
    gauge::{Gauge, GaugeHandle, GaugeValue},
    storage::Borrowed,
};

/// Guard of [`Gauge::track`], which keeps a gauge one higher until it is dropped.
#[derive(Debug)]
#[must_use = "the gauge goes down again when this is dropped"]
pub struct Tracked<'a, N: GaugeValue = i64> {
    gauge: GaugeHandle<'a, N>,
    /// Number of removals of the series before the creation of the guard.
    removals: u32,
}

impl<N: GaugeValue> Drop for Tracked<'_, N> {
    fn drop(&mut self) {
        // A series that was removed in the meantime is at zero already.
        if self.gauge.cells().removals() == self.removals {
            self.gauge.dec();
        }
    }
}

impl<'a, N: GaugeValue> GaugeHandle<'a, N, Borrowed<'a>> {
    /// Adds one now and subtracts it when the guard is dropped, see [`Gauge::track`].
    pub fn track(self) -> Tracked<'a, N> {
        let removals = self.cells().removals();
        self.inc();
        Tracked { gauge: self, removals }
    }
}

impl<N: GaugeValue> Gauge<N> {
    /// Adds one now and subtracts it when the guard is dropped, also by an early return or a panic.
    ///
    /// ```
    /// use metrics_core::{Definition, Gauge, Registry};
    ///
    /// let registry = Registry::new();
    /// let games: Gauge = registry.register(&Definition::new("games_running", "Games in progress."))?;
    /// let guard = games.track();
    /// assert!(registry.text().contains("games_running 1\n"));
    /// drop(guard);
    /// assert_eq!(games.get(), 0);
    /// # Ok::<(), metrics_core::RegistrationError>(())
    /// ```
    pub fn track(&self) -> Tracked<'_, N> {
        self.handle().track()
    }
}
