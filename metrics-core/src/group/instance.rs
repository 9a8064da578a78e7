//! Instances of groups: static, in a registry, with labels of their own, or in no registry.

use std::{borrow::Cow, sync::OnceLock};

use super::field::{MetricGroup, OnConflict, Scope};
use crate::{
    model::RegistrationError,
    registry::{Registry, log_after},
};

fn build<G: MetricGroup>(
    registry: LabelledRegistry<'_>,
    on_conflict: OnConflict,
) -> (G, Vec<RegistrationError>) {
    let LabelledRegistry { registry, labels } = registry;
    let mut scope = Scope::new(registry, labels, on_conflict);
    let group = G::build(&mut scope);
    (group, scope.finish())
}

/// A registry with labels for one instance of a group, of [`Registry::labelled`]: an argument of a group's `register_in`.
#[derive(Clone, Debug)]
pub struct LabelledRegistry<'a> {
    registry: &'a Registry,
    labels: Vec<(Cow<'a, str>, Cow<'a, str>)>,
}

impl<'a> From<&'a Registry> for LabelledRegistry<'a> {
    fn from(registry: &'a Registry) -> Self {
        Self { registry, labels: Vec::new() }
    }
}

impl<'a> LabelledRegistry<'a> {
    /// Adds a label to all metrics of the instance.
    ///
    /// ```
    /// use metrics_core::{Gauge, MetricGroup, Registry};
    ///
    /// #[derive(MetricGroup)]
    /// #[metrics(namespace = "cache", global = false)]
    /// struct CacheMetrics {
    ///     /// Number of entries.
    ///     entries: Gauge,
    /// }
    ///
    /// let registry = Registry::new();
    /// let labelled = registry.labelled("cache", "users").labelled("shard", "1");
    /// let _cache = CacheMetrics::register_in(labelled)?;
    /// assert!(registry.text().contains("cache_entries{cache=\"users\",shard=\"1\"} 0\n"));
    /// # Ok::<(), metrics_core::RegistrationError>(())
    /// ```
    pub fn labelled(mut self, name: impl Into<Cow<'a, str>>, value: impl Into<Cow<'a, str>>) -> Self {
        self.labels.push((name.into(), value.into()));
        self
    }
}

impl Registry {
    /// Returns this registry with a label for all metrics of an instance, which tells several instances of one group apart.
    ///
    /// When an instance is dropped, its series leave the page.
    ///
    /// ```
    /// use metrics_core::{Counter, MetricGroup, Registry};
    ///
    /// #[derive(MetricGroup)]
    /// #[metrics(namespace = "cache", global = false)]
    /// struct CacheMetrics {
    ///     /// Look-ups that found an entry.
    ///     hits_total: Counter,
    /// }
    ///
    /// let registry = Registry::new();
    /// let users = CacheMetrics::register_in(registry.labelled("cache", "users"))?;
    /// let games = CacheMetrics::register_in(registry.labelled("cache", "games"))?;
    /// users.hits_total.inc();
    /// let page = registry.text();
    /// assert!(page.contains("cache_hits_total{cache=\"games\"} 0\ncache_hits_total{cache=\"users\"} 1\n"));
    /// drop(games);
    /// assert!(!registry.text().contains("games"));
    /// # Ok::<(), metrics_core::RegistrationError>(())
    /// ```
    pub fn labelled<'a>(
        &'a self,
        name: impl Into<Cow<'a, str>>,
        value: impl Into<Cow<'a, str>>,
    ) -> LabelledRegistry<'a> {
        LabelledRegistry::from(self).labelled(name, value)
    }
}

/// The static instance of a group. A metric that cannot be registered is detached.
#[derive(Debug)]
pub struct StaticGroup<G>(OnceLock<G>);

impl<G: MetricGroup> StaticGroup<G> {
    /// Creates the static, still without its instance.
    #[allow(clippy::new_without_default)] // a static needs a constant
    pub const fn new() -> Self {
        Self(OnceLock::new())
    }

    /// Returns the instance, which is registered on the first call.
    #[inline]
    pub fn get(&self, registry: impl FnOnce() -> &'static Registry) -> &G {
        match self.0.get() {
            Some(group) => group,
            None => self.register_in(registry()),
        }
    }

    /// Registers the instance. Conflicts are logged after that, as a logger may count in the same group.
    #[cold]
    fn register_in(&self, registry: &Registry) -> &G {
        log_after(|| self.0.get_or_init(|| register_static(registry)))
    }
}

/// Creates an instance in a registry; a metric that cannot be registered is detached.
pub fn register_static<G: MetricGroup>(registry: &Registry) -> G {
    build(registry.into(), OnConflict::Detach).0
}

/// Creates an instance in a registry.
///
/// # Errors
///
/// Returns the first conflict with a registered metric; nothing of the group is registered then.
pub fn register_in<'a, G: MetricGroup>(
    registry: impl Into<LabelledRegistry<'a>>,
) -> Result<G, RegistrationError> {
    let (group, errors) = build(registry.into(), OnConflict::Fail);
    errors.into_iter().next().map_or(Ok(group), Err)
}

/// Creates an instance that is on no page.
pub fn unregistered<G: MetricGroup>() -> G {
    build((&Registry::new()).into(), OnConflict::Detach).0
}
