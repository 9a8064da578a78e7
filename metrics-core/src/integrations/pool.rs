//! Connections of any pool, read from a closure when a page is made.

use std::sync::Arc;

use metrics_macros::{LabelSet, LabelValue, MetricGroup};

use crate::{
    group::LabelledRegistry,
    metric::{Family, GaugeFn},
    model::RegistrationError,
};

/// Name of the label with the name of a pool.
pub(super) const POOL_NAME: &str = "db_client_connection_pool_name";

/// State of a pool when a page is made.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct PoolStatus {
    /// Open connections, those in use and the idle ones.
    pub size: usize,
    /// Open connections that nobody uses.
    pub idle: usize,
    /// Connections that can be open at once.
    pub max: usize,
    /// Requests that wait for a connection; `None` if the pool does not tell.
    pub pending: Option<usize>,
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
/// let of = pool.clone(); // a pool of sqlx
/// let status = move || PoolStatus { size: of.size() as usize, idle: of.num_idle(), max: 8, pending: None };
/// let _pool_metrics = PoolMetrics::register_in(&registry, "main", status)?;
/// # #[cfg(feature = "enabled")]
/// assert!(registry.text().contains("db_client_connection_count{db_client_connection_pool_name=\"main\",db_client_connection_state=\"used\"} 3\n"));
/// # Ok::<(), metrics_core::RegistrationError>(())
/// ```
#[derive(Debug)]
#[must_use = "the metrics leave the page when this is dropped"]
pub struct PoolMetrics {
    _connections: Connections,
    _pending: Option<Pending>,
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

#[derive(Debug, MetricGroup)]
#[metrics(namespace = "db_client_connection", global = false, crate = "crate")]
struct Pending {
    /// Number of requests that wait for a connection.
    pending_requests: GaugeFn,
}

impl PoolMetrics {
    /// Registers the metrics of a pool; `name` is the value of the label `db_client_connection_pool_name`.
    ///
    /// # Errors
    ///
    /// Returns a conflict with a metric of the registry that has the same name.
    pub fn register_in<'a>(
        registry: impl Into<LabelledRegistry<'a>>,
        name: &'a str,
        status: impl Fn() -> PoolStatus + Send + Sync + 'static,
    ) -> Result<Self, RegistrationError> {
        let registry = registry.into().labelled(POOL_NAME, name);
        let status = Arc::new(status);
        let connections = Connections::register_in(registry.clone())?;
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
        let pending = status().pending.is_some().then(|| Pending::register_in(registry)).transpose()?;
        if let Some(pending) = &pending {
            pending.pending_requests.read_from(gauge(|status| status.pending.unwrap_or_default()));
        }
        Ok(Self { _connections: connections, _pending: pending })
    }
}
