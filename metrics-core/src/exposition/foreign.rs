//! Families of the `prometheus` crate in our formats.

use prometheus::proto::{Counter, Gauge, LabelPair, Metric, MetricFamily, MetricType};

use super::text::{write_bucket, write_header, write_sample_name};
use crate::{
    encode::{
        PageBuffer,
        number::{classic, push_classic, push_integer},
    },
    label::escape,
};

/// Reads a counter's or a gauge's value whether the `prometheus` crate is built with its feature `protobuf` or without.
///
/// With it the types have `value()`, without it `get_value()`. An inherent method wins over a trait's, so each of these
/// traits steps in exactly where the method is missing.
#[allow(dead_code)]
pub(super) trait Value {
    fn value(&self) -> f64;
}

#[allow(dead_code)]
pub(super) trait GetValue {
    /// Never called: where it would be, `value()` is inherent.
    fn get_value(&self) -> f64 {
        f64::NAN
    }
}

impl GetValue for Counter {}
impl GetValue for Gauge {}

impl Value for Counter {
    fn value(&self) -> f64 {
        self.get_value()
    }
}

impl Value for Gauge {
    fn value(&self) -> f64 {
        self.get_value()
    }
}

/// Writes a family as text; `continued` where the family before has the same name.
pub(super) fn write_text(out: &mut PageBuffer, family: &MetricFamily, continued: bool) {
    let (name, kind) = (family.name(), family.get_field_type());
    if !continued {
        write_header(out, name, family.help(), kind_name(kind));
    }
    for metric in family.get_metric() {
        let labels = labels(metric.get_label());
        match kind {
            MetricType::COUNTER => write_value(out, name, &labels, metric.get_counter().value(), metric),
            MetricType::GAUGE => write_value(out, name, &labels, metric.get_gauge().value(), metric),
            MetricType::HISTOGRAM => write_histogram(out, name, &labels, metric),
            MetricType::SUMMARY => write_summary(out, name, &labels, metric),
            MetricType::UNTYPED => {}
        }
    }
}

pub(super) const fn kind_name(kind: MetricType) -> &'static str {
    match kind {
        MetricType::COUNTER => "counter",
        MetricType::GAUGE => "gauge",
        MetricType::HISTOGRAM => "histogram",
        MetricType::SUMMARY => "summary",
        MetricType::UNTYPED => "untyped",
    }
}

pub(super) fn labels(pairs: &[LabelPair]) -> String {
    let mut text = String::new();
    for pair in pairs {
        if !text.is_empty() {
            text.push(',');
        }
        text.push_str(pair.name());
        text.push_str("=\"");
        escape(&mut text, pair.value());
        text.push('"');
    }
    text
}

/// Ends a line, with the metric's own timestamp where it has one.
fn end(out: &mut PageBuffer, metric: &Metric) {
    if metric.timestamp_ms() != 0 {
        out.push(' ');
        push_integer(out, metric.timestamp_ms());
    }
    out.push('\n');
}

fn write_value(out: &mut PageBuffer, name: &str, labels: &str, value: f64, metric: &Metric) {
    write_sample_name(out, name, "", labels);
    push_classic(out, value);
    end(out, metric);
}

fn write_histogram(out: &mut PageBuffer, name: &str, labels: &str, metric: &Metric) {
    let histogram = metric.get_histogram();
    let finite = histogram.get_bucket().iter().filter(|bucket| bucket.upper_bound().is_finite());
    for bucket in finite {
        write_bucket(out, name, labels, &classic(bucket.upper_bound()));
        push_integer(out, bucket.cumulative_count());
        end(out, metric);
    }
    write_bucket(out, name, labels, "+Inf");
    push_integer(out, histogram.get_sample_count());
    end(out, metric);
    write_sum_and_count(
        out,
        (name, labels),
        (histogram.get_sample_sum(), histogram.get_sample_count()),
        metric,
    );
}

fn write_summary(out: &mut PageBuffer, name: &str, labels: &str, metric: &Metric) {
    let summary = metric.get_summary();
    for quantile in summary.get_quantile() {
        let separator = if labels.is_empty() { "" } else { "," };
        let labels = format!("{labels}{separator}quantile=\"{}\"", classic(quantile.quantile()));
        write_value(out, name, &labels, quantile.value(), metric);
    }
    write_sum_and_count(out, (name, labels), (summary.sample_sum(), summary.sample_count()), metric);
}

fn write_sum_and_count(
    out: &mut PageBuffer,
    (name, labels): (&str, &str),
    (sum, count): (f64, u64),
    metric: &Metric,
) {
    write_sample_name(out, name, "_sum", labels);
    push_classic(out, sum);
    end(out, metric);
    write_sample_name(out, name, "_count", labels);
    push_integer(out, count);
    end(out, metric);
}
