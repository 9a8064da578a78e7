//! Families of the `prometheus` crate and of the process: gathered, and checked against the families on the page.

use std::collections::{BTreeMap, BTreeSet};

use prometheus::proto::MetricFamily;

use super::{
    foreign_check::is_consistent,
    view::{Family, FamilyView, ReadBuffers, metric_type},
};
use crate::{
    builtin::process_families,
    model::{CREATED, MetricType},
    registry::{Registry, ScrapeError, gather_fields, gather_others},
};

/// Returns the foreign families that fit on a page with the given ones of this library, and counts each that does not.
///
/// They come from the default registry of the `prometheus` crate, if the page is the global registry's; from collectors that
/// are registered here, each isolated; and from the process. A process family is left out if another one has its name.
pub(super) fn foreign_families(registry: &Registry, own: &[Family<'_>]) -> Vec<Family<'static>> {
    let mut accepted = Accepted::of(own);
    for family in gather(registry) {
        if !is_consistent(&family) {
            registry.count_scrape_error(ScrapeError::Inconsistent);
        } else if !accepted.add(family) {
            registry.count_scrape_error(ScrapeError::Conflict);
        }
    }
    let process =
        if registry.shows_process() { process_families(registry.label_pairs()) } else { Vec::new() };
    let process: Vec<_> = process.into_iter().filter(|family| !accepted.has(family.name())).collect();
    let foreign = accepted.foreign.into_values().flatten();
    foreign.chain(process.into_iter().map(Box::new).map(Family::Foreign)).collect()
}

fn gather(registry: &Registry) -> impl Iterator<Item = MetricFamily> {
    let others = if registry.is_global() { gather_others() } else { Some(Vec::new()) };
    let fields = gather_fields(registry);
    // A collector in the default registry that panics loses all of its families, as that crate gathers all or nothing.
    if others.is_none() || fields.is_none() {
        registry.count_scrape_error(ScrapeError::Panic);
    }
    others.into_iter().chain(fields).flatten()
}

/// Families on the page so far.
struct Accepted<'a> {
    /// Sorted by name.
    own: &'a [Family<'a>],
    foreign: BTreeMap<String, Vec<Family<'static>>>,
}

impl<'a> Accepted<'a> {
    const fn of(own: &'a [Family<'a>]) -> Self {
        Self { own, foreign: BTreeMap::new() }
    }

    fn own(&self, name: &str) -> Option<FamilyView<'a>> {
        let at = self.own.binary_search_by(|family| family.name().cmp(name)).ok()?;
        self.own.get(at).map(Family::view)
    }

    fn has(&self, name: &str) -> bool {
        self.own(name).is_some() || self.foreign.contains_key(name)
    }

    fn named(&self, name: &str) -> impl Iterator<Item = FamilyView<'_>> {
        let foreign = self.foreign.get(name).into_iter().flatten().map(Family::view);
        self.own(name).into_iter().chain(foreign)
    }

    /// Adds a family, unless one of the same name has another type or the same series, or two samples would have one name.
    fn add(&mut self, family: MetricFamily) -> bool {
        let metric_type = metric_type(&family);
        let family = Family::Foreign(Box::new(family));
        let view = family.view();
        let has_other_type = |other: FamilyView<'_>| other.metric_type.map(classic) != metric_type;
        if self.named(view.name).any(has_other_type) || self.has_samples_of(&view) {
            return false;
        }
        let taken: BTreeSet<_> = self.named(view.name).flat_map(label_sets).collect();
        if !taken.is_empty() && label_sets(view).iter().any(|labels| taken.contains(labels)) {
            return false;
        }
        self.foreign.entry(view.name.to_owned()).or_default().push(family);
        true
    }

    /// Returns `true` if a family has the name of a sample, or samples with the name of a family, in every format.
    fn has_samples_of(&self, family: &FamilyView<'_>) -> bool {
        let name = family.name;
        let is_taken = |suffix: &str| self.has(&format!("{name}{suffix}"));
        let is_sample = |suffix: &str| {
            let base = name.strip_suffix(suffix).and_then(|base| self.named(base).next());
            base.is_some_and(|base| suffixes(base.metric_type).any(|own| own == suffix))
        };
        suffixes(family.metric_type).any(is_taken) || suffixes(Some(MetricType::Histogram)).any(is_sample)
    }
}

/// Returns the corresponding type of the `prometheus` crate.
const fn classic(metric_type: MetricType) -> MetricType {
    match metric_type {
        MetricType::Info | MetricType::StateSet => MetricType::Gauge,
        MetricType::Counter | MetricType::Gauge | MetricType::Histogram | MetricType::Summary => metric_type,
    }
}

/// Returns the suffixes of sample names that a type has in every format.
fn suffixes(metric_type: Option<MetricType>) -> impl Iterator<Item = &'static str> {
    let suffixes = metric_type.map_or(&[][..], MetricType::suffixes);
    suffixes.iter().copied().filter(|suffix| *suffix != CREATED)
}

type LabelSet = Vec<(String, String)>;

/// Returns the labels of a family's series, sorted by their names.
fn label_sets(family: FamilyView<'_>) -> Vec<LabelSet> {
    let mut sets = Vec::new();
    let _all_of_them = family.for_each_series(&mut ReadBuffers::default(), |series| {
        let pairs = series.labels.pairs().map(|pair| (pair.name.to_owned(), pair.to_string()));
        let mut labels: LabelSet = pairs.filter(|(_, value)| !value.is_empty()).collect();
        labels.sort_unstable();
        sets.push(labels);
        std::ops::ControlFlow::Continue(())
    });
    sets
}
