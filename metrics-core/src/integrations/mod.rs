//! Metrics of databases, pools, caches, runtimes and containers, each behind a feature of its own that is off.

#[cfg(feature = "container")]
mod cgroup;
#[cfg(feature = "container")]
mod container;
#[cfg(feature = "container")]
mod fact;
#[cfg(feature = "container")]
mod host;
#[cfg(feature = "sqlx-queries")]
mod operations;
#[cfg(feature = "poll")]
mod poll;
#[cfg(feature = "pools")]
mod pool;
#[cfg(feature = "sqlx-queries")]
mod sqlx_queries;

#[cfg(feature = "container")]
pub use container::ContainerMetrics;
#[cfg(feature = "poll")]
pub use poll::Poll;
#[cfg(feature = "pools")]
pub use pool::{PoolMetrics, PoolStatus};
#[cfg(feature = "sqlx-queries")]
pub use sqlx_queries::SqlxQueries;
