//! Catalogue of a registry: its metrics with their definitions.

use super::objectives::ObjectiveMetric;
use crate::{
    model::{Descriptor, Label, Layout, MetricType, RegistrationError},
    registry::ForeignField,
    series::SeriesSet,
};

/// The metrics of a registry, by name.
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
    /// The metrics by name; a name is there once for each set of constant labels.
    pub metrics: Vec<CatalogEntry>,
    /// The registrations that failed, as [`Registry::registration_errors`](crate::Registry::registration_errors) has them: empty where all is well.
    pub conflicts: Vec<RegistrationError>,
    /// Metrics that objectives are evaluated by.
    pub(super) objective_metrics: Vec<ObjectiveMetric>,
    /// Advice for the reader of a document without a metric of the program.
    pub(super) advice: Option<&'static str>,
}

/// A metric of a [`Catalog`].
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct CatalogEntry {
    /// The name.
    pub name: String,
    /// The type.
    pub metric_type: MetricType,
    /// The help text.
    pub help: String,
    /// The unit, where one was declared.
    pub unit: Option<String>,
    /// The labels in the order of the page.
    pub labels: Vec<CatalogLabel>,
    /// The bounds of a histogram's buckets, without `+Inf`.
    pub buckets: Vec<f64>,
    /// Set for a histogram with native buckets.
    pub native: bool,
    /// The name of the objective that is evaluated by the metric.
    pub objective: Option<String>,
    /// The crate that declares it, where a macro does.
    pub crate_name: Option<String>,
    /// The module, with its crate, where a macro does.
    pub module: Option<String>,
    /// The source file.
    pub file: String,
    /// The line in it.
    pub line: u32,
}

/// A label of a metric of a [`Catalog`].
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct CatalogLabel {
    /// The name.
    pub name: String,
    /// The values that it can have; none where they are strings.
    pub values: Vec<String>,
    /// Limit of distinct strings of a capped label.
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

    /// A field of the `prometheus` crate's types, of whose labels only the names are known.
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
            objective: descriptor.objective.map(|objective| objective.name.to_owned()),
            crate_name: named(descriptor.module.split("::").next().unwrap_or_default()),
            module: named(descriptor.module),
            file: descriptor.location.file.to_owned(),
            line: descriptor.location.line,
        }
    }
}

/// A name, unless it is empty.
fn named(name: &str) -> Option<String> {
    (!name.is_empty()).then(|| name.to_owned())
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
