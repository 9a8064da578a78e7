//! The message of remote write 1.0 from that of 2.0, for receivers that know no other.

use std::collections::BTreeMap;

use super::series::METRIC_NAME;
use crate::push::messages::{
    write_v1::{Exemplar, Label, MetricMetadata, Sample, TimeSeries, WriteRequest},
    write_v2::{self, MetricType, Request},
};

/// Returns the message of remote write 1.0 with the same series. It has no times since when series count.
pub(super) fn write_request(request: &Request) -> WriteRequest {
    let mut metadata = BTreeMap::new();
    let mut timeseries = Vec::with_capacity(request.timeseries.len());
    for series in &request.timeseries {
        let labels = labels(request, &series.labels_refs);
        if let Some(of_family) = metadata_of(request, series, &labels) {
            metadata.entry(of_family.metric_family_name.clone()).or_insert(of_family);
        }
        let mut series = time_series(request, series, labels);
        // Prometheus 2 stores exemplars before histograms and refuses those of a series that it does not have yet.
        let exemplars =
            if series.histograms.is_empty() { Vec::new() } else { std::mem::take(&mut series.exemplars) };
        let after = (!exemplars.is_empty()).then(|| TimeSeries {
            labels: series.labels.clone(),
            exemplars,
            ..TimeSeries::default()
        });
        timeseries.push(series);
        timeseries.extend(after);
    }
    WriteRequest { timeseries, metadata: metadata.into_values().collect() }
}

fn text(request: &Request, symbol: u32) -> String {
    let at = usize::try_from(symbol).unwrap_or(usize::MAX);
    request.symbols.get(at).cloned().unwrap_or_default()
}

fn labels(request: &Request, symbols: &[u32]) -> Vec<Label> {
    let (pairs, _) = symbols.as_chunks::<2>();
    pairs
        .iter()
        .map(|[name, value]| Label { name: text(request, *name), value: text(request, *value) })
        .collect()
}

fn time_series(request: &Request, series: &write_v2::TimeSeries, labels: Vec<Label>) -> TimeSeries {
    let sample = |sample: &write_v2::Sample| Sample { value: sample.value, timestamp: sample.timestamp };
    let exemplar = |exemplar: &write_v2::Exemplar| Exemplar {
        labels: self::labels(request, &exemplar.labels_refs),
        value: exemplar.value,
        timestamp: exemplar.timestamp,
    };
    let histogram =
        |histogram: &write_v2::Histogram| write_v2::Histogram { start_timestamp: 0, ..histogram.clone() };
    TimeSeries {
        labels,
        samples: series.samples.iter().map(sample).collect(),
        exemplars: series.exemplars.iter().map(exemplar).collect(),
        histograms: series.histograms.iter().map(histogram).collect(),
    }
}

fn metadata_of(request: &Request, series: &write_v2::TimeSeries, labels: &[Label]) -> Option<MetricMetadata> {
    let metadata = series.metadata.as_ref()?;
    let of = |name: &str| labels.iter().find(|label| label.name == name).map(|label| label.value.as_str());
    let name = of(METRIC_NAME)?;
    let family = match metadata.metric_type() {
        MetricType::Histogram if !series.histograms.is_empty() => name,
        MetricType::Histogram if of("le").is_some() => name.strip_suffix("_bucket").unwrap_or(name),
        MetricType::Summary if of("quantile").is_some() => name,
        MetricType::Histogram | MetricType::Summary => {
            name.strip_suffix("_sum").or_else(|| name.strip_suffix("_count")).unwrap_or(name)
        }
        MetricType::Counter | MetricType::Gauge | MetricType::Unspecified => name,
    };
    Some(MetricMetadata {
        metric_type: metadata.metric_type,
        metric_family_name: family.to_owned(),
        help: text(request, metadata.help_ref),
        unit: text(request, metadata.unit_ref),
    })
}
