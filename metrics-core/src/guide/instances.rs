//! Instances of a group: the global one, those in registries of one's own, and those that no registry shows.
//!
//! When a registered instance is dropped, its series leave the page; a clone of it or of a metric keeps them there. A field of the
//! `prometheus` crate's types stays, because that crate does not tell whether somebody still counts in a clone, unless it is
//! [`UnregisterOnDrop`](crate::UnregisterOnDrop) or [`Registry::unregister_collector`](crate::Registry::unregister_collector) takes it off. An instance
//! that is registered again has the same metrics.
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
//! // The global instance is on the page before anybody touches it.
//! assert_eq!(metrics_core::testing::value(Registry::global(), "pool_connections_total"), Some(0.0));
//!
//! let registry = Registry::new();
//! let users = Pool::register_in(registry.labelled("pool", "users"))?;
//! let games = Pool::register_in(registry.labelled("pool", "games"))?;
//! users.connections_total.inc();
//! Pool::unregistered().connections_total.inc(); // seen by its `get` alone
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
