//! Constant labels of a registry, which all of its series have.

use super::{handle::Registry, registry_labels::ConstantLabelsError};
use crate::label::escape;

impl Registry {
    /// Sets labels that all series of this registry have, such as the region or the name of the service.
    ///
    /// Set them once, before a metric is registered or a page is made: for the global registry at the start of `main`. They
    /// precede the other labels. A metric with a label of the same name keeps its own. Collectors that are registered here and
    /// the metrics of the process have them too; the metrics of `prometheus::default_registry()` do not. For the name of the
    /// service, [`service_name`](crate::service_name) reads the environment.
    ///
    /// # Errors
    ///
    /// Returns an error if a name is illegal or repeated, or if the registry has been used.
    ///
    /// ```
    /// use metrics_core::{Counter, Definition, Registry};
    ///
    /// let registry = Registry::new();
    /// registry.constant_labels([("service", "arena"), ("region", "eu")])?;
    /// let jobs: Counter = registry.register(&Definition::new("jobs_total", "Jobs that ended."))?;
    /// jobs.inc();
    /// assert!(registry.text().contains("jobs_total{service=\"arena\",region=\"eu\"} 1\n"));
    /// assert!(registry.constant_labels([("region", "us")]).is_err());
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn constant_labels<N: Into<String>, V: Into<String>>(
        &self,
        labels: impl IntoIterator<Item = (N, V)>,
    ) -> Result<(), ConstantLabelsError> {
        self.labels().set(labels.into_iter().map(|(name, value)| (name.into(), value.into())).collect())
    }

    /// Returns the constant labels of the registry.
    pub(crate) fn label_pairs(&self) -> &[(String, String)] {
        self.labels().get()
    }

    /// Returns the constant labels in the syntax of the text formats, each followed by a comma.
    pub(crate) fn label_text(&self) -> String {
        self.label_pairs().iter().fold(String::new(), |mut text, (name, value)| {
            text.push_str(name);
            text.push_str("=\"");
            escape(&mut text, value);
            text.push_str("\",");
            text
        })
    }
}
