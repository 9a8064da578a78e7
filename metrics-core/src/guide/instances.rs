//! Instances of a group: the global one, those in registries of one's own, and those that no registry shows.
//!
//! When a registered instance is dropped, its series leave the page. Fields of the `prometheus` crate's types stay, as that crate
//! keeps clones, unless they are [`Owned`](crate::Owned).
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
