//! The metric types.
//!
//! A metric owns one series. As the metric of a [`Family`], the same type stands for each series of the family, and
//! [`Family::with`] returns a handle of one: a [`CounterHandle`], a [`GaugeHandle`], a [`HistogramHandle`], all of them small and
//! `Copy`. A metric dereferences to the same handle type, so every method is written once.

mod callback;
mod completion;
mod counter;
mod dynamic_family;
mod family;
mod family_misuse;
mod gauge;
mod group_fields;
mod histogram;
mod info;
mod label_argument;
mod series;
mod snapshot;
mod state_set;
mod storage;
mod summary;
mod timer;
mod tracked;

pub(crate) use self::histogram::record_nanos;
pub use self::{
    callback::{CounterFn, CounterFnHandle, GaugeFn, GaugeFnHandle},
    completion::{observe_nanos, record_completion},
    counter::{Counter, CounterHandle},
    dynamic_family::DynamicFamily,
    family::Family,
    family_misuse::MetricWithoutLabels,
    gauge::{Gauge, GaugeHandle},
    histogram::{Histogram, HistogramHandle},
    info::{Info, InfoHandle},
    label_argument::LabelArgument,
    series::Series,
    snapshot::{HistogramSnapshot, SummarySnapshot},
    state_set::{StateSet, StateSetHandle},
    storage::{DynamicMetric, Metric},
    summary::{Summary, SummaryHandle},
    timer::HistogramTimer,
    tracked::Tracked,
};
