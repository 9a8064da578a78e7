//! A cache that measures itself.
//!
//! It declares metrics and has no registry, no endpoint and no set-up: they are in the global registry of every application that
//! links it. An application that turns metrics-core's feature `enabled` off pays nothing for them.

use std::collections::HashMap;

use metrics_core::{Counter, Family, Gauge, LabelSet, MetricGroup};

/// Metrics of all caches.
#[derive(Debug, MetricGroup)]
#[metrics(namespace = "library")]
struct CacheMetrics {
    /// Look-ups in caches.
    lookups_total: Family<Lookup, Counter>,
    /// Entries in caches.
    cached_entries: Gauge,
}

#[derive(Clone, Copy, Debug, LabelSet)]
struct Lookup {
    hit: bool,
}

/// A cache of texts.
#[derive(Debug, Default)]
pub struct Cache {
    entries: HashMap<String, String>,
}

impl Cache {
    /// Returns the entry of a key; `load` makes it if there is none.
    pub fn get(&mut self, key: &str, load: impl FnOnce(&str) -> String) -> &str {
        let metrics = CacheMetrics::global();
        metrics.lookups_total.with(Lookup { hit: self.entries.contains_key(key) }).inc();
        self.entries.entry(key.to_owned()).or_insert_with(|| {
            metrics.cached_entries.inc();
            load(key)
        })
    }
}

impl Drop for Cache {
    fn drop(&mut self) {
        for _ in self.entries.drain() {
            CacheMetrics::global().cached_entries.dec();
        }
    }
}
