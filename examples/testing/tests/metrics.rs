//! The tests that a service has of its metrics.

use metrics_core::{
    Registry, assert_delta,
    testing::{TestScope, assert_family, assert_metrics_lock, lint, value},
};
use testing::{Payment, TillMetrics, price, sell};
use tests::promtool::{Verdict, check_metrics};

/// Every service has this one: a metric that contradicts another is missing from the page.
#[test]
fn no_declaration_contradicts_another() {
    assert_eq!(Registry::global().registration_errors(), []);
}

/// A registry of the test's own has the counts of this test alone.
#[test]
fn sales_are_counted() {
    let registry = Registry::new();
    let metrics = TillMetrics::register_in(&registry).unwrap();
    sell(&metrics, Payment::Cash, "250").unwrap();
    sell(&metrics, Payment::Card, "nothing").unwrap_err();
    assert_eq!(value(&registry, "till_coins"), Some(1.0));
    assert_family(
        &registry,
        "till_sales_total",
        "# HELP till_sales_total Sales.\n\
         # TYPE till_sales_total counter\n\
         till_sales_total{payment=\"card\"} 0\n\
         till_sales_total{payment=\"cash\"} 1\n",
    );
}

/// Functions count in the global registry, where other tests count at the same time: a scope reads this test's counts.
#[test]
fn outcomes_are_counted() {
    let scope = TestScope::new();
    let mine = scope.of(Registry::global());
    let series =
        |result| format!(r#"function_calls_total{{function="price",module="testing",result="{result}"}}"#);
    assert_delta!(mine, { &series("ok") => 1.0, &series("error") => 2.0 }, {
        price("250").unwrap();
        price("").unwrap_err();
        price("-1").unwrap_err();
    });
}

/// Names that are made at run time are checked by `promtool`'s rules; those of macros are, while compiling.
#[test]
fn names_are_good() {
    assert_eq!(lint(Registry::global()), []);
    assert_eq!(check_metrics(&Registry::global().text()), Verdict::clean());
}

/// `metrics.lock` has what the service promises. `METRICS_LOCK=accept cargo test -p testing` accepts a change.
#[test]
fn metrics_are_as_promised() {
    assert_metrics_lock!("metrics.lock");
}
