//! Series of families of the `prometheus` crate.

use std::ops::ControlFlow;

use prometheus::proto::{self, Bucket, Counter, Gauge, Metric, MetricFamily};

use super::{
    bounds::Bounds,
    labels::Labels,
    series::{HistogramView, ReadBuffers, SeriesView, SeriesVisitor, Sum, SummaryView, Value},
};
use crate::{label::escape, model::MetricType};

/// Access to the value of a counter or a gauge, for the `prometheus` crate with and without its feature `protobuf`.
///
/// With the feature the types have `value()`, without it `get_value()`. An inherent method wins over a trait's, so these traits apply
/// only if the method is missing.
#[allow(dead_code)]
trait ReadValue {
    fn value(&self) -> f64;
}

#[allow(dead_code)]
trait GetValue {
    /// Never called, as `value()` is inherent then.
    fn get_value(&self) -> f64 {
        f64::NAN
    }
}

impl GetValue for Counter {}
impl GetValue for Gauge {}

impl ReadValue for Counter {
    fn value(&self) -> f64 {
        self.get_value()
    }
}

impl ReadValue for Gauge {
    fn value(&self) -> f64 {
        self.get_value()
    }
}

/// Returns the value of a counter.
pub(in crate::exposition) fn counter_value(metric: &Metric) -> f64 {
    metric.get_counter().value()
}

/// Returns the type of a family; `None` for one without a type.
pub(in crate::exposition) fn metric_type(family: &MetricFamily) -> Option<MetricType> {
    match family.get_field_type() {
        proto::MetricType::COUNTER => Some(MetricType::Counter),
        proto::MetricType::GAUGE => Some(MetricType::Gauge),
        proto::MetricType::HISTOGRAM => Some(MetricType::Histogram),
        proto::MetricType::SUMMARY => Some(MetricType::Summary),
        proto::MetricType::UNTYPED => None,
    }
}

pub(super) fn for_each_series<'f>(
    family: &'f MetricFamily,
    buffers: &mut ReadBuffers,
    visitor: &mut impl SeriesVisitor<'f>,
) -> ControlFlow<()> {
    family.get_metric().iter().try_for_each(|metric| {
        let ReadBuffers { words, labels, quantiles, .. } = &mut *buffers;
        write_labels(labels, metric);
        let value = match family.get_field_type() {
            proto::MetricType::COUNTER => Value::Float(counter_value(metric)),
            proto::MetricType::GAUGE => Value::Float(metric.get_gauge().value()),
            proto::MetricType::HISTOGRAM => Value::Histogram(histogram(metric, words)),
            proto::MetricType::SUMMARY => Value::Summary(summary(metric, quantiles)),
            proto::MetricType::UNTYPED => Value::Nothing,
        };
        let timestamp = Some(metric.timestamp_ms()).filter(|millis| *millis != 0);
        let labels = Labels::of_text(labels);
        visitor.visit(SeriesView { labels, value, timestamp, origin: None })
    })
}

fn write_labels(text: &mut String, metric: &Metric) {
    text.clear();
    for pair in metric.get_label() {
        if !text.is_empty() {
            text.push(',');
        }
        text.push_str(pair.name());
        text.push_str("=\"");
        escape(text, pair.value());
        text.push('"');
    }
}

fn histogram<'f, 's>(metric: &'f Metric, counts: &'s mut Vec<u64>) -> HistogramView<'f, 's> {
    let histogram = metric.get_histogram();
    let buckets = finite(histogram.get_bucket());
    let cumulative = buckets.iter().map(Bucket::cumulative_count).chain([histogram.get_sample_count()]);
    counts.clear();
    counts.extend(cumulative.scan(0_u64, |below, count| {
        let in_bucket = count.wrapping_sub(*below);
        *below = count;
        Some(in_bucket)
    }));
    let sum = Sum::Number(histogram.get_sample_sum());
    HistogramView { bounds: Bounds::Foreign(buckets), counts, sum, native: None }
}

/// Returns the buckets with finite bounds, in increasing order.
fn finite(buckets: &[Bucket]) -> &[Bucket] {
    let start = buckets.partition_point(|bucket| bucket.upper_bound() == f64::NEG_INFINITY);
    let end = buckets.partition_point(|bucket| bucket.upper_bound() < f64::INFINITY);
    buckets.get(start..end).unwrap_or_default()
}

fn summary<'s>(metric: &Metric, quantiles: &'s mut Vec<(f64, f64)>) -> SummaryView<'s> {
    let summary = metric.get_summary();
    quantiles.clear();
    quantiles.extend(summary.get_quantile().iter().map(|quantile| (quantile.quantile(), quantile.value())));
    SummaryView { quantiles, sum: Sum::Number(summary.sample_sum()), count: summary.sample_count() }
}
