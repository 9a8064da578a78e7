//! The text format 0.0.4.
//!
//! <https://prometheus.io/docs/instrumenting/exposition_formats/#text-based-format>

use memchr::memchr2;

use super::{
    page_writer::PageWriter,
    sample_lines::{LineForm, LineOptions, LineWriter, SampleLines},
    view::{Family, FamilyView, ReadBuffers},
};
use crate::{
    encode::{PageBuffer, ROOM},
    model::MetricType,
};

/// Appends families. Each is dropped while it is in the processor's cache, as there may be many.
pub(super) fn encode(families: Vec<Family<'_>>, out: &mut PageWriter<'_>) {
    let mut buffers = ReadBuffers::default();
    let mut before: Option<Family<'_>> = None;
    for family in families {
        let view = family.view();
        // A foreign family with the name of a family of this library adds its series to it.
        if before.is_none_or(|before| before.name() != view.name) {
            write_header(out, &view);
        }
        let options = LineOptions { form: LineForm::Text, has_exemplars: false, created: None };
        let lines = SampleLines::new(view.name, options);
        let end = view.visit_series(&mut buffers, LineWriter { lines, out });
        if end.is_break() || out.end_part().is_break() {
            return;
        }
        before = Some(family);
    }
}

/// Largest number of bytes of the names and the help text of a header that is written as one line; a type has up to nine.
const SHORT_HEADER: usize = ROOM - 32;

fn write_header(out: &mut PageBuffer, family: &FamilyView<'_>) {
    let metric_type = family.metric_type.map_or("untyped", MetricType::classic);
    let FamilyView { name, help, .. } = *family;
    if 2 * name.len() + help.len() <= SHORT_HEADER && memchr2(b'\\', b'\n', help.as_bytes()).is_none() {
        return out.push_line(|line| {
            line.push_piece(b"# HELP ", 7);
            line.push_bytes(name.as_bytes());
            line.push_piece(b" ", 1);
            line.push_bytes(help.as_bytes());
            line.push_piece(b"\n# TYPE ", 8);
            line.push_bytes(name.as_bytes());
            line.push_piece(b" ", 1);
            line.push_bytes(metric_type.as_bytes());
            line.push_piece(b"\n", 1);
        });
    }
    for part in ["# HELP ", name, " "] {
        out.push_str(part);
    }
    escape_help(out, help);
    for part in ["\n# TYPE ", name, " ", metric_type, "\n"] {
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

#[cfg(test)]
mod tests {
    use crate::{Definition, Gauge, Registry};

    #[test]
    fn headers_of_every_length_are_written_whole() {
        for (length, special, escaped) in [(0, "", ""), (30, "", ""), (30, "\n\\", "\\n\\\\")]
            .into_iter()
            .chain((200..240).map(|length| (length, "", "")))
        {
            let (registry, help) = (Registry::new(), "h".repeat(length));
            let definition = Definition::new("level", format!("{help}{special}"));
            let _gauge: Gauge = registry.register(&definition).unwrap();
            let expected = format!("# HELP level {help}{escaped}\n# TYPE level gauge\nlevel 0\n");
            assert_eq!(registry.text(), expected, "{length}");
        }
    }
}
