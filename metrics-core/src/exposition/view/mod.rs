//! One view of a family, whoever measured it: the only thing that encoders read.

mod bounds;
mod exemplars;
mod family;
mod foreign;
mod labels;
pub(crate) mod overflow;
mod own;
mod series;

pub(super) use self::{
    bounds::{BoundTexts, Bounds},
    exemplars::any_exemplars,
    family::{Family, FamilyView},
    foreign::{counter_value, metric_type},
    labels::{LabelPair, Labels, label_pairs},
    series::{
        HistogramView, NativeView, ReadBuffers, SeriesView, SeriesVisitor, StateView, Sum, SummaryView, Value,
    },
};
