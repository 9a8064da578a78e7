//! What is known of a metric: its name, type, help, unit, labels, and where it was declared.

use std::{borrow::Cow, fmt, sync::Arc};

use super::{objective::Objective, quantiles::Quantiles};
use crate::{
    label::Dimension,
    name::{self, InvalidDefinition},
};

/// The type of a metric in the exposition.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum MetricType {
    /// A value that only goes up.
    Counter,
    /// A value that goes up and down.
    Gauge,
    /// Observations in buckets.
    Histogram,
    /// Observations, as their sum and count.
    Summary,
    /// Facts as labels; its value is always 1.
    Info,
    /// One of several states, a series each.
    StateSet,
}

impl MetricType {
    /// The type's name in `OpenMetrics`.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Counter => "counter",
            Self::Gauge => "gauge",
            Self::Histogram => "histogram",
            Self::Summary => "summary",
            Self::Info => "info",
            Self::StateSet => "stateset",
        }
    }

    /// The type's name in the text format 0.0.4, which has fewer types.
    pub const fn classic(self) -> &'static str {
        match self {
            Self::Info | Self::StateSet => Self::Gauge.as_str(),
            _ => self.as_str(),
        }
    }

    /// What the type adds to a family's name to name its samples; `_created` in OpenMetrics alone.
    ///
    /// What a counter and an info add there is left away where it would be another's name.
    pub(crate) const fn suffixes(self) -> &'static [&'static str] {
        match self {
            Self::Counter | Self::Gauge | Self::Info | Self::StateSet => &[],
            Self::Histogram => &["_bucket", "_count", "_sum", CREATED],
            Self::Summary => &["_count", "_sum", CREATED],
        }
    }
}

/// What the samples that say since when a series counts have at the end of their name.
pub(crate) const CREATED: &str = "_created";

/// Where a metric was declared.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Location {
    /// The source file.
    pub file: &'static str,
    /// The line in it, from 1.
    pub line: u32,
}

impl fmt::Display for Location {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", self.file, self.line)
    }
}

/// One label of a definition.
#[derive(Clone, Debug)]
pub(crate) enum Label {
    /// The same in all of the definition's series.
    Constant { name: Cow<'static, str>, value: Cow<'static, str> },
    /// One of the definition's dimensions.
    Variable(Dimension),
}

impl Label {
    pub(crate) fn name(&self) -> &str {
        match self {
            Self::Constant { name, .. } => name,
            Self::Variable(dimension) => dimension.name(),
        }
    }

    /// The dimension of a variable label.
    pub(crate) const fn dimension(&self) -> Option<Dimension> {
        match self {
            Self::Constant { .. } => None,
            Self::Variable(dimension) => Some(*dimension),
        }
    }
}

/// What is known of a metric.
#[derive(Clone, Debug)]
pub(crate) struct Descriptor {
    pub(crate) name: String,
    pub(crate) help: Cow<'static, str>,
    pub(crate) unit: Option<&'static str>,
    pub(crate) kind: MetricType,
    /// The labels in the order of the exposition.
    pub(crate) labels: Vec<Label>,
    pub(crate) location: Location,
    /// The module that declares it, empty where that is not known.
    pub(crate) module: &'static str,
    /// The objective that is evaluated by this metric, of an annotated function.
    pub(crate) objective: Option<&'static Objective>,
    /// Of a summary that has some.
    pub(crate) quantiles: Option<Arc<Quantiles>>,
    /// Set for a set of series of an open family: how the family's series are divided among such sets.
    pub(crate) open: Option<Arc<str>>,
}

impl Descriptor {
    /// Checks the names against the grammar.
    pub(crate) fn check(&self) -> Result<(), InvalidDefinition> {
        name::check_metric(&self.name)?;
        for (index, label) in self.labels.iter().enumerate() {
            name::check_label(label.name())?;
            self.check_reserved(label.name())?;
            if self.labels.iter().take(index).any(|other| other.name() == label.name()) {
                return Err(InvalidDefinition::new(label.name(), "the label stands twice"));
            }
        }
        Ok(())
    }

    /// Refuses the label that the type itself has.
    fn check_reserved(&self, label: &str) -> Result<(), InvalidDefinition> {
        if self.kind == MetricType::StateSet && label == self.name {
            return Err(InvalidDefinition::new(label, "the states have this label already"));
        }
        Ok(())
    }

    /// The variable labels.
    pub(crate) fn dimensions(&self) -> Vec<Dimension> {
        self.labels.iter().filter_map(Label::dimension).collect()
    }

    /// The constant labels in the order of their names: what tells two definitions of one family apart.
    pub(crate) fn constants(&self) -> Vec<(&str, &str)> {
        let constants = self.labels.iter().filter_map(|label| match label {
            Label::Constant { name, value } => Some((name.as_ref(), value.as_ref())),
            Label::Variable(_) => None,
        });
        let mut constants: Vec<_> = constants.collect();
        constants.sort_unstable();
        constants
    }

    /// The names of all labels, sorted: the same for every definition of a family.
    pub(crate) fn label_names(&self) -> Vec<&str> {
        let mut names: Vec<_> = self.labels.iter().map(Label::name).collect();
        names.sort_unstable();
        names
    }
}
