//! Sample lines of the text formats: most of a page, so that their speed is the page's.
//!
//! A copy whose length is not known beforehand takes longer than its few bytes are worth. So the name with its brace is put
//! together once a family, and names, labels and counts are written in pieces of a known length that are cut.

use std::{num::NonZero, ops::ControlFlow};

use super::{
    bucket_lines::BucketLines,
    page_writer::PageWriter,
    view::{Bounds, HistogramView, Labels, SeriesView, SeriesVisitor, StateView, Sum, SummaryView, Value},
};
use crate::{
    encode::{
        PageBuffer, ROOM,
        number::{
            SHORT_COUNT, canonical, canonical_classic, count_line, push_classic, push_count_line,
            push_integer, push_seconds,
        },
    },
    exemplar::Record,
};

/// Length up to which a name is copied as if its length were known, and that of labels of a line with [`ROOM`].
const SHORT: usize = 32;
const SHORT_LABELS: usize = 160;
const _: () = assert!(SHORT + SHORT_LABELS + 16 <= ROOM);

/// Sample lines of one family.
pub(super) struct SampleLines<'f> {
    name: &'f str,
    prefix: SamplePrefix<'f>,
    options: LineOptions,
    /// Set where a line ends with its value.
    is_plain: bool,
    /// Of the histogram that was written last.
    buckets: Option<BucketLines<'f>>,
}

/// Differences between the text formats.
#[derive(Debug)]
pub(super) struct LineOptions {
    pub(super) form: LineForm,
    pub(super) has_exemplars: bool,
    /// Name of the samples with the time since when a series counts, where they are shown.
    pub(super) created: Option<String>,
}

/// Form of numbers and times.
#[derive(Clone, Copy, Debug)]
pub(super) enum LineForm {
    Text,
    OpenMetrics,
}

impl<'f> SampleLines<'f> {
    pub(super) fn new(name: &'f str, options: LineOptions) -> Self {
        let is_plain = !options.has_exemplars && options.created.is_none();
        Self { name, prefix: SamplePrefix::new(name), options, is_plain, buckets: None }
    }

    /// Writes the lines of a series.
    #[allow(clippy::inline_always)] // the loop over counters is most of a page, see `SeriesVisitor`
    #[inline(always)]
    fn write(&mut self, out: &mut PageBuffer, series: SeriesView<'f, '_>) {
        match series.value {
            Value::Count(count) if self.is_plain && series.timestamp.is_none() => {
                self.prefix.write_count(out, series.labels, count);
            }
            Value::Histogram(histogram) => self.write_histogram(out, &{ series }, histogram),
            Value::Count(_)
            | Value::Integer(_)
            | Value::Float(_)
            | Value::Summary(_)
            | Value::StateSet(_)
            // A copy, so that the series of most lines need not be in memory.
            | Value::Nothing => self.write_any(out, &{ series }),
        }
    }

    fn write_any(&self, out: &mut PageBuffer, series: &SeriesView<'f, '_>) {
        let labels = series.labels.text();
        match series.value {
            Value::Count(count) => self.write_value(out, series, |out| push_integer(out, count)),
            Value::Integer(value) => self.write_value(out, series, |out| push_integer(out, value)),
            Value::Float(value) => self.write_value(out, series, |out| push_classic(out, value)),
            Value::Summary(summary) => self.write_summary(out, series, summary),
            Value::StateSet(state) => self.write_states(out, labels, state),
            Value::Histogram(_) | Value::Nothing => {}
        }
    }

    #[inline]
    fn write_value(
        &self,
        out: &mut PageBuffer,
        series: &SeriesView<'_, '_>,
        push: impl FnOnce(&mut PageBuffer),
    ) {
        self.prefix.write(out, series.labels.text());
        push(out);
        self.options.push_timestamp(out, series);
        if self.options.has_exemplars {
            series.show_exemplar(|exemplar| push_exemplar(out, exemplar));
        }
        out.push('\n');
        self.options.write_created(out, series);
    }

    fn write_histogram(
        &mut self,
        out: &mut PageBuffer,
        series: &SeriesView<'f, '_>,
        histogram: HistogramView<'f, '_>,
    ) {
        let HistogramView { bounds, counts, sum, .. } = histogram;
        let Self { name, options, buckets, .. } = self;
        let labels = series.labels.text();
        buckets.take_if(|lines| !lines.bounds.is_same(bounds));
        let lines = buckets.get_or_insert_with(|| match options.form {
            LineForm::Text => BucketLines::new(bounds, bounds.text()),
            LineForm::OpenMetrics => BucketLines::new(bounds, bounds.open_metrics()),
        });
        let count = if options.has_exemplars || series.timestamp.is_some() {
            lines.write_with(out, name, labels, counts, |out, bucket| {
                options.push_timestamp(out, series);
                if options.has_exemplars {
                    series.show_bucket_exemplar(bounds, bucket, |exemplar| push_exemplar(out, exemplar));
                }
            })
        } else {
            lines.write(out, name, labels, counts)
        };
        let has_sum = match options.form {
            LineForm::Text => true,
            LineForm::OpenMetrics => has_sum(bounds, sum),
        };
        if has_sum {
            self.write_sum_and_count(out, series, sum, count);
        }
        self.options.write_created(out, series);
    }

    fn write_summary(&self, out: &mut PageBuffer, series: &SeriesView<'_, '_>, summary: SummaryView<'_>) {
        let labels = series.labels.text();
        for (quantile, value) in summary.quantiles {
            let separator = if labels.is_empty() { "" } else { "," };
            let quantile = match self.options.form {
                LineForm::Text => canonical_classic(*quantile),
                LineForm::OpenMetrics => canonical(*quantile),
            };
            for part in [self.name, "{", labels, separator, "quantile=\"", &quantile, "\"} "] {
                out.push_str(part);
            }
            push_classic(out, *value);
            self.options.push_timestamp(out, series);
            out.push('\n');
        }
        self.write_sum_and_count(out, series, summary.sum, summary.count);
        self.options.write_created(out, series);
    }

    fn write_sum_and_count(&self, out: &mut PageBuffer, series: &SeriesView<'_, '_>, sum: Sum, count: u64) {
        let labels = series.labels.text();
        write_name(out, self.name, "_sum", labels);
        match sum {
            Sum::Nanoseconds(nanos) => push_seconds(out, nanos),
            Sum::Number(number) => push_classic(out, number),
        }
        self.options.push_timestamp(out, series);
        out.push('\n');
        write_name(out, self.name, "_count", labels);
        if series.timestamp.is_none() {
            return push_count_line(out, count);
        }
        push_integer(out, count);
        self.options.push_timestamp(out, series);
        out.push('\n');
    }

    fn write_states(&self, out: &mut PageBuffer, labels: &str, state: StateView<'_, '_>) {
        let separator = if labels.is_empty() { "" } else { "," };
        for (label, is_current) in state.states() {
            for part in [self.name, "{", labels, separator, label, "} "] {
                out.push_str(part);
            }
            out.push_str(if is_current { "1\n" } else { "0\n" });
        }
    }
}

/// Writes the series of one family to a page, which may be cut after each.
pub(super) struct LineWriter<'f, 'p, 'b> {
    pub(super) lines: SampleLines<'f>,
    pub(super) out: &'p mut PageWriter<'b>,
}

impl<'f> SeriesVisitor<'f> for LineWriter<'f, '_, '_> {
    #[allow(clippy::inline_always)] // as above
    #[inline(always)]
    fn visit(&mut self, series: SeriesView<'f, '_>) -> ControlFlow<()> {
        self.lines.write(self.out, series);
        self.out.end_part()
    }
}

/// Returns whether a histogram shows its sum and count in OpenMetrics: with negative values the sum would go down.
fn has_sum(bounds: Bounds<'_>, sum: Sum) -> bool {
    (bounds.len() == 0 || bounds.upper(0) >= 0.0) && sum.as_f64() >= 0.0
}

impl LineOptions {
    /// Appends the collector's own time of a value.
    #[inline]
    fn push_timestamp(&self, out: &mut PageBuffer, series: &SeriesView<'_, '_>) {
        let Some(millis) = series.timestamp else { return };
        out.push(' ');
        match self.form {
            LineForm::Text => push_integer(out, millis),
            LineForm::OpenMetrics => {
                if millis < 0 {
                    out.push('-');
                }
                push_millis(out, millis.unsigned_abs());
            }
        }
    }

    /// Writes since when a series counts, in seconds.
    #[inline]
    fn write_created(&self, out: &mut PageBuffer, series: &SeriesView<'_, '_>) {
        if let (Some(name), Some(created)) = (&self.created, series.created()) {
            write_name(out, name, "", series.labels.text());
            push_millis(out, created);
            out.push('\n');
        }
    }
}

/// Appends an exemplar to a line of OpenMetrics.
fn push_exemplar(out: &mut PageBuffer, exemplar: &Record) {
    for part in [" # {", exemplar.labels(), "} "] {
        out.push_str(part);
    }
    push_classic(out, exemplar.value);
    out.push(' ');
    push_millis(out, exemplar.millis);
}

/// Appends milliseconds as seconds.
fn push_millis(out: &mut PageBuffer, millis: u64) {
    push_integer(out, millis / 1000);
    let rest = millis % 1000;
    out.push('.');
    for digit in [rest / 100, rest / 10 % 10, rest % 10] {
        push_integer(out, digit);
    }
}

/// Writes a sample's name and labels, up to its value.
fn write_name(out: &mut PageBuffer, name: &str, suffix: &str, labels: &str) {
    out.push_str(name);
    out.push_str(suffix);
    if !labels.is_empty() {
        out.push('{');
        out.push_str(labels);
        out.push('}');
    }
    out.push(' ');
}

/// Name of a sample and the brace after it.
struct SamplePrefix<'f> {
    name: &'f str,
    /// Name and brace with zeroes after them, where they are short, and their length.
    piece: [u8; SHORT],
    length: Option<NonZero<usize>>,
}

impl<'f> SamplePrefix<'f> {
    fn new(name: &'f str) -> Self {
        let mut piece = [0; SHORT];
        let length = NonZero::new(name.len() + 1).filter(|length| length.get() <= SHORT);
        if let Some((room, [brace, ..])) = piece.split_at_mut_checked(name.len()) {
            room.copy_from_slice(name.as_bytes());
            *brace = b'{';
        }
        Self { name, piece, length }
    }

    /// Writes a line up to its value.
    #[inline]
    fn write(&self, out: &mut PageBuffer, labels: &str) {
        write_name(out, self.name, "", labels);
    }

    /// Writes a line with a count.
    #[allow(clippy::inline_always)] // as above
    #[inline(always)]
    fn write_count(&self, out: &mut PageBuffer, labels: Labels<'_>, count: u64) {
        let bytes = labels.bytes();
        match self.length {
            Some(length) if (1..=SHORT_LABELS).contains(&bytes.len()) && count <= SHORT_COUNT => {
                let (end, end_length) = count_line(count);
                // The longest line end has 13 bytes.
                let end = end << 16 | u128::from(u16::from_le_bytes(*b"} "));
                out.push_line(|line| {
                    line.push_piece(&self.piece, length.get());
                    line.push_bytes(bytes);
                    line.push_piece(&end.to_le_bytes(), end_length + 2);
                });
            }
            Some(length) if bytes.is_empty() && count <= SHORT_COUNT => {
                let (end, end_length) = count_line(count);
                let end = end << 8 | u128::from(b' ');
                out.push_line(|line| {
                    line.push_piece(&self.piece, length.get() - 1);
                    line.push_piece(&end.to_le_bytes(), end_length + 1);
                });
            }
            _ => {
                self.write(out, labels.text());
                push_count_line(out, count);
            }
        }
    }
}
