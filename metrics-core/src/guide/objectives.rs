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
