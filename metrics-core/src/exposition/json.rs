//! The page as JSON, of a shape of our own that [`Format::Json`](super::Format::Json) describes.

use prometheus::proto::{Metric, MetricFamily, MetricType as ProtoType};

#[allow(unused_imports)] // one of the two is used, see there
use super::foreign::{GetValue as _, Value as _};
use super::{
    exemplars::{self, Range, place_of_bucket},
    foreign,
    page::{self, Family, Filter, OVERFLOW, OVERFLOW_HELP},
    page_writer::PageWriter,
    text::push_value,
};
use crate::{
    cell::Cells,
    encode::{
        PageBuffer,
        number::{push_classic, push_integer},
    },
    model::{Buckets, Layout, MetricType, States},
    registry::{FamilySnapshot, Registry},
    series::SeriesRef,
};

/// Appends a registry's page.
pub(crate) fn encode(registry: &Registry, filter: &Filter<'_>, out: &mut PageWriter<'_>) {
    let mut scratch = Vec::new();
    out.push_str("{\"families\":[");
    for (index, family) in page::families(registry, filter).iter().enumerate() {
        out.push_str(if index == 0 { "\n" } else { ",\n" });
        match family {
            Family::Ours(family) => write_family(out, family, &mut scratch),
            Family::Overflow(counts) => write_overflow(out, counts),
            Family::Foreign(family) => write_foreign(out, family),
        }
        if out.end_part().is_break() {
            return;
        }
    }
    out.push_str("\n]}\n");
}

/// Writes a family up to its series.
fn open_family(out: &mut PageBuffer, name: &str, kind: &str, unit: Option<&str>, help: &str) {
    out.push_str("{\"name\":");
    push_string(out, name);
    out.push_str(",\"type\":");
    push_string(out, kind);
    if let Some(unit) = unit {
        out.push_str(",\"unit\":");
        push_string(out, unit);
    }
    out.push_str(",\"help\":");
    push_string(out, help);
    out.push_str(",\"series\":[");
}

fn close_family(out: &mut PageBuffer) {
    out.take_comma_back();
    out.push_str("]}");
}

fn write_family(out: &mut PageWriter<'_>, family: &FamilySnapshot, scratch: &mut Vec<u64>) {
    let Some(descriptor) = family.descriptor() else { return };
    open_family(out, &descriptor.name, descriptor.kind.as_str(), descriptor.unit, &descriptor.help);
    for set in &family.sets {
        out.series_origins(set, scratch, |out, SeriesRef { cells, .. }, block, sums| {
            if let Layout::StateSet(states) = set.layout() {
                return write_states(out, states, block, sums);
            }
            open_series(out, [block, ""]);
            match set.layout() {
                Layout::Histogram(buckets) => write_histogram(out, buckets, cells, sums),
                Layout::Summary(buckets) => {
                    if let Some(quantiles) = set.quantiles(cells) {
                        write_quantiles(out, quantiles.into_iter());
                    }
                    push_sum_and_count(out, buckets.sum(sums), Buckets::count(sums));
                }
                Layout::FloatCounter | Layout::FloatGauge | Layout::ReadCounter => {
                    push_member_value(out, f64::from_bits(sums.first().copied().unwrap_or_default()));
                }
                layout => {
                    out.push_str(",\"value\":");
                    push_value(out, layout, sums);
                }
            }
            if descriptor.kind == MetricType::Counter {
                exemplars::push_json(out, cells.place(0), Range::ANY);
            }
            out.push_str("},");
        });
    }
    close_family(out);
}

/// Writes a series for each state.
fn write_states(out: &mut PageBuffer, states: &States, block: &str, sums: &[u64]) {
    for (at, state) in states.labels().enumerate() {
        open_series(out, [block, state]);
        out.push_str(",\"value\":");
        push_integer(out, u8::from(states.is_current(at, sums)));
        out.push_str("},");
    }
}

fn write_histogram(out: &mut PageBuffer, buckets: &Buckets, cells: Cells, sums: &[u64]) {
    let counts = Buckets::counts(sums);
    let mut count = 0_u64;
    out.push_str(",\"buckets\":[");
    for (at, (bucket, range)) in counts.iter().zip(Range::of(buckets.bounds())).enumerate() {
        count = count.wrapping_add(*bucket);
        open_bucket(out, range.upto, count);
        exemplars::push_json(out, place_of_bucket(buckets, cells, at), range);
        out.push_str("},");
    }
    out.take_comma_back();
    out.push(']');
    push_sum_and_count(out, buckets.sum(sums), count);
}

/// Writes a bucket up to its end.
fn open_bucket(out: &mut PageBuffer, bound: f64, count: u64) {
    out.push_str("{\"le\":");
    push_number(out, bound);
    out.push_str(",\"count\":");
    push_integer(out, count);
}

/// Writes a bucket and a comma.
fn push_bucket(out: &mut PageBuffer, bound: f64, count: u64) {
    open_bucket(out, bound, count);
    out.push_str("},");
}

fn push_sum_and_count(out: &mut PageBuffer, sum: f64, count: u64) {
    out.push_str(",\"sum\":");
    push_number(out, sum);
    out.push_str(",\"count\":");
    push_integer(out, count);
}

fn push_member_value(out: &mut PageBuffer, value: f64) {
    out.push_str(",\"value\":");
    push_number(out, value);
}

/// Writes a number; JSON has none for infinities and NaN, so these are strings.
pub(super) fn push_number(out: &mut PageBuffer, value: f64) {
    if value.is_finite() {
        push_classic(out, value);
    } else {
        out.push('"');
        push_classic(out, value);
        out.push('"');
    }
}

/// Writes a series up to its labels, which are given as the text formats have them.
fn open_series(out: &mut PageBuffer, blocks: [&str; 2]) {
    out.push_str("{\"labels\":{");
    push_labels(out, blocks);
    out.push('}');
}

/// Writes labels as members of an object. What the text formats escape, JSON escapes alike; control characters are left.
pub(super) fn push_labels(out: &mut PageBuffer, blocks: [&str; 2]) {
    for mut rest in blocks {
        while let Some((name, quoted)) = rest.split_once("=\"") {
            push_string(out, name.trim_start_matches(','));
            let end = end_of_value(quoted);
            out.push_str(":\"");
            for character in quoted.get(..end).unwrap_or_default().chars() {
                push_character(out, character);
            }
            out.push_str("\",");
            rest = quoted.get(end + 1..).unwrap_or_default();
        }
    }
    out.take_comma_back();
}

/// Where the quote is that ends a value.
fn end_of_value(quoted: &str) -> usize {
    let mut escaped = false;
    let ends = |byte: u8| {
        let ends = byte == b'"' && !escaped;
        escaped = byte == b'\\' && !escaped;
        ends
    };
    quoted.bytes().position(ends).unwrap_or(quoted.len())
}

pub(super) fn push_string(out: &mut PageBuffer, text: &str) {
    out.push('"');
    for character in text.chars() {
        if matches!(character, '"' | '\\') {
            out.push('\\');
        }
        push_character(out, character);
    }
    out.push('"');
}

/// Writes a character; control characters are escaped.
fn push_character(out: &mut PageBuffer, character: char) {
    const DIGITS: &[u8; 16] = b"0123456789abcdef";
    let code = u32::from(character);
    if code >= 0x20 {
        return out.push(character);
    }
    out.push_str("\\u00");
    for digit in [code >> 4, code & 15] {
        out.push(DIGITS.get(digit as usize).copied().map_or('0', char::from));
    }
}

fn write_overflow(out: &mut PageBuffer, counts: &[(String, u64)]) {
    open_family(out, OVERFLOW, "counter", None, OVERFLOW_HELP);
    for (metric, count) in counts {
        out.push_str("{\"labels\":{\"metric\":");
        push_string(out, metric);
        out.push_str("},\"value\":");
        push_integer(out, *count);
        out.push_str("},");
    }
    close_family(out);
}

fn write_foreign(out: &mut PageBuffer, family: &MetricFamily) {
    let kind = family.get_field_type();
    open_family(out, family.name(), foreign::kind_name(kind), None, family.help());
    for metric in family.get_metric() {
        open_series(out, [&foreign::labels(metric.get_label()), ""]);
        match kind {
            ProtoType::COUNTER => push_member_value(out, metric.get_counter().value()),
            ProtoType::GAUGE => push_member_value(out, metric.get_gauge().value()),
            ProtoType::HISTOGRAM => write_foreign_histogram(out, metric),
            ProtoType::SUMMARY => write_foreign_summary(out, metric),
            ProtoType::UNTYPED => {}
        }
        out.push_str("},");
    }
    close_family(out);
}

fn write_foreign_histogram(out: &mut PageBuffer, metric: &Metric) {
    let histogram = metric.get_histogram();
    out.push_str(",\"buckets\":[");
    for bucket in histogram.get_bucket().iter().filter(|bucket| bucket.upper_bound().is_finite()) {
        push_bucket(out, bucket.upper_bound(), bucket.cumulative_count());
    }
    push_bucket(out, f64::INFINITY, histogram.get_sample_count());
    out.take_comma_back();
    out.push(']');
    push_sum_and_count(out, histogram.get_sample_sum(), histogram.get_sample_count());
}

fn write_foreign_summary(out: &mut PageBuffer, metric: &Metric) {
    let summary = metric.get_summary();
    write_quantiles(
        out,
        summary.get_quantile().iter().map(|quantile| (quantile.quantile(), quantile.value())),
    );
    push_sum_and_count(out, summary.sample_sum(), summary.sample_count());
}

fn write_quantiles(out: &mut PageBuffer, quantiles: impl Iterator<Item = (f64, f64)>) {
    out.push_str(",\"quantiles\":[");
    for (quantile, value) in quantiles {
        out.push_str("{\"quantile\":");
        push_number(out, quantile);
        push_member_value(out, value);
        out.push_str("},");
    }
    out.take_comma_back();
    out.push(']');
}
