//! Metrics whose series would have one name.

use crate::{
    finding::Finding,
    metric_type::MetricType,
    rule::Rule,
    text::{after, before, same},
};

/// Finds the metrics of a group whose series have one name. Returns the indices of the later and the earlier metric, and the finding.
pub fn clashes(metrics: &[(&str, MetricType)]) -> Vec<(usize, usize, Finding)> {
    let mut found = Vec::new();
    for (at, (name, metric_type)) in metrics.iter().enumerate() {
        for (before, (other_name, other_type)) in metrics.iter().take(at).enumerate() {
            if name == other_name {
                let message = format!(
                    "`{name}` is already the name of another metric of this group, so rename one, or tell them \
                     apart by a constant label with another value: `labels(kind = \"…\")`"
                );
                found.push((at, before, Finding::new(Rule::DuplicateName, message)));
            } else if let Some(first) = clash((name, *metric_type), (other_name, *other_type)) {
                let (owner, other) = if first {
                    ((*name, *metric_type), *other_name)
                } else {
                    ((*other_name, *other_type), *name)
                };
                let word = word_for(owner.1);
                let message =
                    format!("`{other}` is also a series of the {word} `{}`, so rename one", owner.0);
                found.push((at, before, Finding::new(Rule::SuffixClash, message)));
            }
        }
    }
    found
}

/// Returns the word for a type in a message.
const fn word_for(metric_type: MetricType) -> &'static str {
    match metric_type {
        MetricType::Histogram => "histogram",
        MetricType::Summary => "summary",
        MetricType::Info => "info metric",
        MetricType::Counter => "counter",
        MetricType::Gauge => "gauge",
        MetricType::Unknown => "metric",
    }
}

/// Checks whether a series of one metric has the name of the other: `Some(true)` if it is the first metric's series, `Some(false)` if
/// it is the second's, otherwise `None`.
pub const fn clash(one: (&str, MetricType), other: (&str, MetricType)) -> Option<bool> {
    if has_series(one, other.0) {
        Some(true)
    } else if has_series(other, one.0) {
        Some(false)
    } else {
        None
    }
}

/// Returns whether a metric has a series of this name.
const fn has_series((owner, metric_type): (&str, MetricType), name: &str) -> bool {
    let family = match (metric_type, before(owner.as_bytes(), b"_total")) {
        (MetricType::Counter, Some(family)) => family,
        _ => owner.as_bytes(),
    };
    let Some(suffix) = after(name.as_bytes(), family) else { return false };
    let mut suffixes = suffixes_of(metric_type);
    while let [first, others @ ..] = suffixes {
        if same(suffix, first.as_bytes()) {
            return true;
        }
        suffixes = others;
    }
    false
}

/// Returns the suffixes that the series of a type add to a family's name.
const fn suffixes_of(metric_type: MetricType) -> &'static [&'static str] {
    match metric_type {
        MetricType::Counter => &["_total", "_created"],
        MetricType::Histogram => &["_bucket", "_count", "_sum", "_created"],
        MetricType::Summary => &["_count", "_sum", "_created"],
        MetricType::Info => &["_info"],
        MetricType::Gauge | MetricType::Unknown => &[],
    }
}
