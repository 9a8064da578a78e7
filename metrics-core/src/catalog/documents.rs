//! A registry's catalogue, and the documents that are made of it.

use super::{
    dashboard,
    entry::{Catalog, CatalogEntry},
    json, markdown,
    objectives::objectives,
    rules,
};
use crate::registry::Registry;

/// Every metric that macros have declared, whether it was touched or not, and what else the global registry holds.
///
/// What contradicts another declaration is not among its metrics but among its conflicts.
pub fn catalog() -> Catalog {
    Registry::global().catalog()
}

impl Registry {
    /// The metrics of this registry, with their definitions; see [`catalog()`] for the global one.
    pub fn catalog(&self) -> Catalog {
        self.declare();
        let sets = self.definitions();
        let mut metrics: Vec<_> = sets.iter().map(|set| CatalogEntry::of(set)).collect();
        metrics.extend(self.foreign_fields().snapshot().iter().map(CatalogEntry::of_foreign));
        metrics.sort_by(|one, other| one.name.cmp(&other.name));
        Catalog { metrics, conflicts: self.registration_errors(), objective_metrics: objectives(self) }
    }
}

impl Catalog {
    /// The catalogue as JSON: an object with the arrays `metrics` and `conflicts`.
    pub fn to_json(&self) -> String {
        json::write(self)
    }

    /// The catalogue as a table of Markdown, followed by one of the conflicts where there are some.
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
        rules::write(&self.objective_metrics)
    }
}
