//! Checks of names, labels and buckets, by the rules of `promtool check metrics` and further ones.
//!
//! A derive or an attribute gives a compile error on the wrong word, with the remedy:
//!
//! ```compile_fail
//! # use metrics_core::{Counter, MetricGroup};
//! #[derive(MetricGroup)]
//! #[metrics(namespace = "shop", global = false)]
//! struct Shop {
//!     /// Orders taken.
//!     orders: Counter, // a counter's name ends in `_total`, so write `orders_total`
//! }
//! ```
//!
//! Style problems are warnings. Each rule has a name for `allow(…)`; the
//! [derive](derive@crate::MetricGroup#rules) lists them. Definitions made at run time are checked by
//! [`testing::lint`](crate::testing::lint). [`Registry::registration_errors`] lists declarations that contradict each other; such a
//! metric is missing from the page, and the service goes on:
//!
//! [`Registry::registration_errors`]: crate::Registry::registration_errors
//!
//! ```
//! use metrics_core::{Counter, Definition, Gauge, Registry, testing::{Severity, lint}};
//!
//! let registry = Registry::new();
//! let jobs: Counter = registry.register_or_detach(&Definition::new("jobs", "Jobs."));
//! let other: Gauge = registry.register_or_detach(&Definition::new("jobs", "Jobs."));
//! jobs.inc();
//! other.set(7);
//!
//! assert_eq!(registry.text(), r#"# HELP jobs Jobs.
//! ## TYPE jobs counter
//! jobs 1
//! "#);
//! assert!(registry.registration_errors()[0].to_string().contains(" has another type than the one declared at "));
//! let problems = lint(&registry);
//! assert_eq!(problems[0].message, "a counter's name ends in `_total`, so write `jobs_total`");
//! assert_eq!(problems[0].severity, Severity::Error);
//! ```
