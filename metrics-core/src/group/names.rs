//! Names of the metrics of a group and of the groups inside it, at compile time.

use metrics_lint::{self as lint, Rule};

use super::const_string::ConstString;
use crate::{
    label::{Dimension, same_text},
    model::MetricType,
};

/// Names of the metrics of a group.
#[derive(Debug)]
pub struct GroupNames {
    /// Namespace and subsystem, joined by `_`.
    pub prefix: &'static str,
    /// Constant labels of all metrics of the group.
    pub labels: &'static [(&'static str, &'static str)],
    /// Fields that are metrics or groups.
    pub fields: &'static [FieldNames],
}

/// Names of the metrics of a field.
#[derive(Debug)]
pub enum FieldNames {
    /// A metric.
    Metric(MetricNames),
    /// A group inside, with the part that its names have in addition.
    Nested(&'static str, &'static GroupNames),
}

/// Name, type and labels of a metric.
#[derive(Clone, Copy, Debug)]
pub struct MetricNames {
    /// Part of the name that the field adds.
    pub name: &'static str,
    /// Type of the metric.
    pub metric_type: MetricType,
    /// Help text.
    pub help: &'static str,
    /// Unit.
    pub unit: Option<&'static str>,
    /// Constant labels.
    pub labels: &'static [(&'static str, &'static str)],
    /// Names of the labels of a `*Vec` of the `prometheus` crate.
    pub label_names: &'static [&'static str],
    /// Variable labels.
    pub dimensions: &'static [Dimension],
    /// Names of the rules that the metric may break.
    pub allowed: &'static [&'static str],
}

impl GroupNames {
    /// Names of a group that was implemented by hand.
    pub const UNKNOWN: Self = Self { prefix: "", labels: &[], fields: &[] };
}

impl MetricType {
    /// Returns the type as metrics-lint knows it.
    pub(crate) const fn lint_type(self) -> lint::MetricType {
        match self {
            Self::Counter => lint::MetricType::Counter,
            Self::Gauge | Self::StateSet => lint::MetricType::Gauge,
            Self::Histogram => lint::MetricType::Histogram,
            Self::Summary => lint::MetricType::Summary,
            Self::Info => lint::MetricType::Info,
        }
    }
}

/// Number of levels of nested groups whose constant labels are compared.
const MOST_LEVELS: usize = 7;

/// Number of metrics of a group that are compared at compile time; further ones are compared at registration.
const MOST_METRICS: usize = 256;

type Labels = &'static [(&'static str, &'static str)];

/// A metric with its full name and all its constant labels.
#[derive(Clone, Copy)]
pub(super) struct NamedMetric {
    pub(super) name: ConstString<128>,
    pub(super) metric: MetricNames,
    /// Constant labels of the enclosing groups, then its own.
    labels: [Labels; MOST_LEVELS],
    /// Index of the field of the outermost group.
    pub(super) field: usize,
}

const NO_METRIC: MetricNames = MetricNames {
    name: "",
    metric_type: MetricType::Gauge,
    help: "",
    unit: None,
    labels: &[],
    label_names: &[],
    dimensions: &[],
    allowed: &[],
};

/// All metrics of a group, nested ones included.
pub(super) struct GroupMetrics {
    metrics: [NamedMetric; MOST_METRICS],
    length: usize,
}

/// Prefix and constant labels of the groups that enclose a field.
#[derive(Clone, Copy)]
struct Enclosing {
    prefix: ConstString<128>,
    labels: [Labels; MOST_LEVELS],
    depth: usize,
    /// Index of the field of the outermost group, inside of one.
    field: Option<usize>,
}

impl GroupMetrics {
    #[allow(clippy::large_stack_arrays)] // evaluated by the compiler
    pub(super) const fn of(group: &GroupNames) -> Self {
        let nothing =
            NamedMetric { name: ConstString::new(), metric: NO_METRIC, labels: [&[]; MOST_LEVELS], field: 0 };
        let around =
            Enclosing { prefix: ConstString::new(), labels: [&[]; MOST_LEVELS], depth: 0, field: None };
        Self { metrics: [nothing; MOST_METRICS], length: 0 }.with(group, &around)
    }

    const fn with(mut self, group: &GroupNames, around: &Enclosing) -> Self {
        let around = around.inside(group.prefix, group.labels);
        let mut at = 0;
        while at < group.fields.len() {
            let mut here = around;
            if here.field.is_none() {
                here.field = Some(at);
            }
            self = match &group.fields[at] {
                FieldNames::Metric(metric) => self.and(metric, &here),
                FieldNames::Nested(part, inner) => self.with(inner, &here.inside(part, &[])),
            };
            at += 1;
        }
        self
    }

    const fn and(mut self, metric: &MetricNames, around: &Enclosing) -> Self {
        if self.length == MOST_METRICS {
            return self;
        }
        let mut labels = around.labels;
        labels[MOST_LEVELS - 1] = metric.labels;
        let field = match around.field {
            Some(field) => field,
            None => 0,
        };
        let name = around.prefix.with(metric.name);
        self.metrics[self.length] = NamedMetric { name, metric: *metric, labels, field };
        self.length += 1;
        self
    }

    pub(super) const fn get(&self, at: usize) -> Option<&NamedMetric> {
        if at < self.length { Some(&self.metrics[at]) } else { None }
    }
}

impl Enclosing {
    const fn inside(&self, part: &str, labels: Labels) -> Self {
        let mut inside = *self;
        if !part.is_empty() {
            inside.prefix = inside.prefix.with(part).with("_");
        }
        if !labels.is_empty() && inside.depth + 1 < MOST_LEVELS {
            inside.labels[inside.depth] = labels;
            inside.depth += 1;
        }
        inside
    }
}

impl NamedMetric {
    /// Returns whether the metric may break a rule.
    pub(super) const fn allows(&self, rule: Rule) -> bool {
        lint::listed(rule.name(), self.metric.allowed)
    }

    /// Returns whether the metric has a label of this name.
    const fn has_label(&self, name: &str) -> bool {
        if self.constant(name).is_some() || lint::listed(name, self.metric.label_names) {
            return true;
        }
        let mut at = 0;
        while at < self.metric.dimensions.len() {
            if same_text(self.metric.dimensions[at].name(), name) {
                return true;
            }
            at += 1;
        }
        false
    }

    /// Returns the value of a constant label.
    const fn constant(&self, name: &str) -> Option<&'static str> {
        let mut level = 0;
        while level < MOST_LEVELS {
            let mut at = 0;
            while at < self.labels[level].len() {
                if same_text(self.labels[level][at].0, name) {
                    return Some(self.labels[level][at].1);
                }
                at += 1;
            }
            level += 1;
        }
        None
    }

    /// Returns whether the other metric has all label names of this one.
    pub(super) const fn has_only_labels_of(&self, other: &Self) -> bool {
        let mut level = 0;
        while level < MOST_LEVELS {
            let mut at = 0;
            while at < self.labels[level].len() {
                if !other.has_label(self.labels[level][at].0) {
                    return false;
                }
                at += 1;
            }
            level += 1;
        }
        let mut at = 0;
        while at < self.metric.dimensions.len() {
            if !other.has_label(self.metric.dimensions[at].name()) {
                return false;
            }
            at += 1;
        }
        let mut at = 0;
        while at < self.metric.label_names.len() {
            if !other.has_label(self.metric.label_names[at]) {
                return false;
            }
            at += 1;
        }
        true
    }

    /// Returns whether a constant label has another value, or is missing, in the other metric.
    pub(super) const fn has_own_constant(&self, other: &Self) -> bool {
        let mut level = 0;
        while level < MOST_LEVELS {
            let mut at = 0;
            while at < self.labels[level].len() {
                let (name, value) = self.labels[level][at];
                match other.constant(name) {
                    Some(same) if same_text(same, value) => {}
                    Some(_) | None => return true,
                }
                at += 1;
            }
            level += 1;
        }
        false
    }
}
