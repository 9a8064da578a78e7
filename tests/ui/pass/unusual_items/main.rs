//! Functions that nobody should write and somebody has.

#![deny(warnings)]
// The subject is what compiles; lints are the subject of other files.
#![allow(unsafe_code, non_camel_case_types, clippy::all, clippy::pedantic)]

mod arguments;
mod bodies;
use tests::futures;
mod generics;
mod made;
mod methods;
mod nesting;
mod words;

use metrics_core::{LabelValue, Registry};

#[derive(Clone, Copy, Debug, PartialEq, Eq, LabelValue)]
enum Size {
    Small,
    Large,
}

impl Size {
    fn of(text: &str) -> Self {
        if text.len() > 3 { Self::Large } else { Self::Small }
    }
}

/// Number of calls of functions of a module and its children with this outcome: tests of other modules run at
/// the same time.
fn ended(module: &str, function: &str, result: &str) -> u64 {
    let series = format!("function_calls_total{{function=\"{function}\",module=\"{module}");
    let end = format!("result=\"{result}\"}} ");
    let page = Registry::global().text();
    let lines = page.lines().filter(|line| line.starts_with(&series));
    lines.filter_map(|line| line.split_once(&end)?.1.parse::<u64>().ok()).sum()
}

/// Calls something and checks how it has ended.
macro_rules! ends {
    ($function:literal, $result:literal, $call:expr) => {{
        let ended = || $crate::ended(module_path!(), $function, $result);
        let before = ended();
        let value = $call;
        assert_eq!(ended(), before + 1, "{}", $function);
        value
    }};
}

fn panics<T>(call: impl FnOnce() -> T) {
    assert!(std::panic::catch_unwind(std::panic::AssertUnwindSafe(call)).is_err());
}

fn has(line: &str) {
    let page = Registry::global().text();
    assert!(page.lines().any(|other| other == line), "{line} is not in\n{page}");
}

use ends;
