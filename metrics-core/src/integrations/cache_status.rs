//! Look-ups, evictions and size of a cache that counts them itself.

use std::sync::Arc;

use metrics_macros::{LabelSet, MetricGroup};

use super::cache::{EvictionCause, LookupResult, ResultLabel};
use crate::{
    metric::{CounterFn, Family, GaugeFn},
    model::RegistrationError,
    registry::Registry,
};

/// Counts of a cache when a page is made. A number that the cache does not tell is `None`, and missing from the page.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct CacheStatus {
    /// Look-ups so far that found something.
    pub hits: u64,
    /// Look-ups so far that found nothing.
    pub misses: u64,
    /// Entries in the cache.
    pub size: u64,
    /// Entries that left the cache so far, for any cause.
    pub evictions: Option<u64>,
}

/// Look-ups, evictions and size of a cache that counts them itself, such as those of the crate `cached`, with the names of
/// [`CacheMetrics`](super::CacheMetrics).
///
/// The closure runs several times for each page. The metrics leave the page when this value is dropped.
///
/// ```
/// use metrics_core::{CacheStatus, CacheStatusMetrics, Registry};
///
/// # let registry = Registry::new();
/// let status = || CacheStatus { hits: 7, misses: 1, size: 1, evictions: None }; // from the cache
/// let _cache = CacheStatusMetrics::register_in(&registry, "primes", status)?;
/// # #[cfg(feature = "enabled")]
/// assert!(registry.text().contains("cache_gets_total{cache=\"primes\",result=\"hit\"} 7\n"));
/// # Ok::<(), metrics_core::RegistrationError>(())
/// ```
#[derive(Debug)]
#[must_use = "the metrics leave the page when this is dropped"]
pub struct CacheStatusMetrics {
    _group: StatusGroup,
    _evictions: Option<EvictionGroup>,
}

#[derive(Debug, MetricGroup)]
#[metrics(namespace = "cache", global = false, crate = "crate")]
struct StatusGroup {
    /// Number of cache look-ups by result.
    gets_total: Family<ResultLabel, CounterFn>,
    /// Number of entries in the cache.
    size: GaugeFn,
}

/// The label of the other caches' evictions, absent.
#[derive(Clone, Copy, Debug, LabelSet)]
#[label(crate = "crate")]
struct CauseLabel {
    cause: Option<EvictionCause>,
}

#[derive(Debug, MetricGroup)]
#[metrics(namespace = "cache", global = false, crate = "crate")]
struct EvictionGroup {
    /// Number of entries that left the cache, by cause.
    evictions_total: Family<CauseLabel, CounterFn>,
}

impl CacheStatusMetrics {
    /// Registers the metrics of a cache; `name` is the value of the label `cache`.
    ///
    /// # Errors
    ///
    /// Returns a conflict with a metric of the registry that has the same name.
    pub fn register_in(
        registry: &Registry,
        name: &str,
        status: impl Fn() -> CacheStatus + Send + Sync + 'static,
    ) -> Result<Self, RegistrationError> {
        let tells_evictions = status().evictions.is_some();
        let status = Arc::new(status);
        let group = StatusGroup::register_in(registry.labelled("cache", name))?;
        let count = |read: fn(CacheStatus) -> u64| {
            let status = Arc::clone(&status);
            move || read(status())
        };
        let of_result = |result| group.gets_total.with(ResultLabel { result });
        of_result(LookupResult::Hit).read_from(count(|status| status.hits));
        of_result(LookupResult::Miss).read_from(count(|status| status.misses));
        let size = count(|status| status.size);
        group.size.read_from(move || i64::try_from(size()).unwrap_or(i64::MAX));
        let register = || EvictionGroup::register_in(registry.labelled("cache", name));
        let evictions = tells_evictions.then(register).transpose()?;
        if let Some(group) = &evictions {
            let total = group.evictions_total.with(CauseLabel { cause: None });
            total.read_from(count(|status| status.evictions.unwrap_or_default()));
        }
        Ok(Self { _group: group, _evictions: evictions })
    }
}

#[cfg(all(test, feature = "enabled"))]
mod tests {
    use super::*;
    use crate::{integrations::CacheMetrics, testing::value};

    #[test]
    fn both_sorts_of_caches_share_a_page() {
        let registry = Registry::new();
        let _counted = CacheMetrics::register_in(&registry, "players").unwrap();
        let status = || CacheStatus { hits: 3, misses: 2, size: 1, evictions: Some(4) };
        let _told = CacheStatusMetrics::register_in(&registry, "primes", status).unwrap();
        for (series, expected) in [
            ("gets_total{cache=\"players\",result=\"hit\"}", 0.0),
            ("gets_total{cache=\"primes\",result=\"hit\"}", 3.0),
            ("gets_total{cache=\"primes\",result=\"miss\"}", 2.0),
            ("size{cache=\"primes\"}", 1.0),
            ("evictions_total{cache=\"primes\"}", 4.0),
        ] {
            assert_eq!(value(&registry, &format!("cache_{series}")), Some(expected), "{series}");
        }
    }
}
