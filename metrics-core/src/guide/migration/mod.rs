//! Migration from other libraries: a program before, after, and with both on one page.
//!
//! Each page has a table of names and labels: what is the same, what moves, and what is impossible. The programs are compiled and
//! run in the test suite, which asserts that their pages differ as the table says and in nothing else.
//!
//! | page | from |
//! |---|---|
//! | [`from_prometheus`] | the `prometheus` crate with lazy statics |
//! | [`from_actix_web_prom`] | the middleware actix-web-prom |
//! | [`from_autometrics`] | the attribute of autometrics |
//! | [`from_metrics_rs`] | the macros of `metrics` with metrics-exporter-prometheus |
//! | [`from_prometheus_client`] | prometheus-client |
//! | [`from_opentelemetry`] | OpenTelemetry's middleware for actix-web |
//!
//! # One metric at a time
//!
//! The old library and this one can share a page for as long as the move takes:
//!
//! * **The bridge.** The page of [`Registry::global`](crate::Registry::global) has all metrics of `prometheus::default_registry()`,
//!   and `prometheus::gather()` has all of this library. actix-web-prom, autometrics and OpenTelemetry's exporter for Prometheus
//!   write to such a registry, so either handler can stay.
//! * **Two pages on one endpoint.** `metrics` and prometheus-client have registries of their own. Their page stands before or
//!   after this one, as long as no name is on both.
//! * **Two names for a metric.** `renamed_from` exposes a metric under its former name as well, so that dashboards and alerts can
//!   follow later. See [`contract`](super::contract#both-names-for-a-while).
//!
//! A metric that moves starts at zero, as after any restart: `rate()` and `increase()` do not see the move.

#[doc = include_str!("actix_web_prom.md")]
pub mod from_actix_web_prom {}

#[doc = include_str!("autometrics.md")]
pub mod from_autometrics {}

#[doc = include_str!("metrics_rs.md")]
pub mod from_metrics_rs {}

#[doc = include_str!("opentelemetry.md")]
pub mod from_opentelemetry {}

#[doc = include_str!("prometheus.md")]
pub mod from_prometheus {}

#[doc = include_str!("prometheus_client.md")]
pub mod from_prometheus_client {}
