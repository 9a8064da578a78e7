//! Which families of others can stand on a page with ours.

use std::collections::BTreeMap;

use prometheus::proto::{Metric, MetricFamily, MetricType as ProtoType};

use super::consistency::is_consistent;
use crate::{
    label::parse_block,
    model::{Descriptor, MetricType},
    registry::{FamilySnapshot, Registry, ScrapeError},
};

/// What was gathered beside our families.
#[derive(Debug, Default)]
pub(super) struct ForeignFamilies {
    /// Those of the `prometheus` crate.
    pub(super) families: Vec<MetricFamily>,
    /// The facts about the process, each of which gives way to any family of its name.
    pub(super) process: Vec<MetricFamily>,
}

/// The families that can stand on the page; each that cannot is counted.
pub(super) fn merge(
    registry: &Registry,
    ours: &[FamilySnapshot],
    gathered: ForeignFamilies,
) -> Vec<MetricFamily> {
    let ForeignFamilies { families, process } = gathered;
    let mut accepted = Accepted { ours: by_name(ours), families: BTreeMap::new() };
    for family in families {
        if !is_consistent(&family) {
            registry.count_scrape_error(ScrapeError::Inconsistent);
        } else if !accepted.add(family) {
            registry.count_scrape_error(ScrapeError::Conflict);
        }
    }
    let known = |family: &MetricFamily| {
        accepted.ours.contains_key(family.name()) || accepted.families.contains_key(family.name())
    };
    let process: Vec<_> = process.into_iter().filter(|family| !known(family)).collect();
    accepted.families.into_values().flatten().chain(process).collect()
}

fn by_name(ours: &[FamilySnapshot]) -> BTreeMap<&str, &FamilySnapshot> {
    ours.iter().filter_map(|family| Some((family.descriptor()?.name.as_str(), family))).collect()
}

/// The families that are on the page already.
struct Accepted<'a> {
    ours: BTreeMap<&'a str, &'a FamilySnapshot>,
    families: BTreeMap<String, Vec<MetricFamily>>,
}

impl Accepted<'_> {
    /// Adds a family, unless one of its name has another type or one of its series, or its samples are called like others.
    fn add(&mut self, family: MetricFamily) -> bool {
        let kind = family.get_field_type();
        let ours = self.ours.get(family.name());
        let same_type = ours.and_then(|ours| ours.descriptor()).is_none_or(|ours| type_of(ours) == kind);
        let before = self.families.get(family.name()).map(Vec::as_slice).unwrap_or_default();
        if !same_type || before.iter().any(|other| other.get_field_type() != kind) {
            return false;
        }
        if self.has_samples_of(&family) {
            return false;
        }
        if ours.is_some() || !before.is_empty() {
            let mut taken: Vec<_> = ours.map(|ours| series_of(ours)).unwrap_or_default();
            taken.extend(before.iter().flat_map(MetricFamily::get_metric).map(labels));
            if family.get_metric().iter().any(|metric| taken.contains(&labels(metric))) {
                return false;
            }
        }
        self.families.entry(family.name().to_owned()).or_default().push(family);
        true
    }

    /// Whether a family has a sample's name, or samples with a family's, in every format.
    fn has_samples_of(&self, family: &MetricFamily) -> bool {
        let name = family.name();
        let own = suffixes(family.get_field_type());
        let taken = |suffix: &&str| self.kind(&format!("{name}{suffix}")).is_some();
        let is_of = |suffix: &&str| {
            let kind = name.strip_suffix(*suffix).and_then(|base| self.kind(base));
            kind.is_some_and(|kind| suffixes(kind).contains(suffix))
        };
        own.iter().any(taken) || suffixes(ProtoType::HISTOGRAM).iter().any(is_of)
    }

    /// The type of the family of a name.
    fn kind(&self, name: &str) -> Option<ProtoType> {
        let ours = self.ours.get(name).and_then(|ours| ours.descriptor()).map(type_of);
        ours.or_else(|| self.families.get(name)?.first().map(MetricFamily::get_field_type))
    }
}

const fn type_of(descriptor: &Descriptor) -> ProtoType {
    match descriptor.kind {
        MetricType::Counter => ProtoType::COUNTER,
        MetricType::Gauge | MetricType::Info | MetricType::StateSet => ProtoType::GAUGE,
        MetricType::Histogram => ProtoType::HISTOGRAM,
        MetricType::Summary => ProtoType::SUMMARY,
    }
}

/// What a type adds to a family's name for its samples.
const fn suffixes(kind: ProtoType) -> &'static [&'static str] {
    match kind {
        ProtoType::HISTOGRAM => &["_bucket", "_count", "_sum"],
        ProtoType::SUMMARY => &["_count", "_sum"],
        ProtoType::COUNTER | ProtoType::GAUGE | ProtoType::UNTYPED => &[],
    }
}

type Labels = Vec<(String, String)>;

/// The labels of our series, by name.
fn series_of(ours: &FamilySnapshot) -> Vec<Labels> {
    let mut series = Vec::new();
    for set in &ours.sets {
        set.read(&mut Vec::new(), |block, _| {
            let mut labels = parse_block(block);
            labels.sort_unstable();
            series.push(labels);
        });
    }
    series
}

/// The labels of a foreign series, by name.
fn labels(metric: &Metric) -> Labels {
    let pairs = metric.get_label().iter();
    let mut labels: Labels = pairs.map(|pair| (pair.name().to_owned(), pair.value().to_owned())).collect();
    labels.retain(|(_, value)| !value.is_empty());
    labels.sort_unstable();
    labels
}
