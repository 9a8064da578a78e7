//! What can be said about a group, `#[metrics(…)]`.
//!
//! `registry = PATH` puts the global instance into a static registry; `global = false` leaves it away, for groups that
//! stand inside others or in registries of their own; `crate = "…"` says where this crate is, if neither its name nor the
//! manifest tells; `allow(rule)` opts out of [rules](derive@crate::MetricGroup#rules).
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
//! // Nobody has touched it.
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
