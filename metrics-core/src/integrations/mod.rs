//! Metrics of databases, pools, caches, allocators and containers, each behind a feature of its own that is off, and the database use
//! of requests.

#[cfg(feature = "caches")]
mod cache;
#[cfg(feature = "caches")]
mod cache_status;
#[cfg(feature = "container")]
mod cgroup;
#[cfg(feature = "container")]
mod container;
mod database_use;
#[cfg(feature = "diesel")]
mod diesel;
#[cfg(feature = "container")]
mod host;
#[cfg(feature = "jemalloc")]
mod jemalloc;
#[cfg(any(feature = "diesel", feature = "sqlx"))]
mod measured_operation;
#[cfg(any(
    feature = "diesel",
    feature = "query-summary",
    feature = "redis",
    feature = "sqlx",
    feature = "sqlx-queries"
))]
mod operations;
#[cfg(feature = "poll")]
mod poll;
#[cfg(feature = "pools")]
mod pool;
#[cfg(feature = "pools")]
mod pool_times;
#[cfg(feature = "query-summary")]
mod query_summary;
#[cfg(feature = "redis")]
mod redis;
#[cfg(any(feature = "diesel", feature = "sqlx", feature = "sqlx-queries"))]
mod sql_operation;
#[cfg(feature = "sqlx")]
mod sqlx_pool;
#[cfg(feature = "sqlx-queries")]
mod sqlx_queries;

#[cfg(feature = "caches")]
pub use cache::{CacheMetrics, EvictionCause};
#[cfg(feature = "caches")]
pub use cache_status::{CacheStatus, CacheStatusMetrics};
#[cfg(feature = "container")]
pub use container::ContainerMetrics;
pub use database_use::{DatabaseUse, DatabaseUseScope, count_database_use, record_database_operation};
#[cfg(feature = "jemalloc")]
pub use jemalloc::JemallocMetrics;
#[cfg(feature = "poll")]
pub use poll::Poll;
#[cfg(feature = "pools")]
pub use pool::{PoolMetrics, PoolStatus};
#[cfg(feature = "pools")]
pub use pool_times::{InUse, PoolTimes};
#[cfg(feature = "query-summary")]
pub use query_summary::QuerySummaries;
#[cfg(feature = "redis")]
pub use redis::{MeasuredRedis, RedisMetrics};
#[cfg(feature = "sqlx")]
pub use sqlx_pool::{MeasuredConnection, MeasuredExecutor, MeasuredPool, MeasuredTransaction};
#[cfg(feature = "sqlx-queries")]
pub use sqlx_queries::SqlxQueries;

#[cfg(feature = "diesel")]
pub use self::diesel::{DieselInstrumentation, DieselMetrics};
