//! The text format 0.0.4.
//!
//! <https://prometheus.io/docs/instrumenting/exposition_formats/#text-based-format>

use memchr::memchr2;

use super::{
    page_writer::PageWriter,
    sample_lines::{LineForm, LineOptions, LineWriter, SampleLines},
    view::{Family, FamilyView, ReadBuffers},
};
use crate::{encode::PageBuffer, model::MetricType};

/// Appends families.
pub(super) fn encode(families: &[Family], out: &mut PageWriter<'_>) {
    let mut buffers = ReadBuffers::default();
    let mut before = "";
    for family in families.iter().map(Family::view) {
        // A foreign family with the name of a family of this library adds its series to it.
        if before != family.name {
            write_header(out, &family);
        }
        before = family.name;
        let options = LineOptions { form: LineForm::Text, has_exemplars: false, created: None };
        let lines = SampleLines::new(family.name, options);
        let end = family.visit_series(&mut buffers, LineWriter { lines, out });
        if end.is_break() || out.end_part().is_break() {
            return;
        }
    }
}

fn write_header(out: &mut PageBuffer, family: &FamilyView<'_>) {
    let metric_type = family.metric_type.map_or("untyped", MetricType::classic);
    for part in ["# HELP ", family.name, " "] {
        out.push_str(part);
    }
    escape_help(out, family.help);
    for part in ["\n# TYPE ", family.name, " ", metric_type, "\n"] {
        out.push_str(part);
    }
}

/// Writes a help text and escapes `\` and line feeds.
fn escape_help(out: &mut PageBuffer, help: &str) {
    let mut rest = help;
    while let Some((plain, special)) =
        memchr2(b'\\', b'\n', rest.as_bytes()).and_then(|at| rest.split_at_checked(at))
    {
        out.push_str(plain);
        out.push_str(if special.starts_with('\n') { "\\n" } else { "\\\\" });
        rest = special.get(1..).unwrap_or_default();
    }
    out.push_str(rest);
}
