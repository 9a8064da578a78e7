//! Databases, pools, caches, allocators, containers and polled values: metrics that nobody writes.
//!
//! Each integration is behind a feature of its own that is off, and is a few lines at the start of a service; each item below has
//! an example. Its series are on the page at zero before the first use. Names are those of the OpenTelemetry conventions in Prometheus' form, and Micrometer's for
//! caches.
//!
//! | feature | item | sees | cannot see |
//! |---|---|---|---|
//! | `pools` | `PoolMetrics` | connections of any pool by state, their maximum, and requests, waits and time-outs, if the pool tells them | saturation between two scrapes, if the pool counts no waits |
//! | `pools` | `PoolTimes` | wait for each connection of any pool, its use, time-outs and errors | connections that are obtained another way |
//! | `sqlx` | `MeasuredPool` | all of these for a pool of `sqlx`; duration of each operation, with its error | rows; a transaction's rollback when it is dropped; operations on `inner()` |
//! | `sqlx-queries` | `SqlxQueries` | duration, rows and slow queries of `sqlx`, by operation, without a change of the service's code | errors; `BEGIN`, `COMMIT` and `ROLLBACK` of a transaction; the wait for a connection |
//! | `diesel` | `DieselMetrics` | duration of each query of `diesel` and `diesel-async` with its error, transactions by outcome, and the connections that were opened | rows; the wait for a connection; of `diesel-async`, the time after the first row, and the queries that are dropped until their connection ends |
//! | `query-summary` | `QuerySummaries` | duration of each query of any client, by a capped text that the service gives | queries that are not passed to it; errors |
//! | `redis` | `RedisMetrics` | duration of each command of `redis`, with its error, by a closed list of commands | the commands of a pipeline; the wait for a connection |
//! | `caches` | `CacheMetrics` | hits, misses, evictions by cause, entries and weight of any cache | look-ups that do not go through it |
//! | `caches` | `CacheStatusMetrics` | hits, misses, evictions and entries of a cache that counts them itself | the cause of an eviction |
//! | `jemalloc` | `JemallocMetrics` | allocated, active, resident, mapped and retained memory of jemalloc | memory of other allocators, and of C code with its own |
//! | `container` | `ContainerMetrics` | CPU time, throttling, memory and pressure of the control group, with its limits, or those of the host | control groups of version 1; throttling by a group above |
//! | `poll` | `Registry::poll_every` | values of an API that a task polls, with errors and the time of the last success | changes between two polls |
//! | `tokio` | `TokioMetrics` | all stable figures of a Tokio runtime: workers, tasks, queue, busy time and parking, and with `--cfg tokio_unstable` the blocking pool, steals and poll times | single tasks; the driver of input and output |
//!
//! Labels are bounded. The operation of a statement is its first word, if it is one of a closed list, and `_OTHER` otherwise; no
//! other part of its text becomes a label. `db_query_summary` is a text of the service itself, and capped.
//!
//! # Pools
//!
#![cfg_attr(not(doctest), doc = include_str!("../../docs/pools.md"))] // compiled in tests-integrations
//!
//! ```text
//! db_client_connection_count{db_client_connection_pool_name="main",db_client_connection_state="idle"} 3
//! db_client_connection_count{db_client_connection_pool_name="main",db_client_connection_state="used"} 2
//! db_client_connection_max{db_client_connection_pool_name="main"} 8
//! ```
//!
//! The first name ends in `_count`, as the conventions have it. `promtool check metrics` warns about that ending.
//!
//! # Caches
//!
//! The names are those of Micrometer: `cache_gets_total`, `cache_evictions_total`, `cache_size`.
//!
#![cfg_attr(not(doctest), doc = include_str!("../../docs/caches.md"))]
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
//! # Queries of a request
//!
//! `HttpMetrics::database_use` of `metrics-actix` counts the operations of each request, so that an endpoint with a query for each
//! row shows. Other frameworks use [`count_database_use`](crate::count_database_use) around a request's future.
//!
//! ```text
//! http_request_db_queries_sum{endpoint="/players"} 2100
//! http_request_db_queries_count{endpoint="/players"} 100
//! http_request_db_duration_seconds_sum{endpoint="/players"} 3.15
//! ```
//!
//! An operation belongs to the request whose future is polled when it ends. Those of `MeasuredPool`, `DieselMetrics` and
//! `RedisMetrics` are counted, and those that a service passes to
//! [`record_database_operation`](crate::record_database_operation). Not counted are operations of spawned tasks and of other threads:
//! `diesel` in `web::block`, and `SqlxQueries` with `SQLite`, whose events come from the thread of the connection.
//!
//! # Short names
//!
//! [`Registry::short_database_names`](crate::Registry::short_database_names), called before an integration is registered, gives it
//! these names instead:
//!
//! | conventional | short |
//! |---|---|
//! | `db_client_operation_duration_seconds` | `db_query_duration_seconds` |
//! | `db_client_query_duration_seconds` | `db_named_query_duration_seconds` |
//! | `db_client_response_returned_rows` | `db_returned_rows` |
//! | `db_client_affected_rows_total` | `db_affected_rows_total` |
//! | `db_client_slow_queries_total` | `db_slow_queries_total` |
//! | `db_client_transactions_total` | `db_transactions_total` |
//! | `db_client_connection_create_time_seconds` | `db_connect_duration_seconds` |
//! | `db_client_connection_count` | `db_pool_connections` |
//! | `db_client_connection_max` | `db_pool_max_connections` |
//! | `db_client_connection_pending_requests` | `db_pool_pending_requests` |
//! | `db_client_connection_created_total` | `db_pool_connections_created_total` |
//! | `db_client_connection_wait_time_seconds` | `db_pool_wait_duration_seconds` |
//! | `db_client_connection_use_time_seconds` | `db_pool_use_duration_seconds` |
//! | `db_client_connection_wait_seconds_total` | `db_pool_wait_seconds_total` |
//! | `db_client_connection_waits_total` | `db_pool_waits_total` |
//! | `db_client_connection_timeouts_total` | `db_pool_timeouts_total` |
//! | `db_client_connection_acquire_errors_total` | `db_pool_acquire_errors_total` |
//! | `db_system_name` | `db` |
//! | `db_operation_name` | `operation` |
//! | `db_query_summary` | `query` |
//! | `db_client_connection_pool_name` | `pool` |
//! | `db_client_connection_state` | `state` |
//! | `error_type` | `error` |
//!
//! # Containers
//!
//! The memory limit is the strictest of the control groups that the process is in, and never more than the host has. The share of
//! the CPU limit in use is `rate(container_cpu_time_seconds_total[5m]) / container_cpu_limit`, and the share of the time that the
//! limit cost is `rate(container_cpu_throttled_periods_total[5m]) / rate(container_cpu_periods_total[5m])`.
