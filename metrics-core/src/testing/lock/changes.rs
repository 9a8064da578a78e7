//! Comparison of two locks.

use std::collections::{BTreeMap, BTreeSet};

use super::{
    change::{Change, ChangeKind},
    model::{LabelDomain, Lock, LockedMetric},
};

impl Lock {
    /// Returns the changes from this lock to a newer one, sorted by metric.
    ///
    /// ```
    /// use metrics_core::testing::lock::Lock;
    ///
    /// let old: Lock = "version = 1\n[jobs_total]\ntype = \"counter\"\n".parse()?;
    /// let changes = old.changes_to(&Lock::default());
    /// assert!(changes[0].is_breaking());
    /// assert_eq!(changes[0].to_string(), "jobs_total: the metric is removed");
    /// # Ok::<(), metrics_core::testing::lock::LockError>(())
    /// ```
    pub fn changes_to(&self, new: &Self) -> Vec<Change> {
        let mut changes = Vec::new();
        for (name, before) in &self.metrics {
            changes_of_metric(&mut changes, self, new, name, before);
        }
        for (name, metric) in &new.metrics {
            // A new name of a known metric is told with the old one.
            let former = metric.renamed_from.as_deref();
            let is_known = |name| self.exposed(name).is_some();
            if !is_known(name) && !former.is_some_and(is_known) {
                changes.push(Change { metric: name.clone(), kind: ChangeKind::MetricAdded });
            }
        }
        changes.sort_by(|one, other| one.metric.cmp(&other.metric));
        changes
    }

    /// Returns the name of a new metric that is equal to a removed one.
    fn likely_new_name(&self, new: &Self, removed: &LockedMetric) -> Option<String> {
        let equal = |(name, metric): &(&String, &LockedMetric)| {
            self.exposed(name).is_none()
                && metric.metric_type == removed.metric_type
                && metric.labels == removed.labels
        };
        let mut candidates = new.metrics.iter().filter(equal);
        let (name, _) = candidates.next()?;
        candidates.next().is_none().then(|| name.clone())
    }
}

/// Adds the changes of one metric of the older lock.
fn changes_of_metric(changes: &mut Vec<Change>, old: &Lock, new: &Lock, name: &str, before: &LockedMetric) {
    let mut push = |kind| changes.push(Change { metric: name.to_owned(), kind });
    let Some((now, is_former)) = new.exposed(name) else {
        push(ChangeKind::MetricRemoved { likely_new_name: old.likely_new_name(new, before) });
        if let Some(former) = &before.renamed_from
            && new.exposed(former).is_none()
        {
            push(ChangeKind::FormerNameRemoved { former_name: former.clone() });
        }
        return;
    };
    if is_former {
        let new_name = new.metrics.iter().find(|(_, metric)| std::ptr::eq(*metric, now));
        push(ChangeKind::MetricRenamed {
            new_name: new_name.map_or_else(String::new, |(name, _)| name.clone()),
        });
    } else if let Some(former) = &now.renamed_from
        && old.exposed(former).is_none()
    {
        push(ChangeKind::FormerNameAdded { former_name: former.clone() });
    }
    if let Some(former) = &before.renamed_from
        && new.exposed(former).is_none()
    {
        push(ChangeKind::FormerNameRemoved { former_name: former.clone() });
    }
    if before.metric_type != now.metric_type {
        push(ChangeKind::TypeChanged { before: before.metric_type, now: now.metric_type });
    }
    if before.unit != now.unit {
        push(ChangeKind::UnitChanged { before: before.unit.clone(), now: now.unit.clone() });
    }
    changes_of_labels(&before.labels, &now.labels).into_iter().for_each(&mut push);
    changes_of_buckets(before, now).into_iter().for_each(&mut push);
    for objective in before.objectives.difference(&now.objectives) {
        push(ChangeKind::ObjectiveRemoved { objective: objective.clone() });
    }
    for objective in now.objectives.difference(&before.objectives) {
        push(ChangeKind::ObjectiveAdded { objective: objective.clone() });
    }
}

fn changes_of_labels(
    before: &BTreeMap<String, LabelDomain>,
    now: &BTreeMap<String, LabelDomain>,
) -> Vec<ChangeKind> {
    let mut changes = Vec::new();
    for (label, domain) in before {
        match now.get(label) {
            Some(now) => changes_of_domain(&mut changes, label, domain, now),
            None => changes.push(ChangeKind::LabelRemoved { label: label.clone() }),
        }
    }
    for (label, domain) in now.iter().filter(|(label, _)| !before.contains_key(*label)) {
        let is_optional = matches!(domain, LabelDomain::Values(values) if values.contains(""));
        changes.push(ChangeKind::LabelAdded { label: label.clone(), is_optional });
    }
    changes
}

fn changes_of_domain(changes: &mut Vec<ChangeKind>, label: &str, before: &LabelDomain, now: &LabelDomain) {
    let label = || label.to_owned();
    let is_narrower = match (before, now) {
        (LabelDomain::Values(before), LabelDomain::Values(now)) => {
            let difference =
                |one: &BTreeSet<String>, other| one.difference(other).cloned().collect::<Vec<_>>();
            let removed = difference(before, now).into_iter();
            changes.extend(removed.map(|value| ChangeKind::ValueRemoved { label: label(), value }));
            let added = difference(now, before).into_iter();
            changes.extend(added.map(|value| ChangeKind::ValueAdded { label: label(), value }));
            return;
        }
        (LabelDomain::Limited(before), LabelDomain::Limited(now)) if before == now => return,
        (LabelDomain::Any, LabelDomain::Any) => return,
        (LabelDomain::Limited(before), LabelDomain::Limited(now)) => now < before,
        (_, LabelDomain::Values(_)) | (LabelDomain::Any, LabelDomain::Limited(_)) => true,
        (LabelDomain::Values(_) | LabelDomain::Limited(_), LabelDomain::Limited(_) | LabelDomain::Any) => {
            false
        }
    };
    changes.push(if is_narrower {
        ChangeKind::DomainNarrowed { label: label() }
    } else {
        ChangeKind::DomainWidened { label: label() }
    });
}

fn changes_of_buckets(before: &LockedMetric, now: &LockedMetric) -> Vec<ChangeKind> {
    let mut changes = Vec::new();
    let without = |bounds: &[f64], others: &[f64]| -> Vec<f64> {
        let is_missing =
            |bound: &f64| others.iter().all(|other| other.total_cmp(bound) != std::cmp::Ordering::Equal);
        bounds.iter().copied().filter(is_missing).collect()
    };
    let removed = without(&before.buckets, &now.buckets).into_iter();
    changes.extend(removed.map(|bound| ChangeKind::BucketRemoved { bound }));
    let added = without(&now.buckets, &before.buckets).into_iter();
    changes.extend(added.map(|bound| ChangeKind::BucketAdded { bound }));
    match (before.native, now.native) {
        (true, false) => changes.push(ChangeKind::NativeRemoved),
        (false, true) => changes.push(ChangeKind::NativeAdded),
        (true, true) | (false, false) => {}
    }
    changes
}
