//! How families are called in OpenMetrics, where no two may have samples of one name.
//!
//! A counter `x_total` is there a family `x` with the samples `x_total` and `x_created`, an info `x_info` a family `x`. Where
//! another family has such a name, they keep their own, as families of a type that adds nothing. Histograms and summaries cannot
//! do so: a registry refuses a metric with the name of one of their samples, and of the families of others such are left out.
//!
//! <https://prometheus.io/docs/specs/om/open_metrics_spec/#metricset>

use std::collections::BTreeMap;

use prometheus::proto::MetricFamily;

use super::page::{Family, metric_type_of};
use crate::model::{CREATED, MetricType};

/// The families on a page by name.
pub(super) struct Names<'a>(BTreeMap<&'a str, Named>);

struct Named {
    /// What the type adds to the name for its samples.
    suffixes: &'static [&'static str],
    ours: bool,
}

impl<'a> Names<'a> {
    pub(super) fn of(families: &'a [Family]) -> Self {
        let mut names = BTreeMap::new();
        for family in families {
            // Ours is first where a family of others has its name.
            let new = || Named {
                suffixes: family.metric_type().suffixes(),
                ours: !matches!(family, Family::Foreign(_)),
            };
            names.entry(family.name()).or_insert_with(new);
        }
        Self(names)
    }

    /// The family name and the type of a counter. One whose name does not end in `_total`, and one whose family would have
    /// samples called like another's, keeps its name as a family of unknown type.
    pub(super) fn counter<'b>(&self, name: &'b str) -> (&'b str, &'static str) {
        match name.strip_suffix("_total") {
            Some(base) if self.is_free(base) && !self.has(base, CREATED) => (base, "counter"),
            _ => (name, "unknown"),
        }
    }

    /// The family name and the type of an info, whose samples end `_info`; a counter goes first.
    pub(super) fn info<'b>(&self, name: &'b str) -> (&'b str, &'static str) {
        match name.strip_suffix("_info") {
            Some(base) if self.is_free(base) && !self.has(base, "_total") => (base, "info"),
            _ => (name, "gauge"),
        }
    }

    /// Whether a name can be a family's: no family and no sample has it.
    fn is_free(&self, base: &str) -> bool {
        let is_created = || base.strip_suffix(CREATED).is_some_and(|counter| self.has(counter, "_total"));
        !base.is_empty() && !self.0.contains_key(base) && !self.is_sample(base) && !is_created()
    }

    /// Whether a histogram or a summary has samples of a name.
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

    /// Whether a family of others has a name that is a sample's, or samples that are called like one of our families.
    pub(super) fn refuses(&self, family: &MetricFamily) -> bool {
        let ours = |suffix: &&str| self.get(family.name(), suffix).is_some_and(|named| named.ours);
        self.is_sample(family.name()) || metric_type_of(family).suffixes().iter().any(ours)
    }
}
