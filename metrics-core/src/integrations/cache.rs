//! Hits, misses, evictions and size of any cache.

use metrics_macros::{LabelSet, LabelValue, MetricGroup};

use crate::{
    metric::{Counter, Family, GaugeFn},
    model::RegistrationError,
    registry::Registry,
};

/// Hits, misses, evictions and size of any cache, with the names that Micrometer gives them.
///
/// No version of a cache's crate is tied to this one: the service passes its look-ups through [`get`](Self::get), and closures give
/// the size. Clones share the metrics, which leave the page with the last of them.
///
/// ```
/// use metrics_core::{CacheMetrics, EvictionCause, Registry};
///
/// # use std::collections::HashMap;
/// # let registry = Registry::new();
/// # let cache: HashMap<u32, &str> = HashMap::new();
/// let metrics = CacheMetrics::register_in(&registry, "players")?;
/// # let shared = cache.clone();
/// metrics.read_size(move || shared.len() as u64); // moka: `shared.entry_count()`
/// let player = metrics.get(cache.get(&7)); // counts a hit or a miss
/// metrics.evicted(EvictionCause::Size); // from the cache's eviction listener
/// # #[cfg(feature = "enabled")]
/// assert!(registry.text().contains("cache_gets_total{cache=\"players\",result=\"miss\"} 1\n"));
/// # Ok::<(), metrics_core::RegistrationError>(())
/// ```
#[derive(Clone, Debug)]
pub struct CacheMetrics {
    group: CacheGroup,
}

/// Reason for which an entry left a cache.
#[derive(Clone, Copy, Debug, PartialEq, Eq, LabelValue)]
#[label(rename_all = "snake_case", crate = "crate")]
pub enum EvictionCause {
    /// Its time was over.
    Expired,
    /// The service removed it.
    Explicit,
    /// The service put another value in its place.
    Replaced,
    /// The cache was full.
    Size,
}

#[derive(Clone, Copy, Debug, LabelValue)]
#[label(rename_all = "snake_case", crate = "crate")]
pub(super) enum LookupResult {
    Hit,
    Miss,
}

#[derive(Clone, Copy, Debug, LabelSet)]
#[label(crate = "crate")]
pub(super) struct ResultLabel {
    pub(super) result: LookupResult,
}

#[derive(Clone, Copy, Debug, LabelSet)]
#[label(crate = "crate")]
struct CauseLabel {
    cause: EvictionCause,
}

#[derive(Clone, Debug, MetricGroup)]
#[metrics(namespace = "cache", global = false, crate = "crate")]
struct CacheGroup {
    /// Number of cache look-ups by result.
    gets_total: Family<ResultLabel, Counter>,
    /// Number of entries that left the cache, by cause.
    evictions_total: Family<CauseLabel, Counter>,
    /// Number of entries in the cache.
    size: GaugeFn,
    /// Weight of the entries in the cache.
    weight: GaugeFn,
}

impl CacheMetrics {
    /// Registers the metrics of a cache; `name` is the value of the label `cache`.
    ///
    /// # Errors
    ///
    /// Returns a conflict with a metric of the registry that has the same name.
    pub fn register_in(registry: &Registry, name: &str) -> Result<Self, RegistrationError> {
        Ok(Self { group: CacheGroup::register_in(registry.labelled("cache", name))? })
    }

    /// Counts a look-up, a hit if it found something, and returns its result.
    #[inline]
    pub fn get<T>(&self, found: Option<T>) -> Option<T> {
        self.count_get(found.is_some());
        found
    }

    /// Counts a look-up, for those that load what they do not find: with `moka`, `!cache.entry(key).or_insert_with(load).is_fresh()`.
    #[inline]
    pub fn count_get(&self, is_hit: bool) {
        let result = if is_hit { LookupResult::Hit } else { LookupResult::Miss };
        self.group.gets_total.with(ResultLabel { result }).inc();
    }

    /// Counts an entry that left the cache.
    #[inline]
    pub fn evicted(&self, cause: EvictionCause) {
        self.group.evictions_total.with(CauseLabel { cause }).inc();
    }

    /// Reads the number of entries from a closure when a page is made.
    ///
    /// The closure has a cache that may have these metrics in its listener; give it a weak reference if the metrics are to end with
    /// the cache.
    pub fn read_size(&self, read: impl Fn() -> u64 + Send + Sync + 'static) {
        self.group.size.read_from(move || i64::try_from(read()).unwrap_or(i64::MAX));
    }

    /// Reads the weight of all entries from a closure when a page is made, as [`read_size`](Self::read_size) does.
    pub fn read_weight(&self, read: impl Fn() -> u64 + Send + Sync + 'static) {
        self.group.weight.read_from(move || i64::try_from(read()).unwrap_or(i64::MAX));
    }
}
