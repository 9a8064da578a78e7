//! Caches of `moka` and `cached`, as their users measure them.

use cached::{Cached as _, macros::cached};
use metrics_core::{CacheMetrics, CacheStatus, CacheStatusMetrics, EvictionCause, Registry, testing::value};
use moka::{notification::RemovalCause, sync::Cache};

#[test]
fn moka() {
    let registry = Registry::new();
    let metrics = CacheMetrics::register_in(&registry, "players").unwrap();
    let read = |name: &str| value(&registry, &format!("cache_{name}"));
    let series = [
        "gets_total{cache=\"players\",result=\"hit\"}",
        "gets_total{cache=\"players\",result=\"miss\"}",
        "evictions_total{cache=\"players\",cause=\"expired\"}",
        "evictions_total{cache=\"players\",cause=\"explicit\"}",
        "evictions_total{cache=\"players\",cause=\"replaced\"}",
        "evictions_total{cache=\"players\",cause=\"size\"}",
        "size{cache=\"players\"}",
        "weight{cache=\"players\"}",
    ];
    assert_eq!(series.map(read), [Some(0.0); 8], "before the first use");

    let listener = metrics.clone();
    let cache: Cache<u32, String> = Cache::builder()
        .max_capacity(100)
        .weigher(|_, value: &String| u32::try_from(value.len()).unwrap_or(u32::MAX))
        .eviction_listener(move |_, _, cause| {
            listener.evicted(match cause {
                RemovalCause::Expired => EvictionCause::Expired,
                RemovalCause::Explicit => EvictionCause::Explicit,
                RemovalCause::Replaced => EvictionCause::Replaced,
                RemovalCause::Size => EvictionCause::Size,
            });
        })
        .build();
    let shared = cache.clone();
    metrics.read_size(move || shared.entry_count());
    let shared = cache.clone();
    metrics.read_weight(move || shared.weighted_size());

    for key in [1, 2, 1, 2, 3] {
        let entry = cache.entry(key).or_insert_with(|| "0123456789".to_owned());
        metrics.count_get(!entry.is_fresh());
    }
    assert_eq!(metrics.get(cache.get(&1)).as_deref(), Some("0123456789"));
    assert_eq!(metrics.get(cache.get(&9)), None);
    cache.insert(1, "01234".to_owned());
    cache.invalidate(&2);
    cache.insert(4, "x".repeat(101));
    cache.run_pending_tasks();
    let expected = [3.0, 4.0, 0.0, 1.0, 1.0, 1.0, 2.0, 15.0];
    assert_eq!(series.map(read), expected.map(Some));
}

#[cached(max_size = 2)]
fn square(number: u64) -> u64 {
    number * number
}

#[test]
fn cached() {
    let registry = Registry::new();
    let _metrics = CacheStatusMetrics::register_in(&registry, "squares", || {
        let counts = SQUARE.read().metrics();
        CacheStatus {
            hits: counts.hits.unwrap_or_default(),
            misses: counts.misses.unwrap_or_default(),
            size: counts.size as u64,
            evictions: counts.evictions,
        }
    })
    .unwrap();
    let series = [
        "gets_total{cache=\"squares\",result=\"hit\"}",
        "gets_total{cache=\"squares\",result=\"miss\"}",
        "evictions_total{cache=\"squares\"}",
        "size{cache=\"squares\"}",
    ];
    let read = |name: &str| value(&registry, &format!("cache_{name}"));
    assert_eq!(series.map(read), [Some(0.0); 4], "before the first use");
    for (number, expected) in [(2, 4), (2, 4), (3, 9), (2, 4), (4, 16)] {
        assert_eq!(square(number), expected);
    }
    assert_eq!(series.map(read), [2.0, 3.0, 1.0, 2.0].map(Some));
}
