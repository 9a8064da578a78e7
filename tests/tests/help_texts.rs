//! Help texts of the middleware: plain noun phrases. `metrics-core/tests/builtin_metrics.rs` checks the others.

use metrics_actix::{HttpMetrics, Preset};
use metrics_core::Registry;

#[test]
fn http_help_texts_are_noun_phrases() {
    let registry = Registry::new();
    let _metrics = HttpMetrics::new()
        .registry(&registry)
        .preset(Preset::Both)
        .request_size()
        .response_size()
        .first_byte()
        .register();
    let families = registry.catalog().metrics;
    assert!(families.len() >= 10, "{families:?}");
    for family in families {
        let (name, help) = (family.name, family.help);
        let first_word = help.split(' ').next().unwrap_or_default();
        assert!(["Number", "Time", "Size"].contains(&first_word), "{name}: {help}");
        assert!(help.ends_with('.') && help.matches('.').count() == 1, "{name}: {help}");
    }
}
