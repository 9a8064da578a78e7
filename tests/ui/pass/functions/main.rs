//! Signatures of every kind with attributes, compiled under every lint that a strict user has, and called.

#![deny(warnings, clippy::all, clippy::pedantic, clippy::nursery, rust_2018_idioms)]
#![forbid(unsafe_code)]
// What the suite has to have and nobody should.
#![allow(clippy::boxed_local, clippy::future_not_send, clippy::manual_async_fn, clippy::unused_async)]

mod asynchronous;
use tests::futures;
mod generic;
mod labels;
mod methods;
mod plain;

use std::{borrow::Cow, collections::HashMap};

use metrics_core::{Capped, LabelValue, Registry};

/// Number of calls of a module's function with this outcome: tests of other modules run at the same time.
fn ended(module: &str, function: &str, result: &str) -> u64 {
    let series =
        format!("function_calls_total{{function=\"{function}\",module=\"{module}\",result=\"{result}\"}} ");
    let page = Registry::global().text();
    page.lines().find_map(|line| line.strip_prefix(&series)?.parse().ok()).unwrap_or_default()
}

/// Checks that a function was counted once since the last time.
macro_rules! once {
    ($name:literal, $call:expr) => {{
        let ok = || $crate::ended(module_path!(), $name, "ok");
        let before = ok();
        let value = $call;
        assert_eq!(ok(), before + 1, $name);
        value
    }};
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, LabelValue)]
#[label(rename_all = "snake_case")]
enum Region {
    NorthEu,
    Us,
}

#[derive(Debug)]
struct Form<'a> {
    region: Region,
    tenant: Cow<'a, str>,
}

/// The future stays `Send`.
const fn is_send<T: Send>(value: T) -> T {
    value
}

/// The lines of a family without its comments.
fn family(name: &str) -> Vec<String> {
    let page = Registry::global().text();
    page.lines().filter(|line| line.starts_with(name)).map(str::to_owned).collect()
}

#[test]
fn label_values() {
    assert_eq!(Region::NorthEu.as_str(), "north_eu");
    let capped: Capped<3> = "eu".into();
    assert_eq!(capped.to_string(), "eu");
    assert!(HashMap::<u8, u8>::new().is_empty());
}

use once;
