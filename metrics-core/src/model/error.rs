//! Errors of registration.

use std::{error::Error, fmt};

use super::descriptor::Location;
use crate::name::InvalidDefinition;

/// Error of a metric that could not be registered, or not as its declaration says. Its message names the metric and its place of
/// declaration, and for a conflict the other place too.
///
/// ```
/// use metrics_core::{Counter, Definition, Registry};
///
/// let registry = Registry::new();
/// let _jobs: Counter = registry.register(&Definition::new("jobs_total", "Number of jobs."))?;
/// let other = Definition::new("jobs_total", "Number of other jobs.");
/// let error = registry.register::<Counter>(&other).unwrap_err();
/// assert_eq!(error.name(), "jobs_total");
/// assert!(error.conflicts_with().is_some_and(|first| first.line < error.location().line));
/// assert!(error.to_string().contains("has another help text than the one declared at "));
/// # Ok::<(), metrics_core::RegistrationError>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RegistrationError {
    name: String,
    location: Location,
    cause: Cause,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Cause {
    /// A part of the definition is illegal.
    Illegal(InvalidDefinition),
    /// The definition contradicts another one.
    Conflict { what: &'static str, existing: String, with: Location },
    /// Another function has the same labels, so that both record in one series.
    SharedSeries { function: &'static str, with: Location },
    /// The objective has other numbers than one of the same name.
    Objective { objective: &'static str, with: Location },
    /// The latency of the objective is no bucket.
    Latency { objective: &'static str, latency: String, buckets: String },
}

impl RegistrationError {
    pub(crate) fn illegal(name: &str, location: Location, invalid: InvalidDefinition) -> Self {
        Self { name: name.into(), location, cause: Cause::Illegal(invalid) }
    }

    pub(crate) fn conflict(
        name: &str,
        location: Location,
        what: &'static str,
        existing: (&str, Location),
    ) -> Self {
        let cause = Cause::Conflict { what, existing: existing.0.into(), with: existing.1 };
        Self { name: name.into(), location, cause }
    }

    pub(crate) fn shared_series(
        name: &str,
        location: Location,
        function: &'static str,
        with: Location,
    ) -> Self {
        Self { name: name.into(), location, cause: Cause::SharedSeries { function, with } }
    }

    pub(crate) fn objective(name: &str, location: Location, objective: &'static str, with: Location) -> Self {
        Self { name: name.into(), location, cause: Cause::Objective { objective, with } }
    }

    pub(crate) fn latency(
        name: &str,
        location: Location,
        (objective, latency): (&'static str, f64),
        bounds: &[f64],
    ) -> Self {
        let buckets: Vec<_> = bounds.iter().map(ToString::to_string).collect();
        let cause = Cause::Latency { objective, latency: latency.to_string(), buckets: buckets.join(", ") };
        Self { name: name.into(), location, cause }
    }

    /// Returns `true` where the metric is missing from the page.
    pub(crate) const fn is_missing(&self) -> bool {
        match self.cause {
            Cause::Illegal(_) | Cause::Conflict { .. } => true,
            Cause::SharedSeries { .. } | Cause::Objective { .. } | Cause::Latency { .. } => false,
        }
    }

    /// Returns the name of the metric.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Returns the place of the refused declaration.
    pub const fn location(&self) -> Location {
        self.location
    }

    /// Returns the place of the registered declaration that it contradicts; `None` for an illegal definition.
    pub const fn conflicts_with(&self) -> Option<Location> {
        match self.cause {
            Cause::Illegal(_) | Cause::Latency { .. } => None,
            Cause::Conflict { with, .. }
            | Cause::SharedSeries { with, .. }
            | Cause::Objective { with, .. } => Some(with),
        }
    }
}

impl fmt::Display for RegistrationError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "metric `{}` declared at {}", self.name, self.location)?;
        match &self.cause {
            Cause::Illegal(invalid) => write!(f, " is illegal: {invalid}"),
            Cause::Conflict { what, existing, with } if *existing == self.name => {
                write!(f, " has {what} than the one declared at {with}")
            }
            Cause::Conflict { what, existing, with } => write!(f, " {what} `{existing}` declared at {with}"),
            Cause::SharedSeries { function, with } => write!(
                f,
                " records `{function}` in the series of the function declared at {with}: write `#[observed]` on the \
                 `impl`, `#[observed(qualified)]` for several of one trait, or `function = \"…\"` on one of them"
            ),
            Cause::Objective { objective, with } => write!(
                f,
                " has other numbers for the objective `{objective}` than the one declared at {with}, which the rules \
                 are made of: write the same numbers, or another name"
            ),
            Cause::Latency { objective, latency, buckets } => write!(
                f,
                " has no bucket at {latency} s, the latency of the objective `{objective}`, which is left out of the \
                 rules: choose one of its buckets, {buckets}, or others by `set_function_buckets`"
            ),
        }
    }
}

impl Error for RegistrationError {}
