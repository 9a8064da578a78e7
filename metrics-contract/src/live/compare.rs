//! Comparison of a page with a lock.

use std::collections::{BTreeMap, BTreeSet};

use metrics_core::{
    MetricType,
    testing::lock::{LabelDomain, Lock, LockedMetric},
};

use super::page::{PageFamily, families};

/// Labels that a type adds to its samples.
const OF_TYPES: [&str; 2] = ["le", "quantile"];

/// Returns how a page in the text format differs from a lock: metrics that are missing, unexpected or of another type, labels, and
/// values outside of a list.
///
/// ```
/// use metrics_contract::page_differences;
///
/// let lock = "version = 1\n[jobs]\ntype = \"gauge\"\nlabels.queue = [\"mail\"]\n".parse()?;
/// let page = "# TYPE jobs gauge\njobs{queue=\"print\"} 1\n";
/// assert_eq!(page_differences(&lock, page), ["jobs: the label `queue` has the value \"print\", which the lock does not list"]);
/// # Ok::<(), metrics_core::testing::lock::LockError>(())
/// ```
pub fn page_differences(lock: &Lock, page: &str) -> Vec<String> {
    let families = families(page);
    let mut differences = BTreeSet::new();
    let mut expected = BTreeSet::new();
    for (name, metric) in &lock.metrics {
        for exposed in std::iter::once(name).chain(&metric.renamed_from) {
            // In OpenMetrics a family's name is without these.
            let stems = [exposed.strip_suffix("_total"), exposed.strip_suffix("_info")];
            let stems = stems.into_iter().flatten().filter(|stem| !lock.metrics.contains_key(*stem));
            let mut names = std::iter::once(exposed.as_str()).chain(stems);
            match names.find_map(|name| Some((name, families.get(name)?))) {
                Some((name, family)) => {
                    expected.insert(name);
                    compare(&mut differences, exposed, metric, family);
                }
                None => {
                    differences.insert(format!("{exposed}: the page does not have it"));
                }
            }
        }
    }
    for name in families.keys().filter(|name| !expected.contains(name.as_str())) {
        differences.insert(format!("{name}: the lock does not have it"));
    }
    differences.into_iter().collect()
}

fn compare(differences: &mut BTreeSet<String>, name: &str, metric: &LockedMetric, family: &PageFamily) {
    if let Some(kind) = &family.kind
        && kind != metric.metric_type.as_str()
        && kind != metric.metric_type.classic()
    {
        differences.insert(format!(
            "{name}: it is a {kind} on the page and a {} in the lock",
            metric.metric_type.as_str()
        ));
    }
    for (_, labels) in &family.samples {
        let labels: BTreeMap<&str, &str> =
            labels.iter().map(|(label, value)| (label.as_str(), value.as_str())).collect();
        for (label, value) in &labels {
            match metric.labels.get(*label) {
                Some(LabelDomain::Values(values)) if !values.contains(*value) => {
                    differences.insert(format!(
                        "{name}: the label `{label}` has the value {value:?}, which the lock does not list"
                    ));
                }
                None if !OF_TYPES.contains(label) || !has_own_labels(metric.metric_type) => {
                    differences.insert(format!("{name}: the label `{label}` is not in the lock"));
                }
                Some(_) | None => {}
            }
        }
        let is_missing = |(label, domain): &(&String, &LabelDomain)| {
            !labels.contains_key(label.as_str()) && !domain.contains("")
        };
        for (label, _) in metric.labels.iter().filter(is_missing) {
            differences.insert(format!("{name}: series without the label `{label}`"));
        }
    }
}

const fn has_own_labels(kind: MetricType) -> bool {
    matches!(kind, MetricType::Histogram | MetricType::Summary)
}
