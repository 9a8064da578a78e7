//! Entries of the families that collectors of the `prometheus` crate give.

use std::collections::BTreeMap;

use prometheus::proto;

use super::{
    entry::{CatalogEntry, CatalogLabel},
    package_path::in_package,
};
use crate::{
    model::MetricType,
    registry::{Registry, gather_fields},
};

/// Returns the entries of the registry's collectors that no `declared` entry has. A family without a series is missing.
pub(super) fn collector_entries(registry: &Registry, declared: &[CatalogEntry]) -> Vec<CatalogEntry> {
    let families = gather_fields(registry).unwrap_or_default();
    let is_new = |family: &&proto::MetricFamily| declared.iter().all(|entry| entry.name != family.name());
    families.iter().filter(is_new).map(entry).collect()
}

fn entry(family: &proto::MetricFamily) -> CatalogEntry {
    let metrics = family.get_metric();
    let buckets = metrics.first().map_or_else(Vec::new, |metric| {
        metric.get_histogram().get_bucket().iter().map(proto::Bucket::upper_bound).collect()
    });
    CatalogEntry {
        name: family.name().to_owned(),
        metric_type: metric_type(family.get_field_type()),
        help: family.help().to_owned(),
        unit: None,
        labels: labels(metrics),
        buckets,
        native: false,
        renamed_from: None,
        objective: None,
        crate_name: None,
        module: None,
        file: in_package(file!()),
        // No macro declares it.
        is_own: true,
        line: line!(),
    }
}

const fn metric_type(family: proto::MetricType) -> MetricType {
    match family {
        proto::MetricType::COUNTER => MetricType::Counter,
        proto::MetricType::HISTOGRAM => MetricType::Histogram,
        proto::MetricType::SUMMARY => MetricType::Summary,
        proto::MetricType::GAUGE | proto::MetricType::UNTYPED => MetricType::Gauge,
    }
}

/// Returns the labels of all series. More values than one may become more still, so they are not listed.
fn labels(metrics: &[proto::Metric]) -> Vec<CatalogLabel> {
    let mut values: BTreeMap<&str, Option<&str>> = BTreeMap::new();
    for pair in metrics.iter().flat_map(proto::Metric::get_label) {
        let value = values.entry(pair.name()).or_insert(Some(pair.value()));
        *value = value.filter(|value| *value == pair.value());
    }
    let label = |(name, value): (&str, Option<&str>)| CatalogLabel {
        name: name.to_owned(),
        values: value.into_iter().map(str::to_owned).collect(),
        limit: None,
    };
    values.into_iter().map(label).collect()
}
