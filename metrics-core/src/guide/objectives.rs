//! Objectives: the share of calls that must succeed, and how fast.
//!
//! `objective(…)` attaches a service-level objective to a function. From the objectives of a program the
//! [catalogue](super::catalogue) makes recording rules and alerts for Prometheus, with several windows and burn rates.
//!
//! ```
//! use metrics_core::{catalog, counted, timed};
//!
//! /// Logs a player in.
//! #[counted]
//! #[timed(objective(name = "login", success = 99.9, latency = "250ms"))]
//! fn login(name: &str) -> Result<(), ()> {
//!     if name.is_empty() { Err(()) } else { Ok(()) }
//! }
//!
//! login("ann").unwrap();
//!
//! let rules = catalog().to_prometheus_rules();
//! assert!(rules.contains("objective-login-errors") && rules.contains("objective-login-latency"), "{rules}");
//! ```
//!
//! * `success` is a percentage: `99.9` leaves a budget of one call in a thousand.
//! * `latency` is an upper bound of one of the histogram's buckets, so that the share is exact. Another value is a compile error
//!   where the function names its buckets. Otherwise it is checked against those of the program, which
//!   [`set_function_buckets`](crate::set_function_buckets) chooses, and
//!   [`registration_errors`](crate::Registry::registration_errors) lists it.
//! * `latency_success` is the share of calls within the latency, if it is another one.
//! * `objective = LOGIN` takes a constant [`Objective`](crate::Objective), which functions share.
//! * Load the text of [`to_prometheus_rules`](crate::Catalog::to_prometheus_rules) as a rule file. The alerts page somebody if the
//!   budget of thirty days would be spent in two days, and open a ticket if it would be spent in ten.
//!
//! # Dashboards and rules of Autometrics
//!
//! In the families that all functions share, the series of a function with an objective have the labels of the
//! [Autometrics specification 1.0][spec]: `objective_name` and `objective_percentile` on `function_calls_total`, and with a latency
//! also `objective_latency_threshold` on `function_calls_duration_seconds`. A function without an objective does not have them, and
//! neither has a metric with a `name` of its own. The dashboards and the rules that Autometrics publishes work as they are; its rules
//! are for 90, 95, 99 and 99.9 percent. The rules of this library do not read these labels, so both can be loaded.
//!
//! ```
//! use metrics_core::{Registry, observed, service_name};
//!
//! #[observed(objective(name = "api", success = 99.9, latency = "250ms"))]
//! fn search() {}
//!
//! # fn main() -> Result<(), Box<dyn std::error::Error>> {
//! // Optional: the environment's AUTOMETRICS_SERVICE_NAME or OTEL_SERVICE_NAME, or else this name, on every series.
//! Registry::global().constant_labels([("service_name", service_name("shop"))])?;
//! search();
//! let page = Registry::global().text();
//! # #[cfg(feature = "enabled")]
//! assert!(page.contains("result=\"ok\",objective_name=\"api\",objective_percentile=\"99.9\"} 1\n"), "{page}");
//! # Ok(())
//! # }
//! ```
//!
//! One variable of the published dashboard of objectives asks for `function_calls_duration_count`, a name from before 1.0, which no
//! program of that version has. Change it to `function_calls_duration_seconds_count`, or let Prometheus record the old name. The
//! value is zero because the other queries add up both names:
//!
//! ```yaml
//! groups:
//!   - name: autometrics
//!     rules:
//!       - record: function_calls_duration_count
//!         expr: 0 * function_calls_duration_seconds_count{objective_name!=""}
//! ```
//!
//! [spec]: https://github.com/autometrics-dev/autometrics-shared/blob/main/specs/autometrics_v1.0.0.md
