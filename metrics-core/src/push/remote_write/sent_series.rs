//! The series that a receiver has, for the stale markers at their end.

use std::collections::BTreeMap;

use super::series::{Labels, Metadata, Series, SeriesValue};
use crate::push::messages::{
    client::Timestamp,
    write_v2::{Count, Histogram, MetricType, ZeroCount},
};

/// The value that ends a series: a NaN that nothing else has.
///
/// <https://prometheus.io/docs/specs/prw/remote_write_spec_2_0/#samples-and-histogram-samples>
pub(super) const STALE: f64 = f64::from_bits(0x7ff0_0000_0000_0002);

/// Series of the last page, with what a marker or a next page needs of each.
#[derive(Debug, Default)]
pub(super) struct SentSeries(BTreeMap<Labels, LastSent>);

#[derive(Clone, Copy, Debug)]
struct LastSent {
    metric_type: MetricType,
    is_histogram: bool,
    /// Time of the latest exemplar.
    exemplar: Option<i64>,
}

impl SentSeries {
    /// Replaces the series by those of a new page. Adds a stale marker to the page for each that it no longer has, and takes the
    /// exemplars from it that were sent before.
    pub(super) fn update(&mut self, page: &mut Vec<Series>, now: i64) {
        let mut former = std::mem::take(&mut self.0);
        for series in &mut *page {
            let last = former.remove(&series.labels).and_then(|last| last.exemplar);
            let time = |timestamp: Option<Timestamp>| timestamp.map(Timestamp::millis);
            series.exemplars.retain(|exemplar| last.is_none() || time(exemplar.timestamp) > last);
            if series.has_own_timestamp {
                continue;
            }
            let exemplar = series.exemplars.iter().filter_map(|exemplar| time(exemplar.timestamp)).max();
            let sent = LastSent {
                metric_type: series.metadata.metric_type,
                is_histogram: matches!(series.value, SeriesValue::Histogram(_)),
                exemplar: exemplar.or(last),
            };
            self.0.insert(series.labels.clone(), sent);
        }
        page.extend(former.into_iter().map(|(labels, last)| last.marker(labels, now)));
    }

    /// Returns the stale markers of all series, and forgets them.
    pub(super) fn markers(&mut self, now: i64) -> Vec<Series> {
        std::mem::take(&mut self.0).into_iter().map(|(labels, last)| last.marker(labels, now)).collect()
    }
}

impl LastSent {
    fn marker(self, labels: Labels, timestamp: i64) -> Series {
        let histogram = || Histogram {
            count: Some(Count::Int(0)),
            zero_count: Some(ZeroCount::Int(0)),
            sum: STALE,
            timestamp,
            ..Histogram::default()
        };
        Series {
            labels,
            value: if self.is_histogram {
                SeriesValue::Histogram(Box::new(histogram()))
            } else {
                SeriesValue::Number(STALE)
            },
            timestamp,
            has_own_timestamp: false,
            start: 0,
            exemplars: Vec::new(),
            metadata: Metadata { metric_type: self.metric_type, help: String::new(), unit: String::new() },
        }
    }
}
