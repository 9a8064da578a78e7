//! Content of a page: the families of a registry by name, and their encoder.

use std::mem;

use super::{
    foreign_families::foreign_families,
    json, openmetrics,
    page_writer::PageWriter,
    protobuf, text,
    view::{Family, FamilyView},
};
use crate::{
    builtin::SelfMetrics,
    model::{CREATED, Format, MetricType},
    registry::{ENABLED, FamilySnapshot, Registry, RegistrySnapshot, ScrapeError},
};

/// Filter of a page's families: all, or those of some names, with or without the timestamps of samples.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Filter<'a> {
    names: &'a [String],
    is_without_timestamps: bool,
}

impl<'a> Filter<'a> {
    /// Creates the filter for families of these names; without names it is for all families.
    pub(super) const fn new(names: &'a [String], is_without_timestamps: bool) -> Self {
        Self { names, is_without_timestamps }
    }

    const fn is_for_all(self) -> bool {
        self.names.is_empty()
    }

    fn includes(self, family: &FamilyView<'_>) -> bool {
        self.names.iter().any(|name| has_name(family, name))
    }
}

/// Returns whether a family or one of its samples has a name, in any format.
fn has_name(family: &FamilyView<'_>, name: &str) -> bool {
    let is_sample = |base: &str, suffixes: &[&str]| {
        name.strip_prefix(base).is_some_and(|suffix| suffix.is_empty() || suffixes.contains(&suffix))
    };
    let is_of_base = |suffix: &str, suffixes: &[&str]| {
        family.name.strip_suffix(suffix).is_some_and(|base| is_sample(base, suffixes))
    };
    is_sample(family.name, family.metric_type.map_or(&[], MetricType::suffixes))
        || match family.metric_type {
            Some(MetricType::Counter) => is_of_base("_total", &[CREATED]),
            Some(MetricType::Info) => is_of_base("_info", &[]),
            Some(MetricType::Gauge | MetricType::Histogram | MetricType::Summary | MetricType::StateSet)
            | None => false,
        }
}

/// Appends a registry's page.
pub(super) fn encode(registry: &Registry, format: Format, filter: Filter<'_>, out: &mut PageWriter<'_>) {
    let snapshot = snapshot(registry);
    let families = families(registry, snapshot.as_ref(), format, filter);
    let has_created = registry.shows_created();
    match format {
        Format::Text => text::encode(families, out),
        Format::OpenMetrics => openmetrics::encode(&families, has_created, out),
        Format::Protobuf => protobuf::encode(&families, has_created, out),
        Format::Json => json::encode(&families, out),
    }
}

/// Appends a registry's page in the protobuf format, with the times since when series count.
#[cfg(any(feature = "remote-write", feature = "otlp"))]
pub(super) fn encode_delimited(registry: &Registry, out: &mut PageWriter<'_>) {
    let snapshot = snapshot(registry);
    let families = families(registry, snapshot.as_ref(), Format::Protobuf, Filter::default());
    protobuf::encode(&families, true, out);
}

/// Returns the families of this library, unless it is disabled.
fn snapshot(registry: &Registry) -> Option<RegistrySnapshot> {
    ENABLED.then(|| {
        registry.declare();
        registry.snapshot()
    })
}

/// Returns the families of a registry's page, by name.
fn families<'s>(
    registry: &Registry,
    snapshot: Option<&'s RegistrySnapshot>,
    format: Format,
    filter: Filter<'_>,
) -> Vec<Family<'s>> {
    let Some(snapshot) = snapshot else { return Vec::new() };
    let mut page = Vec::with_capacity(snapshot.most_families());
    page.extend(snapshot.families().map(Family::Own));
    let overflow = overflow(registry, snapshot);
    let foreign = foreign_families(registry, &page);
    insert(&mut page, overflow.into_iter().chain(foreign).collect());
    let metrics = SelfMetrics::of(registry);
    let label_set_count: usize =
        if metrics.is_some() { page.iter().map(Family::label_set_count).sum() } else { 0 };
    if !filter.is_for_all() {
        page.retain(|family| filter.includes(&family.view()));
    }
    if filter.is_without_timestamps {
        page.iter_mut().for_each(Family::remove_timestamps);
    }
    match format {
        Format::OpenMetrics => remove_clashing(registry, &mut page),
        Format::Text | Format::Protobuf | Format::Json => {}
    }
    // Last, so that the page shows the errors of its own scrape.
    if let Some(metrics) = metrics {
        metrics.label_sets.set(label_set_count.try_into().unwrap_or(i64::MAX));
        metrics.read_errors();
    }
    page
}

/// Inserts families into a page, which is and stays sorted by name. A name of both kinds has the own family first.
fn insert<'s>(page: &mut Vec<Family<'s>>, mut families: Vec<Family<'s>>) {
    if families.is_empty() {
        return;
    }
    families.sort_by(|one, other| one.name().cmp(other.name()));
    let mut own = mem::take(page).into_iter();
    page.reserve_exact(own.len() + families.len());
    for family in families {
        let before = own.as_slice().partition_point(|own| own.name() <= family.name());
        page.extend(own.by_ref().take(before));
        page.push(family);
    }
    page.extend(own);
}

/// Removes and counts the foreign families whose samples have names of others in OpenMetrics.
fn remove_clashing(registry: &Registry, page: &mut Vec<Family<'_>>) {
    let is_clashing = openmetrics::clashing(page);
    let mut is_clashing = is_clashing.into_iter();
    page.retain(|_| {
        let is_clashing = is_clashing.next().unwrap_or_default();
        if is_clashing {
            registry.count_scrape_error(ScrapeError::Conflict);
        }
        !is_clashing
    });
}

/// Returns the family of overflows, if a metric has capped labels.
fn overflow<'s>(registry: &Registry, own: &RegistrySnapshot) -> Option<Family<'s>> {
    let registry_labels = registry.label_text();
    let of_family = |family: FamilySnapshot<'_>| {
        let counts = family.sets().iter().filter_map(|set| set.interners().overflow());
        let count = counts.reduce(u64::wrapping_add)?;
        // The name of a metric needs no escaping.
        Some((format!("{registry_labels}metric=\"{}\"", family.name()), count))
    };
    let capped = own.families().filter(|family| family.is_capped() && !family.is_former());
    let counts: Vec<_> = capped.filter_map(of_family).collect();
    (!counts.is_empty()).then_some(Family::Overflow(counts))
}
