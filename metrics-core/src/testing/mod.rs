//! Test kit for instrumented code.
//!
//! # A test for every service
//!
//! ```standalone_crate
//! use metrics_core::Registry;
//!
//! // In a `#[test]`: no two declarations contradict each other, so no metric is missing from the page.
//! assert_eq!(Registry::global().registration_errors(), []);
//! ```
//!
//! # Tests that run at the same time
//!
//! All tests of a process share the global registry, and tests run in parallel. So give each test an instance of its group in a
//! [`Registry::new()`](crate::Registry::new). Nothing else counts there, and the test's threads and tasks share it by reference or
//! clone.
//!
//! ```
//! use metrics_core::{Counter, MetricGroup, Registry, assert_delta, testing::assert_family};
//!
//! #[derive(MetricGroup)]
//! #[metrics(namespace = "shop", global = false)]
//! struct ShopMetrics {
//!     /// Orders taken.
//!     orders_total: Counter,
//! }
//!
//! let registry = Registry::new();
//! let metrics = ShopMetrics::register_in(&registry).unwrap();
//! assert_delta!(registry, "shop_orders_total", 8.0, {
//!     std::thread::scope(|scope| {
//!         for _ in 0..8 {
//!             scope.spawn(|| metrics.orders_total.inc());
//!         }
//!     });
//! });
//! assert_family(
//!     &registry,
//!     "shop_orders_total",
//!     "# HELP shop_orders_total Orders taken.\n\
//!      ## TYPE shop_orders_total counter\n\
//!      shop_orders_total 8\n",
//! );
//! ```
//!
//! Annotated functions, `global()` groups and the middleware count in one registry for all tests. A [`TestScope`] reads the counts
//! of one test from it: those of the test's thread, and of the threads and tasks that join the scope:
//!
//! ```
//! use metrics_core::{Registry, assert_delta, counted, testing::TestScope};
//!
//! /// Mails sent.
//! #[counted(name = "shop_mails_total", labels(result))]
//! fn send(mail: &str) -> Result<(), ()> {
//!     if mail.contains('@') { Ok(()) } else { Err(()) }
//! }
//!
//! let scope = TestScope::new();
//! let mine = scope.of(Registry::global());
//! assert_delta!(mine, { r#"shop_mails_total{result="error"}"# => 1.0, r#"shop_mails_total{result="ok"}"# => 0.0 }, {
//!     send("nobody").unwrap_err();
//! });
//! ```

mod lint;
pub mod lock;
mod scope;

pub use lint::{Problem, Severity, lint};
pub use scope::{EnteredScope, ScopeHandle, Scoped, TestScope};

#[doc(inline)]
pub use crate::__assert_metrics_lock as assert_metrics_lock;
use crate::registry::Registry;

/// A source of pages: a [`Registry`], or a registry as a [`TestScope`] sees it.
pub trait Exposed {
    /// Returns the page in the text format 0.0.4.
    fn page(&self) -> String;
}

impl Exposed for Registry {
    fn page(&self) -> String {
        self.text()
    }
}

impl<E: Exposed + ?Sized> Exposed for &E {
    fn page(&self) -> String {
        (**self).page()
    }
}

/// Returns the value of a series on a registry's page, or `None` if it is not there. The series is written as on the page.
///
/// ```
/// use metrics_core::{Counter, Definition, Registry, testing::value};
///
/// let registry = Registry::new();
/// let definition = Definition::new("jobs_total", "Number of jobs.").label("queue", "mail");
/// let jobs: Counter = registry.register(&definition)?;
/// jobs.inc();
/// assert_eq!(value(&registry, "jobs_total{queue=\"mail\"}"), Some(1.0));
/// assert_eq!(value(&registry, "jobs_total"), None);
/// # Ok::<(), metrics_core::RegistrationError>(())
/// ```
pub fn value(registry: &(impl Exposed + ?Sized), series: &str) -> Option<f64> {
    value_on(&registry.page(), series)
}

/// Returns the value of a series on a page.
fn value_on(page: &str, series: &str) -> Option<f64> {
    let value = page.lines().find_map(|line| line.strip_prefix(series)?.strip_prefix(' '))?;
    value.split(' ').next()?.parse().ok()
}

/// Returns the lines of a family on a registry's page, or an empty string if the page does not have it.
///
/// ```
/// use metrics_core::{Definition, Gauge, Registry, testing::family};
///
/// let registry = Registry::new();
/// let _players: Gauge = registry.register(&Definition::new("players", "Number of players."))?;
/// assert_eq!(family(&registry, "players"), "# HELP players Number of players.\n# TYPE players gauge\nplayers 0\n");
/// # Ok::<(), metrics_core::RegistrationError>(())
/// ```
pub fn family(registry: &(impl Exposed + ?Sized), name: &str) -> String {
    let page = registry.page();
    let mut inside = false;
    let of_family = |line: &&str| {
        if let Some(help) = line.strip_prefix("# HELP ") {
            inside = help.strip_prefix(name).is_some_and(|rest| rest.starts_with(' '));
        }
        inside
    };
    page.lines().filter(of_family).flat_map(|line| [line, "\n"]).collect()
}

/// Asserts that a family has exactly these lines on the page.
///
/// # Panics
///
/// Panics if the lines differ, with a list of the missing and the surplus ones.
///
/// ```
/// use metrics_core::{Definition, Gauge, Registry, testing::assert_family};
///
/// let registry = Registry::new();
/// let players: Gauge = registry.register(&Definition::new("players", "Number of players."))?;
/// players.set(2);
/// let expected = "# HELP players Number of players.\n# TYPE players gauge\nplayers 2\n";
/// assert_family(&registry, "players", expected);
/// # Ok::<(), metrics_core::RegistrationError>(())
/// ```
#[track_caller]
pub fn assert_family(registry: &(impl Exposed + ?Sized), name: &str, expected: &str) {
    let found = family(registry, name);
    assert!(found == expected, "the family `{name}` is not as expected:\n{}", difference(expected, &found));
}

/// Merges the lines of both texts, with ` ` before common, `-` before missing and `+` before surplus lines.
fn difference(expected: &str, found: &str) -> String {
    let mut lines = Vec::new();
    let mut rest = found.lines();
    for line in expected.lines() {
        if !rest.clone().any(|other| other == line) {
            lines.push(format!("-{line}"));
            continue;
        }
        for other in rest.by_ref() {
            if other == line {
                lines.push(format!(" {line}"));
                break;
            }
            lines.push(format!("+{other}"));
        }
    }
    lines.extend(rest.map(|line| format!("+{line}")));
    lines.join("\n")
}

/// Asserts by how much series change while a block runs, and returns the block's value. A missing series counts as zero.
///
/// `assert_delta!(registry, "jobs_total{queue=\"mail\"}", 1.0, { … })`, or several of them in the form
/// `assert_delta!(registry, { "a_total" => 1.0, "b_total" => 0.0 }, { … })`.
///
/// ```
/// use metrics_core::{Counter, Definition, Registry, assert_delta};
///
/// let registry = Registry::new();
/// let jobs: Counter = registry.register(&Definition::new("jobs_total", "Jobs."))?;
/// jobs.inc_by(5);
/// let answer = assert_delta!(registry, { "jobs_total" => 2.0, "others_total" => 0.0 }, {
///     jobs.inc_by(2);
///     42
/// });
/// assert_eq!(answer, 42);
/// # Ok::<(), metrics_core::RegistrationError>(())
/// ```
#[macro_export]
macro_rules! assert_delta {
    ($registry:expr, { $($series:expr => $change:expr),+ $(,)? }, $block:block) => {{
        let expected: &[(&str, f64)] = &[$(($series, $change)),+];
        let registry = &$registry;
        let before = $crate::testing::Values::new(registry, expected);
        let result = $block;
        before.assert_changes(registry, expected);
        result
    }};
    ($registry:expr, $series:expr, $change:expr, $block:block) => {
        $crate::assert_delta!($registry, { $series => $change }, $block)
    };
}

/// Values of some series at one time, for [`assert_delta!`](crate::assert_delta).
#[derive(Clone, Debug)]
#[doc(hidden)]
pub struct Values(Vec<f64>);

impl Values {
    /// Reads the series.
    #[doc(hidden)]
    pub fn new(registry: &(impl Exposed + ?Sized), series: &[(&str, f64)]) -> Self {
        let page = registry.page();
        Self(series.iter().map(|(name, _)| value_on(&page, name).unwrap_or(0.0)).collect())
    }

    /// Asserts by how much the series have changed.
    ///
    /// # Panics
    ///
    /// Panics if one has changed by another amount.
    #[doc(hidden)]
    #[track_caller]
    pub fn assert_changes(&self, registry: &(impl Exposed + ?Sized), expected: &[(&str, f64)]) {
        let now = Self::new(registry, expected);
        for (((series, change), before), after) in expected.iter().zip(&self.0).zip(&now.0) {
            let changed = after - before;
            assert!(
                (changed - change).abs() <= 1e-9 * change.abs().max(1.0),
                "`{series}` changed by {changed} and not by {change}: it was {before} and is {after}"
            );
        }
    }
}

#[cfg(all(test, feature = "enabled"))]
mod tests {
    use super::*;

    #[test]
    fn a_difference_shows_lines() {
        assert_eq!(difference("a\nb\nc\n", "a\nx\nc\nd\n"), " a\n-b\n+x\n c\n+d");
    }

    #[test]
    fn a_value_is_that_of_the_whole_series() {
        let page = "a_total 1\na_total_more 2\nb{x=\"1 2\"} 3 1000\n";
        assert_eq!(value_on(page, "a_total"), Some(1.0));
        assert_eq!(value_on(page, "b{x=\"1 2\"}"), Some(3.0));
        assert_eq!(value_on(page, "b"), None);
    }
}
