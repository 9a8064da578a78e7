//! Why a metric could not be registered.

use std::{error::Error, fmt};

use super::descriptor::Location;
use crate::name::InvalidDefinition;

/// Why a metric could not be registered. The message names the metric, and the places of both declarations where there are
/// two.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RegistrationError {
    name: String,
    location: Location,
    cause: Cause,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Cause {
    /// The definition is not legal by itself.
    Illegal(InvalidDefinition),
    /// It contradicts another one.
    Conflict { what: &'static str, existing: String, with: Location },
}

impl RegistrationError {
    pub(crate) fn illegal(name: &str, location: Location, rejection: InvalidDefinition) -> Self {
        Self { name: name.into(), location, cause: Cause::Illegal(rejection) }
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

    /// The name of the metric that could not be registered.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Where it was declared.
    pub const fn location(&self) -> Location {
        self.location
    }

    /// Where the metric was declared that it contradicts.
    pub const fn conflicts_with(&self) -> Option<Location> {
        match self.cause {
            Cause::Illegal(_) => None,
            Cause::Conflict { with, .. } => Some(with),
        }
    }
}

impl fmt::Display for RegistrationError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "metric `{}` declared at {}", self.name, self.location)?;
        match &self.cause {
            Cause::Illegal(rejection) => write!(f, " is illegal: {rejection}"),
            Cause::Conflict { what, existing, with } if *existing == self.name => {
                write!(f, " has {what} than the one declared at {with}")
            }
            Cause::Conflict { what, existing, with } => write!(f, " {what} `{existing}` declared at {with}"),
        }
    }
}

impl Error for RegistrationError {}
