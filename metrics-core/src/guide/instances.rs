//! Instances of a group: the static one, those in other registries, and unregistered ones.
//!
//! When a registered instance is dropped, its series leave the page, unless a clone of the instance or of a metric is left. An
//! instance that is registered again has the same metrics.
//!
//! A field of a type of the `prometheus` crate stays on the page, as that crate does not tell whether clones are left. Wrap it in
//! [`UnregisterOnDrop`](crate::UnregisterOnDrop), or call
//! [`Registry::unregister_collector`](crate::Registry::unregister_collector).
//!
//! ```
//! use metrics_core::{Counter, MetricGroup, Registry};
//!
//! #[derive(MetricGroup)]
//! #[metrics(namespace = "pool")]
//! struct Pool {
//!     /// Connections made.
//!     connections_total: Counter,
//! }
//!
//! // The static instance is on the page without being touched.
//! assert_eq!(metrics_core::testing::value(Registry::global(), "pool_connections_total"), Some(0.0));
//!
//! let registry = Registry::new();
//! let users = Pool::register_in(registry.labelled("pool", "users"))?;
//! let games = Pool::register_in(registry.labelled("pool", "games"))?;
//! users.connections_total.inc();
//! Pool::unregistered().connections_total.inc(); // on no page
//!
//! assert_eq!(registry.text(), r#"# HELP pool_connections_total Connections made.
//! ## TYPE pool_connections_total counter
//! pool_connections_total{pool="games"} 0
//! pool_connections_total{pool="users"} 1
//! "#);
//! drop(games);
//! assert_eq!(registry.text(), r#"# HELP pool_connections_total Connections made.
//! ## TYPE pool_connections_total counter
//! pool_connections_total{pool="users"} 1
//! "#);
//! # Ok::<(), metrics_core::RegistrationError>(())
//! ```
