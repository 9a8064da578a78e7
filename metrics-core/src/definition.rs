//! Definitions made at run time: what a derive or an attribute writes down while compiling, as a value.

use std::{borrow::Cow, panic::Location as Caller};

use crate::{
    buckets::{Buckets, DEFAULT_BUCKETS},
    descriptor::{Descriptor, Kind, Label, Location},
    label::Dimension,
    name::Rejection,
    registry::RegistrationError,
};

/// The definition of a metric: its name and help, and what else there is to say.
///
/// ```
/// use metrics_core::{Counter, Definition, Registry};
///
/// let registry = Registry::new();
/// let definition = Definition::new("app_jobs_total", "Jobs that ended.").label("queue", "mail");
/// let jobs: Counter = registry.register(&definition)?;
/// jobs.inc();
/// assert!(registry.text().contains("app_jobs_total{queue=\"mail\"} 1\n"));
/// # Ok::<(), metrics_core::RegistrationError>(())
/// ```
#[derive(Clone, Debug)]
pub struct Definition {
    name: String,
    help: Cow<'static, str>,
    unit: Option<&'static str>,
    labels: Vec<(Cow<'static, str>, Cow<'static, str>)>,
    buckets: Option<Cow<'static, [f64]>>,
    location: Location,
}

impl Definition {
    /// A definition with a name and a help text, declared where this is called.
    #[track_caller]
    pub fn new(name: impl Into<String>, help: impl Into<Cow<'static, str>>) -> Self {
        let caller = Caller::caller();
        let location = Location { file: caller.file(), line: caller.line() };
        Self { name: name.into(), help: help.into(), unit: None, labels: Vec::new(), buckets: None, location }
    }

    /// The unit, which ends the name: `seconds`, `bytes`.
    pub const fn unit(mut self, unit: &'static str) -> Self {
        self.unit = Some(unit);
        self
    }

    /// Adds a label that is the same in all series.
    pub fn label(mut self, name: impl Into<Cow<'static, str>>, value: impl Into<Cow<'static, str>>) -> Self {
        self.labels.push((name.into(), value.into()));
        self
    }

    /// The upper bounds of a histogram's buckets, increasing, without `+Inf`.
    pub fn buckets(mut self, bounds: &[f64]) -> Self {
        self.buckets = Some(bounds.to_vec().into());
        self
    }

    /// Another place of declaration.
    pub(crate) const fn at(mut self, location: Location) -> Self {
        self.location = location;
        self
    }

    /// The same definition with default buckets.
    pub(crate) fn without_buckets(&self) -> Self {
        Self { buckets: None, ..self.clone() }
    }

    /// The error for a definition that is illegal by itself.
    pub(crate) fn illegal(&self, rejection: Rejection) -> RegistrationError {
        RegistrationError::illegal(&self.name, self.location, rejection)
    }

    /// For metrics that have no buckets.
    pub(crate) fn refuse_buckets(&self) -> Result<(), Rejection> {
        match self.buckets {
            Some(_) => Err(Rejection::new(&self.name, "only a histogram has buckets")),
            None => Ok(()),
        }
    }

    pub(crate) fn histogram_buckets(&self) -> Result<Buckets, Rejection> {
        let durations = self.unit == Some("seconds") || self.name.ends_with("_seconds");
        Buckets::new(self.buckets.as_deref().unwrap_or(DEFAULT_BUCKETS), durations)
    }

    /// The descriptor of a metric with this definition, the constant labels before the variable ones.
    pub(crate) fn descriptor(&self, kind: Kind, dimensions: &[Dimension]) -> Descriptor {
        let constants = self
            .labels
            .iter()
            .map(|(name, value)| Label::Constant { name: name.clone(), value: value.clone() });
        let labels = constants.chain(dimensions.iter().copied().map(Label::Variable)).collect();
        Descriptor {
            name: self.name.clone(),
            help: self.help.clone(),
            unit: self.unit,
            kind,
            labels,
            location: self.location,
            objective: None,
        }
    }
}
