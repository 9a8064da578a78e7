//! What a program measures: every declared metric, touched or not.

mod dashboard;
mod json;
mod markdown;
mod rules;

use crate::{
    descriptor::{Descriptor, Kind, Label},
    family::SeriesSet,
    function::{Judged, objectives},
    layout::Layout,
    registry::Registry,
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
    /// What objectives are judged by.
    judged: Vec<Judged>,
}

/// A metric of a [`Catalog`].
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct CatalogEntry {
    /// The name.
    pub name: String,
    /// The type.
    pub kind: Kind,
    /// The help text.
    pub help: String,
    /// The unit, where one was declared.
    pub unit: Option<String>,
    /// The labels in the order of the page.
    pub labels: Vec<CatalogLabel>,
    /// The bounds of a histogram's buckets, without `+Inf`.
    pub buckets: Vec<f64>,
    /// The name of the objective that is judged by the metric.
    pub objective: Option<String>,
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
    /// How many distinct strings are kept, for a capped label.
    pub limit: Option<usize>,
}

/// Every metric that macros have declared, whether it was touched or not, and what else the global registry holds.
///
/// What contradicts another declaration is not in it but in [`Registry::verify`].
pub fn catalog() -> Catalog {
    Registry::global().catalog()
}

impl Registry {
    /// The metrics of this registry, with their definitions; see [`catalog()`] for the global one.
    pub fn catalog(&self) -> Catalog {
        self.declare();
        let sets = self.definitions();
        Catalog { metrics: sets.iter().map(|set| CatalogEntry::of(set)).collect(), judged: objectives(self) }
    }
}

impl Catalog {
    /// The catalogue as JSON: an array of objects, one for each metric.
    pub fn to_json(&self) -> String {
        json::write(self)
    }

    /// The catalogue as a table of Markdown.
    pub fn to_markdown(&self) -> String {
        markdown::write(self)
    }

    /// A dashboard for Grafana with this title: a row for each first word of the names (`http`, `function`, a group's
    /// namespace) and a panel for each metric. Its data source has the uid `prometheus`.
    ///
    /// ```
    /// use metrics_core::{Counter, Definition, Registry};
    ///
    /// let registry = Registry::new();
    /// let _jobs: Counter = registry.register(&Definition::new("jobs_total", "Jobs."))?;
    /// let dashboard = registry.catalog().to_grafana_dashboard("Jobs");
    /// assert!(dashboard.contains(r#""expr":"sum (rate(jobs_total[$__rate_interval]))""#));
    /// # Ok::<(), metrics_core::RegistrationError>(())
    /// ```
    pub fn to_grafana_dashboard(&self, title: &str) -> String {
        dashboard::write(self, title)
    }

    /// Rules for Prometheus, in YAML: for each `objective(…)` of a function the recordings of its errors and of its budget,
    /// and alerts when the budget is burnt too fast, by several windows at once.
    ///
    /// Calls that ended `error` or `panicked` are errors; those that were `cancelled` are left out. Where the objective has a
    /// latency, there is a second indicator for it.
    ///
    /// ```
    /// use metrics_core::{catalog, observed};
    ///
    /// #[observed(objective(name = "search", success = 99.9))]
    /// fn search() -> Result<(), ()> { Ok(()) }
    ///
    /// let rules = catalog().to_prometheus_rules();
    /// assert!(rules.contains("- record: slo:sli_error:ratio_rate5m\n"));
    /// assert!(rules.contains(r#"slo:sli_error:ratio_rate1h{objective="search",indicator="errors"} > (14.4 * 0.001)"#));
    /// # search();
    /// ```
    pub fn to_prometheus_rules(&self) -> String {
        rules::write(&self.judged)
    }
}

impl CatalogEntry {
    fn of(set: &SeriesSet) -> Self {
        let descriptor: &Descriptor = set.descriptor();
        let buckets = match set.layout() {
            Layout::Histogram(buckets) => buckets.bounds().to_vec(),
            _ => Vec::new(),
        };
        let mut labels: Vec<_> = descriptor.labels.iter().map(CatalogLabel::of).collect();
        if let Layout::StateSet(states) = set.layout() {
            labels.push(CatalogLabel { name: descriptor.name.clone(), values: states.values(), limit: None });
        }
        Self {
            name: descriptor.name.clone(),
            kind: descriptor.kind,
            help: descriptor.help.clone().into_owned(),
            unit: descriptor.unit.map(str::to_owned),
            labels,
            buckets,
            objective: descriptor.objective.map(|objective| objective.name.to_owned()),
            file: descriptor.location.file.to_owned(),
            line: descriptor.location.line,
        }
    }
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
