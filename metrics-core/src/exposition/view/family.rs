//! A family on a page, and its view.

use std::ops::ControlFlow;

use prometheus::proto::MetricFamily;

use super::{
    foreign::{self, metric_type},
    overflow, own,
    series::{ReadBuffers, SeriesView, SeriesVisitor},
};
use crate::{model::MetricType, registry::FamilySnapshot};

/// A family on a page, with its values as they are at this scrape or are read while it is encoded.
#[derive(Debug)]
pub(in crate::exposition) enum Family<'l> {
    /// A family of this library.
    Own(FamilySnapshot<'l>),
    /// Labels and number of observations past a capped label's limit, for each metric with such labels.
    Overflow(Vec<(String, u64)>),
    /// A family of the `prometheus` crate, or a fact about the process.
    Foreign(Box<MetricFamily>),
}

/// A family as encoders see it.
#[derive(Clone, Copy, Debug)]
pub(in crate::exposition) struct FamilyView<'f> {
    pub(in crate::exposition) name: &'f str,
    pub(in crate::exposition) help: &'f str,
    /// `None` for a family of the `prometheus` crate without a type.
    pub(in crate::exposition) metric_type: Option<MetricType>,
    pub(in crate::exposition) unit: Option<&'f str>,
    family: &'f Family<'f>,
}

impl Family<'_> {
    pub(in crate::exposition) fn name(&self) -> &str {
        match self {
            Self::Own(own) => own.name(),
            Self::Overflow(_) => overflow::NAME,
            Self::Foreign(family) => family.name(),
        }
    }

    /// Number of label sets, including those that are hidden while they are zero.
    pub(in crate::exposition) fn label_set_count(&self) -> usize {
        match self {
            Self::Own(family) => family.label_set_count(),
            Self::Overflow(counts) => counts.len(),
            Self::Foreign(family) => family.get_metric().len(),
        }
    }

    pub(in crate::exposition) const fn is_foreign(&self) -> bool {
        matches!(self, Self::Foreign(_))
    }

    /// Removes the timestamps of samples, which only collectors of the `prometheus` crate give.
    pub(in crate::exposition) fn remove_timestamps(&mut self) {
        match self {
            Self::Own(_) | Self::Overflow(_) => {}
            Self::Foreign(family) => {
                family.mut_metric().iter_mut().for_each(|metric| metric.set_timestamp_ms(0));
            }
        }
    }

    pub(in crate::exposition) fn view(&self) -> FamilyView<'_> {
        let (name, help, metric_type, unit) = match self {
            Self::Own(own) => (own.name(), own.help(), Some(own.metric_type()), own.unit()),
            Self::Overflow(_) => (overflow::NAME, overflow::HELP, Some(MetricType::Counter), None),
            Self::Foreign(family) => (family.name(), family.help(), metric_type(family), None),
        };
        FamilyView { name, help, metric_type, unit, family: self }
    }
}

impl<'f> FamilyView<'f> {
    pub(in crate::exposition) const fn is_foreign(&self) -> bool {
        self.family.is_foreign()
    }

    /// Calls `each` for the series until it breaks; no further series is read then.
    pub(in crate::exposition) fn for_each_series(
        &self,
        buffers: &mut ReadBuffers,
        each: impl FnMut(SeriesView<'f, '_>) -> ControlFlow<()>,
    ) -> ControlFlow<()> {
        self.visit_series(buffers, each)
    }

    /// Gives the series to a visitor until it breaks.
    #[inline]
    pub(in crate::exposition) fn visit_series(
        &self,
        buffers: &mut ReadBuffers,
        mut visitor: impl SeriesVisitor<'f>,
    ) -> ControlFlow<()> {
        match self.family {
            Family::Own(snapshot) => own::for_each_series(*snapshot, buffers, &mut visitor),
            Family::Overflow(counts) => overflow::for_each_series(counts, buffers, &mut visitor),
            Family::Foreign(family) => foreign::for_each_series(family, buffers, &mut visitor),
        }
    }
}
