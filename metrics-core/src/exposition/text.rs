//! The text format 0.0.4.
//!
//! <https://prometheus.io/docs/instrumenting/exposition_formats/#text-based-format>

use super::{
    foreign,
    page::{self, Family, Filter, OVERFLOW, OVERFLOW_HELP},
    page_writer::PageWriter,
    samples::{BucketLines, Scratch, write_count, write_sum, write_values},
};
use crate::{
    encode::{
        PageBuffer,
        number::{canonical_classic, push_classic, push_integer},
    },
    model::{Buckets, Layout, States},
    registry::{FamilySnapshot, Registry},
};

/// Appends a registry's page.
pub(crate) fn encode(registry: &Registry, filter: &Filter<'_>, out: &mut PageWriter<'_>) {
    let mut scratch = Scratch::default();
    let mut before = String::new();
    for family in page::families(registry, filter) {
        // A foreign family with the name of one of ours adds its series to it.
        let continued = before == family.name();
        match &family {
            Family::Ours(family) => write_family(out, family, &mut scratch),
            Family::Overflow(counts) => write_overflow(out, counts),
            Family::Foreign(family) => foreign::write_text(out, family, continued),
        }
        before.clear();
        before.push_str(family.name());
        if out.end_part().is_break() {
            break;
        }
    }
}

/// Writes the two lines before a family's samples.
pub(super) fn write_header(out: &mut PageBuffer, name: &str, help: &str, kind: &str) {
    out.push_str("# HELP ");
    out.push_str(name);
    out.push(' ');
    escape_help(out, help);
    out.push_str("\n# TYPE ");
    out.push_str(name);
    out.push(' ');
    out.push_str(kind);
    out.push('\n');
}

/// Writes a help text with `\` and line feeds escaped.
fn escape_help(out: &mut PageBuffer, help: &str) {
    for character in help.chars() {
        match character {
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            _ => out.push(character),
        }
    }
}

fn write_family(out: &mut PageWriter<'_>, family: &FamilySnapshot, scratch: &mut Scratch) {
    let Some(descriptor) = family.descriptor() else { return };
    let name = descriptor.name.as_str();
    write_header(out, name, &descriptor.help, descriptor.kind.classic());
    for set in &family.sets {
        match set.layout() {
            Layout::Histogram(buckets) => {
                let lines = BucketLines::classic(buckets);
                out.series(set, &mut scratch.sums, |out, labels, sums| {
                    write_histogram(out, name, &lines, labels, sums);
                });
            }
            Layout::Summary(buckets) => {
                out.series_origins(set, &mut scratch.sums, |out, origin, labels, sums| {
                    write_quantiles(out, name, labels, set.quantiles(origin.cells), canonical_classic);
                    write_sum(out, name, labels, buckets, sums);
                    write_count(out, name, labels, Buckets::count(sums));
                });
            }
            Layout::StateSet(states) => {
                out.series(set, &mut scratch.sums, |out, labels, sums| {
                    write_states(out, name, states, labels, sums);
                });
            }
            _ => write_values(out, name, set, scratch),
        }
    }
}

/// Writes the value of a metric that has one.
pub(super) fn push_value(out: &mut PageBuffer, layout: &Layout, sums: &[u64]) {
    let bits = sums.first().copied().unwrap_or_default();
    match layout {
        Layout::FloatCounter | Layout::FloatGauge | Layout::ReadCounter => {
            push_classic(out, f64::from_bits(bits));
        }
        Layout::Gauge => push_integer(out, bits.cast_signed()),
        _ => push_integer(out, bits),
    }
}

fn write_histogram(out: &mut PageBuffer, name: &str, lines: &BucketLines<'_>, labels: &str, sums: &[u64]) {
    let counts = Buckets::counts(sums);
    let count = lines.write(out, name, labels, counts);
    write_sum(out, name, labels, lines.buckets, sums);
    write_count(out, name, labels, count);
}

/// Writes the quantiles of a summary; `form` is how the label has them.
pub(super) fn write_quantiles(
    out: &mut PageBuffer,
    name: &str,
    labels: &str,
    quantiles: Option<Vec<(f64, f64)>>,
    form: fn(f64) -> String,
) {
    for (quantile, value) in quantiles.unwrap_or_default() {
        let separator = if labels.is_empty() { "" } else { "," };
        for part in [name, "{", labels, separator, "quantile=\"", &form(quantile), "\"} "] {
            out.push_str(part);
        }
        push_classic(out, value);
        out.push('\n');
    }
}

pub(super) fn write_states(out: &mut PageBuffer, name: &str, states: &States, labels: &str, sums: &[u64]) {
    for (at, state) in states.labels().enumerate() {
        out.push_str(name);
        out.push('{');
        if !labels.is_empty() {
            out.push_str(labels);
            out.push(',');
        }
        out.push_str(state);
        out.push_str("} ");
        push_integer(out, u8::from(states.is_current(at, sums)));
        out.push('\n');
    }
}

/// Writes a bucket's name and labels, up to its value.
pub(super) fn write_bucket(out: &mut PageBuffer, name: &str, labels: &str, le: &str) {
    out.push_str(name);
    out.push_str("_bucket{");
    if !labels.is_empty() {
        out.push_str(labels);
        out.push(',');
    }
    out.push_str("le=\"");
    out.push_str(le);
    out.push_str("\"} ");
}

/// Writes a sample's name and labels, up to its value.
pub(super) fn write_sample_name(out: &mut PageBuffer, name: &str, suffix: &str, labels: &str) {
    out.push_str(name);
    out.push_str(suffix);
    if !labels.is_empty() {
        out.push('{');
        out.push_str(labels);
        out.push('}');
    }
    out.push(' ');
}

fn write_overflow(out: &mut PageBuffer, counts: &[(String, u64)]) {
    write_header(out, OVERFLOW, OVERFLOW_HELP, "counter");
    for (metric, count) in counts {
        write_sample_name(out, OVERFLOW, "", &format!("metric=\"{metric}\""));
        push_integer(out, *count);
        out.push('\n');
    }
}
