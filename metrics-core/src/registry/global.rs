//! The global registry.

use once_cell::sync::Lazy;

use super::{bridge, counts::ScrapeError, handle::Registry};

static GLOBAL: Lazy<Registry> = Lazy::new(Registry::new_global);

impl Registry {
    /// Returns the global registry, in which macros register.
    ///
    /// It is also a collector in `prometheus::default_registry()`: `prometheus::gather()` returns its metrics, and its page shows
    /// the other metrics of that registry.
    ///
    /// ```
    /// use metrics_core::{Registry, counted};
    ///
    /// #[counted(name = "mails_total", help = "Number of mails sent.")]
    /// fn send() {}
    ///
    /// send();
    /// assert!(Registry::global().text().contains("mails_total 1\n"));
    /// ```
    pub fn global() -> &'static Self {
        let registry = &*GLOBAL;
        bridge::install(registry);
        registry
    }

    /// Counts an error of the global registry. The caller may be inside `gather`, so this does not register the collector.
    pub(crate) fn count_global_error(error: ScrapeError) {
        GLOBAL.count_scrape_error(error);
    }
}
