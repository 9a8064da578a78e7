//! The registry: registered metrics and failed registrations.

use std::{
    fmt,
    sync::{
        Arc, Mutex, MutexGuard, OnceLock, PoisonError, Weak,
        atomic::{AtomicBool, AtomicUsize, Ordering::Relaxed},
    },
};

use super::{
    counts::{Counts, ScrapeError},
    database_names, error_log,
    families::{Families, Found},
    family_snapshot::RegistrySnapshot,
    foreign_fields::ForeignFields,
    reader::{self, ReaderFlag},
    registry_labels::RegistryLabels,
};
use crate::{
    model::{Descriptor, Layout, RegistrationError},
    series::{ReadSet, SeriesSet, SetOptions, SharedSet},
};

/// State of the feature `enabled`.
///
/// Without it every metric is detached at registration: handles keep their size and write to the sink, which has no cells, and
/// pages are empty. metrics-macros has a feature of the same name, without which attributes leave functions as they are.
pub(crate) const ENABLED: bool = cfg!(feature = "enabled");

/// A set of metrics that are exposed together.
///
/// Macros register in the [global](Self::global) registry unless an argument names another one. Tests and libraries create
/// registries of their own. Clones are the same registry.
///
/// A registry does not keep metrics alive: when the last clone of a metric is dropped, its series leave the page, and closures that it
/// reads are dropped. Its memory is reused after the next page, if there was one before.
///
/// ```
/// use metrics_core::{Definition, Gauge, Registry};
///
/// let registry = Registry::new();
/// let players: Gauge = registry.register(&Definition::new("players", "Number of players online."))?;
/// players.set(3);
/// assert_eq!(
///     registry.text(),
///     "# HELP players Number of players online.\n# TYPE players gauge\nplayers 3\n"
/// );
/// # Ok::<(), metrics_core::RegistrationError>(())
/// ```
#[derive(Clone, Default)]
pub struct Registry(Arc<Inner>);

/// A reference to a registry that does not keep it alive.
#[derive(Clone)]
pub(crate) struct WeakRegistry(Weak<Inner>);

impl WeakRegistry {
    pub(crate) fn upgrade(&self) -> Option<Registry> {
        self.0.upgrade().map(Registry)
    }
}

impl fmt::Debug for WeakRegistry {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("WeakRegistry")
    }
}

#[derive(Default)]
struct Inner {
    families: Mutex<Families>,
    errors: Mutex<Vec<RegistrationError>>,
    labels: RegistryLabels,
    /// Collectors of the `prometheus` crate that are registered here.
    foreign: OnceLock<prometheus::Registry>,
    foreign_fields: ForeignFields,
    counts: Counts,
    /// Number of scrapes that hold a permit.
    scrapes_in_flight: AtomicUsize,
    shows_process: AtomicBool,
    shows_created: AtomicBool,
    shortens_database_names: AtomicBool,
    is_global: bool,
    reader: ReaderFlag,
}

impl Drop for Inner {
    fn drop(&mut self) {
        if !cfg!(debug_assertions) || self.reader.is_set() {
            return;
        }
        let sets = self.families.get_mut().unwrap_or_else(PoisonError::into_inner).sets();
        if let Some(in_use) = sets.first() {
            reader::warn_of_dropped(in_use.descriptor());
        }
    }
}

/// Largest number of errors that are kept and logged; further ones are only counted.
const MOST_ERRORS: usize = 1000;

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Registry {
    /// Creates an empty registry.
    pub fn new() -> Self {
        Self::default()
    }

    /// Creates the registry of [`global`](Self::global).
    pub(super) fn new_global() -> Self {
        let mut inner = Inner::default();
        inner.is_global = true;
        *inner.shows_process.get_mut() = true;
        Self(Arc::new(inner))
    }

    /// Sets whether pages show the metrics of the process: `process_cpu_seconds_total`, `process_resident_memory_bytes` and the
    /// others of <https://prometheus.io/docs/instrumenting/writing_clientlibs/#process-metrics>.
    ///
    /// By default the global registry shows them and others do not. They exist on Linux, with the feature `process`. A metric that
    /// the system does not report is missing. A collector of the `prometheus` crate with a metric of the same name replaces the
    /// built-in one. `prometheus::gather()` does not show them.
    ///
    /// ```
    /// let registry = metrics_core::Registry::new();
    /// assert_eq!(registry.text(), "");
    /// registry.show_process_metrics(true);
    /// # #[cfg(all(feature = "enabled", feature = "process", target_os = "linux"))]
    /// assert!(registry.text().contains("# TYPE process_cpu_seconds_total counter\n"));
    /// ```
    pub fn show_process_metrics(&self, shown: bool) {
        self.0.shows_process.store(shown, Relaxed);
    }

    pub(crate) fn shows_process(&self) -> bool {
        self.0.shows_process.load(Relaxed)
    }

    /// Sets whether pages show the time at which each counter, histogram and summary began to count; by default they do not.
    ///
    /// OpenMetrics shows it as a sample `_created` beside each series, the protobuf format in a field; the other formats have none.
    /// With it a scraper can tell a restart from a counter that has not changed.
    ///
    /// ```
    /// use metrics_core::{Counter, Definition, Registry};
    ///
    /// let registry = Registry::new();
    /// let jobs: Counter = registry.register(&Definition::new("app_jobs_total", "Jobs that ended."))?;
    /// registry.created_timestamps(true);
    /// assert!(registry.open_metrics().contains("app_jobs_total 0\napp_jobs_created "));
    /// # Ok::<(), metrics_core::RegistrationError>(())
    /// ```
    ///
    /// <https://prometheus.io/docs/specs/om/open_metrics_spec/#counter-1>
    pub fn created_timestamps(&self, show: bool) {
        self.0.shows_created.store(show, Relaxed);
    }

    pub(crate) fn shows_created(&self) -> bool {
        self.0.shows_created.load(Relaxed)
    }

    /// Sets whether the [integrations](crate::guide::integrations) of databases and pools that are registered from now on have short
    /// names, as Prometheus' users write them, instead of those of the OpenTelemetry conventions; by default they do not.
    ///
    /// The guide has a table of both. Metrics of caches, Tokio, jemalloc and the container have one name.
    ///
    /// ```
    /// # #[cfg(feature = "pools")] {
    /// use metrics_core::{PoolMetrics, PoolStatus, Registry};
    ///
    /// let registry = Registry::new();
    /// registry.short_database_names(true);
    /// let status = || PoolStatus { size: 5, idle: 2, max: 8, ..PoolStatus::default() };
    /// let _pool = PoolMetrics::register_in(&registry, "main", status)?;
    /// # #[cfg(feature = "enabled")]
    /// assert!(registry.text().contains("db_pool_connections{pool=\"main\",state=\"used\"} 3\n"));
    /// # }
    /// # Ok::<(), metrics_core::RegistrationError>(())
    /// ```
    pub fn short_database_names(&self, short: bool) {
        self.0.shortens_database_names.store(short, Relaxed);
    }

    pub(crate) fn is_global(&self) -> bool {
        self.0.is_global
    }

    /// Returns whether the other is the same registry, or a clone of it.
    pub(crate) fn is(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.0, &other.0)
    }

    /// Returns a handle that does not keep the registry alive.
    pub(crate) fn downgrade(&self) -> WeakRegistry {
        WeakRegistry(Arc::downgrade(&self.0))
    }

    /// Returns the series of a definition: the existing ones, or new ones.
    pub(crate) fn register_set(
        &self,
        mut descriptor: Descriptor,
        layout: Layout,
        options: SetOptions,
    ) -> Result<SharedSet, RegistrationError> {
        self.0.labels.add_to(&mut descriptor);
        if self.0.shortens_database_names.load(Relaxed) {
            database_names::shorten(&mut descriptor);
        }
        let (name, location) = (descriptor.name.clone(), descriptor.location);
        let illegal = |invalid| RegistrationError::illegal(&name, location, invalid);
        descriptor.check().map_err(illegal)?;
        if !ENABLED {
            return Ok(SharedSet::new(SeriesSet::detached(descriptor, layout)));
        }
        let insertions = match lock(&self.0.families).find(&descriptor, &layout)? {
            Found::Set(existing) => return Ok(existing),
            Found::Nothing { insertions } => insertions,
        };
        // Outside of the lock, as label values are the user's code.
        let set = SharedSet::new(SeriesSet::new(descriptor, layout, options).map_err(illegal)?);
        lock(&self.0.families).insert(set, insertions)
    }

    /// Counts a registration that failed, keeps it for [`registration_errors`](Self::registration_errors), and logs it.
    pub(crate) fn note_error(&self, error: RegistrationError) {
        {
            let mut errors = lock(&self.0.errors);
            if errors.contains(&error) {
                return;
            }
            if error.is_missing() {
                self.0.counts.add_registration_error();
            }
            if errors.len() == MOST_ERRORS {
                return;
            }
            errors.push(error.clone());
        }
        error_log::log(error);
    }

    /// Returns the registrations that failed so far.
    pub(super) fn noted_errors(&self) -> Vec<RegistrationError> {
        lock(&self.0.errors).clone()
    }

    pub(crate) fn count_scrape_error(&self, error: ScrapeError) {
        self.0.counts.add_scrape_error(error);
    }

    /// Returns the counts of errors, for the metrics of the library about itself.
    pub(crate) fn counts(&self) -> &Counts {
        &self.0.counts
    }

    /// Returns the number of scrapes that hold a permit.
    pub(crate) fn scrapes_in_flight(&self) -> &AtomicUsize {
        &self.0.scrapes_in_flight
    }

    /// Notes that an endpoint shows the registry.
    #[doc(hidden)]
    pub fn note_reader(&self) {
        self.0.reader.set();
    }

    /// Returns whether a page of the registry was made, or an endpoint shows it.
    #[doc(hidden)]
    pub fn has_reader(&self) -> bool {
        self.0.reader.is_set()
    }

    pub(super) fn labels(&self) -> &RegistryLabels {
        &self.0.labels
    }

    /// Returns the collectors of the `prometheus` crate that are registered here.
    pub(crate) fn foreign(&self) -> &prometheus::Registry {
        self.0.foreign.get_or_init(|| self.0.labels.foreign_registry())
    }

    /// Returns the fields of groups that are metrics of the `prometheus` crate.
    pub(crate) fn foreign_fields(&self) -> &ForeignFields {
        &self.0.foreign_fields
    }

    /// Returns the sets of series by name, as they were declared.
    pub(crate) fn definitions(&self) -> Vec<ReadSet> {
        lock(&self.0.families).sets()
    }

    /// Returns the families, with values that callbacks read now. A family all of whose callbacks panic is skipped; panics are
    /// counted.
    pub(crate) fn snapshot(&self) -> RegistrySnapshot {
        self.note_reader();
        let (list, _former_sets) = lock(&self.0.families).list();
        RegistrySnapshot::read(list, || self.count_scrape_error(ScrapeError::Panic))
    }
}

impl fmt::Debug for Registry {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Registry").field("global", &self.is_global()).finish_non_exhaustive()
    }
}
