//! Isolation of collectors of the `prometheus` crate that panic.

use std::panic::{AssertUnwindSafe, catch_unwind};

use prometheus::{
    core::{Collector, Desc},
    proto::MetricFamily,
};

use crate::registry::{Registry, ScrapeError};

/// A collector of the `prometheus` crate whose panic removes only its own families from the page.
///
/// That crate's registry gathers all or nothing: if one collector panics, the families of all collectors are lost.
/// [`Registry::register_collector`] isolates its collectors; use this type for a collector that is registered with the functions of
/// the `prometheus` crate. A panic is counted in the global registry's `metrics_scrape_errors_total{cause="panic"}`.
///
/// ```
/// use metrics_core::{Isolated, prometheus::{self, IntGauge}};
///
/// let gauge = IntGauge::new("pool_connections", "Open connections.").expect("a legal name");
/// prometheus::register(Box::new(Isolated::new(gauge.clone()))).expect("a new name");
/// gauge.set(3);
/// assert_eq!(prometheus::gather().iter().filter(|family| family.name() == "pool_connections").count(), 1);
/// ```
#[derive(Clone, Debug)]
pub struct Isolated<C>(C);

impl<C: Collector> Isolated<C> {
    /// Wraps a collector.
    pub const fn new(collector: C) -> Self {
        Self(collector)
    }
}

impl<C: Collector> Collector for Isolated<C> {
    fn desc(&self) -> Vec<&Desc> {
        self.0.desc()
    }

    fn collect(&self) -> Vec<MetricFamily> {
        catch_unwind(AssertUnwindSafe(|| self.0.collect())).unwrap_or_else(|_| {
            Registry::count_global_error(ScrapeError::Panic);
            Vec::new()
        })
    }
}
