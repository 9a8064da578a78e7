//! Tests of the integrations with the crates and servers that they measure, in `tests/`, and the steps that two of them share.

pub mod diesel_counts;
pub mod statements;

/// The examples of the guide, which need the crates of pools.
#[cfg(doctest)]
#[doc = include_str!("../../../metrics-core/docs/pools.md")]
pub struct PoolExamples;

/// The examples of the guide, which need the crates of caches.
#[cfg(doctest)]
#[doc = include_str!("../../../metrics-core/docs/caches.md")]
pub struct CacheExamples;
