//! Metrics of databases, pools, caches, runtimes and containers, each behind a feature of its own that is off.

#[cfg(feature = "caches")]
mod cache;
#[cfg(feature = "container")]
mod cgroup;
#[cfg(feature = "container")]
mod container;
#[cfg(feature = "container")]
mod host;
#[cfg(feature = "sqlx")]
mod measured_operation;
#[cfg(any(feature = "redis", feature = "sqlx", feature = "sqlx-queries"))]
mod operations;
#[cfg(feature = "poll")]
mod poll;
#[cfg(feature = "pools")]
mod pool;
#[cfg(feature = "pools")]
mod pool_times;
#[cfg(feature = "redis")]
mod redis;
#[cfg(any(feature = "sqlx", feature = "sqlx-queries"))]
mod sql_operation;
#[cfg(feature = "sqlx")]
mod sqlx_pool;
#[cfg(feature = "sqlx-queries")]
mod sqlx_queries;

#[cfg(feature = "caches")]
pub use cache::{CacheMetrics, EvictionCause};
#[cfg(feature = "container")]
pub use container::ContainerMetrics;
#[cfg(feature = "poll")]
pub use poll::Poll;
#[cfg(feature = "pools")]
pub use pool::{PoolMetrics, PoolStatus};
#[cfg(feature = "pools")]
pub use pool_times::{InUse, PoolTimes};
#[cfg(feature = "redis")]
pub use redis::{MeasuredRedis, RedisMetrics};
#[cfg(feature = "sqlx")]
pub use sqlx_pool::{MeasuredConnection, MeasuredExecutor, MeasuredPool, MeasuredTransaction};
#[cfg(feature = "sqlx-queries")]
pub use sqlx_queries::SqlxQueries;
