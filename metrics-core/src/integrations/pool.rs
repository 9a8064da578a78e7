//! Connections of any pool, read from a closure when a page is made.

use std::{sync::Arc, time::Duration};

use metrics_macros::{LabelSet, LabelValue, MetricGroup};

use crate::{
    metric::{CounterFn, Family, GaugeFn},
    model::RegistrationError,
    registry::{Definition, Registry},
};

/// Name of the label with the name of a pool.
pub(super) const POOL_NAME: &str = "db_client_connection_pool_name";

/// State of a pool when a page is made. A number that the pool does not tell is `None`, and missing from the page.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct PoolStatus {
    /// Open connections, those in use and the idle ones.
    pub size: usize,
    /// Open connections that nobody uses.
    pub idle: usize,
    /// Connections that can be open at once.
    pub max: usize,
    /// Requests that wait for a connection.
    pub pending: Option<usize>,
    /// Waits for a connection so far.
    pub waits: Option<u64>,
    /// Time of these waits.
    pub wait_time: Option<Duration>,
    /// Waits that timed out so far.
    pub timeouts: Option<u64>,
    /// Connections opened so far.
    pub created: Option<u64>,
}

/// Connections of a pool by state, and their maximum, with the names of the OpenTelemetry conventions.
///
/// The closure gives the state of any pool; no version of a pool's crate is tied to this one. It runs several times for each page,
/// without a lock held, and should be as quick as reading a few atomics. The metrics leave the page when this value is dropped.
///
/// ```
/// use metrics_core::{PoolMetrics, PoolStatus, Registry};
///
/// # let registry = Registry::new();
/// # #[derive(Clone)] struct Pool;
/// # impl Pool { fn size(&self) -> u32 { 5 } fn num_idle(&self) -> usize { 2 } }
/// # let pool = Pool;
/// let shared = pool.clone(); // a pool of sqlx
/// let _pool_metrics = PoolMetrics::register_in(&registry, "main", move || PoolStatus {
///     size: shared.size() as usize,
///     idle: shared.num_idle(),
///     max: 8,
///     ..PoolStatus::default()
/// })?;
/// # #[cfg(feature = "enabled")]
/// assert!(registry.text().contains("db_client_connection_count{db_client_connection_pool_name=\"main\",db_client_connection_state=\"used\"} 3\n"));
/// # Ok::<(), metrics_core::RegistrationError>(())
/// ```
#[derive(Debug)]
#[must_use = "the metrics leave the page when this is dropped"]
pub struct PoolMetrics {
    _connections: Connections,
    _pending: Option<GaugeFn>,
    _counts: Vec<CounterFn>,
    _wait_time: Option<CounterFn<f64>>,
}

#[derive(Clone, Copy, Debug, LabelValue)]
#[label(rename_all = "snake_case", crate = "crate")]
enum ConnectionState {
    Idle,
    Used,
}

#[derive(Clone, Copy, Debug, LabelSet)]
#[label(crate = "crate")]
struct StateLabel {
    db_client_connection_state: ConnectionState,
}

#[derive(Debug, MetricGroup)]
#[metrics(namespace = "db_client_connection", global = false, crate = "crate")]
struct Connections {
    /// Number of open connections by state.
    #[metric(allow(reserved_suffix))] // the name of the conventions
    count: Family<StateLabel, GaugeFn>,
    /// Maximum number of open connections.
    max: GaugeFn,
}

/// A count that some pools tell.
struct Count {
    name: &'static str,
    help: &'static str,
    read: fn(PoolStatus) -> Option<u64>,
}

const COUNTS: [Count; 3] = [
    Count {
        name: "db_client_connection_created_total",
        help: "Number of connections opened.",
        read: |status| status.created,
    },
    Count {
        name: "db_client_connection_timeouts_total",
        help: "Number of waits for a connection that timed out.",
        read: |status| status.timeouts,
    },
    Count {
        name: "db_client_connection_waits_total",
        help: "Number of waits for a connection.",
        read: |status| status.waits,
    },
];

impl PoolMetrics {
    /// Registers the metrics of a pool; `name` is the value of the label `db_client_connection_pool_name`.
    ///
    /// # Errors
    ///
    /// Returns a conflict with a metric of the registry that has the same name.
    pub fn register_in(
        registry: &Registry,
        name: &str,
        status: impl Fn() -> PoolStatus + Send + Sync + 'static,
    ) -> Result<Self, RegistrationError> {
        let (first, status) = (status(), Arc::new(status));
        let connections = Connections::register_in(registry.labelled(POOL_NAME, name))?;
        let gauge = |read: fn(PoolStatus) -> usize| {
            let status = Arc::clone(&status);
            move || i64::try_from(read(status())).unwrap_or(i64::MAX)
        };
        let of_state = |db_client_connection_state| StateLabel { db_client_connection_state };
        connections.count.with(of_state(ConnectionState::Idle)).read_from(gauge(|status| status.idle));
        connections
            .count
            .with(of_state(ConnectionState::Used))
            // The two numbers may be of different moments.
            .read_from(gauge(|status| status.size.saturating_sub(status.idle)));
        connections.max.read_from(gauge(|status| status.max));
        let define = |metric: &str, help| Definition::new(metric, help).label(POOL_NAME, name.to_owned());
        let mut counts = Vec::new();
        for Count { name, help, read } in COUNTS.into_iter().filter(|count| (count.read)(first).is_some()) {
            let count: CounterFn = registry.register(&define(name, help))?;
            let status = Arc::clone(&status);
            count.read_from(move || read(status()).unwrap_or_default());
            counts.push(count);
        }
        Ok(Self {
            _pending: first.pending.map(|_| pending(registry, &define, &status)).transpose()?,
            _wait_time: first.wait_time.map(|_| wait_time(registry, &define, &status)).transpose()?,
            _connections: connections,
            _counts: counts,
        })
    }
}

type Define<'a> = dyn Fn(&str, &'static str) -> Definition + 'a;

fn pending(
    registry: &Registry,
    define: &Define<'_>,
    status: &Arc<impl Fn() -> PoolStatus + Send + Sync + 'static>,
) -> Result<GaugeFn, RegistrationError> {
    let help = "Number of requests that wait for a connection.";
    let pending: GaugeFn = registry.register(&define("db_client_connection_pending_requests", help))?;
    let status = Arc::clone(status);
    pending.read_from(move || i64::try_from(status().pending.unwrap_or_default()).unwrap_or(i64::MAX));
    Ok(pending)
}

fn wait_time(
    registry: &Registry,
    define: &Define<'_>,
    status: &Arc<impl Fn() -> PoolStatus + Send + Sync + 'static>,
) -> Result<CounterFn<f64>, RegistrationError> {
    let help = "Total time of waits for a connection in seconds.";
    let waited: CounterFn<f64> =
        registry.register(&define("db_client_connection_wait_seconds_total", help))?;
    let status = Arc::clone(status);
    waited.read_from(move || status().wait_time.unwrap_or_default().as_secs_f64());
    Ok(waited)
}
