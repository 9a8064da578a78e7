//! Tests of instrumented code.
//!
//! Every service has one test that no declaration contradicts another, as a metric that does is missing from the page:
//!
//! ```standalone_crate
//! use metrics_core::Registry;
//!
//! // #[test] fn metrics_are_registered() {
//! assert_eq!(Registry::global().registration_errors(), []);
//! // }
//! ```
//!
//! A group in a registry of its own has nothing but the counts of its test:
//!
//! ```
//! use metrics_core::{Counter, MetricGroup, Registry, assert_delta};
//!
//! #[derive(MetricGroup)]
//! #[metrics(namespace = "shop", global = false)]
//! struct ShopMetrics {
//!     /// Orders taken.
//!     orders_total: Counter,
//! }
//!
//! let registry = Registry::new();
//! let metrics = ShopMetrics::register_in(&registry)?;
//! assert_delta!(registry, "shop_orders_total", 2.0, {
//!     metrics.orders_total.inc_by(2);
//! });
//! # Ok::<(), metrics_core::RegistrationError>(())
//! ```
//!
//! Annotated functions and static groups count in the global registry, where other tests count at the same time. A
//! [`TestScope`](crate::testing::TestScope) reads the counts of one test there:
//!
//! ```
//! use metrics_core::{Registry, assert_delta, counted, testing::TestScope};
//!
//! #[counted(name = "guide_mails_total", help = "Mails sent.")]
//! fn send() {}
//!
//! let scope = TestScope::new();
//! let mine = scope.of(Registry::global());
//! assert_delta!(mine, "guide_mails_total", 1.0, { send() });
//! ```
//!
//! [`testing`](crate::testing) has the whole kit: values and families of a page, and `promtool check metrics` as a function.
