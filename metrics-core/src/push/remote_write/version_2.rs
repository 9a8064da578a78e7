//! The message of remote write 2.0 from series.

use std::collections::HashMap;

use super::series::{Labels, Metadata, Series, SeriesValue};
use crate::push::messages::{
    client::{self, Timestamp},
    write_v2::{self, Exemplar, Request, Sample, TimeSeries},
};

/// Returns the message with these series. All of its texts are in the table of symbols.
pub(super) fn request(series: &[Series]) -> Request {
    let mut symbols = Symbols::default();
    let timeseries = series.iter().map(|series| symbols.time_series(series)).collect();
    Request { symbols: symbols.texts, timeseries }
}

/// Table of texts, each once; the first is empty.
struct Symbols {
    texts: Vec<String>,
    numbers: HashMap<String, u32>,
}

impl Default for Symbols {
    fn default() -> Self {
        Self { texts: vec![String::new()], numbers: HashMap::from([(String::new(), 0)]) }
    }
}

impl Symbols {
    fn number(&mut self, text: &str) -> u32 {
        if let Some(number) = self.numbers.get(text) {
            return *number;
        }
        // A request has a few thousand series.
        let number = u32::try_from(self.texts.len()).unwrap_or(0);
        self.texts.push(text.to_owned());
        self.numbers.insert(text.to_owned(), number);
        number
    }

    fn labels<'a>(&mut self, labels: impl IntoIterator<Item = (&'a String, &'a String)>) -> Vec<u32> {
        labels.into_iter().flat_map(|(name, value)| [self.number(name), self.number(value)]).collect()
    }

    fn time_series(&mut self, series: &Series) -> TimeSeries {
        let Series { timestamp, start: start_timestamp, .. } = *series;
        let (samples, histograms) = match &series.value {
            SeriesValue::Number(value) => {
                (vec![Sample { value: *value, timestamp, start_timestamp }], Vec::new())
            }
            SeriesValue::Histogram(histogram) => (Vec::new(), vec![(**histogram).clone()]),
        };
        TimeSeries {
            labels_refs: self.labels(&series.labels),
            samples,
            histograms,
            exemplars: series.exemplars.iter().map(|exemplar| self.exemplar(exemplar)).collect(),
            metadata: Some(self.metadata(&series.metadata)),
        }
    }

    fn exemplar(&mut self, exemplar: &client::Exemplar) -> Exemplar {
        let labels = exemplar.labels.iter().map(|label| (label.name.clone(), label.value.clone()));
        Exemplar {
            labels_refs: self.labels(&labels.collect::<Labels>()),
            value: exemplar.value,
            timestamp: exemplar.timestamp.map_or(0, Timestamp::millis),
        }
    }

    fn metadata(&mut self, metadata: &Metadata) -> write_v2::Metadata {
        write_v2::Metadata {
            metric_type: metadata.metric_type.into(),
            help_ref: self.number(&metadata.help),
            unit_ref: self.number(&metadata.unit),
        }
    }
}
