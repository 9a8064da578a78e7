//! Descriptors: name, type, help text, unit, labels and place of declaration of a metric.

use std::{borrow::Cow, fmt, sync::Arc};

use super::{
    objective::{OBJECTIVE_LABELS, Objective},
    quantiles::Quantiles,
};
use crate::{
    label::Dimension,
    name::{self, InvalidDefinition},
};

/// The type of a metric.
///
/// ```
/// use metrics_core::MetricType;
///
/// assert_eq!(MetricType::StateSet.as_str(), "stateset");
/// assert_eq!(MetricType::StateSet.classic(), "gauge");
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum MetricType {
    /// A value that only goes up.
    Counter,
    /// A value that goes up and down.
    Gauge,
    /// Observations in buckets.
    Histogram,
    /// Observations as their sum and count.
    Summary,
    /// Facts as labels; the value is 1.
    Info,
    /// The current one of several states, with a series for each.
    StateSet,
}

impl MetricType {
    /// Returns the name of the type in `OpenMetrics`.
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

    /// Returns the name of the type in the text format 0.0.4, which has fewer types.
    pub const fn classic(self) -> &'static str {
        match self {
            Self::Info | Self::StateSet => Self::Gauge.as_str(),
            Self::Counter | Self::Gauge | Self::Histogram | Self::Summary => self.as_str(),
        }
    }

    /// Returns the suffixes that the type adds to a family's name in the names of its samples; `_created` in OpenMetrics alone.
    ///
    /// Counters and info metrics have suffixes in OpenMetrics too, which are left out if they would name another family.
    pub(crate) const fn suffixes(self) -> &'static [&'static str] {
        match self {
            Self::Counter | Self::Gauge | Self::Info | Self::StateSet => &[],
            Self::Histogram => &["_bucket", "_count", "_sum", CREATED],
            Self::Summary => &["_count", "_sum", CREATED],
        }
    }
}

/// Suffix of the samples with the time at which a series began to count.
pub(crate) const CREATED: &str = "_created";

/// Place in the source at which a metric was declared.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Location {
    /// Source file.
    pub file: &'static str,
    /// Line in the file, from 1.
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
    /// A label with the same value in all series of the definition.
    Constant { name: Cow<'static, str>, value: Cow<'static, str> },
    /// A label whose value varies.
    Variable(Dimension),
}

impl Label {
    pub(crate) fn name(&self) -> &str {
        match self {
            Self::Constant { name, .. } => name,
            Self::Variable(dimension) => dimension.name(),
        }
    }

    /// Returns the dimension of a variable label.
    pub(crate) const fn dimension(&self) -> Option<Dimension> {
        match self {
            Self::Constant { .. } => None,
            Self::Variable(dimension) => Some(*dimension),
        }
    }
}

/// Name, type, help text, unit and labels of a metric.
#[derive(Clone, Debug)]
pub(crate) struct Descriptor {
    pub(crate) name: String,
    /// Former name under which the metric is exposed as well.
    pub(crate) renamed_from: Option<Cow<'static, str>>,
    pub(crate) help: Cow<'static, str>,
    pub(crate) unit: Option<&'static str>,
    pub(crate) metric_type: MetricType,
    /// Labels in the order of the exposition.
    pub(crate) labels: Vec<Label>,
    pub(crate) location: Location,
    /// Module that declares the metric; empty for a definition made at run time.
    pub(crate) module: &'static str,
    /// Objective of an annotated function that this metric measures.
    pub(crate) objective: Option<&'static Objective>,
    /// Quantiles of a summary, if it has some.
    pub(crate) quantiles: Option<Arc<Quantiles>>,
    /// Bucket group of a dynamic family; `None` for other metrics.
    pub(crate) bucket_group: Option<Arc<str>>,
}

impl Descriptor {
    /// Checks the names against the grammar.
    pub(crate) fn check(&self) -> Result<(), InvalidDefinition> {
        name::check_metric(&self.name)?;
        self.check_former_name()?;
        for (index, label) in self.labels.iter().enumerate() {
            name::check_label(label.name())?;
            self.check_reserved(label.name())?;
            if self.labels.iter().take(index).any(|other| other.name() == label.name()) {
                return Err(InvalidDefinition::new(label.name(), "the label is repeated"));
            }
        }
        Ok(())
    }

    fn check_former_name(&self) -> Result<(), InvalidDefinition> {
        let Some(former) = self.renamed_from.as_deref() else { return Ok(()) };
        name::check_metric(former)?;
        if former == self.name {
            return Err(InvalidDefinition::new(former, "the former name is the present one"));
        }
        if self.metric_type == MetricType::StateSet {
            let reason = "the states have a label of the metric's name, so a state set has no former name";
            return Err(InvalidDefinition::new(former, reason));
        }
        Ok(())
    }

    /// Returns the name and the former one, if there is one.
    pub(crate) fn exposed_names(&self) -> impl Iterator<Item = &str> {
        std::iter::once(self.name.as_str()).chain(self.renamed_from.as_deref())
    }

    /// Refuses the label that the type has itself.
    fn check_reserved(&self, label: &str) -> Result<(), InvalidDefinition> {
        if self.metric_type == MetricType::StateSet && label == self.name {
            return Err(InvalidDefinition::new(label, "the states have this label already"));
        }
        Ok(())
    }

    /// Returns the variable labels.
    pub(crate) fn dimensions(&self) -> Vec<Dimension> {
        self.labels.iter().filter_map(Label::dimension).collect()
    }

    /// Returns the constant labels in the order of their names; they tell two definitions of one family apart.
    pub(crate) fn constants(&self) -> Vec<(&str, &str)> {
        let constants = self.labels.iter().filter_map(|label| match label {
            Label::Constant { name, value } => Some((name.as_ref(), value.as_ref())),
            Label::Variable(_) => None,
        });
        let mut constants: Vec<_> = constants.collect();
        constants.sort_unstable();
        constants
    }

    /// Returns the sorted names of the labels that every definition of a family has: all but those of an objective.
    fn label_names(&self) -> Vec<&str> {
        let names = self.labels.iter().map(Label::name);
        let mut names: Vec<_> = names.filter(|name| !OBJECTIVE_LABELS.contains(name)).collect();
        names.sort_unstable();
        names
    }

    /// Returns whether the other has the same label names, in any order, apart from those of objectives.
    pub(crate) fn has_label_names_of(&self, other: &Self) -> bool {
        self.labels.iter().map(Label::name).eq(other.labels.iter().map(Label::name))
            || self.label_names() == other.label_names()
    }
}
