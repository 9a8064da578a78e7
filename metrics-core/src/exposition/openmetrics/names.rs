//! Names of families in `OpenMetrics`, in which no two families may have samples of one name.
//!
//! A counter `x_total` is a family `x` with the samples `x_total` and `x_created`, and an info `x_info` is a family `x`. If another
//! family has such a name, they keep their own names, as families of a type without suffixes. Histograms and summaries cannot. A
//! registry refuses a metric with the name of one of their samples, and foreign families with such a name are skipped.
//!
//! <https://prometheus.io/docs/specs/om/open_metrics_spec/#metricset>

use std::cmp::Ordering;

use crate::{
    exposition::view::{Family, FamilyView},
    model::{CREATED, MetricType},
};

/// Type of a family in `OpenMetrics`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum OpenMetricsType {
    Known(MetricType),
    Unknown,
}

impl OpenMetricsType {
    pub(super) const fn as_str(self) -> &'static str {
        match self {
            Self::Known(metric_type) => metric_type.as_str(),
            Self::Unknown => "unknown",
        }
    }

    /// Returns whether a family is a quantity, which may have a unit.
    pub(super) const fn has_unit(self) -> bool {
        !matches!(self, Self::Known(MetricType::Info | MetricType::StateSet))
    }

    pub(super) const fn has_exemplars(self) -> bool {
        matches!(self, Self::Known(MetricType::Counter | MetricType::Histogram))
    }

    /// Returns whether the type has samples with the creation time of series.
    pub(super) const fn has_created(self) -> bool {
        matches!(self, Self::Known(MetricType::Counter | MetricType::Histogram | MetricType::Summary))
    }
}

/// Families of a page, sorted by name.
pub(super) struct Names<'a>(&'a [Family<'a>]);

impl<'a> Names<'a> {
    pub(super) const fn of(families: &'a [Family<'a>]) -> Self {
        Self(families)
    }

    /// Returns the name and the type of the family with an index.
    pub(super) fn name_and_type<'b>(&self, at: usize, family: &FamilyView<'b>) -> (&'b str, OpenMetricsType) {
        let name = family.name;
        match family.metric_type {
            Some(MetricType::Counter) => self.counter(at, name),
            Some(MetricType::Info) => self.info(name),
            Some(
                known @ (MetricType::Gauge
                | MetricType::Histogram
                | MetricType::Summary
                | MetricType::StateSet),
            ) => (name, OpenMetricsType::Known(known)),
            None => (name, OpenMetricsType::Unknown),
        }
    }

    /// Returns the name and the type of a counter. A counter keeps its name as a family of unknown type if the name does not end in
    /// `_total`, or if another family has the name of one of its samples.
    fn counter<'b>(&self, at: usize, name: &'b str) -> (&'b str, OpenMetricsType) {
        match name.strip_suffix("_total") {
            Some(base) if !self.is_taken_before(at, base) && !self.is_of_sample(base) => {
                (base, OpenMetricsType::Known(MetricType::Counter))
            }
            Some(_) | None => (name, OpenMetricsType::Unknown),
        }
    }

    /// Returns the name and the type of an info, whose samples end in `_info`; a counter of the same stem takes precedence.
    fn info<'b>(&self, name: &'b str) -> (&'b str, OpenMetricsType) {
        match name.strip_suffix("_info") {
            Some(base) if !self.has(base, "") && !self.is_of_sample(base) && !self.has(base, "_total") => {
                (base, OpenMetricsType::Known(MetricType::Info))
            }
            Some(_) | None => (name, OpenMetricsType::Known(MetricType::Gauge)),
        }
    }

    /// Returns whether a family has the name of a counter without `_total`, or that with `_created`.
    fn is_taken_before(&self, at: usize, base: &str) -> bool {
        // Such a name begins like the counter's and precedes it, and so does each name between them. Few do.
        let before = self.0.get(..at).unwrap_or_default().iter().rev();
        let mut after_base = before.map_while(|family| family.name().strip_prefix(base));
        after_base.any(|rest| rest.is_empty() || rest == CREATED)
    }

    /// Returns whether a name is empty or that of another family's sample.
    fn is_of_sample(&self, name: &str) -> bool {
        let is_created = || name.strip_suffix(CREATED).is_some_and(|counter| self.has(counter, "_total"));
        name.is_empty() || self.is_sample(name) || is_created()
    }

    /// Returns whether a histogram or a summary has a sample of this name.
    fn is_sample(&self, name: &str) -> bool {
        let Some((family, suffix)) = split_suffix(name) else { return false };
        MetricType::Histogram.suffixes().contains(&suffix)
            && self.get(family, "").is_some_and(|family| suffixes(&family.view()).contains(&suffix))
    }

    fn has(&self, base: &str, suffix: &str) -> bool {
        self.get(base, suffix).is_some()
    }

    /// Returns the first family with a name, the own one if there is also a foreign one.
    fn get(&self, base: &str, suffix: &str) -> Option<&Family<'a>> {
        let is_before = |family: &Family<'_>| compare(family.name(), base, suffix).is_lt();
        let at = self.0.partition_point(is_before);
        self.0.get(at).filter(|family| compare(family.name(), base, suffix).is_eq())
    }

    /// Returns whether a foreign family has the name of a sample, or a sample with the name of an own family.
    pub(super) fn refuses(&self, family: &FamilyView<'_>) -> bool {
        let is_own = |suffix: &&str| self.get(family.name, suffix).is_some_and(|named| !named.is_foreign());
        family.is_foreign() && (self.is_sample(family.name) || suffixes(family).iter().any(is_own))
    }
}

/// Splits a name before its last word, which a suffix is.
fn split_suffix(name: &str) -> Option<(&str, &str)> {
    // Faster than `rfind` for a word.
    let at = name.bytes().rposition(|byte| byte == b'_')?;
    name.split_at_checked(at)
}

/// Compares a name with one in two parts.
fn compare(name: &str, base: &str, suffix: &str) -> Ordering {
    let (head, tail) = name.as_bytes().split_at(name.len().min(base.len()));
    head.cmp(base.as_bytes()).then_with(|| tail.cmp(suffix.as_bytes()))
}

fn suffixes(family: &FamilyView<'_>) -> &'static [&'static str] {
    family.metric_type.map_or(&[], MetricType::suffixes)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use crate::{Counter, Definition, Gauge, Registry};

    /// Names that begin like others; those that end in `_total` are counters, the others gauges.
    const NAMES: [&str; 10] = [
        "x",
        "x0_total",
        "x_created",
        "x_created_created",
        "x_created_total",
        "x_total",
        "xa_total",
        "x_a_total",
        "y_total",
        "y_total_created",
    ];

    /// Returns the name and the type of a counter on a page with these names.
    fn expected(name: &str, names: &BTreeSet<&str>) -> String {
        let base = name.strip_suffix("_total").unwrap();
        let has = |name: &str| names.contains(name);
        let is_created = base.strip_suffix("_created").is_some_and(|stem| has(&format!("{stem}_total")));
        if has(base) || has(&format!("{base}_created")) || is_created {
            format!("# TYPE {name} unknown")
        } else {
            format!("# TYPE {base} counter")
        }
    }

    #[test]
    fn a_counter_loses_its_type_to_a_family_of_its_stem_alone() {
        for subset in 0..1 << NAMES.len() {
            let names: BTreeSet<_> = NAMES
                .into_iter()
                .enumerate()
                .filter(|(at, _)| subset >> at & 1 == 1)
                .map(|(_, name)| name)
                .collect();
            let registry = Registry::new();
            let (counters, gauges): (Vec<_>, Vec<_>) =
                names.iter().copied().partition(|name| name.ends_with("_total"));
            let define = |name: &&'static str| Definition::new(*name, "Help.");
            let _counters: Vec<Counter> =
                counters.iter().map(|name| registry.register(&define(name)).unwrap()).collect();
            let _gauges: Vec<Gauge> =
                gauges.iter().map(|name| registry.register(&define(name)).unwrap()).collect();
            let page = registry.open_metrics();
            let types: Vec<_> = page.lines().filter(|line| line.starts_with("# TYPE")).collect();
            for counter in counters {
                let expected = expected(counter, &names);
                assert!(types.contains(&expected.as_str()), "{expected}: {page}");
            }
        }
    }
}
