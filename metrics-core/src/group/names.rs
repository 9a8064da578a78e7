//! The names of a group and of the groups inside it, as far as they are known while compiling.

use metrics_lint::{self as lint, Rule};

use super::message::Text;
use crate::{
    label::{Dimension, same_text},
    model::MetricType,
};

/// The names of a group's metrics.
#[derive(Debug)]
pub struct GroupNames {
    /// Namespace and subsystem, with `_` between them.
    pub prefix: &'static str,
    /// The constant labels of the whole group.
    pub labels: &'static [(&'static str, &'static str)],
    /// The fields that are metrics or groups.
    pub fields: &'static [FieldNames],
}

/// The names of a field.
#[derive(Debug)]
pub enum FieldNames {
    /// A metric.
    Metric(MetricNames),
    /// A group, whose names have a part more.
    Nested(&'static str, &'static GroupNames),
}

/// The names of a metric.
#[derive(Clone, Copy, Debug)]
pub struct MetricNames {
    /// The field's part of the name.
    pub name: &'static str,
    /// The type.
    pub kind: MetricType,
    /// The help text.
    pub help: &'static str,
    /// The unit.
    pub unit: Option<&'static str>,
    /// The constant labels.
    pub labels: &'static [(&'static str, &'static str)],
    /// The names of the labels of a `*Vec` of the `prometheus` crate.
    pub label_names: &'static [&'static str],
    /// The labels that vary.
    pub dimensions: &'static [Dimension],
    /// The rules that do not hold.
    pub allowed: &'static [&'static str],
}

impl GroupNames {
    /// Of a group that does not say its names.
    pub const UNKNOWN: Self = Self { prefix: "", labels: &[], fields: &[] };
}

impl MetricType {
    /// The type as the rules for names know it.
    pub(crate) const fn of_name(self) -> lint::MetricType {
        match self {
            Self::Counter => lint::MetricType::Counter,
            Self::Gauge | Self::StateSet => lint::MetricType::Gauge,
            Self::Histogram => lint::MetricType::Histogram,
            Self::Summary => lint::MetricType::Summary,
            Self::Info => lint::MetricType::Info,
        }
    }
}

/// How deep groups may stand inside groups for their constant labels to be compared.
const DEPTH: usize = 7;

/// How many metrics of a group are compared while compiling; the others are when they are registered.
const MOST: usize = 256;

type Labels = &'static [(&'static str, &'static str)];

/// A metric with its full name.
#[derive(Clone, Copy)]
pub(super) struct Full {
    pub(super) name: Text<128>,
    pub(super) metric: MetricNames,
    /// The constant labels of the groups around, then its own.
    labels: [Labels; DEPTH],
    /// The field of the outermost group.
    pub(super) field: usize,
}

const NOTHING: MetricNames = MetricNames {
    name: "",
    kind: MetricType::Gauge,
    help: "",
    unit: None,
    labels: &[],
    label_names: &[],
    dimensions: &[],
    allowed: &[],
};

/// All metrics of a group.
pub(super) struct All {
    metrics: [Full; MOST],
    length: usize,
}

/// What stands around a field.
#[derive(Clone, Copy)]
struct Around {
    prefix: Text<128>,
    labels: [Labels; DEPTH],
    depth: usize,
    /// The field of the outermost group, once inside one.
    field: Option<usize>,
}

impl All {
    #[allow(clippy::large_stack_arrays)] // the compiler's memory
    pub(super) const fn of(group: &GroupNames) -> Self {
        let nothing = Full { name: Text::new(), metric: NOTHING, labels: [&[]; DEPTH], field: 0 };
        let around = Around { prefix: Text::new(), labels: [&[]; DEPTH], depth: 0, field: None };
        Self { metrics: [nothing; MOST], length: 0 }.with(group, &around)
    }

    const fn with(mut self, group: &GroupNames, around: &Around) -> Self {
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

    const fn and(mut self, metric: &MetricNames, around: &Around) -> Self {
        if self.length == MOST {
            return self;
        }
        let mut labels = around.labels;
        labels[DEPTH - 1] = metric.labels;
        let field = match around.field {
            Some(field) => field,
            None => 0,
        };
        let name = around.prefix.with(metric.name);
        self.metrics[self.length] = Full { name, metric: *metric, labels, field };
        self.length += 1;
        self
    }

    pub(super) const fn get(&self, at: usize) -> Option<&Full> {
        if at < self.length { Some(&self.metrics[at]) } else { None }
    }
}

impl Around {
    const fn inside(&self, part: &str, labels: Labels) -> Self {
        let mut inside = *self;
        if !part.is_empty() {
            inside.prefix = inside.prefix.with(part).with("_");
        }
        if !labels.is_empty() && inside.depth + 1 < DEPTH {
            inside.labels[inside.depth] = labels;
            inside.depth += 1;
        }
        inside
    }
}

impl Full {
    /// Whether the metric or a group around it may break a rule.
    pub(super) const fn allows(&self, rule: Rule) -> bool {
        lint::listed(rule.name(), self.metric.allowed)
    }

    /// Whether a label of this name is among those of the metric.
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

    /// The value of a constant label.
    const fn constant(&self, name: &str) -> Option<&'static str> {
        let mut level = 0;
        while level < DEPTH {
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

    /// Whether all label names of this metric are the other's too.
    pub(super) const fn labels_are_in(&self, other: &Self) -> bool {
        let mut level = 0;
        while level < DEPTH {
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

    /// Whether a constant label tells the two apart.
    pub(super) const fn is_told_apart(&self, other: &Self) -> bool {
        let mut level = 0;
        while level < DEPTH {
            let mut at = 0;
            while at < self.labels[level].len() {
                let (name, value) = self.labels[level][at];
                match other.constant(name) {
                    Some(same) if same_text(same, value) => {}
                    _ => return true,
                }
                at += 1;
            }
            level += 1;
        }
        false
    }
}
