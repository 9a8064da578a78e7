//! Series of a family with their values.

/// A series of a family with its value at the time of [`Family::series`](super::Family::series).
///
/// ```
/// use metrics_core::{Counter, Definition, Family, Registry, StatusClass};
///
/// let registry = Registry::new();
/// let definition = Definition::new("responses_total", "Number of responses.");
/// let responses: Family<(StatusClass,), Counter> = registry.register(&definition)?;
/// responses.with((StatusClass::ServerError,)).inc();
/// let series = responses.series();
/// let failed = series.iter().find(|series| series.label("status_class") == Some("5xx")).expect("a finite label");
/// assert_eq!(failed.value, 1);
/// # Ok::<(), metrics_core::RegistrationError>(())
/// ```
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct Series<V> {
    /// Names and values of the labels in the order of the page, without absent labels.
    pub labels: Vec<(String, String)>,
    /// Value of the series.
    pub value: V,
}

impl<V> Series<V> {
    /// Returns the value of a label, if the series has it.
    pub fn label(&self, name: &str) -> Option<&str> {
        self.labels.iter().find(|(label, _)| label == name).map(|(_, value)| value.as_str())
    }
}
