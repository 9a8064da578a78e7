//! Built-in metrics: of the library itself, the process, the build, and a Tokio runtime.
//!
//! The page of the global registry has them without configuration, except `build_info` and the metrics of a Tokio runtime. A test
//! compares these tables with a page.
//!
//! # The library itself
//!
//! A page shows the scrapes before it. Pages that no scraper asks for, such as those of [`Registry::text`](crate::Registry::text),
//! are not counted.
//!
//! | metric | type | contents |
//! |---|---|---|
//! | `metrics_scrapes_total` | counter | scrapes, by `format` (`text`, `openmetrics`, `protobuf`, `json`) |
//! | `metrics_scrapes_in_flight` | gauge | scrapes in flight, this one included |
//! | `metrics_scrape_duration_seconds` | histogram | duration of scrapes |
//! | `metrics_scrape_size_bytes` | summary | size of pages, after compression |
//! | `metrics_scrape_errors_total` | counter | incomplete scrapes and missing families, by `cause` |
//! | `metrics_label_sets` | gauge | label sets of all families, those included that are hidden while they are zero |
//! | `metrics_registration_errors_total` | counter | metrics rejected at registration, which are missing from the page |
//! | `metrics_overflow_total` | counter | observations past the limit of a capped label, by `metric`; on every registry's page that has one |
//! | `metrics_exemplars_dropped_total` | counter | dropped exemplars, by `cause` (`length`, `label`, `room`, `panic`) |
//! | `rust_info` | gauge | compiler that built the service, with the labels `version` and `target` |
//!
//! | `cause` of a scrape error | meaning |
//! |---|---|
//! | `panic` | a callback or a collector panicked; its family is missing |
//! | `conflict` | a family of the `prometheus` crate has the name of another one and another type, or samples of one name; it is missing |
//! | `inconsistent` | a family of the `prometheus` crate has an illegal name, a series twice, or buckets out of order; it is missing |
//! | `timeout` | a page was not finished within its time limit |
//! | `abandoned` | a scraper went away before it had the page |
//! | `busy` | too many scrapes were in flight |
//! | `refused` | the address or the credentials of a scraper were not accepted |
//!
//! # The process
//!
//! On Linux, with the feature `process`; see [`Registry::show_process_metrics`](crate::Registry::show_process_metrics). Names and help
//! texts are those of [all client libraries]. A metric that the system does not report is missing.
//!
//! [all client libraries]: https://prometheus.io/docs/instrumenting/writing_clientlibs/#process-metrics
//!
//! | metric | type | contents |
//! |---|---|---|
//! | `process_cpu_seconds_total` | counter | user and system CPU time |
//! | `process_open_fds` | gauge | open file descriptors |
//! | `process_max_fds` | gauge | limit of open file descriptors |
//! | `process_virtual_memory_bytes` | gauge | virtual memory |
//! | `process_virtual_memory_max_bytes` | gauge | limit of virtual memory |
//! | `process_resident_memory_bytes` | gauge | resident memory |
//! | `process_start_time_seconds` | gauge | start of the process, in seconds since 1970 |
//! | `process_threads` | gauge | threads of the operating system |
//! | `process_network_receive_bytes_total` | counter | bytes received over the network |
//! | `process_network_transmit_bytes_total` | counter | bytes sent over the network |
//!
//! # The build
//!
//! | metric | type | contents |
//! |---|---|---|
//! | `build_info` | gauge | name, version, commit and branch of the service, by [`build_info!`](crate::build_info) |
//!
//! # A Tokio runtime
//!
//! With the feature `tokio`, by `TokioMetrics`. All have the label `runtime`.
//!
//! | metric | type | contents |
//! |---|---|---|
//! | `tokio_workers` | gauge | worker threads |
//! | `tokio_alive_tasks` | gauge | tasks that have not completed |
//! | `tokio_global_queue_tasks` | gauge | tasks in the global queue |
//! | `tokio_worker_busy_seconds_total` | counter | busy time, by `worker` |
//! | `tokio_worker_parks_total` | counter | times that a worker parked, by `worker` |
//! | `tokio_worker_park_unparks_total` | counter | times that a worker parked or was unparked, by `worker` |
