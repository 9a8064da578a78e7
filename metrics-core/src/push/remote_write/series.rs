//! The series of a registry with their values, as a scrape would store them.

use std::{collections::BTreeMap, time::SystemTime};

use crate::{
    encode::number,
    push::messages::{
        client::{self, COUNTER, Exemplar, GAUGE, HISTOGRAM, MetricFamily, SUMMARY, Timestamp},
        write_v2::{Count, Histogram, MetricType, ZeroCount},
    },
};

/// Labels of a series by name, the name of the metric among them; none is empty.
pub(super) type Labels = BTreeMap<String, String>;

/// Label with the name of the metric.
pub(super) const METRIC_NAME: &str = "__name__";

/// A series with its value.
#[derive(Clone, Debug)]
pub(super) struct Series {
    pub(super) labels: Labels,
    pub(super) value: SeriesValue,
    /// Time of the value, in milliseconds since 1970.
    pub(super) timestamp: i64,
    /// Set if the time is that of a collector and not of the page; such a series gets no stale marker.
    pub(super) has_own_timestamp: bool,
    /// Time since when the series counts, in milliseconds since 1970, or zero.
    pub(super) start: i64,
    pub(super) exemplars: Vec<Exemplar>,
    pub(super) metadata: Metadata,
}

/// Value of a series.
#[derive(Clone, Debug)]
pub(super) enum SeriesValue {
    Number(f64),
    Histogram(Box<Histogram>),
}

/// Type, help and unit of the family of a series.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Metadata {
    pub(super) metric_type: MetricType,
    pub(super) help: String,
    pub(super) unit: String,
}

/// Builder of the series of one page.
pub(super) struct SeriesBuilder<'a> {
    /// Labels of every series that has none of that name.
    pub(super) external_labels: &'a Labels,
    /// Set if a histogram with native buckets is sent as such, without its classic buckets.
    pub(super) native_histograms: bool,
    /// Time of the page, in milliseconds since 1970.
    pub(super) now: i64,
}

/// Returns a time as milliseconds since 1970.
pub(super) fn millis(time: SystemTime) -> i64 {
    let since = time.duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default();
    i64::try_from(since.as_millis()).unwrap_or(i64::MAX)
}

impl SeriesBuilder<'_> {
    /// Returns the series of all families.
    pub(super) fn series(&self, families: &[MetricFamily]) -> Vec<Series> {
        let mut all = Vec::new();
        for family in families {
            let metadata = Metadata {
                metric_type: metric_type(family.metric_type),
                help: family.help.clone(),
                unit: family.unit.clone(),
            };
            for metric in &family.metrics {
                let metric =
                    MetricSeries { builder: self, family, metric, metadata: &metadata, out: &mut all };
                metric.push_series();
            }
        }
        all
    }
}

const fn metric_type(number: i32) -> MetricType {
    match number {
        COUNTER => MetricType::Counter,
        GAUGE => MetricType::Gauge,
        SUMMARY => MetricType::Summary,
        HISTOGRAM => MetricType::Histogram,
        _ => MetricType::Unspecified,
    }
}

/// Writer of the series of one label set: a single one, or those of a histogram or summary.
struct MetricSeries<'a> {
    builder: &'a SeriesBuilder<'a>,
    family: &'a MetricFamily,
    metric: &'a client::Metric,
    metadata: &'a Metadata,
    out: &'a mut Vec<Series>,
}

impl MetricSeries<'_> {
    fn push_series(mut self) {
        let metric = self.metric;
        if let Some(gauge) = metric.gauge.or(metric.untyped) {
            self.push("", None, SeriesValue::Number(gauge.value), None, &[]);
        } else if let Some(counter) = &metric.counter {
            let value = SeriesValue::Number(counter.value);
            self.push("", None, value, counter.created, counter.exemplar.as_slice());
        } else if let Some(summary) = &metric.summary {
            self.push_summary(summary);
        } else if let Some(histogram) = &metric.histogram {
            if self.builder.native_histograms && histogram.schema.is_some() {
                self.push_native(histogram);
            } else {
                self.push_classic(histogram);
            }
        }
    }

    fn push_summary(&mut self, summary: &client::Summary) {
        for quantile in &summary.quantiles {
            let label = ("quantile", number::canonical(quantile.quantile));
            self.push("", Some(label), SeriesValue::Number(quantile.value), None, &[]);
        }
        self.push_sum_and_count(summary.sum, summary.count, summary.created);
    }

    fn push_sum_and_count(&mut self, sum: f64, count: u64, created: Option<Timestamp>) {
        self.push("_sum", None, SeriesValue::Number(sum), created, &[]);
        self.push("_count", None, SeriesValue::Number(count as f64), created, &[]);
    }

    fn push_classic(&mut self, histogram: &client::Histogram) {
        let mut has_infinity = false;
        for bucket in &histogram.buckets {
            has_infinity |= bucket.upper_bound == f64::INFINITY;
            let label = ("le", number::canonical(bucket.upper_bound));
            let value = SeriesValue::Number(bucket.cumulative_count as f64);
            self.push("_bucket", Some(label), value, histogram.created, bucket.exemplar.as_slice());
        }
        if !has_infinity {
            let value = SeriesValue::Number(histogram.count as f64);
            self.push("_bucket", Some(("le", "+Inf".into())), value, histogram.created, &[]);
        }
        self.push_sum_and_count(histogram.sum, histogram.count, histogram.created);
    }

    fn push_native(&mut self, histogram: &client::Histogram) {
        let of_buckets = || histogram.buckets.iter().filter_map(|bucket| bucket.exemplar.clone()).collect();
        let mut exemplars = histogram.exemplars.clone();
        if exemplars.is_empty() {
            exemplars = of_buckets();
        }
        // A receiver keeps those of a series in the order of their times.
        exemplars.sort_by_key(|exemplar| exemplar.timestamp.map(Timestamp::millis));
        let timestamp = self.timestamp();
        let value = Histogram {
            count: Some(Count::Int(histogram.count)),
            sum: histogram.sum,
            schema: histogram.schema.unwrap_or_default(),
            zero_threshold: histogram.zero_threshold,
            zero_count: Some(ZeroCount::Int(histogram.zero_count)),
            negative_spans: histogram.negative_spans.clone(),
            negative_deltas: histogram.negative_deltas.clone(),
            positive_spans: histogram.positive_spans.clone(),
            positive_deltas: histogram.positive_deltas.clone(),
            timestamp,
            start_timestamp: histogram.created.map_or(0, Timestamp::millis),
        };
        self.push("", None, SeriesValue::Histogram(Box::new(value)), histogram.created, &exemplars);
    }

    fn timestamp(&self) -> i64 {
        self.metric.timestamp_ms.unwrap_or(self.builder.now)
    }

    fn push(
        &mut self,
        suffix: &str,
        label: Option<(&str, String)>,
        value: SeriesValue,
        created: Option<Timestamp>,
        exemplars: &[Exemplar],
    ) {
        let mut labels = self.builder.external_labels.clone();
        let own = self.metric.labels.iter().map(|label| (label.name.clone(), label.value.clone()));
        labels.extend(own);
        labels.extend(label.map(|(name, value)| (name.to_owned(), value)));
        labels.insert(METRIC_NAME.to_owned(), format!("{}{suffix}", self.family.name));
        labels.retain(|_, value| !value.is_empty());
        self.out.push(Series {
            labels,
            value,
            timestamp: self.timestamp(),
            has_own_timestamp: self.metric.timestamp_ms.is_some(),
            start: created.map_or(0, Timestamp::millis),
            exemplars: exemplars.to_vec(),
            metadata: self.metadata.clone(),
        });
    }
}
