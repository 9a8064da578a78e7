//! What is on a page: our families, the library's own, and those of the `prometheus` crate, by name.

use prometheus::proto;

use super::consistency::is_consistent;
use crate::{
    collector,
    descriptor::{Descriptor, Kind},
    registry::{FamilySnapshot, Registry, ScrapeError},
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

    /// A name that was asked for is a family's, or that of one of its samples.
    fn takes(self, family: &str) -> bool {
        const SUFFIXES: [&str; 4] = ["", "_bucket", "_count", "_sum"];
        let is_of = |name: &String| {
            let rest = name.strip_prefix(family).is_some_and(|suffix| SUFFIXES.contains(&suffix));
            rest || family.strip_suffix("_total") == Some(name)
        };
        self.0.is_empty() || self.0.iter().any(is_of)
    }
}

/// The families of a registry's page, by name.
pub(super) fn families(registry: &Registry, filter: &Filter<'_>) -> Vec<Family> {
    registry.declare();
    let foreign = if cfg!(feature = "enabled") { gather_foreign(registry) } else { Vec::new() };
    let ours = registry.snapshot();
    let mut page: Vec<Family> = Vec::with_capacity(ours.len() + foreign.len() + 1);
    page.extend(overflow(&ours));
    page.extend(foreign.into_iter().filter(|family| fits(registry, &ours, family)).map(Family::Foreign));
    page.extend(ours.into_iter().map(Family::Ours));
    page.retain(|family| filter.takes(family.name()));
    // A name that both sides have stands on the page once, ours first; the sort is stable and ours were added last.
    page.sort_by(|one, other| {
        one.name().cmp(other.name()).then_with(|| is_foreign(one).cmp(&is_foreign(other)))
    });
    page
}

fn is_foreign(family: &Family) -> bool {
    matches!(family, Family::Foreign(_))
}

/// The fields of our groups that are types of the `prometheus` crate, and beside the global registry what that crate's
/// default registry has. A collector that panics costs its registry's families, as
/// that crate gathers all or nothing.
fn gather_foreign(registry: &Registry) -> Vec<proto::MetricFamily> {
    let others = if registry.is_global() { collector::gather_others() } else { Some(Vec::new()) };
    let fields = collector::gather_fields(registry);
    if others.is_none() || fields.is_none() {
        count_error(registry, ScrapeError::Panic);
    }
    fields.into_iter().chain(others).flatten().collect()
}

/// Whether a foreign family can stand on the page; one that cannot is counted.
fn fits(registry: &Registry, ours: &[FamilySnapshot], family: &proto::MetricFamily) -> bool {
    let consistent = is_consistent(family);
    if !consistent {
        count_error(registry, ScrapeError::Inconsistent);
    }
    consistent && compatible(registry, ours, family)
}

/// Whether a foreign family can stand on a page with ours: where one of ours has its name, the type has to be the same.
fn compatible(registry: &Registry, ours: &[FamilySnapshot], family: &proto::MetricFamily) -> bool {
    let same_name = |descriptor: &&Descriptor| descriptor.name == family.name();
    let Some(descriptor) = ours.iter().filter_map(FamilySnapshot::descriptor).find(same_name) else {
        return true;
    };
    let same_type = match descriptor.kind {
        Kind::Counter => family.get_field_type() == proto::MetricType::COUNTER,
        Kind::Gauge | Kind::Info | Kind::StateSet => family.get_field_type() == proto::MetricType::GAUGE,
        Kind::Histogram => family.get_field_type() == proto::MetricType::HISTOGRAM,
        Kind::Summary => family.get_field_type() == proto::MetricType::SUMMARY,
    };
    if !same_type {
        count_error(registry, ScrapeError::Conflict);
    }
    same_type
}

fn count_error(registry: &Registry, error: ScrapeError) {
    registry.count_scrape_error(error);
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
