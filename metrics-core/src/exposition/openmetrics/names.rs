//! Names of families in `OpenMetrics`, in which no two families may have samples of one name.
//!
//! A counter `x_total` is a family `x` with the samples `x_total` and `x_created`, and an info `x_info` is a family `x`. If another
//! family has such a name, they keep their own names, as families of a type without suffixes. Histograms and summaries cannot. A
//! registry refuses a metric with the name of one of their samples, and foreign families with such a name are skipped.
//!
//! <https://prometheus.io/docs/specs/om/open_metrics_spec/#metricset>

use std::collections::HashMap;

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

/// Families of a page by name.
pub(super) struct Names<'a>(HashMap<&'a str, Named>);

struct Named {
    /// Suffixes of the samples' names.
    suffixes: &'static [&'static str],
    is_foreign: bool,
}

impl<'a> Names<'a> {
    pub(super) fn of(families: &'a [Family]) -> Self {
        let mut names = HashMap::with_capacity(families.len());
        for family in families.iter().map(Family::view) {
            // An own family precedes a foreign one of its name.
            names
                .entry(family.name)
                .or_insert_with(|| Named { suffixes: suffixes(&family), is_foreign: family.is_foreign() });
        }
        Self(names)
    }

    /// Returns the name and the type of a family.
    pub(super) fn name_and_type<'b>(&self, family: &FamilyView<'b>) -> (&'b str, OpenMetricsType) {
        let name = family.name;
        match family.metric_type {
            Some(MetricType::Counter) => self.counter(name),
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
    fn counter<'b>(&self, name: &'b str) -> (&'b str, OpenMetricsType) {
        match name.strip_suffix("_total") {
            Some(base) if self.is_free(base) && !self.has(base, CREATED) => {
                (base, OpenMetricsType::Known(MetricType::Counter))
            }
            Some(_) | None => (name, OpenMetricsType::Unknown),
        }
    }

    /// Returns the name and the type of an info, whose samples end in `_info`; a counter of the same stem takes precedence.
    fn info<'b>(&self, name: &'b str) -> (&'b str, OpenMetricsType) {
        match name.strip_suffix("_info") {
            Some(base) if self.is_free(base) && !self.has(base, "_total") => {
                (base, OpenMetricsType::Known(MetricType::Info))
            }
            Some(_) | None => (name, OpenMetricsType::Known(MetricType::Gauge)),
        }
    }

    /// Returns whether no family and no sample has a name.
    fn is_free(&self, base: &str) -> bool {
        let is_created = || base.strip_suffix(CREATED).is_some_and(|counter| self.has(counter, "_total"));
        !base.is_empty() && !self.0.contains_key(base) && !self.is_sample(base) && !is_created()
    }

    /// Returns whether a histogram or a summary has a sample of this name.
    fn is_sample(&self, name: &str) -> bool {
        let is_of = |suffix: &&str| {
            let family = name.strip_suffix(*suffix).and_then(|family| self.0.get(family));
            family.is_some_and(|family| family.suffixes.contains(suffix))
        };
        MetricType::Histogram.suffixes().iter().any(is_of)
    }

    fn has(&self, base: &str, suffix: &str) -> bool {
        self.get(base, suffix).is_some()
    }

    fn get(&self, base: &str, suffix: &str) -> Option<&Named> {
        self.0.get(&*format!("{base}{suffix}"))
    }

    /// Returns whether a foreign family has the name of a sample, or a sample with the name of an own family.
    pub(super) fn refuses(&self, family: &FamilyView<'_>) -> bool {
        let is_own = |suffix: &&str| self.get(family.name, suffix).is_some_and(|named| !named.is_foreign);
        family.is_foreign() && (self.is_sample(family.name) || suffixes(family).iter().any(is_own))
    }
}

fn suffixes(family: &FamilyView<'_>) -> &'static [&'static str] {
    family.metric_type.map_or(&[], MetricType::suffixes)
}
