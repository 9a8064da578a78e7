//! Options that a metric's type does not have.

use super::Definition;
use crate::name::InvalidDefinition;

impl Definition {
    /// Refuses label names, for metrics that have their labels from their type.
    pub(crate) fn refuse_label_names(&self) -> Result<(), InvalidDefinition> {
        if let Some((name, _)) = self.dynamic_labels.first() {
            return Err(InvalidDefinition::new(
                *name,
                "labels that are named at run time need a `DynamicFamily`",
            ));
        }
        match self.label_names {
            [] => Ok(()),
            [name, ..] => {
                Err(InvalidDefinition::new(*name, "labels that vary are the fields of a `LabelSet`"))
            }
        }
    }

    /// Refuses a former name, for metrics of the `prometheus` crate.
    pub(crate) fn refuse_former_name(&self) -> Result<(), InvalidDefinition> {
        match &self.renamed_from {
            Some(name) => {
                Err(InvalidDefinition::new(&**name, "types of the `prometheus` crate have one name"))
            }
            None => Ok(()),
        }
    }

    /// Refuses buckets, for metrics other than histograms.
    pub(crate) fn refuse_buckets(&self) -> Result<(), InvalidDefinition> {
        match (&self.buckets, self.native) {
            (None, None) => Ok(()),
            (Some(_), _) | (_, Some(_)) => {
                Err(InvalidDefinition::new(&self.name, "only a histogram has buckets"))
            }
        }
    }
}
