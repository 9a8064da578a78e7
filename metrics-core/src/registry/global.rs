//! The global registry.

use once_cell::sync::Lazy;

use super::{bridge, counts::ScrapeError, registry::Registry};

static GLOBAL: Lazy<Registry> = Lazy::new(Registry::new_global);

impl Registry {
    /// Returns the registry that macros register in.
    ///
    /// It is also a collector in `prometheus::default_registry()`, so that `prometheus::gather()` gives these metrics too, and
    /// its page shows what else is registered there.
    pub fn global() -> &'static Self {
        let registry = &*GLOBAL;
        bridge::install(registry);
        registry
    }

    /// Counts an error where no registry is at hand. It may be inside of a gather, so the collector is not installed here.
    pub(crate) fn count_global_error(error: ScrapeError) {
        GLOBAL.count_scrape_error(error);
    }
}
