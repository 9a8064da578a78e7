//! Support for the tests in `tests/tests`.
#![expect(clippy::missing_panics_doc, reason = "a test's support panics wherever the test has failed")]

pub mod artefact;
pub mod futures;
pub mod http;
pub mod mail;
pub mod page_server;
pub mod postgres;
pub mod process;
pub mod prometheus;
pub mod promql;
pub mod promtool;
pub mod protobuf;
pub mod pushgateway;
pub mod python;
pub mod scratch;
pub mod scripted_server;
pub mod wait;

/// Advice for machines without Debian's package of the server and `promtool`.
pub const INSTALL_PROMETHEUS: &str =
    "install the server and promtool (on Debian: apt-get install prometheus; scripts/test does it)";

/// The README's examples, compiled and run.
#[cfg(doctest)]
#[doc = include_str!("../../README.md")]
#[derive(Debug)]
pub struct Readme;
