//! Catalogue of a registry: its metrics with their definitions.

use super::{objectives::ObjectiveMetric, package_path::in_package};
use crate::{
    model::{Descriptor, Label, Layout, MetricType, RegistrationError},
    registry::ForeignField,
    series::SeriesSet,
};

/// Metrics of a registry with their definitions, of [`catalog()`](crate::catalog()) or [`Registry::catalog`](crate::Registry::catalog).
///
/// ```
/// use metrics_core::{Definition, Gauge, Registry};
///
/// let registry = Registry::new();
/// let _players: Gauge = registry.register(&Definition::new("players", "Players online."))?;
/// let catalog = registry.catalog();
/// assert!(catalog.to_markdown().contains("| `players` | gauge |  | Players online. |"));
/// assert_eq!(catalog.metrics[0].name, "players");
/// # Ok::<(), metrics_core::RegistrationError>(())
/// ```
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct Catalog {
    /// Metrics in the order of their names, with an entry for each set of constant labels.
    pub metrics: Vec<CatalogEntry>,
    /// Failed registrations, which [`Registry::registration_errors`](crate::Registry::registration_errors) lists too.
    pub conflicts: Vec<RegistrationError>,
    /// Metrics by which objectives are evaluated.
    pub(super) objective_metrics: Vec<ObjectiveMetric>,
    /// Advice for the documents of a program that declares no metrics.
    pub(super) advice: Option<&'static str>,
}

/// A metric of a [`Catalog`].
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct CatalogEntry {
    /// Name of the family.
    pub name: String,
    /// Type.
    pub metric_type: MetricType,
    /// Help text.
    pub help: String,
    /// Unit, if one was declared.
    pub unit: Option<String>,
    /// Labels in the order of the page.
    pub labels: Vec<CatalogLabel>,
    /// Upper bounds of a histogram's buckets, without `+Inf`.
    pub buckets: Vec<f64>,
    /// Set for a histogram with native buckets.
    pub native: bool,
    /// Former name under which the metric is exposed as well.
    pub renamed_from: Option<String>,
    /// Name of the objective that is evaluated by this metric.
    pub objective: Option<String>,
    /// Crate that declares the metric, if a macro does.
    pub crate_name: Option<String>,
    /// Path of the module that declares the metric, if a macro does.
    pub module: Option<String>,
    /// Source file of the declaration, from its package's folder.
    pub file: String,
    /// Line in that file, from 1.
    pub line: u32,
    /// Set for a metric that this crate declares.
    pub(super) is_own: bool,
}

/// A label of a metric of a [`Catalog`].
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct CatalogLabel {
    /// Name of the label.
    pub name: String,
    /// Values that the label can have; empty for a label of strings.
    pub values: Vec<String>,
    /// Number of distinct strings that a capped label keeps.
    pub limit: Option<usize>,
}

impl CatalogEntry {
    pub(super) fn of(set: &SeriesSet) -> Self {
        let descriptor: &Descriptor = set.descriptor();
        let buckets = if let Layout::Histogram(buckets) = set.layout() { buckets.bounds() } else { &[] };
        let mut entry = Self::new(descriptor, buckets.to_vec());
        entry.native = matches!(set.layout(), Layout::Histogram(buckets) if buckets.native().is_some());
        if let Layout::StateSet(states) = set.layout() {
            let name = descriptor.name.clone();
            entry.labels.push(CatalogLabel { name, values: states.values(), limit: None });
        }
        entry
    }

    /// Creates the entry of a field of a `prometheus` type. The values of its labels are unknown.
    pub(super) fn of_foreign(field: &ForeignField) -> Self {
        let mut entry = Self::new(&field.descriptor, field.buckets.clone());
        let label = |name: &&str| CatalogLabel { name: (*name).to_owned(), values: Vec::new(), limit: None };
        entry.labels.extend(field.label_names.iter().map(label));
        entry
    }

    fn new(descriptor: &Descriptor, buckets: Vec<f64>) -> Self {
        Self {
            name: descriptor.name.clone(),
            metric_type: descriptor.metric_type,
            help: descriptor.help.clone().into_owned(),
            unit: descriptor.unit.map(str::to_owned),
            labels: descriptor.labels.iter().map(CatalogLabel::of).collect(),
            buckets,
            native: false,
            renamed_from: descriptor.renamed_from.as_deref().map(str::to_owned),
            objective: descriptor.objective.map(|objective| objective.name.to_owned()),
            crate_name: named(descriptor.module.split("::").next().unwrap_or_default()),
            module: named(descriptor.module),
            file: in_package(descriptor.location.file),
            is_own: is_own(descriptor.location.file),
            line: descriptor.location.line,
        }
    }
}

/// Returns a name, unless it is empty.
fn named(name: &str) -> Option<String> {
    (!name.is_empty()).then(|| name.to_owned())
}

/// Returns whether a source file is one of this crate's.
fn is_own(file: &str) -> bool {
    let sources = file!().len() - "catalog/entry.rs".len();
    file!().get(..sources).is_some_and(|sources| file.starts_with(sources))
}

impl CatalogLabel {
    fn of(label: &Label) -> Self {
        let name = label.name().to_owned();
        match label {
            Label::Constant { value, .. } => Self { name, values: vec![value.to_string()], limit: None },
            Label::Variable(dimension) if dimension.limit().is_some() => {
                Self { name, values: Vec::new(), limit: dimension.limit() }
            }
            Label::Variable(dimension) => {
                let values = (0..dimension.size()).filter_map(|at| dimension.value_at(at)).map(str::to_owned);
                Self { name, values: values.collect(), limit: None }
            }
        }
    }
}
