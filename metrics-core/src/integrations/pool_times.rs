//! Waits for the connections of any pool, and the time that they are used.

use std::{
    ops::{Deref, DerefMut},
    time::Duration,
};

use metrics_macros::MetricGroup;

use super::pool::POOL_NAME;
use crate::{
    clock::Stopwatch,
    metric::{Counter, Histogram},
    model::RegistrationError,
    registry::Registry,
};

/// Upper bounds in seconds. The conventions name none.
const TIME_BUCKETS: &[f64] = &[0.001, 0.005, 0.01, 0.05, 0.1, 0.5, 1.0, 5.0, 10.0];

/// Waits for the connections of any pool, and the time that they are used, with the names of the OpenTelemetry conventions.
///
/// It sees what [`PoolMetrics`](super::PoolMetrics) misses between two scrapes. Clones share the metrics, which leave the page with
/// the last of them and the last connection in use.
///
/// ```
/// use metrics_core::{PoolTimes, Registry};
///
/// # #[derive(Debug)] enum PoolError { Timeout }
/// # struct Pool;
/// # impl Pool { async fn get(&self) -> Result<String, PoolError> { Ok("row".into()) } }
/// # async fn example(pool: Pool) -> Result<(), Box<dyn std::error::Error>> {
/// let times = PoolTimes::register_in(Registry::global(), "main")?;
/// // For every connection of a pool of bb8, deadpool, …
/// let connection = times.wait(pool.get(), |error| matches!(error, PoolError::Timeout)).await;
/// let rows = connection.map(|connection| connection.len());
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Debug)]
pub struct PoolTimes {
    metrics: TimeMetrics,
}

#[derive(Clone, Debug, MetricGroup)]
#[metrics(namespace = "db_client_connection", global = false, crate = "crate")]
struct TimeMetrics {
    /// Time it took to obtain a connection from the pool in seconds.
    #[metric(buckets = TIME_BUCKETS)]
    wait_time_seconds: Histogram,
    /// Time between borrowing a connection and returning it in seconds.
    #[metric(buckets = TIME_BUCKETS)]
    use_time_seconds: Histogram,
    /// Number of waits for a connection that timed out.
    timeouts_total: Counter,
    /// Number of waits for a connection that failed in another way.
    acquire_errors_total: Counter,
}

impl PoolTimes {
    /// Registers the metrics of a pool; `name` is the value of the label `db_client_connection_pool_name`.
    ///
    /// # Errors
    ///
    /// Returns a conflict with a metric of the registry that has the same name, as the time-outs of
    /// [`PoolStatus`](super::PoolStatus) are.
    pub fn register_in(registry: &Registry, name: &str) -> Result<Self, RegistrationError> {
        Ok(Self { metrics: TimeMetrics::register_in(registry.labelled(POOL_NAME, name))? })
    }

    /// Waits for a connection. The wait counts once: its time, or an error, or a time-out if `is_timeout` says so. One that is
    /// dropped before its end does not count.
    ///
    /// # Errors
    ///
    /// Returns the error of the future.
    pub async fn wait<T, E>(
        &self,
        connection: impl Future<Output = Result<T, E>>,
        is_timeout: impl FnOnce(&E) -> bool,
    ) -> Result<InUse<T>, E> {
        let watch = Stopwatch::start();
        self.count(watch, connection.await, is_timeout)
    }

    /// Waits for a connection on this thread, as [`wait`](Self::wait) does.
    ///
    /// # Errors
    ///
    /// Returns the error of the closure.
    pub fn wait_blocking<T, E>(
        &self,
        connection: impl FnOnce() -> Result<T, E>,
        is_timeout: impl FnOnce(&E) -> bool,
    ) -> Result<InUse<T>, E> {
        let watch = Stopwatch::start();
        self.count(watch, connection(), is_timeout)
    }

    /// Records a wait that a pool has measured itself, as `r2d2` does for its `HandleEvent`.
    pub fn record_wait(&self, time: Duration) {
        self.metrics.wait_time_seconds.observe_duration(time);
    }

    /// Records the time of a use that a pool has measured itself.
    pub fn record_use(&self, time: Duration) {
        self.metrics.use_time_seconds.observe_duration(time);
    }

    /// Records a wait that timed out, of which a pool tells.
    pub fn record_timeout(&self) {
        self.metrics.timeouts_total.inc();
    }

    /// Counts the end of a wait.
    pub(super) fn count<T, E>(
        &self,
        watch: Stopwatch,
        result: Result<T, E>,
        is_timeout: impl FnOnce(&E) -> bool,
    ) -> Result<InUse<T>, E> {
        match result {
            Ok(connection) => {
                self.metrics.wait_time_seconds.observe_duration(watch.elapsed());
                let use_time = UseTime { times: self.clone(), watch: Stopwatch::start() };
                Ok(InUse { connection, use_time })
            }
            Err(error) if is_timeout(&error) => {
                self.metrics.timeouts_total.inc();
                Err(error)
            }
            Err(error) => {
                self.metrics.acquire_errors_total.inc();
                Err(error)
            }
        }
    }
}

/// A connection in use, of [`PoolTimes::wait`]. The time of its use counts when it is dropped.
#[derive(Debug)]
pub struct InUse<T> {
    connection: T,
    #[allow(dead_code)] // kept for its drop
    use_time: UseTime,
}

/// Counts the time of the use when it is dropped.
#[derive(Debug)]
pub(super) struct UseTime {
    times: PoolTimes,
    watch: Stopwatch,
}

impl Drop for UseTime {
    fn drop(&mut self) {
        self.times.metrics.use_time_seconds.observe_duration(self.watch.elapsed());
    }
}

impl<T> InUse<T> {
    /// Takes the connection and what counts its use apart.
    #[cfg(feature = "sqlx")]
    pub(super) fn into_parts(self) -> (T, UseTime) {
        (self.connection, self.use_time)
    }
}

impl<T> Deref for InUse<T> {
    type Target = T;

    fn deref(&self) -> &T {
        &self.connection
    }
}

impl<T> DerefMut for InUse<T> {
    fn deref_mut(&mut self) -> &mut T {
        &mut self.connection
    }
}
