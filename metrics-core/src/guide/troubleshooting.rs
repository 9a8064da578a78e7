//! Troubleshooting.
//!
//! # A metric is missing
//!
//! * **Its definition contradicts another.** [`Registry::registration_errors`](crate::Registry::registration_errors) lists both
//!   places, a logger gets an error, and a debug build without a logger writes it to standard error:
//!
//!   ```
//!   use metrics_core::{Counter, Definition, Gauge, Registry};
//!
//!   let registry = Registry::new();
//!   let _first: Counter = registry.register_or_detach(&Definition::new("jobs_total", "Jobs that ended."));
//!   let second: Gauge = registry.register_or_detach(&Definition::new("jobs_total", "Jobs that ended."));
//!   second.set(7); // on no page
//!
//!   let errors = registry.registration_errors();
//!   assert_eq!(errors.len(), 1);
//!   assert!(errors[0].to_string().contains("has another type than the one declared at "));
//!   ```
//!
//! * **The crate that declares it is not linked.** The linker leaves out a library that nothing refers to. Write
//!   `use my_service as _;` in the program.
//! * **A label comes from a string or a generic type.** Such a series appears with its first observation.
//! * **The metric was dropped.** A registry does not keep metrics alive: the series leave the page with the last clone.
//! * **Its callback or collector panicked**, or its family is not valid: look at `metrics_scrape_errors_total`.
//! * **The feature `enabled` is off.** A library depends on this crate with `default-features = false`; the application has to
//!   turn the feature on.
//!
//! * **The scrape names others.** `/metrics?name[]=jobs_total` is a page with that family alone.
//! * **The request was not measured.** HTTP series appear with the first request of a route. Services outside of the wrapped `App` or
//!   scope are not seen, nor are `exclude`d paths and those of the endpoint.
//!
//! In this order: is it on `curl http://127.0.0.1:8080/metrics`? If not, is `registration_errors()` empty? If it is on the page, does
//! Prometheus scrape it: is `up{job="…"}` 1?
//!
//! # Prometheus has no data
//!
//! *Status → Target health*, or `/api/v1/targets`, has the error of the last scrape:
//!
//! | error | reason |
//! |---|---|
//! | `connection refused` | the port or the address is another one; in a container, `127.0.0.1` is the container itself |
//! | `HTTP status 401 Unauthorized` | the endpoint wants the token or password: `authorization` or `basic_auth` in the scrape configuration |
//! | `HTTP status 403 Forbidden` | the address of Prometheus is not one of `allow_ips` |
//! | `HTTP status 404 Not Found` | `metrics_path` is another one, or a service that was mounted before takes the path |
//! | `HTTP status 503 Service Unavailable` | more scrapes at once than `max_concurrent`, or a page that took longer than `timeout` |
//! | `context deadline exceeded` | the page takes longer than `scrape_timeout`: see [below](#a-page-is-large) |
//!
//! # Grafana shows nothing
//!
//! * **Ask Prometheus first.** If its own page answers the query, the data source of Grafana has another address: from a container,
//!   `localhost` is Grafana itself.
//! * **`rate()` needs two scrapes** within its range. With an interval of 15 seconds, `rate(jobs_total[15s])` is empty and
//!   `rate(jobs_total[1m])` is not. Four times the interval, or Grafana's `$__rate_interval`, is enough.
//! * **The name.** A counter has `_total`, a histogram `_bucket`, `_sum` and `_count` and no series of its bare name. `cargo metrics
//!   check` finds the queries of a dashboard that read what the program does not have: see [`contract`](super::contract).
//! * **Variables.** The generated dashboard has `job` and `instance`; choose *All*, as they keep the values of another service.
//! * **The time range** is before the first scrape, or the clocks of both machines differ.
//!
//! # Memory grows
//!
//! * **Count the series.** If `metrics_label_sets` grows without end, a family has strings: the program [below](#a-page-is-large) finds
//!   it. `Capped` families stop at their limit. Those of the `prometheus` crate have none.
//! * **Series that are not used any more** go with `#[metric(ttl = "1d")]`, `Family::remove`, or the last clone of a metric that was
//!   registered by hand.
//! * **Threads.** Each has its own cells, see [`limits`](super::limits#memory): compare with `process_threads`. Many threads one after
//!   another take no more than as many as run at once.
//! * **Something else.** `metrics_label_sets` times the bytes of a series is less than `process_resident_memory_bytes`: the rest is the
//!   service's.
//!
//! # A value is wrong
//!
//! * **`_OTHER` has most of the counts.** A capped label had more different values than its limit;
//!   `metrics_overflow_total{metric}` counts the observations. Raise the limit, or choose a coarser value.
//! * **`rate()` of a rare error is zero.** A counter that appears at one has not increased. Finite labels are at zero from the
//!   start; use an enum in place of a string.
//! * **All percentiles are in one bucket.** Name `buckets` near the durations, or add `native` ones.
//! * **A test sees the counts of others.** See [`testing`](super::testing).
//!
//! # A scrape hangs or recurses
//!
//! * A callback that makes a page, or reads a callback metric, sees the values that were read before.
//! * A metric in a global allocator is not possible: the first count of a thread allocates.
//! * Inside a collector's `collect`, `prometheus::gather()` holds a lock. A lazy static that registers a metric of the
//!   `prometheus` crate waits for that lock forever if `collect` is its first use. Touch it before the first scrape.
//! * A logger runs inside the call that registers. It may use any metric, except those of a static whose initializer is calling
//!   [`Registry::register_or_detach`](crate::Registry::register_or_detach).
//!
//! # A page is large
//!
//! `metrics_scrape_size_bytes` is the size of a page, and `metrics_label_sets` the number of label sets of all families. Prometheus
//! stores more series, `scrape_samples_scraped`: a histogram has one label set, and a series for each bucket, the sum and the count.
//! Count the lines by name:
//!
//! ```
//! use std::collections::BTreeMap;
//!
//! use metrics_core::{Counter, Definition, Family, Registry, StatusClass};
//!
//! let registry = Registry::new();
//! let _answers: Family<(StatusClass,), Counter> =
//!     registry.register(&Definition::new("answers_total", "Answers."))?;
//! let page = registry.text();
//! let mut lines: BTreeMap<&str, usize> = BTreeMap::new();
//! for line in page.lines().filter(|line| !line.starts_with('#')) {
//!     *lines.entry(line.split(['{', ' ']).next().unwrap_or(line)).or_default() += 1;
//! }
//! assert_eq!(lines["answers_total"], 5);
//! # Ok::<(), metrics_core::RegistrationError>(())
//! ```
