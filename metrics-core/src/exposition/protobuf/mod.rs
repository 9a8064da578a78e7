//! The delimited protobuf: each family a message of type `io.prometheus.client.MetricFamily` with its length before it.
//!
//! <https://github.com/prometheus/client_model/blob/master/io/prometheus/client/metrics.proto>; the numbers of the fields
//! and types are from there.

mod histogram;
mod label_messages;

use std::ops::ControlFlow;

use self::label_messages::LabelMessages;
use super::{
    page_writer::PageWriter,
    view::{
        Family, FamilyView, Labels, ReadBuffers, SeriesView, SeriesVisitor, StateView, SummaryView, Value,
        any_exemplars,
    },
};
use crate::{
    encode::{
        PageBuffer, ROOM,
        wire::{
            DOUBLE, double, message_len, put_begin, put_double, put_message, put_number, put_text,
            short_begin, varint_len,
        },
    },
    exemplar::Record,
    model::MetricType,
    native,
};

/// Fields of a `MetricFamily` that hold its metrics and its unit.
const METRIC: u64 = 4;
const UNIT: u64 = 5;

/// Fields of a `Metric` that hold its value.
const GAUGE: u64 = 2;
const COUNTER: u64 = 3;
const SUMMARY: u64 = 4;
const HISTOGRAM: u64 = 7;

/// Field of a `Metric` that holds the collector's own time.
const TIMESTAMP: u64 = 6;

/// Buffers for messages inside of others: their length is written first, so they are made before. They are used again from
/// series to series.
#[derive(Default)]
struct MessageBuffers {
    labels: LabelMessages,
    value: PageBuffer,
    spans: PageBuffer,
    exemplar: ExemplarMessage,
    native: native::Snapshot,
    /// Set if pages show since when series count.
    has_created: bool,
    has_exemplars: bool,
}

/// Appends families; `has_created` says whether the times are shown since when series count.
pub(super) fn encode(families: &[Family<'_>], has_created: bool, out: &mut PageWriter<'_>) {
    let has_exemplars = any_exemplars();
    let mut messages = MessageBuffers { has_created, has_exemplars, ..MessageBuffers::default() };
    let mut buffers = ReadBuffers::default();
    for family in families.iter().map(Family::view) {
        let start = begin_family(out);
        put_family(out, &family, &mut messages, &mut buffers);
        end_family(out, start);
        // The length of a family stands before it, so that no part of one can be given away.
        if out.end_part().is_break() {
            return;
        }
    }
}

/// Bytes of a family's length. It is known at the end, and writing it then in as few bytes as it needs would move the family;
/// so it takes as many as the longest would, which every reader of protobuf accepts.
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

fn put_family(
    out: &mut PageBuffer,
    family: &FamilyView<'_>,
    messages: &mut MessageBuffers,
    buffers: &mut ReadBuffers,
) {
    put_text(out, 1, family.name);
    put_text(out, 2, family.help);
    put_number(out, 3, type_number(family.metric_type));
    let (field, is_plain) = match family.metric_type {
        Some(MetricType::Counter) => (COUNTER, !messages.has_created && !messages.has_exemplars),
        Some(MetricType::Gauge | MetricType::Info | MetricType::StateSet) | None => (GAUGE, true),
        Some(MetricType::Histogram) => (HISTOGRAM, false),
        Some(MetricType::Summary) => (SUMMARY, false),
    };
    let _all_of_them =
        family.visit_series(buffers, MetricWriter { out: &mut *out, messages, field, is_plain });
    if let Some(unit) = family.unit {
        put_text(out, UNIT, unit);
    }
}

/// Puts the series of one family.
struct MetricWriter<'p, 'm> {
    out: &'p mut PageBuffer,
    messages: &'m mut MessageBuffers,
    /// Field of a metric's number.
    field: u64,
    /// Set where the message of a metric's value has nothing but a number.
    is_plain: bool,
}

impl<'f> SeriesVisitor<'f> for MetricWriter<'_, '_> {
    #[allow(clippy::inline_always)] // the loop over counters is most of a page, see `SeriesVisitor`
    #[inline(always)]
    fn visit(&mut self, series: SeriesView<'f, '_>) -> ControlFlow<()> {
        match series.value {
            Value::Count(value) if self.is_plain && series.timestamp.is_none() => {
                self.messages.put_number(self.out, series.labels, self.field, value as f64);
            }
            // A copy, so that the series of most metrics need not be in memory.
            _ => self.visit_any(&{ series }),
        }
        ControlFlow::Continue(())
    }
}

impl MetricWriter<'_, '_> {
    fn visit_any(&mut self, series: &SeriesView<'_, '_>) {
        let Self { out, messages, .. } = self;
        match series.value {
            Value::Count(value) => self.visit_number(series, value as f64),
            Value::Integer(value) => self.visit_number(series, value as f64),
            Value::Float(value) => self.visit_number(series, value),
            Value::Histogram(histogram) => {
                messages.make_histogram(series, histogram);
                messages.put_value(out, series, HISTOGRAM);
            }
            Value::Summary(summary) => messages.put_summary(out, series, summary),
            Value::StateSet(state) => messages.put_states(out, series, state),
            Value::Nothing => {}
        }
    }

    fn visit_number(&mut self, series: &SeriesView<'_, '_>, value: f64) {
        let Self { out, messages, field, is_plain } = self;
        match series.timestamp {
            _ if !*is_plain => messages.put_counter(out, series, value),
            None => messages.put_number(out, series.labels, *field, value),
            Some(_) => {
                let labels = label_messages(series.labels, &mut messages.labels);
                put_metric(out, labels, *field, &double(1, value), series.timestamp);
            }
        }
    }
}

const fn type_number(metric_type: Option<MetricType>) -> u64 {
    match metric_type {
        Some(MetricType::Counter) => 0,
        Some(MetricType::Gauge | MetricType::Info | MetricType::StateSet) => 1,
        Some(MetricType::Summary) => 2,
        None => 3,
        Some(MetricType::Histogram) => 4,
    }
}

/// The most bytes of labels that are put with [`ROOM`].
const SHORT_LABELS: usize = 160;
const _: () = assert!(4 + SHORT_LABELS + 16 <= ROOM);

/// Number of bytes of [`number`].
const NUMBER: usize = 2 + DOUBLE;

/// Field of a `Metric` with a message of one number, whose first field it is: [`NUMBER`] bytes, the first one the lowest.
///
/// In one word, as what is written by bytes and read by larger pieces has to wait.
#[inline]
fn number(field: u64, value: f64) -> u128 {
    let head = field << 3 | 2 | (DOUBLE as u64) << 8 | (1 << 3 | 1) << 16;
    u128::from(head) | u128::from(value.to_bits()) << 24
}

/// Returns the messages of a series' labels: those that its family keeps, or new ones.
#[inline]
fn label_messages<'a>(labels: Labels<'a>, buffer: &'a mut LabelMessages) -> &'a [u8] {
    let kept = labels.encoded(|text, out| out.extend_from_slice(buffer.encode(text)));
    kept.unwrap_or_else(|| buffer.encode(labels.text()))
}

/// Puts a metric: its labels, and its value as the message of a field.
fn put_metric(out: &mut PageBuffer, labels: &[u8], field: u64, value: &[u8], timestamp: Option<i64>) {
    let timestamp = timestamp.map(i64::cast_unsigned);
    let timestamp_len = timestamp.map_or(0, |millis| 1 + varint_len(millis));
    put_begin(out, METRIC, labels.len() + message_len(value.len()) + timestamp_len);
    out.push_bytes(labels);
    put_message(out, field, value);
    if let Some(millis) = timestamp {
        put_number(out, TIMESTAMP, millis);
    }
}

impl MessageBuffers {
    /// Puts a metric without a timestamp whose value is a number, in a message with nothing else.
    #[inline]
    fn put_number(&mut self, out: &mut PageBuffer, labels: Labels<'_>, field: u64, value: f64) {
        let labels = label_messages(labels, &mut self.labels);
        if labels.len() <= SHORT_LABELS {
            let number = number(field, value);
            out.push_line(|line| {
                let (begin, length) = short_begin(METRIC, labels.len() + NUMBER);
                line.push_piece(&begin, length);
                line.push_bytes(labels);
                line.push_piece(&number.to_le_bytes(), NUMBER);
            });
        } else {
            put_metric(out, labels, field, &double(1, value), None);
        }
    }

    /// Puts a metric whose value was made.
    fn put_value(&mut self, out: &mut PageBuffer, series: &SeriesView<'_, '_>, field: u64) {
        let labels = label_messages(series.labels, &mut self.labels);
        put_metric(out, labels, field, self.value.written(), series.timestamp);
    }

    /// Puts a counter with its exemplar and since when it counts.
    fn put_counter(&mut self, out: &mut PageBuffer, series: &SeriesView<'_, '_>, value: f64) {
        self.value.clear();
        put_double(&mut self.value, 1, value);
        if self.has_exemplars {
            let Self { value, exemplar, .. } = self;
            series.show_exemplar(|record| put_message(value, 2, exemplar.encode(record)));
        }
        self.make_created(3, series);
        self.put_value(out, series, COUNTER);
    }

    fn put_summary(&mut self, out: &mut PageBuffer, series: &SeriesView<'_, '_>, summary: SummaryView<'_>) {
        self.begin_observations(summary.count, summary.sum.as_f64());
        for (quantile, value) in summary.quantiles {
            put_begin(&mut self.value, 3, 2 * DOUBLE);
            put_double(&mut self.value, 1, *quantile);
            put_double(&mut self.value, 2, *value);
        }
        self.make_created(4, series);
        self.put_value(out, series, SUMMARY);
    }

    /// Puts a gauge for each state, as this format has no state sets.
    fn put_states(&mut self, out: &mut PageBuffer, series: &SeriesView<'_, '_>, state: StateView<'_, '_>) {
        for (label, is_current) in state.states() {
            self.labels.encode(series.labels.text());
            let labels = self.labels.append(label);
            let value = f64::from(u8::from(is_current));
            put_metric(out, labels, GAUGE, &double(1, value), series.timestamp);
        }
    }

    /// Adds since when a series counts to the value that is being made.
    fn make_created(&mut self, field: u64, series: &SeriesView<'_, '_>) {
        if self.has_created
            && let Some(created) = series.created()
        {
            put_time(&mut self.value, field, created);
        }
    }
}

/// Buffers for the message of an exemplar.
#[derive(Default)]
struct ExemplarMessage {
    labels: LabelMessages,
    message: PageBuffer,
}

impl ExemplarMessage {
    fn encode(&mut self, exemplar: &Record) -> &[u8] {
        self.message.clear();
        self.message.push_bytes(self.labels.encode(exemplar.labels()));
        put_double(&mut self.message, 2, exemplar.value);
        put_time(&mut self.message, 3, exemplar.millis);
        self.message.written()
    }
}

/// Puts milliseconds since 1970 as a `google.protobuf.Timestamp`.
fn put_time(out: &mut PageBuffer, field: u64, millis: u64) {
    let (seconds, nanos) = (millis / 1000, millis % 1000 * 1_000_000);
    put_begin(out, field, 2 + varint_len(seconds) + varint_len(nanos));
    put_number(out, 1, seconds);
    put_number(out, 2, nanos);
}
