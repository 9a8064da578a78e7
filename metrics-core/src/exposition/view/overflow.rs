//! Series of the family that counts observations past a limit.

use std::ops::ControlFlow;

use super::{
    labels::Labels,
    series::{ReadBuffers, SeriesView, SeriesVisitor, Value},
};

/// Name of the family, which a page has if a metric has capped labels.
pub(crate) const NAME: &str = "metrics_overflow_total";
pub(crate) const HELP: &str = "Number of observations past the limit of a capped label, by metric.";

pub(super) fn for_each_series<'f>(
    counts: &[(String, u64)],
    buffers: &mut ReadBuffers,
    visitor: &mut impl SeriesVisitor<'f>,
) -> ControlFlow<()> {
    counts.iter().try_for_each(|(labels, count)| {
        buffers.labels.clear();
        buffers.labels.push_str(labels);
        visitor.visit(SeriesView {
            labels: Labels::of_text(&buffers.labels),
            value: Value::Count(*count),
            timestamp: None,
            origin: None,
        })
    })
}
