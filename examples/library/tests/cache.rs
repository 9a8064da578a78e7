//! The counts of the library's metrics, read by its own test.

use library::Cache;
use metrics_core::{Registry, assert_delta, testing::TestScope};

#[test]
fn look_ups_are_counted() {
    let scope = TestScope::new();
    let mine = scope.of(Registry::global());
    let mut cache = Cache::default();
    assert_delta!(
        mine,
        { r#"library_lookups_total{hit="false"}"# => 2.0, r#"library_lookups_total{hit="true"}"# => 1.0 },
        {
            for key in ["red", "green", "red"] {
                assert_eq!(cache.get(key, str::to_uppercase), key.to_uppercase());
            }
        }
    );
}

#[test]
fn no_declaration_contradicts_another() {
    assert_eq!(Registry::global().registration_errors(), []);
}
