//! A registry's catalogue, and the documents that are made of it.

use super::{
    builtin_entries::builtin_entries,
    collector_entries::collector_entries,
    dashboard,
    entry::{Catalog, CatalogEntry},
    json, markdown,
    objectives::objectives,
    rules,
};
use crate::registry::Registry;

/// Returns all metrics of the global registry: those that macros declare, used or not, those that were registered at run time, and
/// those of the library itself and of the process.
///
/// A declaration that contradicts another is listed as a conflict and not as a metric.
///
/// The linker collects the declarations of macros. A second binary of a package, such as one that writes documents, links the
/// package's library only if it refers to it. Without a reference the catalogue has none of the library's metrics, and the
/// documents say so. Refer to the library by `use my_service as _;`:
///
/// ```
/// # /*
/// use my_service as _;
/// # */
/// use metrics_core::{catalog, counted};
///
/// # #[counted]
/// # fn main() {
/// print!("{}", catalog().to_markdown());
/// # assert!(catalog().metrics.iter().any(|metric| metric.name == "function_calls_total"));
/// # assert!(catalog().metrics.iter().any(|metric| metric.name == "metrics_scrapes_total"));
/// # }
/// ```
pub fn catalog() -> Catalog {
    Registry::global().catalog()
}

impl Registry {
    /// Returns the metrics of this registry with their definitions; see [`catalog()`] for the global registry.
    ///
    /// ```
    /// use metrics_core::{Definition, Histogram, MetricType, Registry};
    ///
    /// let registry = Registry::new();
    /// let definition = Definition::new("job_duration_seconds", "Duration of jobs in seconds.").buckets(&[0.1, 1.0]);
    /// let _jobs: Histogram = registry.register(&definition)?;
    /// let catalog = registry.catalog();
    /// assert_eq!(catalog.metrics[0].metric_type, MetricType::Histogram);
    /// assert_eq!(catalog.metrics[0].buckets, [0.1, 1.0]);
    /// # Ok::<(), metrics_core::RegistrationError>(())
    /// ```
    pub fn catalog(&self) -> Catalog {
        self.declare();
        let sets = self.definitions();
        let mut metrics: Vec<_> = sets.iter().map(|set| CatalogEntry::of(set)).collect();
        metrics.extend(self.foreign_fields().snapshot().iter().map(CatalogEntry::of_foreign));
        metrics.extend(builtin_entries(self, &sets));
        metrics.extend(collector_entries(self, &metrics));
        metrics.sort_by(|one, other| one.name.cmp(&other.name));
        let advice =
            (self.is_global() && metrics.iter().all(|metric| metric.is_own)).then_some(NOTHING_DECLARED);
        Catalog {
            metrics,
            conflicts: self.registration_errors(),
            objective_metrics: objectives(self),
            advice,
        }
    }
}

/// Advice in the documents of a program that declares nothing.
const NOTHING_DECLARED: &str = "This program declares no metrics. If its library does, it is not linked into this binary: refer to \
    it, for example by `use my_service as _;`.";

impl Catalog {
    /// Returns advice for a program that declares nothing.
    pub(crate) const fn advice(&self) -> Option<&'static str> {
        self.advice
    }

    /// Returns the catalogue as JSON: an object with the arrays `metrics` and `conflicts`, and the text `advice` if the program
    /// declares nothing.
    ///
    /// ```
    /// use metrics_core::{Counter, Definition, Registry};
    ///
    /// let registry = Registry::new();
    /// let _jobs: Counter = registry.register(&Definition::new("jobs_total", "Number of jobs."))?;
    /// assert!(registry.catalog().to_json().starts_with(r#"{"metrics":[{"name":"jobs_total","type":"counter","#));
    /// # Ok::<(), metrics_core::RegistrationError>(())
    /// ```
    pub fn to_json(&self) -> String {
        json::write(self)
    }

    /// Returns the catalogue as a table of Markdown, followed by a table of the conflicts if there are any.
    ///
    /// ```
    /// use metrics_core::{Counter, Definition, Registry};
    ///
    /// let registry = Registry::new();
    /// let _jobs: Counter = registry.register(&Definition::new("jobs_total", "Number of jobs."))?;
    /// assert!(registry.catalog().to_markdown().contains("| `jobs_total` | counter |  | Number of jobs. |"));
    /// # Ok::<(), metrics_core::RegistrationError>(())
    /// ```
    pub fn to_markdown(&self) -> String {
        markdown::write(self)
    }

    /// Returns a dashboard for Grafana as JSON, with this title. It has a row for each first word of the metrics' names (`http`,
    /// `function`, a group's namespace) and a panel for each metric. Its variables select the data source, jobs and instances.
    ///
    /// ```
    /// use metrics_core::{Counter, Definition, Registry};
    ///
    /// let registry = Registry::new();
    /// let _jobs: Counter = registry.register(&Definition::new("jobs_total", "Jobs."))?;
    /// let dashboard = registry.catalog().to_grafana_dashboard("Jobs");
    /// assert!(dashboard.contains(r#""expr":"sum (rate(jobs_total{job=~\"$job\", instance=~\"$instance\"}[$__rate_interval]))""#));
    /// # Ok::<(), metrics_core::RegistrationError>(())
    /// ```
    pub fn to_grafana_dashboard(&self, title: &str) -> String {
        dashboard::write(self, title)
    }

    /// Returns rules for Prometheus as YAML. For each `objective(…)` of a function there are recordings of its error ratio and its
    /// budget, and alerts over several windows for a budget that is burnt too fast.
    ///
    /// Calls that ended `error` or `panicked` are errors; those that were `cancelled` are not counted. An objective with a latency
    /// has a second indicator.
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
        rules::write(&self.objective_metrics, self.advice)
    }
}
