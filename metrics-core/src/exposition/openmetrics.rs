//! OpenMetrics 1.0.0.
//!
//! <https://prometheus.io/docs/specs/om/open_metrics_spec/>

use super::{
    exemplars::{self, Range, place_of_bucket},
    openmetrics_foreign,
    openmetrics_names::Names,
    page::{self, Family, Filter, OVERFLOW, OVERFLOW_HELP},
    page_writer::PageWriter,
    samples::{BucketLines, Scratch, write_count, write_sum, write_values},
    text::{push_value, write_bucket, write_quantiles, write_sample_name, write_states},
};
use crate::{
    encode::{
        PageBuffer,
        number::{canonical, push_integer},
    },
    exemplar,
    model::{Buckets, CREATED, Descriptor, Layout, MetricType},
    registry::{FamilySnapshot, Registry, ScrapeError},
    series::SeriesRef,
};

/// What every page ends with.
const END: &str = "# EOF\n";

/// Appends a registry's page.
pub(crate) fn encode(registry: &Registry, filter: &Filter<'_>, out: &mut PageWriter<'_>) {
    let families = page::families(registry, filter);
    let page =
        PageOf { names: Names::of(&families), exemplars: exemplar::any(), created: registry.shows_created() };
    let mut scratch = Scratch::default();
    let mut before = "";
    for family in &families {
        // A foreign family with the name of one of ours adds its series to it.
        let continued = before == family.name();
        match family {
            Family::Ours(family) => write_family(out, &page, family, &mut scratch),
            Family::Overflow(counts) => write_overflow(out, counts),
            Family::Foreign(foreign) if page.names.refuses(foreign) => {
                registry.count_scrape_error(ScrapeError::Conflict);
            }
            Family::Foreign(family) => openmetrics_foreign::write(out, &page.names, family, continued),
        }
        before = family.name();
        if out.end_part().is_break() {
            return;
        }
    }
    out.push_str(END);
}

/// What is the same for all families of a page.
struct PageOf<'a> {
    names: Names<'a>,
    /// Whether there is any exemplar.
    exemplars: bool,
    /// Whether it shows since when series count.
    created: bool,
}

/// What stands before a family's samples.
pub(super) struct Header<'a> {
    /// The family's name.
    pub(super) name: &'a str,
    pub(super) kind: &'a str,
    pub(super) unit: Option<&'a str>,
    pub(super) help: &'a str,
}

impl Header<'_> {
    /// Writes the type, the unit where there is one and the name ends with it, and the help text.
    pub(super) fn write(&self, out: &mut PageBuffer) {
        for part in ["# TYPE ", self.name, " ", self.kind, "\n"] {
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
}

/// Writes a help text with `\`, `"` and line feeds escaped.
fn escape_help(out: &mut PageBuffer, help: &str) {
    for character in help.chars() {
        match character {
            '\\' => out.push_str("\\\\"),
            '"' => out.push_str("\\\""),
            '\n' => out.push_str("\\n"),
            _ => out.push(character),
        }
    }
}

fn write_family(out: &mut PageWriter<'_>, page: &PageOf<'_>, family: &FamilySnapshot, scratch: &mut Scratch) {
    let Some(descriptor) = family.descriptor() else { return };
    let header = header(&page.names, descriptor);
    header.write(out);
    let name = descriptor.name.as_str();
    let created = page.created.then(|| format!("{}{CREATED}", header.name));
    let samples = Samples { name, created: created.as_deref() };
    let is_counter = header.kind == MetricType::Counter.as_str();
    for set in &family.sets {
        match set.layout() {
            Layout::Histogram(buckets) => {
                let lines = BucketLines::canonical(buckets);
                out.series_origins(set, &mut scratch.sums, |out, origin, labels, sums| {
                    samples.write_histogram(out, page, &lines, origin, labels, sums);
                });
            }
            Layout::Summary(buckets) => {
                out.series_origins(set, &mut scratch.sums, |out, origin, labels, sums| {
                    write_quantiles(out, name, labels, set.quantiles(origin.cells), canonical);
                    write_sum(out, name, labels, buckets, sums);
                    write_count(out, name, labels, Buckets::count(sums));
                    samples.write_created(out, origin, labels);
                });
            }
            Layout::StateSet(states) => {
                out.series(set, &mut scratch.sums, |out, labels, sums| {
                    write_states(out, name, states, labels, sums);
                });
            }
            layout if is_counter && (page.exemplars || created.is_some()) => {
                out.series_origins(set, &mut scratch.sums, |out, origin, labels, sums| {
                    write_sample_name(out, name, "", labels);
                    push_value(out, layout, sums);
                    exemplars::push_open_metrics(out, origin.cells.place(0), Range::ANY);
                    out.push('\n');
                    samples.write_created(out, origin, labels);
                });
            }
            _ => write_values(out, name, set, scratch),
        }
    }
}

fn header<'a>(names: &Names<'_>, descriptor: &'a Descriptor) -> Header<'a> {
    let name = descriptor.name.as_str();
    let (name, kind) = match descriptor.kind {
        MetricType::Counter => names.counter(name),
        MetricType::Info => names.info(name),
        kind => (name, kind.as_str()),
    };
    // What is no quantity has no unit.
    let unit = descriptor.unit.filter(|_| !matches!(kind, "info" | "stateset"));
    Header { name, kind, unit, help: &descriptor.help }
}

/// The samples of one family.
struct Samples<'a> {
    name: &'a str,
    /// The name of the samples that say since when a series counts, where these are shown.
    created: Option<&'a str>,
}

impl Samples<'_> {
    #[inline]
    fn write_histogram(
        &self,
        out: &mut PageBuffer,
        page: &PageOf<'_>,
        lines: &BucketLines<'_>,
        origin: SeriesRef,
        labels: &str,
        sums: &[u64],
    ) {
        let counts = Buckets::counts(sums);
        let buckets = lines.buckets;
        let count = if page.exemplars {
            self.write_buckets_with_exemplars(out, buckets, origin, labels, counts)
        } else {
            lines.write(out, self.name, labels, counts)
        };
        if has_sum(buckets.bounds(), buckets.sum(sums)) {
            write_sum(out, self.name, labels, buckets, sums);
            write_count(out, self.name, labels, count);
        }
        self.write_created(out, origin, labels);
    }

    fn write_buckets_with_exemplars(
        &self,
        out: &mut PageBuffer,
        buckets: &Buckets,
        origin: SeriesRef,
        labels: &str,
        counts: &[u64],
    ) -> u64 {
        let mut count = 0_u64;
        let with_range = buckets.canonical_le().iter().zip(Range::of(buckets.bounds()));
        for (at, (bucket, (le, range))) in counts.iter().zip(with_range).enumerate() {
            count = count.wrapping_add(*bucket);
            write_bucket(out, self.name, labels, le);
            push_integer(out, count);
            exemplars::push_open_metrics(out, place_of_bucket(buckets, origin.cells, at), range);
            out.push('\n');
        }
        count
    }

    /// Writes since when a series counts, in seconds.
    #[inline]
    fn write_created(&self, out: &mut PageBuffer, origin: SeriesRef, labels: &str) {
        if let Some(created) = self.created {
            write_sample_name(out, created, "", labels);
            exemplars::push_timestamp(out, origin.since);
            out.push('\n');
        }
    }
}

/// Whether a histogram shows its sum and count: one that takes negative values must not, as the sum would go down.
pub(super) fn has_sum(bounds: &[f64], sum: f64) -> bool {
    bounds.first().is_none_or(|bound| *bound >= 0.0) && sum >= 0.0
}

fn write_overflow(out: &mut PageBuffer, counts: &[(String, u64)]) {
    let name = OVERFLOW.trim_end_matches("_total");
    Header { name, kind: "counter", unit: None, help: OVERFLOW_HELP }.write(out);
    for (metric, count) in counts {
        for part in [OVERFLOW, "{metric=\"", metric, "\"} "] {
            out.push_str(part);
        }
        push_integer(out, *count);
        out.push('\n');
    }
}
