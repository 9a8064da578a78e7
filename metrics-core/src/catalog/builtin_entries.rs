//! Entries of families without a definition: the overflows and the metrics of the process.

use prometheus::proto;

use super::{
    entry::{CatalogEntry, CatalogLabel},
    package_path::in_package,
};
use crate::{
    builtin::process_families, exposition::overflow, model::MetricType, registry::Registry, series::ReadSet,
};

/// Returns the entries of a registry that has these sets of series.
pub(super) fn builtin_entries(registry: &Registry, sets: &[ReadSet]) -> Vec<CatalogEntry> {
    let constants = registry.label_pairs();
    let process = if registry.shows_process() { process_families(constants) } else { Vec::new() };
    let is_new = |name: &str| sets.iter().all(|set| set.descriptor().name != name);
    let of_process = process.iter().filter(|family| is_new(family.name())).map(|family| {
        let metric_type = match family.get_field_type() {
            proto::MetricType::COUNTER => MetricType::Counter,
            proto::MetricType::GAUGE
            | proto::MetricType::HISTOGRAM
            | proto::MetricType::SUMMARY
            | proto::MetricType::UNTYPED => MetricType::Gauge,
        };
        entry(family.name(), metric_type, family.help())
    });
    let mut entries: Vec<_> = of_process.chain(overflow_entry(sets)).collect();
    for entry in &mut entries {
        let constant = |(name, value): &(String, String)| CatalogLabel {
            name: name.clone(),
            values: vec![value.clone()],
            limit: None,
        };
        entry.labels.splice(..0, constants.iter().map(constant));
    }
    entries
}

fn overflow_entry(sets: &[ReadSet]) -> Option<CatalogEntry> {
    let capped = sets.iter().filter(|set| set.interners().overflow().is_some());
    let mut values: Vec<_> = capped.map(|set| set.descriptor().name.clone()).collect();
    values.dedup();
    if values.is_empty() {
        return None;
    }
    let labels = vec![CatalogLabel { name: "metric".to_owned(), values, limit: None }];
    Some(CatalogEntry { labels, ..entry(overflow::NAME, MetricType::Counter, overflow::HELP) })
}

fn entry(name: &str, metric_type: MetricType, help: &str) -> CatalogEntry {
    CatalogEntry {
        name: name.to_owned(),
        metric_type,
        help: help.to_owned(),
        unit: None,
        labels: Vec::new(),
        buckets: Vec::new(),
        native: false,
        renamed_from: None,
        objective: None,
        crate_name: Some("metrics_core".to_owned()),
        module: Some("metrics_core".to_owned()),
        file: in_package(file!()),
        is_own: true,
        line: line!(),
    }
}
