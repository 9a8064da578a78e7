//! Families of the `prometheus` crate in OpenMetrics.

use prometheus::proto::{Metric, MetricFamily, MetricType};

#[allow(unused_imports)] // one of the two is used, see there
use super::foreign::{GetValue as _, Value as _};
use super::{
    foreign::labels,
    openmetrics::{Header, has_sum},
    openmetrics_names::Names,
    text::{write_bucket, write_sample_name},
};
use crate::encode::{
    PageBuffer,
    number::{canonical, push_classic, push_integer},
};

/// Writes a family; `continued` where the family before has the same name.
pub(super) fn write(out: &mut PageBuffer, names: &Names<'_>, family: &MetricFamily, continued: bool) {
    let kind = family.get_field_type();
    let (name, type_name) = match kind {
        MetricType::COUNTER => names.counter(family.name()),
        MetricType::GAUGE => (family.name(), "gauge"),
        MetricType::HISTOGRAM => (family.name(), "histogram"),
        MetricType::SUMMARY => (family.name(), "summary"),
        MetricType::UNTYPED => (family.name(), "unknown"),
    };
    if !continued {
        Header { name, kind: type_name, unit: None, help: family.help() }.write(out);
    }
    let name = family.name();
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

/// Ends a line, with the metric's own timestamp, in seconds, where it has one.
fn end(out: &mut PageBuffer, metric: &Metric) {
    let millis = metric.timestamp_ms();
    if millis != 0 {
        out.push(' ');
        if millis < 0 {
            out.push('-');
        }
        push_integer(out, millis.unsigned_abs() / 1000);
        let rest = millis.unsigned_abs() % 1000;
        out.push('.');
        for digit in [rest / 100, rest / 10 % 10, rest % 10] {
            push_integer(out, digit);
        }
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
    let finite = || histogram.get_bucket().iter().filter(|bucket| bucket.upper_bound().is_finite());
    for bucket in finite() {
        write_bucket(out, name, labels, &canonical(bucket.upper_bound()));
        push_integer(out, bucket.cumulative_count());
        end(out, metric);
    }
    write_bucket(out, name, labels, "+Inf");
    push_integer(out, histogram.get_sample_count());
    end(out, metric);
    let (sum, count) = (histogram.get_sample_sum(), histogram.get_sample_count());
    let first: Vec<f64> = finite().take(1).map(prometheus::proto::Bucket::upper_bound).collect();
    if has_sum(&first, sum) {
        write_sum_and_count(out, (name, labels), (sum, count), metric);
    }
}

fn write_summary(out: &mut PageBuffer, name: &str, labels: &str, metric: &Metric) {
    let summary = metric.get_summary();
    for quantile in summary.get_quantile() {
        let separator = if labels.is_empty() { "" } else { "," };
        let labels = format!("{labels}{separator}quantile=\"{}\"", canonical(quantile.quantile()));
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
