//! The delimited protobuf: each family a message of type `io.prometheus.client.MetricFamily` with its length before it.
//!
//! <https://github.com/prometheus/client_model/blob/master/io/prometheus/client/metrics.proto>; the numbers of the fields
//! and types are from there.

use prometheus::proto::{self, MetricFamily, MetricType};

#[allow(unused_imports)] // one of the two is used, see there
use super::foreign::{GetValue as _, Value as _};
use super::{
    exemplars::{self, Range},
    page::{self, Family, Filter, OVERFLOW, OVERFLOW_HELP},
    stream::Out,
    wire::{put_double, put_message, put_text, put_varint},
};
use crate::{
    buckets::Buckets,
    cell::Cells,
    descriptor::Kind,
    layout::{Layout, States},
    registry::{FamilySnapshot, Registry},
};

/// The fields of a `Metric` that hold its value.
const GAUGE: u64 = 2;
const COUNTER: u64 = 3;
const SUMMARY: u64 = 4;
const HISTOGRAM: u64 = 7;

/// Buffers for the messages that are inside of others: their length is written first, so they are made before. They are used
/// again from series to series.
#[derive(Default)]
struct Scratch {
    family: Vec<u8>,
    metric: Vec<u8>,
    value: Vec<u8>,
    part: Vec<u8>,
    exemplar: Vec<u8>,
    pair: Vec<u8>,
    text: String,
}

/// Appends a registry's page.
pub(crate) fn encode(registry: &Registry, filter: &Filter<'_>, out: &mut Out<'_, Vec<u8>>) {
    let mut scratch = Scratch::default();
    let mut sums = Vec::new();
    for family in page::families(registry, filter) {
        scratch.family.clear();
        match &family {
            Family::Ours(family) => put_family(&mut scratch, family, &mut sums),
            Family::Overflow(counts) => put_overflow(&mut scratch, counts),
            Family::Foreign(family) => put_foreign(&mut scratch, family),
        }
        put_varint(out, scratch.family.len() as u64);
        out.extend_from_slice(&scratch.family);
        if out.end_part().is_break() {
            return;
        }
    }
}

/// What stands before a family's metrics.
fn put_header(family: &mut Vec<u8>, name: &str, help: &str, kind: MetricType) {
    put_text(family, 1, name);
    put_text(family, 2, help);
    put_varint(family, 3 << 3);
    put_varint(
        family,
        match kind {
            MetricType::COUNTER => 0,
            MetricType::GAUGE => 1,
            MetricType::SUMMARY => 2,
            MetricType::UNTYPED => 3,
            MetricType::HISTOGRAM => 4,
        },
    );
}

fn put_family(scratch: &mut Scratch, family: &FamilySnapshot, sums: &mut Vec<u64>) {
    let Some(descriptor) = family.descriptor() else { return };
    let kind = match descriptor.kind {
        Kind::Counter => MetricType::COUNTER,
        Kind::Gauge | Kind::Info | Kind::StateSet => MetricType::GAUGE,
        Kind::Histogram => MetricType::HISTOGRAM,
        Kind::Summary => MetricType::SUMMARY,
    };
    put_header(&mut scratch.family, &descriptor.name, &descriptor.help, kind);
    for set in &family.sets {
        set.read_cells(sums, |cells, block, sums| {
            if let Layout::StateSet(states) = set.layout() {
                return scratch.put_states(states, block, sums);
            }
            scratch.begin(block);
            let bits = sums.first().copied().unwrap_or_default();
            match set.layout() {
                Layout::Counter => scratch.put_counter(bits as f64, cells),
                Layout::FloatCounter | Layout::ReadCounter => {
                    scratch.put_counter(f64::from_bits(bits), cells);
                }
                Layout::Gauge => scratch.put_number(GAUGE, bits.cast_signed() as f64),
                Layout::FloatGauge => scratch.put_number(GAUGE, f64::from_bits(bits)),
                Layout::Histogram(buckets) => scratch.put_histogram(buckets, cells, sums),
                Layout::Summary(buckets) => {
                    scratch.put_count_and_sum(Buckets::count(sums), buckets.sum(sums));
                    put_message(&mut scratch.metric, SUMMARY, &scratch.value);
                }
                Layout::Info | Layout::StateSet(_) => scratch.put_number(GAUGE, 1.0),
            }
            scratch.end();
        });
    }
    if let Some(unit) = descriptor.unit {
        put_text(&mut scratch.family, 5, unit);
    }
}

impl Scratch {
    /// Begins a metric with its labels, which are given as the text formats have them.
    fn begin(&mut self, block: &str) {
        self.metric.clear();
        self.put_labels(block);
    }

    fn put_labels(&mut self, block: &str) {
        put_pairs(&mut self.metric, block, &mut self.pair, &mut self.text);
    }

    /// Ends a metric.
    fn end(&mut self) {
        put_message(&mut self.family, 4, &self.metric);
    }

    fn put_number(&mut self, field: u64, value: f64) {
        self.value.clear();
        put_double(&mut self.value, 1, value);
        put_message(&mut self.metric, field, &self.value);
    }

    fn put_counter(&mut self, value: f64, cells: Cells) {
        self.value.clear();
        put_double(&mut self.value, 1, value);
        if self.has_exemplar(cells, 0, Range::ANY) {
            put_message(&mut self.value, 2, &self.exemplar);
        }
        put_message(&mut self.metric, COUNTER, &self.value);
    }

    /// Makes the message of an exemplar, where there is one.
    fn has_exemplar(&mut self, cells: Cells, at: usize, range: Range) -> bool {
        let Self { exemplar: message, pair, text, .. } = self;
        let made = exemplars::with(cells, at, range, |exemplar| {
            message.clear();
            put_pairs(message, exemplar.labels(), pair, text);
            put_double(message, 2, exemplar.value);
            pair.clear();
            put_time(pair, exemplar.millis);
            put_message(message, 3, pair);
        });
        made.is_some()
    }

    /// Puts a gauge for each state, as this format has no state sets.
    fn put_states(&mut self, states: &States, block: &str, sums: &[u64]) {
        for (at, state) in states.labels().enumerate() {
            self.begin(block);
            self.put_labels(state);
            self.put_number(GAUGE, f64::from(u8::from(states.is_current(at, sums))));
            self.end();
        }
    }

    fn put_histogram(&mut self, buckets: &Buckets, cells: Cells, sums: &[u64]) {
        let Some((_, counts)) = sums.split_last() else { return };
        self.put_count_and_sum(Buckets::count(sums), buckets.sum(sums));
        let mut count = 0_u64;
        for (at, (bucket, range)) in counts.iter().zip(Range::of(buckets.bounds())).enumerate() {
            count = count.wrapping_add(*bucket);
            self.begin_bucket(count, range.upto);
            if self.has_exemplar(cells, at, range) {
                put_message(&mut self.part, 3, &self.exemplar);
            }
            put_message(&mut self.value, 3, &self.part);
        }
        put_message(&mut self.metric, HISTOGRAM, &self.value);
    }

    /// Begins a value of observations.
    fn put_count_and_sum(&mut self, count: u64, sum: f64) {
        self.value.clear();
        put_varint(&mut self.value, 1 << 3);
        put_varint(&mut self.value, count);
        put_double(&mut self.value, 2, sum);
    }

    fn begin_bucket(&mut self, count: u64, bound: f64) {
        self.part.clear();
        put_varint(&mut self.part, 1 << 3);
        put_varint(&mut self.part, count);
        put_double(&mut self.part, 2, bound);
    }

    fn put_bucket(&mut self, count: u64, bound: f64) {
        self.begin_bucket(count, bound);
        put_message(&mut self.value, 3, &self.part);
    }
}

/// Puts labels, which are given as the text formats have them, as messages of type `LabelPair`.
fn put_pairs(message: &mut Vec<u8>, block: &str, pair: &mut Vec<u8>, text: &mut String) {
    let mut rest = block;
    while let Some((name, quoted)) = rest.split_once("=\"") {
        text.clear();
        let end = unescape(quoted, text);
        pair.clear();
        put_text(pair, 1, name.trim_start_matches(','));
        put_text(pair, 2, text);
        put_message(message, 1, pair);
        rest = quoted.get(end..).unwrap_or_default();
    }
}

/// Puts milliseconds since 1970 as a `google.protobuf.Timestamp`.
fn put_time(message: &mut Vec<u8>, millis: u64) {
    put_varint(message, 1 << 3);
    put_varint(message, millis / 1000);
    put_varint(message, 2 << 3);
    put_varint(message, millis % 1000 * 1_000_000);
}

/// Appends a value without the text formats' escapes; returns where the rest begins, after the quote that ends it.
fn unescape(quoted: &str, out: &mut String) -> usize {
    let mut characters = quoted.char_indices();
    while let Some((at, character)) = characters.next() {
        match character {
            '"' => return at + 1,
            '\\' => {
                out.extend(characters.next().map(|(_, escaped)| if escaped == 'n' { '\n' } else { escaped }));
            }
            _ => out.push(character),
        }
    }
    quoted.len()
}

fn put_overflow(scratch: &mut Scratch, counts: &[(String, u64)]) {
    put_header(&mut scratch.family, OVERFLOW, OVERFLOW_HELP, MetricType::COUNTER);
    for (metric, count) in counts {
        scratch.begin("");
        scratch.part.clear();
        put_text(&mut scratch.part, 1, "metric");
        put_text(&mut scratch.part, 2, metric);
        put_message(&mut scratch.metric, 1, &scratch.part);
        scratch.put_number(COUNTER, *count as f64);
        scratch.end();
    }
}

fn put_foreign(scratch: &mut Scratch, family: &MetricFamily) {
    let kind = family.get_field_type();
    put_header(&mut scratch.family, family.name(), family.help(), kind);
    for metric in family.get_metric() {
        scratch.metric.clear();
        for pair in metric.get_label() {
            scratch.part.clear();
            put_text(&mut scratch.part, 1, pair.name());
            put_text(&mut scratch.part, 2, pair.value());
            put_message(&mut scratch.metric, 1, &scratch.part);
        }
        match kind {
            MetricType::COUNTER => scratch.put_number(COUNTER, metric.get_counter().value()),
            MetricType::GAUGE => scratch.put_number(GAUGE, metric.get_gauge().value()),
            MetricType::HISTOGRAM => put_foreign_histogram(scratch, metric),
            MetricType::SUMMARY => put_foreign_summary(scratch, metric),
            MetricType::UNTYPED => {}
        }
        if metric.timestamp_ms() != 0 {
            put_varint(&mut scratch.metric, 6 << 3);
            put_varint(&mut scratch.metric, metric.timestamp_ms().cast_unsigned());
        }
        scratch.end();
    }
}

fn put_foreign_histogram(scratch: &mut Scratch, metric: &proto::Metric) {
    let histogram = metric.get_histogram();
    scratch.put_count_and_sum(histogram.get_sample_count(), histogram.get_sample_sum());
    for bucket in histogram.get_bucket().iter().filter(|bucket| bucket.upper_bound().is_finite()) {
        scratch.put_bucket(bucket.cumulative_count(), bucket.upper_bound());
    }
    scratch.put_bucket(histogram.get_sample_count(), f64::INFINITY);
    put_message(&mut scratch.metric, HISTOGRAM, &scratch.value);
}

fn put_foreign_summary(scratch: &mut Scratch, metric: &proto::Metric) {
    let summary = metric.get_summary();
    scratch.put_count_and_sum(summary.sample_count(), summary.sample_sum());
    for quantile in summary.get_quantile() {
        scratch.part.clear();
        put_double(&mut scratch.part, 1, quantile.quantile());
        put_double(&mut scratch.part, 2, quantile.value());
        put_message(&mut scratch.value, 3, &scratch.part);
    }
    put_message(&mut scratch.metric, SUMMARY, &scratch.value);
}
