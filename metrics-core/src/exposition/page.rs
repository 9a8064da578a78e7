//! What is on a page: our families, the library's own, and those of the `prometheus` crate, by name.

use prometheus::proto;

use super::merge::{ForeignFamilies, merge};
use crate::{
    builtin::{SelfMetrics, process_families},
    model::{CREATED, MetricType},
    registry::{ENABLED, FamilySnapshot, Registry, ScrapeError, gather_fields, gather_others},
};

/// One family on a page.
#[derive(Debug)]
pub(super) enum Family {
    Ours(FamilySnapshot),
    /// How many values came past a capped label's limit, for each metric with such labels.
    Overflow(Vec<(String, u64)>),
    Foreign(proto::MetricFamily),
}

impl Family {
    pub(super) fn name(&self) -> &str {
        match self {
            Self::Ours(family) => family.descriptor().map_or("", |descriptor| &descriptor.name),
            Self::Overflow(_) => OVERFLOW,
            Self::Foreign(family) => family.name(),
        }
    }

    /// Type of the family; a gauge also stands for an untyped one.
    pub(super) fn metric_type(&self) -> MetricType {
        match self {
            Self::Ours(family) => family.descriptor().map_or(MetricType::Gauge, |descriptor| descriptor.kind),
            Self::Overflow(_) => MetricType::Counter,
            Self::Foreign(family) => metric_type_of(family),
        }
    }

    /// How many series it has.
    fn series(&self) -> usize {
        match self {
            Self::Ours(family) => family.sets.iter().map(|set| set.len()).sum(),
            Self::Overflow(counts) => counts.len(),
            Self::Foreign(family) => family.get_metric().len(),
        }
    }
}

/// Type of a family of the `prometheus` crate; a gauge also stands for an untyped one.
pub(super) fn metric_type_of(family: &proto::MetricFamily) -> MetricType {
    match family.get_field_type() {
        proto::MetricType::COUNTER => MetricType::Counter,
        proto::MetricType::HISTOGRAM => MetricType::Histogram,
        proto::MetricType::SUMMARY => MetricType::Summary,
        proto::MetricType::GAUGE | proto::MetricType::UNTYPED => MetricType::Gauge,
    }
}

/// The name of the family that counts what came past a limit.
pub(super) const OVERFLOW: &str = "metrics_overflow_total";
pub(super) const OVERFLOW_HELP: &str = "Observations whose capped labels came past their limit, by metric.";

/// Which families are on a page: all, or those of some names.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Filter<'a>(&'a [String]);

impl<'a> Filter<'a> {
    /// The families of these names; of none, all.
    pub(super) const fn new(names: &'a [String]) -> Self {
        Self(names)
    }

    /// Returns whether the family or one of its samples has one of the names, on the page of any format.
    fn takes(self, family: &Family) -> bool {
        let (family, metric_type) = (family.name(), family.metric_type());
        self.0.is_empty() || self.0.iter().any(|name| has_name(family, metric_type, name))
    }
}

/// Returns whether a family or one of its samples has a name. OpenMetrics calls a counter `x_total` and an info `x_info` the
/// family `x`, and a counter has the sample `x_created` there.
fn has_name(family: &str, metric_type: MetricType, name: &str) -> bool {
    if name == family {
        return true;
    }
    let has_suffix = |stem: &str, suffixes: &[&str]| {
        name.strip_prefix(stem).is_some_and(|suffix| suffixes.contains(&suffix))
    };
    match metric_type {
        MetricType::Counter => {
            family.strip_suffix("_total").is_some_and(|stem| has_suffix(stem, &["", CREATED]))
        }
        MetricType::Info => family.strip_suffix("_info") == Some(name),
        MetricType::Histogram | MetricType::Summary => has_suffix(family, metric_type.suffixes()),
        MetricType::Gauge | MetricType::StateSet => false,
    }
}

/// The families of a registry's page, by name.
pub(super) fn families(registry: &Registry, filter: &Filter<'_>) -> Vec<Family> {
    registry.declare();
    let foreign = if ENABLED { gather_foreign(registry) } else { ForeignFamilies::default() };
    let ours = registry.snapshot();
    let foreign = merge(registry, &ours, foreign);
    let mut page: Vec<Family> = Vec::with_capacity(ours.len() + foreign.len() + 1);
    page.extend(overflow(&ours));
    page.extend(foreign.into_iter().map(Family::Foreign));
    page.extend(ours.into_iter().map(Family::Ours));
    if let Some(metrics) = SelfMetrics::of(registry) {
        metrics.read_errors();
        metrics.series.set(page.iter().map(Family::series).sum::<usize>().try_into().unwrap_or(i64::MAX));
    }
    page.retain(|family| filter.takes(family));
    // A name that both sides have stands on the page once, ours first; the sort is stable and ours were added last.
    page.sort_by(|one, other| {
        one.name().cmp(other.name()).then_with(|| is_foreign(one).cmp(&is_foreign(other)))
    });
    page
}

fn is_foreign(family: &Family) -> bool {
    matches!(family, Family::Foreign(_))
}

/// What is on the page beside our families, with those first that stand in place of the last: what the default registry of the
/// `prometheus` crate has, where the page is the global registry's; the collectors that are registered with us, each isolated;
/// and the facts about the process.
fn gather_foreign(registry: &Registry) -> ForeignFamilies {
    let others = if registry.is_global() { gather_others() } else { Some(Vec::new()) };
    let own = gather_fields(registry);
    // A collector in the default registry that panics costs all of its families, as that crate gathers all or nothing.
    if others.is_none() || own.is_none() {
        registry.count_scrape_error(ScrapeError::Panic);
    }
    let process = if registry.shows_process() { process_families() } else { Vec::new() };
    ForeignFamilies { families: others.into_iter().chain(own).flatten().collect(), process }
}

/// The family of overflows, where a metric has capped labels.
fn overflow(ours: &[FamilySnapshot]) -> Option<Family> {
    let of_family = |family: &FamilySnapshot| {
        let counts = family.sets.iter().filter_map(|set| set.interners().overflow());
        Some((family.descriptor()?.name.clone(), counts.reduce(u64::wrapping_add)?))
    };
    let counts: Vec<_> = ours.iter().filter_map(of_family).collect();
    (!counts.is_empty()).then_some(Family::Overflow(counts))
}
