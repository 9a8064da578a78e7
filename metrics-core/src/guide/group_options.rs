//! Options of a group, `#[metrics(…)]`.
//!
//! * `registry = PATH` registers the static instance in a static registry.
//! * `global = false` leaves the static instance out, for groups inside of others or in registries of their own.
//! * `crate = "…"` is the path of this crate, if neither its name nor the manifest tells it.
//! * `allow(rule)` opts out of [rules](derive@crate::MetricGroup#rules).
//!
//! ```
//! use std::sync::LazyLock;
//!
//! use metrics_core::{Counter, MetricGroup, Registry};
//!
//! static MINE: LazyLock<Registry> = LazyLock::new(Registry::new);
//!
//! #[derive(MetricGroup)]
//! #[metrics(namespace = "shop", subsystem = "mail", labels(sender = "smtp"), registry = MINE)]
//! struct Mails {
//!     /// Mails sent.
//!     sent_total: Counter,
//!     /// Mails that came back.
//!     returned_total: Counter,
//! }
//!
//! // On the page without being touched.
//! assert_eq!(MINE.text(), r#"# HELP shop_mail_returned_total Mails that came back.
//! ## TYPE shop_mail_returned_total counter
//! shop_mail_returned_total{sender="smtp"} 0
//! ## HELP shop_mail_sent_total Mails sent.
//! ## TYPE shop_mail_sent_total counter
//! shop_mail_sent_total{sender="smtp"} 0
//! "#);
//! Mails::global().sent_total.inc();
//! assert!(MINE.text().contains("shop_mail_sent_total{sender=\"smtp\"} 1\n"));
//! ```
