//! Messages of remote write, read independently of those that send them.
//!
//! <https://github.com/prometheus/prometheus/blob/main/prompb/types.proto> and
//! <https://github.com/prometheus/prometheus/blob/main/prompb/io/prometheus/write/v2/types.proto>
#![expect(missing_docs, reason = "the messages are described there")]

use std::collections::BTreeMap;

use prost::Message;
use tests::scripted_server::Received;

#[derive(Clone, PartialEq, Message)]
pub struct WriteRequest {
    #[prost(message, repeated, tag = "1")]
    pub timeseries: Vec<TimeSeries1>,
    #[prost(message, repeated, tag = "3")]
    pub metadata: Vec<MetricMetadata>,
}

#[derive(Clone, PartialEq, Message)]
pub struct TimeSeries1 {
    #[prost(message, repeated, tag = "1")]
    pub labels: Vec<Label>,
    #[prost(message, repeated, tag = "2")]
    pub samples: Vec<Sample>,
    #[prost(message, repeated, tag = "3")]
    pub exemplars: Vec<Exemplar1>,
    #[prost(message, repeated, tag = "4")]
    pub histograms: Vec<Histogram>,
}

#[derive(Clone, PartialEq, Eq, Message)]
pub struct Label {
    #[prost(string, tag = "1")]
    pub name: String,
    #[prost(string, tag = "2")]
    pub value: String,
}

#[derive(Clone, PartialEq, Message)]
pub struct Exemplar1 {
    #[prost(message, repeated, tag = "1")]
    pub labels: Vec<Label>,
    #[prost(double, tag = "2")]
    pub value: f64,
    #[prost(int64, tag = "3")]
    pub timestamp: i64,
}

#[derive(Clone, PartialEq, Eq, Message)]
pub struct MetricMetadata {
    #[prost(int32, tag = "1")]
    pub metric_type: i32,
    #[prost(string, tag = "2")]
    pub metric_family_name: String,
    #[prost(string, tag = "4")]
    pub help: String,
    #[prost(string, tag = "5")]
    pub unit: String,
}

#[derive(Clone, PartialEq, Message)]
pub struct Request {
    #[prost(string, repeated, tag = "4")]
    pub symbols: Vec<String>,
    #[prost(message, repeated, tag = "5")]
    pub timeseries: Vec<TimeSeries2>,
}

#[derive(Clone, PartialEq, Message)]
pub struct TimeSeries2 {
    #[prost(uint32, repeated, tag = "1")]
    pub labels_refs: Vec<u32>,
    #[prost(message, repeated, tag = "2")]
    pub samples: Vec<Sample>,
    #[prost(message, repeated, tag = "3")]
    pub histograms: Vec<Histogram>,
    #[prost(message, repeated, tag = "4")]
    pub exemplars: Vec<Exemplar2>,
    #[prost(message, optional, tag = "5")]
    pub metadata: Option<Metadata>,
}

#[derive(Clone, PartialEq, Message)]
pub struct Exemplar2 {
    #[prost(uint32, repeated, tag = "1")]
    pub labels_refs: Vec<u32>,
    #[prost(double, tag = "2")]
    pub value: f64,
    #[prost(int64, tag = "3")]
    pub timestamp: i64,
}

#[derive(Clone, Copy, PartialEq, Eq, Message)]
pub struct Metadata {
    #[prost(int32, tag = "1")]
    pub metric_type: i32,
    #[prost(uint32, tag = "3")]
    pub help_ref: u32,
    #[prost(uint32, tag = "4")]
    pub unit_ref: u32,
}

#[derive(Clone, Copy, PartialEq, Message)]
pub struct Sample {
    #[prost(double, tag = "1")]
    pub value: f64,
    #[prost(int64, tag = "2")]
    pub timestamp: i64,
    #[prost(int64, tag = "3")]
    pub start_timestamp: i64,
}

#[derive(Clone, PartialEq, Message)]
pub struct Histogram {
    #[prost(uint64, optional, tag = "1")]
    pub count_int: Option<u64>,
    #[prost(double, optional, tag = "2")]
    pub count_float: Option<f64>,
    #[prost(double, tag = "3")]
    pub sum: f64,
    #[prost(sint32, tag = "4")]
    pub schema: i32,
    #[prost(double, tag = "5")]
    pub zero_threshold: f64,
    #[prost(uint64, optional, tag = "6")]
    pub zero_count_int: Option<u64>,
    #[prost(message, repeated, tag = "8")]
    pub negative_spans: Vec<BucketSpan>,
    #[prost(sint64, repeated, tag = "9")]
    pub negative_deltas: Vec<i64>,
    #[prost(message, repeated, tag = "11")]
    pub positive_spans: Vec<BucketSpan>,
    #[prost(sint64, repeated, tag = "12")]
    pub positive_deltas: Vec<i64>,
    #[prost(int64, tag = "15")]
    pub timestamp: i64,
    #[prost(int64, tag = "17")]
    pub start_timestamp: i64,
}

#[derive(Clone, Copy, PartialEq, Eq, Message)]
pub struct BucketSpan {
    #[prost(sint32, tag = "1")]
    pub offset: i32,
    #[prost(uint32, tag = "2")]
    pub length: u32,
}

/// Labels by name.
pub type Labels = BTreeMap<String, String>;

impl Request {
    /// Reads the body of a request.
    ///
    /// # Panics
    ///
    /// If the body is none, or has labels that are not sorted, twice or empty.
    pub fn of(request: &Received) -> Self {
        let request = Self::decode(decompressed(request).as_slice()).expect("a request of 2.0");
        assert_eq!(request.symbols.first().map(String::as_str), Some(""), "the first symbol is empty");
        let mut symbols = request.symbols.clone();
        symbols.sort();
        symbols.dedup();
        assert_eq!(symbols.len(), request.symbols.len(), "each symbol is there once");
        for series in &request.timeseries {
            assert!(series.samples.is_empty() != series.histograms.is_empty(), "samples or histograms");
            assert_sorted(&request.pairs(&series.labels_refs));
        }
        request
    }

    /// Returns a symbol.
    pub fn symbol(&self, number: u32) -> &str {
        &self.symbols[usize::try_from(number).expect("a small number")]
    }

    fn pairs(&self, refs: &[u32]) -> Vec<(String, String)> {
        assert_eq!(refs.len() % 2, 0, "names and values");
        refs.chunks(2).map(|pair| (self.symbol(pair[0]).into(), self.symbol(pair[1]).into())).collect()
    }

    /// Returns labels by name.
    pub fn labels(&self, refs: &[u32]) -> Labels {
        self.pairs(refs).into_iter().collect()
    }
}

impl WriteRequest {
    /// Reads the body of a request.
    ///
    /// # Panics
    ///
    /// If the body is none, or has labels that are not sorted, twice or empty.
    pub fn of(request: &Received) -> Self {
        let request = Self::decode(decompressed(request).as_slice()).expect("a request of 1.0");
        for series in &request.timeseries {
            let pairs: Vec<_> =
                series.labels.iter().map(|label| (label.name.clone(), label.value.clone())).collect();
            assert_sorted(&pairs);
        }
        request
    }
}

fn decompressed(request: &Received) -> Vec<u8> {
    snap::raw::Decoder::new().decompress_vec(&request.body).expect("snappy's block format")
}

fn assert_sorted(labels: &[(String, String)]) {
    assert!(labels.is_sorted_by(|(one, _), (next, _)| one < next), "sorted and once: {labels:?}");
    assert!(labels.iter().all(|(_, value)| !value.is_empty()), "no label is empty: {labels:?}");
}
