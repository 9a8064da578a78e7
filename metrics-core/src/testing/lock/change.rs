//! One change between two locks.

use std::fmt;

use crate::model::MetricType;

/// A change of a metric from one lock to another.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct Change {
    /// The metric's name in the older lock, or in the newer one if it is new.
    pub metric: String,
    /// The kind of change.
    pub kind: ChangeKind,
}

/// Kind of a [`Change`].
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub enum ChangeKind {
    /// The metric is new.
    MetricAdded,
    /// The metric is not exposed any more. A new one that is otherwise equal may be its new name.
    MetricRemoved {
        /// Name of that new metric.
        likely_new_name: Option<String>,
    },
    /// The metric has a new name and is exposed under the old one as well.
    MetricRenamed {
        /// The new name.
        new_name: String,
    },
    /// The metric is exposed under its former name no more.
    FormerNameRemoved {
        /// The former name.
        former_name: String,
    },
    /// The metric is exposed under a further name.
    FormerNameAdded {
        /// The further name.
        former_name: String,
    },
    /// The type is another one.
    TypeChanged {
        /// The type before.
        before: MetricType,
        /// The type now.
        now: MetricType,
    },
    /// The unit is another one.
    UnitChanged {
        /// The unit before.
        before: Option<String>,
        /// The unit now.
        now: Option<String>,
    },
    /// Series have a label more.
    LabelAdded {
        /// The label.
        label: String,
        /// Set if there are series without the label, as before.
        is_optional: bool,
    },
    /// Series have a label less.
    LabelRemoved {
        /// The label.
        label: String,
    },
    /// A label can have a further value.
    ValueAdded {
        /// The label.
        label: String,
        /// The value.
        value: String,
    },
    /// A label cannot have a value any more.
    ValueRemoved {
        /// The label.
        label: String,
        /// The value.
        value: String,
    },
    /// Strings that a label could have before count as another value now.
    DomainNarrowed {
        /// The label.
        label: String,
    },
    /// A label can have strings that it could not have before.
    DomainWidened {
        /// The label.
        label: String,
    },
    /// A histogram has a further bucket.
    BucketAdded {
        /// The bound.
        bound: f64,
    },
    /// A histogram has a bucket less.
    BucketRemoved {
        /// The bound.
        bound: f64,
    },
    /// A histogram has native buckets now.
    NativeAdded,
    /// A histogram has no native buckets any more.
    NativeRemoved,
    /// The metric evaluates a further objective.
    ObjectiveAdded {
        /// The objective.
        objective: String,
    },
    /// The metric evaluates an objective less, whose recordings and alerts are gone.
    ObjectiveRemoved {
        /// The objective.
        objective: String,
    },
}

impl Change {
    /// Returns whether the change can break those who read the metric.
    ///
    /// A label that all series have from now on is such a change: it breaks joins, and alerts that read single series.
    pub const fn is_breaking(&self) -> bool {
        match &self.kind {
            ChangeKind::MetricRemoved { .. }
            | ChangeKind::FormerNameRemoved { .. }
            | ChangeKind::TypeChanged { .. }
            | ChangeKind::UnitChanged { .. }
            | ChangeKind::LabelRemoved { .. }
            | ChangeKind::ValueRemoved { .. }
            | ChangeKind::DomainNarrowed { .. }
            | ChangeKind::BucketRemoved { .. }
            | ChangeKind::NativeRemoved
            | ChangeKind::ObjectiveRemoved { .. } => true,
            ChangeKind::LabelAdded { is_optional, .. } => !*is_optional,
            ChangeKind::MetricAdded
            | ChangeKind::MetricRenamed { .. }
            | ChangeKind::FormerNameAdded { .. }
            | ChangeKind::ValueAdded { .. }
            | ChangeKind::DomainWidened { .. }
            | ChangeKind::BucketAdded { .. }
            | ChangeKind::NativeAdded
            | ChangeKind::ObjectiveAdded { .. } => false,
        }
    }
}

impl fmt::Display for Change {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.metric, self.kind)
    }
}

impl fmt::Display for ChangeKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::MetricAdded => f.write_str("the metric is new"),
            Self::MetricRemoved { likely_new_name: None } => f.write_str("the metric is removed"),
            Self::MetricRemoved { likely_new_name: Some(name) } => {
                write!(
                    f,
                    "the metric is removed; if `{name}` is its new name, `renamed_from` keeps the old one"
                )
            }
            Self::MetricRenamed { new_name } => {
                write!(f, "the metric is now `{new_name}`, and exposed under both names")
            }
            Self::FormerNameRemoved { former_name } => {
                write!(f, "its former name `{former_name}` is exposed no more")
            }
            Self::FormerNameAdded { former_name } => write!(f, "it is exposed as `{former_name}` as well"),
            Self::TypeChanged { before, now } => {
                write!(f, "the type was {} and is {}", before.as_str(), now.as_str())
            }
            Self::UnitChanged { before, now } => {
                let shown = |unit: &Option<String>| {
                    unit.as_ref().map_or_else(|| "none".to_owned(), |unit| format!("`{unit}`"))
                };
                write!(f, "the unit was {} and is {}", shown(before), shown(now))
            }
            Self::LabelAdded { label, is_optional: false } => {
                write!(f, "the label `{label}` is added to its series")
            }
            Self::LabelAdded { label, is_optional: true } => {
                write!(f, "the label `{label}` is added to some of its series")
            }
            Self::LabelRemoved { label } => write!(f, "the label `{label}` is removed"),
            Self::ValueAdded { label, value } => write!(f, "the label `{label}` has the new value {value:?}"),
            Self::ValueRemoved { label, value } => {
                write!(f, "the value {value:?} of the label `{label}` is removed")
            }
            Self::DomainNarrowed { label } => write!(f, "the label `{label}` keeps fewer strings apart"),
            Self::DomainWidened { label } => write!(f, "the label `{label}` keeps more strings apart"),
            Self::BucketAdded { bound } => write!(f, "the bucket with the bound {bound} is new"),
            Self::BucketRemoved { bound } => write!(f, "the bucket with the bound {bound} is removed"),
            Self::NativeAdded => f.write_str("it has native buckets"),
            Self::NativeRemoved => f.write_str("it has no native buckets any more"),
            Self::ObjectiveAdded { objective } => write!(f, "it evaluates the objective `{objective}`"),
            Self::ObjectiveRemoved { objective } => {
                write!(f, "it evaluates the objective `{objective}` no more")
            }
        }
    }
}
