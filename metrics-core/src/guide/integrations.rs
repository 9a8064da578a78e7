//! Databases, pools, containers and polled values: metrics that nobody writes.
//!
//! Each integration is behind a feature of its own that is off, and is one line at the start of a service. Its series are on the
//! page at zero before the first use. Names are those of the OpenTelemetry conventions in Prometheus' form.
//!
//! | feature | item | sees | cannot see |
//! |---|---|---|---|
//! | `pools` | `PoolMetrics` | connections of any pool by state, their maximum, and requests that wait, if the pool tells | saturation between two scrapes; time-outs |
//! | `sqlx-queries` | `SqlxQueries` | duration, rows and slow queries of `sqlx`, by operation | errors; `BEGIN`, `COMMIT` and `ROLLBACK` of a transaction; the wait for a connection |
//! | `container` | `ContainerMetrics` | CPU time, throttling, memory and pressure of the control group, with its limits, or those of the host | control groups of version 1; throttling by a group above |
//! | `poll` | `Registry::poll_every` | values of an API that a task polls, with errors and the time of the last success | changes between two polls |
//! | `tokio` | `TokioMetrics` | workers, tasks and queue of a runtime | the poll times of single tasks |
//!
//! Labels are bounded. The operation of a statement is its first word, if it is one of a closed list, and `_OTHER` otherwise; no
//! other part of its text becomes a label.
//!
//! # Pools
//!
//! A closure gives the state of the pool, so no version of a pool's crate is tied to this one. It reads a few atomics for each
//! page. With `sqlx`, the closure is
//! `move || PoolStatus { size: pool.size() as usize, idle: pool.num_idle(), max: 8, pending: None }`.
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
//! The layer reads the events that `sqlx` gives `tracing` for each query, and asks for no others:
//!
//! ```text
//! db_client_operation_duration_seconds_count{db_system_name="sqlite",db_operation_name="SELECT"} 2
//! db_client_response_returned_rows_sum{db_system_name="sqlite"} 9
//! db_client_affected_rows_total{db_system_name="sqlite"} 5
//! db_client_slow_queries_total{db_system_name="sqlite",db_operation_name="INSERT"} 1
//! ```
//!
//! # Containers
//!
//! The memory limit is the strictest of the control groups that the process is in, and never more than the host has. The share of
//! the CPU limit in use is `rate(container_cpu_time_seconds_total[5m]) / container_cpu_limit`, and the share of the time that the
//! limit cost is `rate(container_cpu_throttled_periods_total[5m]) / rate(container_cpu_periods_total[5m])`.
