//! Growth of counters and histograms since the push before.

use std::{collections::HashMap, mem};

use crate::push::messages::otlp::{
    DELTA, Data, ExponentialHistogramDataPoint, HistogramDataPoint, KeyValue, Metric, NumberDataPoint,
};

/// Name and attributes of a point.
type PointKey = (String, Vec<(String, String)>);

/// Cumulative points of the last push.
#[derive(Debug, Default)]
pub(super) struct LastPoints(HashMap<PointKey, Point>);

#[derive(Debug)]
enum Point {
    Number(NumberDataPoint),
    Histogram(HistogramDataPoint),
    Exponential(ExponentialHistogramDataPoint),
}

impl LastPoints {
    /// Replaces the cumulative points of counters and histograms by their growth, which starts at the time of the push before.
    /// A series that was reset begins anew; a new one starts when it was created.
    pub(super) fn make_delta(&mut self, metrics: &mut [Metric]) {
        let mut former = mem::take(&mut self.0);
        for metric in metrics {
            let name = metric.name.clone();
            let mut replace = |attributes: &[KeyValue], point: Point| {
                let key = (name.clone(), pairs(attributes));
                let before = former.remove(&key);
                self.0.insert(key, point);
                before
            };
            match metric.data.as_mut() {
                Some(Data::Sum(sum)) => {
                    sum.aggregation_temporality = DELTA;
                    for point in &mut sum.data_points {
                        let before = replace(&point.attributes, Point::Number(point.clone()));
                        if let Some(Point::Number(before)) = before {
                            number_since(point, &before);
                        }
                    }
                }
                Some(Data::Histogram(histogram)) => {
                    histogram.aggregation_temporality = DELTA;
                    for point in &mut histogram.data_points {
                        let before = replace(&point.attributes, Point::Histogram(point.clone()));
                        if let Some(Point::Histogram(before)) = before {
                            histogram_since(point, &before);
                        }
                    }
                }
                Some(Data::ExponentialHistogram(histogram)) => {
                    histogram.aggregation_temporality = DELTA;
                    for point in &mut histogram.data_points {
                        let before = replace(&point.attributes, Point::Exponential(point.clone()));
                        if let Some(Point::Exponential(before)) = before {
                            exponential_since(point, &before);
                        }
                    }
                }
                Some(Data::Gauge(_) | Data::Summary(_)) | None => {}
            }
        }
    }
}

fn pairs(attributes: &[KeyValue]) -> Vec<(String, String)> {
    let text = |attribute: &KeyValue| attribute.value.as_ref().and_then(|value| value.string_value.clone());
    attributes.iter().map(|attribute| (attribute.key.clone(), text(attribute).unwrap_or_default())).collect()
}

fn number_since(point: &mut NumberDataPoint, before: &NumberDataPoint) {
    let (value, former) = (point.as_double.unwrap_or_default(), before.as_double.unwrap_or_default());
    if value >= former {
        point.as_double = Some(value - former);
        point.start_time_unix_nano = before.time_unix_nano;
    }
}

fn histogram_since(point: &mut HistogramDataPoint, before: &HistogramDataPoint) {
    let has_same_bounds = point.explicit_bounds == before.explicit_bounds;
    let growth =
        point.bucket_counts.iter().zip(&before.bucket_counts).map(|(now, former)| now.checked_sub(*former));
    let growth = growth.collect::<Option<Vec<u64>>>().filter(|_| has_same_bounds);
    if let (Some(bucket_counts), Some(count)) = (growth, point.count.checked_sub(before.count)) {
        point.bucket_counts = bucket_counts;
        point.count = count;
        point.sum = difference(point.sum, before.sum);
        point.start_time_unix_nano = before.time_unix_nano;
    }
}

fn exponential_since(point: &mut ExponentialHistogramDataPoint, before: &ExponentialHistogramDataPoint) {
    let Some(growth) = exponential_growth(point, before) else { return };
    *point = growth;
}

/// Returns the growth, or `None` if a count is less than before.
fn exponential_growth(
    point: &ExponentialHistogramDataPoint,
    before: &ExponentialHistogramDataPoint,
) -> Option<ExponentialHistogramDataPoint> {
    // Scales fall while a histogram grows.
    let scale = point.scale.min(before.scale);
    let at_scale = |point: &ExponentialHistogramDataPoint| {
        let shift = point.scale - scale;
        [&point.positive, &point.negative]
            .map(|side| side.as_ref().map(|side| side.at_lower_scale(shift)).unwrap_or_default())
    };
    let ([positive, negative], [former_positive, former_negative]) = (at_scale(point), at_scale(before));
    Some(ExponentialHistogramDataPoint {
        start_time_unix_nano: before.time_unix_nano,
        count: point.count.checked_sub(before.count)?,
        sum: difference(point.sum, before.sum),
        scale,
        zero_count: point.zero_count.checked_sub(before.zero_count)?,
        positive: Some(positive.since(&former_positive)?),
        negative: Some(negative.since(&former_negative)?),
        ..point.clone()
    })
}

fn difference(now: Option<f64>, before: Option<f64>) -> Option<f64> {
    Some(now? - before?)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::push::messages::otlp::Buckets;

    fn point(scale: i32, offset: i32, counts: &[u64]) -> ExponentialHistogramDataPoint {
        ExponentialHistogramDataPoint {
            time_unix_nano: 7,
            scale,
            count: counts.iter().sum(),
            positive: Some(Buckets { offset, bucket_counts: counts.to_vec() }),
            ..ExponentialHistogramDataPoint::default()
        }
    }

    #[test]
    fn growth_at_a_lower_scale() {
        let growth = exponential_growth(&point(1, 0, &[5, 1]), &point(2, 0, &[2, 1])).unwrap();
        assert_eq!((growth.scale, growth.count, growth.start_time_unix_nano), (1, 3, 7));
        assert_eq!(growth.positive.unwrap().bucket_counts, [2, 1]);
    }

    /// A histogram that was removed and made anew has its first scale again.
    #[test]
    fn histogram_that_begins_anew() {
        assert_eq!(exponential_growth(&point(3, 4, &[1]), &point(0, 0, &[2, 1])), None);
    }
}
