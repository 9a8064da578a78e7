//! Contents of a lock file.

use std::collections::{BTreeMap, BTreeSet};

use crate::{
    catalog::{Catalog, CatalogEntry, CatalogLabel},
    model::MetricType,
};

/// Metrics of a program as they are promised to its readers, by name.
///
/// Help texts, files and lines are no part of it: they break no reader.
#[derive(Clone, Debug, Default, PartialEq)]
#[non_exhaustive]
pub struct Lock {
    /// The metrics by name.
    pub metrics: BTreeMap<String, LockedMetric>,
}

/// A metric of a [`Lock`].
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct LockedMetric {
    /// The type.
    pub metric_type: MetricType,
    /// The unit, where one was declared.
    pub unit: Option<String>,
    /// The labels by name, without `le` and `quantile`.
    pub labels: BTreeMap<String, LabelDomain>,
    /// The bounds of a histogram's buckets in ascending order, without `+Inf`.
    pub buckets: Vec<f64>,
    /// Set for a histogram with native buckets.
    pub native: bool,
    /// Names of the objectives that are evaluated by the metric.
    pub objectives: BTreeSet<String>,
    /// Former name under which the metric is exposed as well.
    pub renamed_from: Option<String>,
}

/// Values that a label can have.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum LabelDomain {
    /// One of these. The empty string stands for series without the label.
    Values(BTreeSet<String>),
    /// Strings, of which this number is kept apart.
    Limited(usize),
    /// Any string.
    Any,
}

impl LockedMetric {
    /// Creates a metric of this type without labels.
    ///
    /// ```
    /// use metrics_core::{MetricType, testing::lock::LockedMetric};
    ///
    /// assert!(LockedMetric::new(MetricType::Counter).labels.is_empty());
    /// ```
    pub const fn new(metric_type: MetricType) -> Self {
        Self {
            metric_type,
            unit: None,
            labels: BTreeMap::new(),
            buckets: Vec::new(),
            native: false,
            objectives: BTreeSet::new(),
            renamed_from: None,
        }
    }

    fn of(entry: &CatalogEntry) -> Self {
        let domain = |label: &CatalogLabel| match label.limit {
            Some(limit) => LabelDomain::Limited(limit),
            // Facts such as the commit change with every build.
            None if entry.metric_type == MetricType::Info || label.values.is_empty() => LabelDomain::Any,
            None => LabelDomain::Values(label.values.iter().cloned().collect()),
        };
        Self {
            unit: entry.unit.clone(),
            labels: entry.labels.iter().map(|label| (label.name.clone(), domain(label))).collect(),
            buckets: entry.buckets.clone(),
            native: entry.native,
            renamed_from: entry.renamed_from.clone(),
            objectives: entry.objective.iter().cloned().collect(),
            ..Self::new(entry.metric_type)
        }
    }

    /// Adds another declaration of the same family.
    fn merge(&mut self, other: Self) {
        let absent = || LabelDomain::Values(BTreeSet::from([String::new()]));
        for (name, domain) in &mut self.labels {
            if !other.labels.contains_key(name) {
                domain.merge(absent());
            }
        }
        for (name, domain) in other.labels {
            self.labels.entry(name).or_insert_with(absent).merge(domain);
        }
        self.buckets.extend(other.buckets);
        self.buckets.sort_by(f64::total_cmp);
        self.buckets.dedup();
        self.native |= other.native;
        self.objectives.extend(other.objectives);
        self.unit = self.unit.take().or(other.unit);
        self.renamed_from = self.renamed_from.take().or(other.renamed_from);
    }
}

impl LabelDomain {
    /// Returns whether a series can have this value.
    ///
    /// ```
    /// use metrics_core::testing::lock::LabelDomain;
    ///
    /// let methods = LabelDomain::Values(["GET", "POST"].map(String::from).into());
    /// assert!(methods.contains("GET") && !methods.contains("PUT"));
    /// assert!(LabelDomain::Limited(10).contains("PUT"));
    /// ```
    pub fn contains(&self, value: &str) -> bool {
        match self {
            Self::Values(values) => values.contains(value),
            Self::Limited(_) | Self::Any => true,
        }
    }

    fn merge(&mut self, other: Self) {
        match (&mut *self, other) {
            (Self::Values(values), Self::Values(more)) => values.extend(more),
            (Self::Limited(limit), Self::Limited(other)) => *limit = (*limit).max(other),
            (Self::Any, _) | (Self::Limited(_), Self::Values(_)) => {}
            (_, other) => *self = other,
        }
    }
}

impl Lock {
    /// Returns what a catalogue promises. Declarations of one family are one metric.
    ///
    /// ```
    /// use metrics_core::{Counter, Definition, Registry, testing::lock::Lock};
    ///
    /// let registry = Registry::new();
    /// let _jobs: Counter = registry.register(&Definition::new("jobs_total", "Jobs."))?;
    /// let lock = Lock::of(&registry.catalog());
    /// assert!(lock.to_string().ends_with("\n[jobs_total]\ntype = \"counter\"\n"));
    /// # Ok::<(), metrics_core::RegistrationError>(())
    /// ```
    pub fn of(catalog: &Catalog) -> Self {
        let mut metrics: BTreeMap<String, LockedMetric> = BTreeMap::new();
        for entry in &catalog.metrics {
            let metric = LockedMetric::of(entry);
            match metrics.get_mut(&entry.name) {
                Some(known) => known.merge(metric),
                None => {
                    metrics.insert(entry.name.clone(), metric);
                }
            }
        }
        Self { metrics }
    }

    /// Returns the metric that is exposed under a name, and whether that is its former name.
    ///
    /// ```
    /// use metrics_core::testing::lock::Lock;
    ///
    /// let lock: Lock = "version = 1\n[a_total]\ntype = \"counter\"\nrenamed_from = \"b_total\"\n".parse()?;
    /// assert!(lock.exposed("b_total").is_some_and(|(_, is_former)| is_former));
    /// assert!(lock.exposed("c_total").is_none());
    /// # Ok::<(), metrics_core::testing::lock::LockError>(())
    /// ```
    pub fn exposed(&self, name: &str) -> Option<(&LockedMetric, bool)> {
        if let Some(metric) = self.metrics.get(name) {
            return Some((metric, false));
        }
        let mut metrics = self.metrics.values();
        let metric = metrics.find(|metric| metric.renamed_from.as_deref() == Some(name))?;
        Some((metric, true))
    }
}
