//! Checks of families of the `prometheus` crate, as collectors may return invalid ones.

use std::collections::BTreeSet;

use prometheus::proto::{Bucket, Histogram, Metric, MetricFamily, MetricType};

use super::view::counter_value;
use crate::name::{is_label, is_metric};

/// Returns whether the names are legal, the series distinct, the counts not negative, and the buckets of histograms in order.
///
/// <https://prometheus.io/docs/instrumenting/exposition_formats/#text-format-details>
pub(super) fn is_consistent(family: &MetricFamily) -> bool {
    let mut seen = BTreeSet::new();
    is_metric(family.name())
        && family.get_metric().iter().all(|metric| {
            let labels = labels(metric, family.get_field_type());
            labels.is_some_and(|labels| seen.insert(labels))
                && match family.get_field_type() {
                    MetricType::COUNTER => counter_value(metric) >= 0.0,
                    MetricType::HISTOGRAM => has_buckets_in_order(metric.get_histogram()),
                    MetricType::GAUGE | MetricType::SUMMARY | MetricType::UNTYPED => true,
                }
        })
}

/// Returns the labels of a series in the order of their names, if they are legal.
///
/// Names that begin with one `_` are legal, as scrapers accept them.
fn labels(metric: &Metric, metric_type: MetricType) -> Option<Vec<(&str, &str)>> {
    let own = match metric_type {
        MetricType::HISTOGRAM => "le",
        MetricType::SUMMARY => "quantile",
        MetricType::COUNTER | MetricType::GAUGE | MetricType::UNTYPED => "",
    };
    let mut labels: Vec<_> = metric.get_label().iter().map(|pair| (pair.name(), pair.value())).collect();
    labels.sort_unstable();
    let twice = labels.windows(2).any(|pair| matches!(pair, [one, other] if one.0 == other.0));
    let legal = labels.iter().all(|(name, _)| is_label(name) && *name != own);
    (legal && !twice).then_some(labels)
}

/// Returns whether bounds increase, counts do not decrease, and no count is above that of all observations.
fn has_buckets_in_order(histogram: &Histogram) -> bool {
    let buckets = histogram.get_bucket();
    let ordered = buckets.windows(2).all(|pair| match pair {
        [one, other] => {
            one.upper_bound() < other.upper_bound() && one.cumulative_count() <= other.cumulative_count()
        }
        _ => true,
    });
    let last = buckets.last().map_or(0, Bucket::cumulative_count);
    ordered
        && last <= histogram.get_sample_count()
        && buckets.iter().all(|bucket| !bucket.upper_bound().is_nan())
}
