//! View of a family, which is all that encoders read: the same for own families and those of the `prometheus` crate.

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
