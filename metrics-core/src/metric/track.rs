//! Gauges that follow what is under way, and the time.

use std::time::SystemTime;

use super::{Gauge, GaugeChild, gauge::Level};

/// Keeps a gauge one higher until it is dropped, see [`Gauge::track`].
#[derive(Debug)]
#[must_use = "a gauge that is tracked and dropped at once is what it was"]
pub struct Tracked<'a, N: Level = i64>(GaugeChild<'a, N>);

impl<N: Level> Drop for Tracked<'_, N> {
    fn drop(&mut self) {
        self.0.dec();
    }
}

impl<'a, N: Level> GaugeChild<'a, N> {
    /// Adds one now and takes it away when the guard is dropped, see [`Gauge::track`].
    pub fn track(self) -> Tracked<'a, N> {
        self.inc();
        Tracked(self)
    }
}

impl<N: Level> Gauge<N> {
    /// Adds one now and takes it away when the guard is dropped, by an early return or a panic too.
    ///
    /// ```
    /// use metrics_core::{Definition, Gauge, Registry};
    ///
    /// let registry = Registry::new();
    /// let games: Gauge = registry.register(&Definition::new("games_running", "Games under way."))?;
    /// let guard = games.track();
    /// assert!(registry.text().contains("games_running 1\n"));
    /// drop(guard);
    /// assert_eq!(games.get(), 0);
    /// # Ok::<(), metrics_core::RegistrationError>(())
    /// ```
    pub fn track(&self) -> Tracked<'_, N> {
        self.child().track()
    }
}

impl GaugeChild<'_, f64> {
    /// Sets the value to the time now, in seconds since 1970.
    pub fn set_to_current_time(self) {
        self.set(SystemTime::UNIX_EPOCH.elapsed().map_or(0.0, |elapsed| elapsed.as_secs_f64()));
    }
}

impl Gauge<f64> {
    /// Sets the value to the time now, in seconds since 1970.
    ///
    /// ```
    /// use metrics_core::{Definition, Gauge, Registry};
    ///
    /// let definition = Definition::new("backup_timestamp_seconds", "When the last backup was made.");
    /// let backup: Gauge<f64> = Registry::new().register(&definition)?;
    /// backup.set_to_current_time();
    /// assert!(backup.get() > 1.7e9);
    /// # Ok::<(), metrics_core::RegistrationError>(())
    /// ```
    pub fn set_to_current_time(&self) {
        self.child().set_to_current_time();
    }
}
