//! Databases, pools, caches, containers and polled values: metrics that nobody writes.
//!
//! Each integration is behind a feature of its own that is off, and is a few lines at the start of a service. Its series are on the
//! page at zero before the first use. Names are those of the OpenTelemetry conventions in Prometheus' form, and Micrometer's for
//! caches.
//!
//! | feature | item | sees | cannot see |
//! |---|---|---|---|
//! | `pools` | `PoolMetrics` | connections of any pool by state, their maximum, and requests, waits and time-outs, if the pool tells them | saturation between two scrapes, if the pool counts no waits |
//! | `pools` | `PoolTimes` | wait for each connection of any pool, its use, time-outs and errors | connections that are obtained another way |
//! | `sqlx` | `MeasuredPool` | all of these for a pool of `sqlx`; duration of each operation, with its error | rows; a transaction's rollback when it is dropped; operations on `inner()` |
//! | `sqlx-queries` | `SqlxQueries` | duration, rows and slow queries of `sqlx`, by operation, without a change of the service's code | errors; `BEGIN`, `COMMIT` and `ROLLBACK` of a transaction; the wait for a connection |
//! | `redis` | `RedisMetrics` | duration of each command of `redis`, with its error, by a closed list of commands | the commands of a pipeline; the wait for a connection |
//! | `caches` | `CacheMetrics` | hits, misses, evictions by cause, entries and weight of any cache | look-ups that do not go through it |
//! | `container` | `ContainerMetrics` | CPU time, throttling, memory and pressure of the control group, with its limits, or those of the host | control groups of version 1; throttling by a group above |
//! | `poll` | `Registry::poll_every` | values of an API that a task polls, with errors and the time of the last success | changes between two polls |
//! | `tokio` | `TokioMetrics` | all stable figures of a Tokio runtime: workers, tasks, queue, busy time and parking | those that need `tokio_unstable`: blocking threads, steals, poll times |
//!
//! Labels are bounded. The operation of a statement is its first word, if it is one of a closed list, and `_OTHER` otherwise; no
//! other part of its text becomes a label.
//!
//! # Pools
//!
//! A closure gives the state of the pool, so no version of a pool's crate is tied to this one. It reads a few atomics for each
//! page. [`PoolMetrics`](../../struct.PoolMetrics.html) has the closure for `sqlx`; these are others:
//!
//! ```ignore
//! // deadpool
//! let status = move || {
//!     let status = pool.status();
//!     let (size, idle, max) = (status.size, status.available, status.max_size);
//!     PoolStatus { size, idle, max, pending: Some(status.waiting), ..PoolStatus::default() }
//! };
//! // bb8, which counts its waits
//! let status = move || {
//!     let (state, statistics) = (pool.state(), pool.state().statistics);
//!     PoolStatus {
//!         size: state.connections as usize,
//!         idle: state.idle_connections as usize,
//!         max: 8,
//!         waits: Some(statistics.get_waited),
//!         wait_time: Some(statistics.get_wait_time),
//!         timeouts: Some(statistics.get_timed_out),
//!         ..PoolStatus::default()
//!     }
//! };
//! // r2d2
//! let status = move || {
//!     let (state, max) = (pool.state(), pool.max_size() as usize);
//!     let (size, idle) = (state.connections as usize, state.idle_connections as usize);
//!     PoolStatus { size, idle, max, ..PoolStatus::default() }
//! };
//! ```
//!
//! The tests of the package `tests-integrations` have the same with the pools themselves.
//!
//! ```text
//! db_client_connection_count{db_client_connection_pool_name="main",db_client_connection_state="idle"} 3
//! db_client_connection_count{db_client_connection_pool_name="main",db_client_connection_state="used"} 2
//! db_client_connection_max{db_client_connection_pool_name="main"} 8
//! ```
//!
//! The first name ends in `_count`, as the conventions have it. `promtool check metrics` warns about that ending.
//!
//! # Queries
//!
//! `SqlxQueries` is a layer that reads the events that `sqlx` gives `tracing` for each query, and asks for no others:
//!
//! ```text
//! db_client_operation_duration_seconds_count{db_system_name="sqlite",db_operation_name="SELECT"} 2
//! db_client_response_returned_rows_sum{db_system_name="sqlite"} 9
//! db_client_affected_rows_total{db_system_name="sqlite"} 5
//! db_client_slow_queries_total{db_system_name="sqlite",db_operation_name="INSERT"} 1
//! ```
//!
//! `MeasuredPool` sees errors as well, and replaces the pool in the service. Its durations have one more label, so a registry takes
//! one of the two:
//!
//! ```text
//! db_client_operation_duration_seconds_count{db_system_name="postgresql",db_operation_name="INSERT"} 9000
//! db_client_operation_duration_seconds_count{db_system_name="postgresql",db_operation_name="INSERT",error_type="constraint"} 1000
//! db_client_connection_wait_time_seconds_count{db_client_connection_pool_name="main"} 10001
//! db_client_connection_timeouts_total{db_client_connection_pool_name="main"} 2
//! ```
//!
//! # Containers
//!
//! The memory limit is the strictest of the control groups that the process is in, and never more than the host has. The share of
//! the CPU limit in use is `rate(container_cpu_time_seconds_total[5m]) / container_cpu_limit`, and the share of the time that the
//! limit cost is `rate(container_cpu_throttled_periods_total[5m]) / rate(container_cpu_periods_total[5m])`.
