//! Series by their names, as the contract has them.

use std::collections::{BTreeMap, BTreeSet};

use metrics_core::{
    MetricType,
    testing::lock::{LabelDomain, Lock, LockedMetric},
};

use super::{labels::Labels, nearest::suggestion, shape::SeriesKind};
use crate::contract::Contract;

/// Series of one name.
#[derive(Clone, Debug)]
pub(super) struct Series {
    pub(super) labels: Labels,
    pub(super) kind: SeriesKind,
    /// The present name, if these are read by a former one.
    pub(super) present_name: Option<String>,
}

/// Result of a search for series.
pub(super) enum Found {
    Series(Series),
    /// The metric exists, and has no series of this name, for this reason.
    NoSeries(String),
    Nothing,
}

/// Names of series that the contract has.
pub(super) struct Known<'a> {
    contract: &'a Contract,
    /// Each name of a series, with the lock and the metric's name in it.
    names: BTreeMap<String, (usize, &'a str)>,
}

impl<'a> Known<'a> {
    pub(super) fn new(contract: &'a Contract) -> Self {
        let mut names = BTreeMap::new();
        for (index, lock) in contract.locks.iter().enumerate() {
            for (name, metric) in &lock.metrics {
                let exposed = std::iter::once(name).chain(&metric.renamed_from);
                for series in exposed.flat_map(|exposed| series_names(exposed, metric)) {
                    names.entry(series).or_insert((index, name.as_str()));
                }
            }
        }
        Self { contract, names }
    }

    pub(super) fn names(&self) -> impl Iterator<Item = &str> {
        let others = self.contract.others.iter().map(|other| other.pattern.as_str());
        self.names.keys().map(String::as_str).chain(others.filter(|name| !name.contains('*')))
    }

    /// Returns whether a name may belong to metrics that are known by a pattern alone.
    pub(super) fn has_patterns(&self) -> bool {
        self.contract.others.iter().any(|other| other.pattern.as_str().contains('*'))
    }

    pub(super) fn find(&self, name: &str) -> Found {
        if let Some((lock, metric)) = self.names.get(name)
            && let Some(locked) = self.contract.locks.get(*lock).and_then(|lock| lock.metrics.get(*metric))
        {
            return Found::Series(self.series(name, metric, locked));
        }
        if let Some(other) = self.contract.others.iter().find(|other| other.pattern.matches(name)) {
            let labels = other.labels.as_ref().map_or_else(Labels::open, |labels| {
                let mut known = self.target_labels();
                for label in labels {
                    known.insert(label, LabelDomain::Any);
                }
                known
            });
            return Found::Series(Series { labels, kind: kind_by_name(name), present_name: None });
        }
        self.contract.locks.iter().find_map(|lock| reason(lock, name)).map_or(Found::Nothing, Found::NoSeries)
    }

    fn target_labels(&self) -> Labels {
        let mut labels = Labels::default();
        for label in &self.contract.target_labels {
            labels.insert(label, LabelDomain::Any);
        }
        labels
    }

    fn series(&self, name: &str, metric: &str, locked: &LockedMetric) -> Series {
        let mut labels = self.target_labels();
        for (label, domain) in &locked.labels {
            labels.insert(label, domain.clone());
        }
        let former = locked.renamed_from.as_deref().filter(|former| {
            series_names(former, locked).iter().any(|other| other == name)
                && !series_names(metric, locked).iter().any(|other| other == name)
        });
        let base = former.unwrap_or(metric);
        let kind = match locked.metric_type {
            MetricType::Histogram if name == base => SeriesKind::NativeHistogram,
            MetricType::Histogram if name.ends_with("_bucket") => {
                labels.insert("le", bounds(&locked.buckets));
                SeriesKind::Buckets
            }
            MetricType::Summary if name == base => {
                labels.insert("quantile", LabelDomain::Any);
                SeriesKind::Gauge
            }
            _ if name.ends_with("_created") && name != base => SeriesKind::Gauge,
            MetricType::Counter | MetricType::Histogram | MetricType::Summary => SeriesKind::Counter,
            MetricType::Gauge | MetricType::Info | MetricType::StateSet => SeriesKind::Gauge,
        };
        Series { labels, kind, present_name: former.map(|_| metric.to_owned()) }
    }

    /// Returns a suggestion for a name that is not known, also among the recordings.
    pub(super) fn suggestion<'b>(&'b self, wrong: &str, recordings: impl Iterator<Item = &'b str>) -> String {
        suggestion(wrong, self.names().chain(recordings))
    }
}

/// Names of the series of a metric that is exposed under a name.
fn series_names(name: &str, metric: &LockedMetric) -> Vec<String> {
    let with = |suffix: &str| format!("{name}{suffix}");
    let created = || format!("{}_created", name.strip_suffix("_total").unwrap_or(name));
    match metric.metric_type {
        MetricType::Counter if name.ends_with("_total") => vec![name.to_owned(), created()],
        MetricType::Counter => vec![name.to_owned(), with("_total"), created()],
        MetricType::Info if !name.ends_with("_info") => vec![name.to_owned(), with("_info")],
        MetricType::Gauge | MetricType::Info | MetricType::StateSet => vec![name.to_owned()],
        MetricType::Summary => vec![name.to_owned(), with("_sum"), with("_count"), created()],
        MetricType::Histogram => {
            let mut names = vec![with("_sum"), with("_count"), created()];
            if metric.native {
                names.push(name.to_owned());
            }
            if !metric.native || !metric.buckets.is_empty() {
                names.push(with("_bucket"));
            }
            names
        }
    }
}

/// Values of `le`, as the text format and as OpenMetrics write them.
fn bounds(buckets: &[f64]) -> LabelDomain {
    let mut values = BTreeSet::from(["+Inf".to_owned()]);
    for bound in buckets {
        values.extend([format!("{bound}"), format!("{bound:?}")]);
    }
    LabelDomain::Values(values)
}

fn kind_by_name(name: &str) -> SeriesKind {
    if name.ends_with("_bucket") {
        SeriesKind::Buckets
    } else if ["_total", "_count", "_sum"].iter().any(|suffix| name.ends_with(suffix)) {
        SeriesKind::Counter
    } else {
        SeriesKind::Other
    }
}

/// Returns the reason for which a metric of a lock has no series of a name.
fn reason(lock: &Lock, name: &str) -> Option<String> {
    if let Some((metric, _)) = lock.exposed(name) {
        return match metric.metric_type {
            MetricType::Histogram => Some(format!(
                "`{name}` is a histogram without native buckets; read `{name}_bucket`, `{name}_sum` or `{name}_count`"
            )),
            _ => None,
        };
    }
    let (stem, suffix) = ["_bucket", "_sum", "_count"]
        .iter()
        .find_map(|suffix| Some((name.strip_suffix(suffix)?, *suffix)))?;
    let (metric, _) = lock.exposed(stem)?;
    let kind = match metric.metric_type {
        MetricType::Histogram => "native histogram without classic buckets",
        other => other.as_str(),
    };
    Some(format!("`{stem}` is a {kind} and has no `{suffix}`"))
}
