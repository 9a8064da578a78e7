//! Families of the `prometheus` crate.

use prometheus::proto::{Metric, MetricFamily, MetricType};

#[allow(unused_imports)] // one of the two is used, see there
use super::super::foreign::{GetValue as _, Value as _};
use super::{COUNTER, GAUGE, HISTOGRAM, METRIC, SUMMARY, Scratch, labels::put_pair, put_header};
use crate::encode::{
    PageBuffer,
    wire::{put_double, put_message, put_number},
};

pub(super) fn put_family(out: &mut PageBuffer, scratch: &mut Scratch, family: &MetricFamily) {
    let kind = family.get_field_type();
    put_header(out, family.name(), family.help(), kind);
    let mut metric_message = Vec::new();
    for metric in family.get_metric() {
        metric_message.clear();
        for pair in metric.get_label() {
            put_pair(&mut metric_message, pair.name(), pair.value());
        }
        let field = match kind {
            MetricType::COUNTER => scratch.make_number(COUNTER, metric.get_counter().value()),
            MetricType::GAUGE => scratch.make_number(GAUGE, metric.get_gauge().value()),
            MetricType::HISTOGRAM => scratch.make_foreign_histogram(metric),
            MetricType::SUMMARY => scratch.make_foreign_summary(metric),
            MetricType::UNTYPED => continue,
        };
        put_message(&mut metric_message, field, scratch.value.written());
        if metric.timestamp_ms() != 0 {
            put_number(&mut metric_message, 6, metric.timestamp_ms().cast_unsigned());
        }
        put_message(out, METRIC, &metric_message);
    }
}

impl Scratch {
    fn make_number(&mut self, field: u64, value: f64) -> u64 {
        self.value.clear();
        put_double(&mut self.value, 1, value);
        field
    }

    fn make_foreign_histogram(&mut self, metric: &Metric) -> u64 {
        let histogram = metric.get_histogram();
        self.begin_observations(histogram.get_sample_count(), histogram.get_sample_sum());
        for bucket in histogram.get_bucket().iter().filter(|bucket| bucket.upper_bound().is_finite()) {
            self.make_bucket(bucket.cumulative_count(), bucket.upper_bound());
        }
        self.make_bucket(histogram.get_sample_count(), f64::INFINITY);
        HISTOGRAM
    }

    fn make_foreign_summary(&mut self, metric: &Metric) -> u64 {
        let summary = metric.get_summary();
        self.begin_observations(summary.sample_count(), summary.sample_sum());
        let quantiles = summary.get_quantile().iter();
        self.make_quantiles(quantiles.map(|quantile| (quantile.quantile(), quantile.value())));
        SUMMARY
    }
}
