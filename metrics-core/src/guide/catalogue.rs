//! The catalogue: every declared metric, as values, as Markdown and as JSON. A Grafana dashboard and Prometheus rules are made of
//! it too, see [`Catalog`](crate::Catalog).
//!
//! ```
//! use metrics_core::{Family, Gauge, LabelSet, MetricGroup, Registry};
//!
//! #[derive(Clone, Copy, LabelSet)]
//! struct Ranked { ranked: bool }
//!
//! #[derive(MetricGroup)]
//! #[metrics(namespace = "arena", global = false)]
//! struct Arena {
//!     /// Players online.
//!     players: Family<Ranked, Gauge>,
//! }
//!
//! let registry = Registry::new();
//! let arena = Arena::register_in(&registry)?;
//! let catalog = registry.catalog();
//! let players = &catalog.metrics[0];
//! assert_eq!((players.name.as_str(), players.metric_type.as_str()), ("arena_players", "gauge"));
//! assert_eq!(players.labels[0].values, ["false", "true"]);
//! assert!(catalog.conflicts.is_empty());
//! assert!(catalog.to_markdown().contains("| `arena_players` | gauge |  | Players online. | `ranked`: false, true |"));
//! assert!(catalog.to_json().starts_with(r#"{"metrics":[{"name":"arena_players","type":"gauge""#));
//! assert_eq!(registry.text(), r#"# HELP arena_players Players online.
//! ## TYPE arena_players gauge
//! arena_players{ranked="false"} 0
//! arena_players{ranked="true"} 0
//! "#);
//! # Ok::<(), metrics_core::RegistrationError>(())
//! ```
