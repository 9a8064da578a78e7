//! `OpenMetrics` 1.0.0.
//!
//! <https://prometheus.io/docs/specs/om/open_metrics_spec/>

mod names;

use memchr::memchr3;

use self::names::{Names, OpenMetricsType};
use super::{
    page_writer::PageWriter,
    sample_lines::{LineForm, LineOptions, LineWriter, SampleLines},
    view::{Family, FamilyView, ReadBuffers, any_exemplars},
};
use crate::{encode::PageBuffer, model::CREATED};

/// End of every page.
const END: &str = "# EOF\n";

/// Appends families; with `has_created`, `_created` samples show the start of each series.
pub(super) fn encode(families: &[Family<'_>], has_created: bool, out: &mut PageWriter<'_>) {
    let names = Names::of(families);
    let has_exemplars = any_exemplars();
    let mut buffers = ReadBuffers::default();
    let mut before = "";
    for (at, family) in families.iter().map(Family::view).enumerate() {
        let header = Header::of(at, &family, &names);
        // A foreign family with the name of a family of this library adds its series to it.
        if before != family.name {
            header.write(out);
        }
        before = family.name;
        let options = header.line_options(has_exemplars, has_created);
        let lines = SampleLines::new(family.name, options);
        let end = family.visit_series(&mut buffers, LineWriter { lines, out });
        if end.is_break() || out.end_part().is_break() {
            return;
        }
    }
    out.push_str(END);
}

/// Marks each foreign family that has a sample name of another family in this format alone.
pub(super) fn clashing(families: &[Family<'_>]) -> Vec<bool> {
    if !families.iter().any(Family::is_foreign) {
        return Vec::new();
    }
    let names = Names::of(families);
    families.iter().map(|family| names.refuses(&family.view())).collect()
}

/// Lines before a family's samples.
struct Header<'a> {
    name: &'a str,
    metric_type: OpenMetricsType,
    unit: Option<&'a str>,
    help: &'a str,
}

impl<'a> Header<'a> {
    fn of(at: usize, family: &FamilyView<'a>, names: &Names<'_>) -> Self {
        let (name, metric_type) = names.name_and_type(at, family);
        Self { name, metric_type, unit: family.unit.filter(|_| metric_type.has_unit()), help: family.help }
    }

    /// Writes the type, the unit (if the name ends with one) and the help text.
    fn write(&self, out: &mut PageBuffer) {
        for part in ["# TYPE ", self.name, " ", self.metric_type.as_str(), "\n"] {
            out.push_str(part);
        }
        if let Some(unit) = self.unit
            && self.name.strip_suffix(unit).is_some_and(|base| base.ends_with('_'))
        {
            for part in ["# UNIT ", self.name, " ", unit, "\n"] {
                out.push_str(part);
            }
        }
        for part in ["# HELP ", self.name, " "] {
            out.push_str(part);
        }
        escape_help(out, self.help);
        out.push('\n');
    }

    fn line_options(&self, has_exemplars: bool, has_created: bool) -> LineOptions {
        LineOptions {
            form: LineForm::OpenMetrics,
            has_exemplars: has_exemplars && self.metric_type.has_exemplars(),
            created: (has_created && self.metric_type.has_created()).then(|| [self.name, CREATED].concat()),
        }
    }
}

/// Writes a help text and escapes `\`, `"` and line feeds.
fn escape_help(out: &mut PageBuffer, help: &str) {
    let mut rest = help;
    let special = |rest: &str| memchr3(b'\\', b'"', b'\n', rest.as_bytes());
    while let Some((plain, special)) = special(rest).and_then(|at| rest.split_at_checked(at)) {
        out.push_str(plain);
        out.push_str(match special.as_bytes() {
            [b'\n', ..] => "\\n",
            [b'"', ..] => "\\\"",
            _ => "\\\\",
        });
        rest = special.get(1..).unwrap_or_default();
    }
    out.push_str(rest);
}
