//! The delimited protobuf: each family a message of type `io.prometheus.client.MetricFamily` with its length before it.
//!
//! <https://github.com/prometheus/client_model/blob/master/io/prometheus/client/metrics.proto>; the numbers of the fields
//! and types are from there.

mod foreign;
mod histogram;
mod labels;

use prometheus::proto::MetricType as ProtoType;

use self::labels::{Pairs, put_pair};
use super::{
    exemplars::{self, Range},
    page::{self, Family, Filter, OVERFLOW, OVERFLOW_HELP},
    page_writer::PageWriter,
};
use crate::{
    cell::ExemplarSlot,
    encode::{
        PageBuffer, ROOM,
        wire::{DOUBLE, message_len, put_begin, put_double, put_message, put_number, put_text, short_begin},
    },
    exemplar,
    model::{Buckets, Layout, MetricType, States},
    native,
    registry::{FamilySnapshot, Registry},
    series::{Encoded, SeriesRef, SeriesSet},
};

/// The fields of a `MetricFamily` that hold its metrics and its unit.
const METRIC: u64 = 4;
const UNIT: u64 = 5;

/// The fields of a `Metric` that hold its value.
const GAUGE: u64 = 2;
const COUNTER: u64 = 3;
const SUMMARY: u64 = 4;
const HISTOGRAM: u64 = 7;

/// Buffers for what is inside of other messages: their length is written first, so they are made before. They are used again
/// from series to series.
#[derive(Default)]
struct Scratch {
    pairs: Pairs,
    value: PageBuffer,
    part: PageBuffer,
    exemplar: PageBuffer,
    exemplar_pairs: Pairs,
    native: native::Snapshot,
    /// Whether the time since when a series counts is shown.
    created: bool,
    /// Whether there is any exemplar.
    exemplars: bool,
}

/// Appends a registry's page.
pub(crate) fn encode(registry: &Registry, filter: &Filter<'_>, out: &mut PageWriter<'_>) {
    let (created, exemplars) = (registry.shows_created(), exemplar::any());
    let mut scratch = Scratch { created, exemplars, ..Scratch::default() };
    let mut sums = Vec::new();
    for family in page::families(registry, filter) {
        let start = begin_family(out);
        match &family {
            Family::Ours(family) => put_family(out, &mut scratch, family, &mut sums),
            Family::Overflow(counts) => put_overflow(out, counts),
            Family::Foreign(family) => foreign::put_family(out, &mut scratch, family),
        }
        end_family(out, start);
        if out.end_part().is_break() {
            return;
        }
    }
}

/// The bytes of a family's length: it is known at the end, and what would have to be moved then is all of the family. So it
/// takes as many bytes as the longest would, which every reader of protobuf accepts.
const LENGTH: usize = 5;

fn begin_family(out: &mut PageBuffer) -> usize {
    out.push_bytes(&[0; LENGTH]);
    out.len()
}

#[allow(clippy::cast_possible_truncation)] // each group is masked
fn end_family(out: &mut PageBuffer, start: usize) {
    let length = out.len() - start;
    for (at, byte) in out.written_mut().iter_mut().skip(start - LENGTH).take(LENGTH).enumerate() {
        let more = if at + 1 < LENGTH { 0x80 } else { 0 };
        *byte = (length >> (7 * at) & 0x7F) as u8 | more;
    }
}

/// What stands before a family's metrics.
fn put_header(out: &mut PageBuffer, name: &str, help: &str, kind: ProtoType) {
    put_text(out, 1, name);
    put_text(out, 2, help);
    let kind = match kind {
        ProtoType::COUNTER => 0,
        ProtoType::GAUGE => 1,
        ProtoType::SUMMARY => 2,
        ProtoType::UNTYPED => 3,
        ProtoType::HISTOGRAM => 4,
    };
    put_number(out, 3, kind);
}

fn put_family(out: &mut PageWriter<'_>, scratch: &mut Scratch, family: &FamilySnapshot, sums: &mut Vec<u64>) {
    let Some(descriptor) = family.descriptor() else { return };
    let kind = match descriptor.kind {
        MetricType::Counter => ProtoType::COUNTER,
        MetricType::Gauge | MetricType::Info | MetricType::StateSet => ProtoType::GAUGE,
        MetricType::Histogram => ProtoType::HISTOGRAM,
        MetricType::Summary => ProtoType::SUMMARY,
    };
    put_header(out, &descriptor.name, &descriptor.help, kind);
    // Its length stands before a family, so that none of it can be given away before its end.
    let out: &mut PageBuffer = out;
    for set in &family.sets {
        scratch.put_set(out, set, sums);
    }
    if let Some(unit) = descriptor.unit {
        put_text(out, UNIT, unit);
    }
}

/// The most bytes of labels that are put with [`ROOM`].
const SHORT_LABELS: usize = 160;
const _: () = assert!(3 + SHORT_LABELS + 2 + DOUBLE <= ROOM);

/// The labels of a metric: as the text formats have them, and as this one does where they were kept.
#[derive(Clone, Copy)]
struct Labels<'a> {
    block: &'a str,
    encoded: Option<&'a [u8]>,
}

impl<'a> Labels<'a> {
    #[inline]
    fn of(encoded: Option<&'a Encoded>, origin: SeriesRef, block: &'a str) -> Self {
        Self { block, encoded: encoded.map(|encoded| encoded.get(origin.position)) }
    }
}

/// The field of a `Metric` with a message of one number, whose first field it is.
#[allow(clippy::cast_possible_truncation)] // fields are small
#[inline]
fn number(field: u64, value: f64) -> [u8; 2 + DOUBLE] {
    let mut bytes = [0; 2 + DOUBLE];
    let (head, number) = bytes.split_at_mut(3);
    head.copy_from_slice(&[(field << 3) as u8 | 2, DOUBLE as u8, 1 << 3 | 1]);
    number.copy_from_slice(&value.to_le_bytes());
    bytes
}

impl Scratch {
    /// Puts the metrics of a set of series.
    fn put_set(&mut self, out: &mut PageBuffer, set: &SeriesSet, sums: &mut Vec<u64>) {
        let mut pairs = Pairs::default();
        let encoded = set.encoded(|block, out| {
            pairs.read(block);
            pairs.put(out, block);
        });
        let plain = !self.created && !self.exemplars;
        match set.layout() {
            Layout::Counter if plain => {
                self.put_numbers(out, set, encoded, sums, COUNTER, |bits| bits as f64);
            }
            Layout::FloatCounter | Layout::ReadCounter if plain => {
                self.put_numbers(out, set, encoded, sums, COUNTER, f64::from_bits);
            }
            Layout::Gauge => {
                self.put_numbers(out, set, encoded, sums, GAUGE, |bits| bits.cast_signed() as f64);
            }
            Layout::FloatGauge => self.put_numbers(out, set, encoded, sums, GAUGE, f64::from_bits),
            Layout::Info => self.put_numbers(out, set, encoded, sums, GAUGE, |_| 1.0),
            _ => set.read_origins(sums, |origin, block, sums| {
                self.put_metric(out, set, Labels::of(encoded, origin, block), origin, sums);
            }),
        }
    }

    /// Puts the metrics of a set whose values are numbers with nothing beside them.
    #[inline]
    fn put_numbers(
        &mut self,
        out: &mut PageBuffer,
        set: &SeriesSet,
        encoded: Option<&Encoded>,
        sums: &mut Vec<u64>,
        field: u64,
        value: impl Fn(u64) -> f64,
    ) {
        set.read_origins(sums, |origin, block, sums| {
            let bits = sums.first().copied().unwrap_or_default();
            self.put_one(out, Labels::of(encoded, origin, block), field, value(bits));
        });
    }

    /// Puts a metric.
    fn put_metric(
        &mut self,
        out: &mut PageBuffer,
        set: &SeriesSet,
        labels: Labels<'_>,
        origin: SeriesRef,
        sums: &[u64],
    ) {
        let bits = sums.first().copied().unwrap_or_default();
        match set.layout() {
            Layout::Histogram(buckets) => {
                self.make_histogram(buckets, origin, sums);
                self.put_value(out, labels, HISTOGRAM);
            }
            Layout::Summary(buckets) => {
                self.begin_observations(Buckets::count(sums), buckets.sum(sums));
                self.make_quantiles(set.quantiles(origin.cells).unwrap_or_default());
                self.make_created(4, origin);
                self.put_value(out, labels, SUMMARY);
            }
            Layout::StateSet(states) => self.put_states(out, states, labels.block, sums),
            Layout::FloatCounter | Layout::ReadCounter => {
                self.put_counter(out, labels, f64::from_bits(bits), origin);
            }
            _ => self.put_counter(out, labels, bits as f64, origin),
        }
    }

    /// Puts a metric up to its value, of which the length is known.
    #[inline]
    fn begin_metric(&mut self, out: &mut PageBuffer, labels: Labels<'_>, value: usize) {
        if let Some(encoded) = labels.encoded {
            put_begin(out, METRIC, encoded.len() + message_len(value));
            return out.push_bytes(encoded);
        }
        self.pairs.read(labels.block);
        put_begin(out, METRIC, self.pairs.len() + message_len(value));
        self.pairs.put(out, labels.block);
    }

    /// Puts a metric whose value was made.
    fn put_value(&mut self, out: &mut PageBuffer, labels: Labels<'_>, field: u64) {
        self.begin_metric(out, labels, self.value.len());
        put_message(out, field, self.value.written());
    }

    /// Puts a metric whose value is a number, in a message with nothing else.
    #[inline]
    fn put_one(&mut self, out: &mut PageBuffer, labels: Labels<'_>, field: u64, value: f64) {
        let number = number(field, value);
        match labels.encoded {
            Some(encoded) if encoded.len() <= SHORT_LABELS => out.push_line(|line| {
                let (begin, length) = short_begin(METRIC, encoded.len() + number.len());
                line.push_piece(&begin, length);
                line.push_bytes(encoded);
                line.push_piece(&number, number.len());
            }),
            _ => {
                self.begin_metric(out, labels, DOUBLE);
                out.push_bytes(&number);
            }
        }
    }

    /// Puts a counter, with what is beside its value.
    fn put_counter(&mut self, out: &mut PageBuffer, labels: Labels<'_>, value: f64, origin: SeriesRef) {
        let has_exemplar = self.make_exemplar(origin.cells.place(0), Range::ANY);
        self.value.clear();
        put_double(&mut self.value, 1, value);
        if has_exemplar {
            put_message(&mut self.value, 2, self.exemplar.written());
        }
        self.make_created(3, origin);
        self.put_value(out, labels, COUNTER);
    }

    /// Puts a gauge for each state, as this format has no state sets.
    fn put_states(&mut self, out: &mut PageBuffer, states: &States, block: &str, sums: &[u64]) {
        for (at, state) in states.labels().enumerate() {
            self.pairs.read(block);
            let mut labels = std::mem::take(&mut self.part);
            labels.clear();
            self.pairs.put(&mut labels, block);
            self.pairs.read(state);
            self.pairs.put(&mut labels, state);
            put_begin(out, METRIC, labels.len() + message_len(DOUBLE));
            out.push_bytes(labels.written());
            put_begin(out, GAUGE, DOUBLE);
            put_double(out, 1, f64::from(u8::from(states.is_current(at, sums))));
            self.part = labels;
        }
    }

    /// Makes the message of an exemplar, where there is one.
    #[inline]
    fn make_exemplar(&mut self, place: ExemplarSlot, range: Range) -> bool {
        self.exemplars && self.make_exemplar_of(place, range)
    }

    fn make_exemplar_of(&mut self, place: ExemplarSlot, range: Range) -> bool {
        let Self { exemplar: message, exemplar_pairs: pairs, part: time, .. } = self;
        let made = exemplars::with(place, range, |exemplar| {
            message.clear();
            pairs.read(exemplar.labels());
            pairs.put(message, exemplar.labels());
            put_double(message, 2, exemplar.value);
            put_time(message, 3, exemplar.millis, time);
        });
        made.is_some()
    }

    /// Adds the quantiles of a summary to the value that is being made.
    fn make_quantiles(&mut self, quantiles: impl IntoIterator<Item = (f64, f64)>) {
        for (quantile, value) in quantiles {
            put_begin(&mut self.value, 3, 2 * DOUBLE);
            put_double(&mut self.value, 1, quantile);
            put_double(&mut self.value, 2, value);
        }
    }

    /// Adds since when a series counts to the value that is being made.
    fn make_created(&mut self, field: u64, origin: SeriesRef) {
        if self.created {
            put_time(&mut self.value, field, origin.since, &mut self.part);
        }
    }
}

/// Puts milliseconds since 1970 as a `google.protobuf.Timestamp`.
fn put_time(out: &mut PageBuffer, field: u64, millis: u64, scratch: &mut PageBuffer) {
    scratch.clear();
    put_number(scratch, 1, millis / 1000);
    put_number(scratch, 2, millis % 1000 * 1_000_000);
    put_message(out, field, scratch.written());
}

fn put_overflow(out: &mut PageBuffer, counts: &[(String, u64)]) {
    put_header(out, OVERFLOW, OVERFLOW_HELP, ProtoType::COUNTER);
    let mut labels = Vec::new();
    for (metric, count) in counts {
        labels.clear();
        put_pair(&mut labels, "metric", metric);
        put_begin(out, METRIC, labels.len() + message_len(DOUBLE));
        out.push_bytes(&labels);
        put_begin(out, COUNTER, DOUBLE);
        put_double(out, 1, *count as f64);
    }
}
