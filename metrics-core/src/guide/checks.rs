//! What is checked: names, labels and buckets by the rules of `promtool check metrics` and some more.
//!
//! A derive or an attribute refuses while compiling, on the word that is wrong, and says what to write instead:
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
//! What is only unwise is a warning. Each rule has a name by which `allow(…)` opts out; the
//! [derive](derive@crate::MetricGroup#rules) lists them. Definitions made at run time are checked by
//! [`testing::lint`](crate::testing::lint), and contradictions between declarations are listed by [`Registry::registration_errors`]; a
//! metric that contradicts another counts where nobody sees it, and the service goes on:
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
