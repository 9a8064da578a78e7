//! Storage of the constant labels of a registry.

use std::{borrow::Cow, collections::HashMap, error::Error, fmt, sync::OnceLock};

use crate::{
    model::{Descriptor, Label},
    name::{InvalidDefinition, check_label},
};

/// Labels that are fixed when the registry is first used.
#[derive(Debug, Default)]
pub(super) struct RegistryLabels(OnceLock<Vec<(String, String)>>);

/// Error of [`Registry::constant_labels`](crate::Registry::constant_labels): a label name is illegal, or the registry has been used before.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ConstantLabelsError(InvalidDefinition);

impl fmt::Display for ConstantLabelsError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "constant labels of a registry: {}", self.0)
    }
}

impl Error for ConstantLabelsError {}

impl RegistryLabels {
    pub(super) fn set(&self, labels: Vec<(String, String)>) -> Result<(), ConstantLabelsError> {
        for (at, (name, _)) in labels.iter().enumerate() {
            check_label(name).map_err(ConstantLabelsError)?;
            if labels.iter().take(at).any(|(other, _)| other == name) {
                return Err(ConstantLabelsError(InvalidDefinition::new(name, "the label is repeated")));
            }
        }
        self.0.set(labels).map_err(|refused| {
            let name = refused.into_iter().next().map(|(name, _)| name).unwrap_or_default();
            let reason =
                "the registry is in use: set its labels before a metric is registered or a page is made";
            ConstantLabelsError(InvalidDefinition::new(name, reason))
        })
    }

    /// Returns the labels. From here on they cannot change.
    pub(super) fn get(&self) -> &[(String, String)] {
        self.0.get_or_init(Vec::new)
    }

    /// Adds the labels that a metric does not have under the same name.
    pub(super) fn add_to(&self, descriptor: &mut Descriptor) {
        let labels = self.get().iter();
        let new = labels.filter(|(name, _)| descriptor.labels.iter().all(|label| label.name() != name));
        let new: Vec<_> = new
            .map(|(name, value)| Label::Constant {
                name: Cow::Owned(name.clone()),
                value: Cow::Owned(value.clone()),
            })
            .collect();
        descriptor.labels.splice(0..0, new);
    }

    /// Creates the registry of the `prometheus` crate for collectors.
    pub(super) fn foreign_registry(&self) -> prometheus::Registry {
        let labels: HashMap<_, _> = self.get().iter().cloned().collect();
        let labels = if labels.is_empty() { None } else { Some(labels) };
        // It refuses an empty prefix alone.
        prometheus::Registry::new_custom(None, labels).unwrap_or_default()
    }
}
