//! Labels: values, sets of them, and their order.
//!
//! Labels have the order of their declaration. Series of finite labels are on the page from the start; a series with a string
//! appears with its first observation.
//!
//! ```
//! use metrics_core::{Bounded, Capped, Counter, Definition, Family, Gauge, LabelSet, LabelValue, Registry, StatusClass};
//!
//! #[derive(Clone, Copy, LabelValue)]
//! #[label(rename_all = "snake_case")]
//! enum Browser {
//!     Firefox,
//!     #[label(rename = "chromium")]
//!     Chrome,
//!     #[label(other)] // every other string
//!     Unknown,
//! }
//!
//! #[derive(Clone, Copy, LabelSet)]
//! struct Client {
//!     browser: Browser,
//!     mobile: bool,
//! }
//!
//! #[derive(Clone, LabelSet)]
//! struct Request {
//!     shard: Bounded<1, 2>,
//!     #[label(flatten)]
//!     client: Client,
//!     tenant: Capped<2>,
//! }
//!
//! let registry = Registry::new();
//! let clients: Family<Client, Gauge> = registry.register(&Definition::new("clients", "Clients."))?;
//! let answers: Family<(StatusClass, Option<Browser>), Counter> =
//!     registry.register(&Definition::new("answers_total", "Answers."))?;
//! let requests: Family<Request, Counter> = registry.register(&Definition::new("requests_total", "Requests."))?;
//!
//! // From a text to a value.
//! assert_eq!(Browser::from_label("chromium").map(|browser| browser.as_str()), Some("chromium"));
//! assert!(bool::from_label("yes").is_none());
//!
//! let client = |browser: &str| Client { browser: browser.into(), mobile: false };
//! clients.with(client("chromium")).inc();
//! answers.with((StatusClass::of(404), None)).inc();
//! for tenant in ["acme", "bolt", "cargo", "dune"] {
//!     requests.with(Request { shard: 1.into(), client: client("lynx"), tenant: tenant.into() }).inc();
//! }
//!
//! assert!(registry.text().contains("answers_total{status_class=\"4xx\"} 1\n"));
//! assert_eq!(metrics_core::testing::family(&registry, "clients"), r#"# HELP clients Clients.
//! ## TYPE clients gauge
//! clients{browser="firefox",mobile="false"} 0
//! clients{browser="firefox",mobile="true"} 0
//! clients{browser="chromium",mobile="false"} 1
//! clients{browser="chromium",mobile="true"} 0
//! clients{browser="unknown",mobile="false"} 0
//! clients{browser="unknown",mobile="true"} 0
//! "#);
//! assert_eq!(metrics_core::testing::family(&registry, "requests_total"), r#"# HELP requests_total Requests.
//! ## TYPE requests_total counter
//! requests_total{shard="1",browser="unknown",mobile="false",tenant="acme"} 1
//! requests_total{shard="1",browser="unknown",mobile="false",tenant="bolt"} 1
//! requests_total{shard="1",browser="unknown",mobile="false",tenant="_OTHER"} 2
//! "#);
//! // Observations past the limit.
//! assert_eq!(metrics_core::testing::value(&registry, "metrics_overflow_total{metric=\"requests_total\"}"), Some(2.0));
//! # Ok::<(), metrics_core::RegistrationError>(())
//! ```
