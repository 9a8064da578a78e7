//! Metrics of OpenTelemetry from the families of a page.
//!
//! <https://opentelemetry.io/docs/specs/otel/compatibility/prometheus_and_openmetrics/#prometheus-metric-points-to-otlp>

use super::{
    exponential::Exponential,
    unit::{name_without_suffixes, unit_in_name, unit_of},
};
use crate::push::messages::{
    client::{self, COUNTER, GAUGE, HISTOGRAM, LabelPair, MetricFamily, SUMMARY, Timestamp},
    otlp::{
        CUMULATIVE, Data, Exemplar, ExponentialHistogram, ExponentialHistogramDataPoint, Gauge, Histogram,
        HistogramDataPoint, KeyValue, Metric, NumberDataPoint, Sum, Summary, SummaryDataPoint,
        ValueAtQuantile,
    },
};

/// Attribute of a metric with its type in Prometheus.
const TYPE_KEY: &str = "prometheus.type";

/// Options and times of the conversion. Times are in nanoseconds since 1970.
#[derive(Clone, Copy, Debug)]
pub(super) struct Conversion {
    pub(super) now: u64,
    /// Start of series that do not know since when they count.
    pub(super) default_start: u64,
    /// Time of the push before; exemplars until then were sent.
    pub(super) last: Option<u64>,
    pub(super) native_histograms: bool,
    pub(super) strip_suffixes: bool,
}

impl Conversion {
    /// Returns the metrics of a family, with cumulative points. A family whose histograms are partly native has two.
    pub(super) fn metrics(&self, family: &MetricFamily) -> Vec<Metric> {
        let unit_word = if family.unit.is_empty() { unit_in_name(&family.name) } else { Some(&*family.unit) };
        let unit_word = unit_word.unwrap_or_default();
        let is_counter = family.metric_type == COUNTER;
        let name = if self.strip_suffixes {
            name_without_suffixes(&family.name, is_counter, unit_word)
        } else {
            &family.name
        };
        let metric = |data| Metric {
            name: name.to_owned(),
            description: family.help.clone(),
            unit: unit_of(unit_word),
            data: Some(data),
            metadata: vec![KeyValue::new(TYPE_KEY, type_name(family.metric_type))],
        };
        self.data(family).into_iter().map(metric).collect()
    }

    fn data(&self, family: &MetricFamily) -> Vec<Data> {
        let metrics = &family.metrics;
        let aggregation_temporality = CUMULATIVE;
        match family.metric_type {
            COUNTER => {
                let data_points = metrics.iter().filter_map(|metric| self.counter(metric)).collect();
                vec![Data::Sum(Sum { data_points, aggregation_temporality, is_monotonic: true })]
            }
            SUMMARY => {
                let data_points = metrics.iter().filter_map(|metric| self.summary(metric)).collect();
                vec![Data::Summary(Summary { data_points })]
            }
            HISTOGRAM => {
                let is_native = |metric: &&client::Metric| {
                    self.native_histograms && metric.histogram.as_ref().is_some_and(|it| it.schema.is_some())
                };
                let (native, classic): (Vec<_>, Vec<_>) = metrics.iter().partition(is_native);
                let native: Vec<_> =
                    native.into_iter().filter_map(|metric| self.exponential(metric)).collect();
                let classic: Vec<_> =
                    classic.into_iter().filter_map(|metric| self.histogram(metric)).collect();
                let native = (!native.is_empty())
                    .then_some(ExponentialHistogram { data_points: native, aggregation_temporality });
                let classic = (!classic.is_empty())
                    .then_some(Histogram { data_points: classic, aggregation_temporality });
                let native = native.map(Data::ExponentialHistogram);
                native.into_iter().chain(classic.map(Data::Histogram)).collect()
            }
            _ => {
                let data_points = metrics.iter().filter_map(|metric| self.gauge(metric)).collect();
                vec![Data::Gauge(Gauge { data_points })]
            }
        }
    }

    fn time(&self, metric: &client::Metric) -> u64 {
        let own = metric.timestamp_ms.and_then(|millis| u64::try_from(millis).ok());
        own.map_or(self.now, |millis| millis.saturating_mul(1_000_000))
    }

    fn start(&self, created: Option<Timestamp>) -> u64 {
        created.map_or(self.default_start, Timestamp::unix_nanos)
    }

    fn exemplars<'a>(&self, exemplars: impl IntoIterator<Item = &'a client::Exemplar>) -> Vec<Exemplar> {
        let exemplars = exemplars.into_iter().map(exemplar);
        exemplars.filter(|exemplar| self.last.is_none_or(|last| exemplar.time_unix_nano > last)).collect()
    }

    fn gauge(&self, metric: &client::Metric) -> Option<NumberDataPoint> {
        let gauge = metric.gauge.or(metric.untyped)?;
        Some(NumberDataPoint {
            attributes: attributes(&metric.labels),
            time_unix_nano: self.time(metric),
            as_double: Some(gauge.value),
            ..NumberDataPoint::default()
        })
    }

    fn counter(&self, metric: &client::Metric) -> Option<NumberDataPoint> {
        let counter = metric.counter.as_ref()?;
        Some(NumberDataPoint {
            attributes: attributes(&metric.labels),
            start_time_unix_nano: self.start(counter.created),
            time_unix_nano: self.time(metric),
            as_double: Some(counter.value),
            exemplars: self.exemplars(&counter.exemplar),
        })
    }

    fn summary(&self, metric: &client::Metric) -> Option<SummaryDataPoint> {
        let summary = metric.summary.as_ref()?;
        let quantile = |of: &client::Quantile| ValueAtQuantile { quantile: of.quantile, value: of.value };
        Some(SummaryDataPoint {
            attributes: attributes(&metric.labels),
            start_time_unix_nano: self.start(summary.created),
            time_unix_nano: self.time(metric),
            count: summary.count,
            sum: summary.sum,
            quantile_values: summary.quantiles.iter().map(quantile).collect(),
        })
    }

    fn histogram(&self, metric: &client::Metric) -> Option<HistogramDataPoint> {
        let histogram = metric.histogram.as_ref()?;
        let (mut bucket_counts, mut explicit_bounds, mut below) = (Vec::new(), Vec::new(), 0);
        for bucket in histogram.buckets.iter().filter(|bucket| bucket.upper_bound != f64::INFINITY) {
            explicit_bounds.push(bucket.upper_bound);
            bucket_counts.push(bucket.cumulative_count.saturating_sub(below));
            below = bucket.cumulative_count;
        }
        bucket_counts.push(histogram.count.saturating_sub(below));
        let of_buckets = histogram.buckets.iter().filter_map(|bucket| bucket.exemplar.as_ref());
        Some(HistogramDataPoint {
            attributes: attributes(&metric.labels),
            start_time_unix_nano: self.start(histogram.created),
            time_unix_nano: self.time(metric),
            count: histogram.count,
            sum: Some(histogram.sum),
            bucket_counts,
            explicit_bounds,
            exemplars: self.exemplars(of_buckets),
        })
    }

    fn exponential(&self, metric: &client::Metric) -> Option<ExponentialHistogramDataPoint> {
        let histogram = metric.histogram.as_ref()?;
        let Exponential { scale, positive, negative } = Exponential::of(histogram);
        Some(ExponentialHistogramDataPoint {
            attributes: attributes(&metric.labels),
            start_time_unix_nano: self.start(histogram.created),
            time_unix_nano: self.time(metric),
            count: histogram.count,
            sum: Some(histogram.sum),
            scale,
            zero_count: histogram.zero_count,
            positive: Some(positive),
            negative: Some(negative),
            exemplars: self.exemplars(&histogram.exemplars),
            zero_threshold: histogram.zero_threshold,
        })
    }
}

const fn type_name(metric_type: i32) -> &'static str {
    match metric_type {
        COUNTER => "counter",
        GAUGE => "gauge",
        SUMMARY => "summary",
        HISTOGRAM => "histogram",
        _ => "unknown",
    }
}

fn attributes(labels: &[LabelPair]) -> Vec<KeyValue> {
    labels.iter().map(|label| KeyValue::new(&label.name, &label.value)).collect()
}

/// Returns an exemplar; its labels `trace_id` and `span_id` become the ids if they are in hexadecimal digits.
fn exemplar(exemplar: &client::Exemplar) -> Exemplar {
    let mut converted = Exemplar {
        time_unix_nano: exemplar.timestamp.map_or(0, Timestamp::unix_nanos),
        as_double: Some(exemplar.value),
        ..Exemplar::default()
    };
    for label in &exemplar.labels {
        match (label.name.as_str(), hexadecimal(&label.value)) {
            ("trace_id", Some(bytes)) if bytes.len() == 16 => converted.trace_id = bytes,
            ("span_id", Some(bytes)) if bytes.len() == 8 => converted.span_id = bytes,
            _ => converted.filtered_attributes.push(KeyValue::new(&label.name, &label.value)),
        }
    }
    converted
}

fn hexadecimal(text: &str) -> Option<Vec<u8>> {
    let (pairs, rest) = text.as_bytes().as_chunks::<2>();
    let digit = |digit: u8| char::from(digit).to_digit(16).and_then(|value| u8::try_from(value).ok());
    let bytes = pairs.iter().map(|[high, low]| Some(digit(*high)? << 4 | digit(*low)?));
    if rest.is_empty() { bytes.collect() } else { None }
}
