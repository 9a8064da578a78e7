//! Registries: which metrics there are.

mod declared;
mod error;
mod family;
mod foreign;
mod own;

use std::{
    fmt, mem,
    sync::{
        Arc, Mutex, MutexGuard, PoisonError, Weak,
        atomic::{AtomicBool, Ordering::Relaxed},
    },
};

pub use declared::{DeclaredGroup, DeclaredSite, GroupDeclaration};
pub use error::RegistrationError;
use family::Families;
pub(crate) use family::FamilySnapshot;
use foreign::ForeignFields;
use once_cell::sync::Lazy;
pub(crate) use own::{FormatLabel, OwnMetrics, ScrapeError};

use crate::{
    collector,
    definition::Definition,
    descriptor::Descriptor,
    exposition::{self, Out, Page, PageBuffer, PageChunks, Scrape, ScrapePermit, ScrapesInFlight},
    family::{SeriesSet, SetOptions, SharedSet},
    field::GroupField,
    group,
    layout::Layout,
};

/// A set of metrics that are exposed together.
///
/// Macros register in the [global](Self::global) one unless they are told otherwise. A registry of one's own is for tests and
/// for libraries; clones are the same registry.
///
/// A registry does not keep metrics alive: when the last clone of a metric is dropped, its series leave the page.
#[derive(Clone, Default)]
pub struct Registry(Arc<Inner>);

/// A registry that may be gone.
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
    /// The metrics of the `prometheus` crate that are fields of our groups.
    foreign: prometheus::Registry,
    foreign_fields: ForeignFields,
    scrapes: ScrapesInFlight,
    /// Whether the page has the facts about the process.
    shows_process: AtomicBool,
    /// Whether pages show since when each series counts.
    created: AtomicBool,
    /// The metrics about the registry itself; only the global one has them.
    own: Option<OwnMetrics>,
}

static GLOBAL: Lazy<Registry> = Lazy::new(|| {
    let registry = Registry::default();
    let own = OwnMetrics::register_in(&registry);
    let families = mem::take(&mut *lock(&registry.0.families));
    Registry(Arc::new(Inner {
        families: Mutex::new(families),
        own: Some(own),
        shows_process: AtomicBool::new(true),
        ..Inner::default()
    }))
});

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Registry {
    /// A registry of one's own, empty.
    pub fn new() -> Self {
        Self::default()
    }

    /// The registry that macros register in.
    ///
    /// It is also a collector in `prometheus::default_registry()`, so that `prometheus::gather()` gives these metrics too,
    /// and its page shows what else is registered there.
    pub fn global() -> &'static Self {
        let registry = &*GLOBAL;
        collector::install();
        registry
    }

    /// Registers a metric, or gives the one that is registered with the same definition.
    ///
    /// # Errors
    ///
    /// Where the name or a label is illegal (one that begins with `_` is reserved by `OpenMetrics`), or where the definition contradicts one of the same name in type, help, unit,
    /// labels or buckets.
    pub fn register<F: GroupField>(&self, definition: &Definition) -> Result<F, RegistrationError> {
        F::register(self, definition)
    }

    /// Registers a metric as [`register`](Self::register) does; where that fails, gives one that counts where nobody sees it.
    ///
    /// The error is logged once, counted in `metrics_registration_errors_total`, and listed by [`verify`](Self::verify). This is
    /// for libraries: a metric never stops the service that it is in.
    pub fn register_or_detach<F: GroupField>(&self, definition: &Definition) -> F {
        group::register_or_detach(self, definition)
    }

    /// Says whether the page has the facts about the process: `process_cpu_seconds_total`, `process_resident_memory_bytes`
    /// and the others of <https://prometheus.io/docs/instrumenting/writing_clientlibs/#process-metrics>.
    ///
    /// The global registry's has them, others have not, unless it is said here. They are there on Linux, with the feature
    /// `process`; what the system does not tell is not on the page, and what a collector of the `prometheus` crate gives under
    /// the same name stands there instead. `prometheus::gather()` does not have them.
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

    /// The page in the text format 0.0.4.
    ///
    /// The global registry's page shows everything that macros have declared, touched or not, and what is registered in
    /// `prometheus::default_registry()`.
    pub fn text(&self) -> String {
        let mut page = String::new();
        self.encode_text(&mut page);
        page
    }

    /// Appends the page to a buffer, which can be used again for the next scrape.
    ///
    /// That the page is text is found out once more for the `String`; [`scrape`](Self::scrape) is without that.
    pub fn encode_text(&self, page: &mut String) {
        #[cfg(feature = "keep-pages")]
        let begin = page.len();
        let mut text = PageBuffer::from(mem::take(page));
        exposition::text::encode(self, &exposition::Filter::default(), &mut Out::whole(&mut text));
        *page = text.into_string();
        #[cfg(feature = "keep-pages")]
        exposition::kept::keep(exposition::Format::Text, &page.as_bytes()[begin..]);
    }

    /// The page in OpenMetrics 1.0.0.
    ///
    /// ```
    /// use metrics_core::{Counter, Definition, Registry};
    ///
    /// let registry = Registry::new();
    /// let jobs: Counter = registry.register(&Definition::new("app_jobs_total", "Jobs that ended."))?;
    /// jobs.inc();
    /// assert_eq!(
    ///     registry.open_metrics(),
    ///     "# TYPE app_jobs counter\n# HELP app_jobs Jobs that ended.\napp_jobs_total 1\n# EOF\n"
    /// );
    /// # Ok::<(), metrics_core::RegistrationError>(())
    /// ```
    pub fn open_metrics(&self) -> String {
        let mut page = PageBuffer::default();
        exposition::openmetrics::encode(self, &exposition::Filter::default(), &mut Out::whole(&mut page));
        let page = page.into_string();
        #[cfg(feature = "keep-pages")]
        exposition::kept::keep(exposition::Format::OpenMetrics, page.as_bytes());
        page
    }

    /// Makes the page that a scraper asks for; what the page held before is gone.
    pub fn scrape(&self, scrape: &Scrape, page: &mut Page) {
        exposition::write(self, scrape, page);
    }

    /// The page that a scraper asks for, to be given in chunks while it is made: for pages of any size.
    pub fn chunks(&self, scrape: Scrape) -> PageChunks {
        PageChunks::new(self.clone(), scrape)
    }

    /// Begins a scrape, unless as many as `most` go on already; then the refusal is counted in
    /// `metrics_scrape_errors_total{cause="busy"}`.
    ///
    /// A server asks for a permit before it makes a page, so that scrapers, however many, take no more memory and threads
    /// than that many scrapes need.
    pub fn begin_scrape(&self, most: usize) -> Option<ScrapePermit> {
        self.0.scrapes.begin(self, most)
    }

    pub(crate) fn scrapes_in_flight(&self) -> &ScrapesInFlight {
        &self.0.scrapes
    }

    /// Counts an error where no registry is at hand. It may be inside of a gather, so nothing is installed here.
    pub(crate) fn count_global_error(error: ScrapeError) {
        GLOBAL.count_scrape_error(error);
    }

    pub(crate) fn count_scrape_error(&self, error: ScrapeError) {
        if let Some(own) = self.own_metrics() {
            own.scrape_errors.with(error).inc();
        }
    }

    /// The registrations that failed, each with the places of both declarations: empty where all is well.
    ///
    /// For a test, or for a start that is to fail instead of running with a metric that nobody sees.
    pub fn verify(&self) -> Vec<RegistrationError> {
        self.declare();
        lock(&self.0.errors).clone()
    }

    /// Registers what macros have declared for this registry.
    pub(crate) fn declare(&self) {
        declared::register_in(self);
    }

    /// Whether the other is the same registry, or a clone of it.
    pub(crate) fn is(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.0, &other.0)
    }

    /// Whether pages show since when each counter, histogram and summary counts; they do not unless this says so.
    ///
    /// In OpenMetrics that is a sample `_created` beside each, in the protobuf a time in it; the other formats have none. A
    /// scraper that knows it can tell a restart from a counter that has not moved. It adds a line to each of these series.
    ///
    /// ```
    /// use metrics_core::{Counter, Definition, Registry};
    ///
    /// let registry = Registry::new();
    /// let jobs: Counter = registry.register(&Definition::new("app_jobs_total", "Jobs that ended."))?;
    /// registry.show_created(true);
    /// assert!(registry.open_metrics().contains("app_jobs_total 0\napp_jobs_created "));
    /// # Ok::<(), metrics_core::RegistrationError>(())
    /// ```
    ///
    /// <https://prometheus.io/docs/specs/om/open_metrics_spec/#counter-1>
    pub fn show_created(&self, show: bool) {
        self.0.created.store(show, Relaxed);
    }

    pub(crate) fn shows_created(&self) -> bool {
        self.0.created.load(Relaxed)
    }

    pub(crate) fn is_global(&self) -> bool {
        self.0.own.is_some()
    }

    pub(crate) fn own_metrics(&self) -> Option<&OwnMetrics> {
        self.0.own.as_ref()
    }

    /// The series of a definition: those there are, or new ones.
    pub(crate) fn register_set(
        &self,
        descriptor: Descriptor,
        layout: Layout,
        options: SetOptions,
    ) -> Result<SharedSet, RegistrationError> {
        let (name, location) = (descriptor.name.clone(), descriptor.location);
        let illegal = |rejection| RegistrationError::illegal(&name, location, rejection);
        descriptor.check().map_err(illegal)?;
        lock(&self.0.families).register(descriptor, layout, |descriptor, layout| {
            SeriesSet::new(descriptor, layout, options).map_err(illegal)
        })
    }

    /// Takes note of a registration that failed: it is logged, counted, and listed by [`verify`](Self::verify).
    pub(crate) fn note_error(&self, error: RegistrationError) {
        let mut errors = lock(&self.0.errors);
        if errors.contains(&error) {
            return;
        }
        log::error!("{error}; it is counted where nobody sees it");
        if let Some(own) = &self.0.own {
            own.registration_errors.inc();
        }
        errors.push(error);
    }

    /// The metrics of the `prometheus` crate that are fields of our groups.
    pub(crate) fn foreign(&self) -> &prometheus::Registry {
        &self.0.foreign
    }

    /// The registry, for one who does not keep it.
    pub(crate) fn downgrade(&self) -> WeakRegistry {
        WeakRegistry(Arc::downgrade(&self.0))
    }

    /// The sets of series by name, as they were declared.
    pub(crate) fn definitions(&self) -> Vec<SharedSet> {
        lock(&self.0.families).snapshot().into_iter().flat_map(|family| family.sets).collect()
    }

    /// The families by name, with what callbacks read now. A metric whose callback panics is left out and counted.
    pub(crate) fn snapshot(&self) -> Vec<FamilySnapshot> {
        let mut families = lock(&self.0.families).snapshot();
        for family in &mut families {
            family.sets.retain(|set| {
                let read = set.callbacks().read();
                if let (false, Some(own)) = (read, &self.0.own) {
                    own.scrape_errors.with(ScrapeError::Panic).inc();
                }
                read
            });
        }
        families.retain(|family| !family.sets.is_empty());
        families
    }
}

impl fmt::Debug for Registry {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Registry").field("global", &self.is_global()).finish_non_exhaustive()
    }
}
