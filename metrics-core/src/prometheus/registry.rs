//! Registration of collectors of the `prometheus` crate.

use prometheus::core::Collector;

use super::isolated::Isolated;
use crate::registry::Registry;

impl Registry {
    /// Registers a collector of the `prometheus` crate, whose families are then on the page; those of the global registry also in
    /// `prometheus::gather()`.
    ///
    /// A collector that panics removes only its own families from the page, unlike one in the default registry of the `prometheus`
    /// crate; see [`Isolated`](crate::Isolated).
    ///
    /// # Errors
    ///
    /// Returns the error of the `prometheus` crate if the collector has no description, or one that is registered here already.
    ///
    /// ```
    /// use metrics_core::{Registry, prometheus::IntGauge};
    ///
    /// let registry = Registry::new();
    /// let gauge = IntGauge::new("pool_connections", "Open connections.")?;
    /// registry.register_collector(gauge.clone())?;
    /// gauge.set(3);
    /// assert!(registry.text().contains("pool_connections 3\n"));
    /// # Ok::<(), metrics_core::prometheus::Error>(())
    /// ```
    pub fn register_collector(&self, collector: impl Collector + 'static) -> prometheus::Result<()> {
        self.foreign().register(Box::new(Isolated::new(collector)))
    }

    /// Unregisters a collector of [`register_collector`](Self::register_collector), or a field of a group that has a type of the
    /// `prometheus` crate.
    ///
    /// # Errors
    ///
    /// Returns the error of the `prometheus` crate if no collector with the same descriptions is registered here.
    ///
    /// ```
    /// use metrics_core::{MetricGroup, Registry, prometheus::IntCounter};
    ///
    /// #[derive(MetricGroup)]
    /// #[metrics(namespace = "shop", global = false)]
    /// struct Shop {
    ///     /// Orders taken.
    ///     orders_total: IntCounter,
    /// }
    ///
    /// let registry = Registry::new();
    /// let shop = Shop::register_in(&registry).expect("an empty registry");
    /// registry.unregister_collector(shop.orders_total.clone())?;
    /// assert_eq!(registry.text(), "");
    /// # Ok::<(), metrics_core::prometheus::Error>(())
    /// ```
    pub fn unregister_collector(&self, collector: impl Collector + 'static) -> prometheus::Result<()> {
        let _changing = self.foreign_fields().begin_change();
        let ids = description_ids(&collector);
        self.foreign().unregister(Box::new(collector))?;
        self.foreign_fields().lock().retain(|field| description_ids(&*field.collector()) != ids);
        Ok(())
    }
}

/// Returns the ids by which the `prometheus` crate tells collectors apart.
fn description_ids(collector: &dyn Collector) -> Vec<u64> {
    collector.desc().into_iter().map(|description| description.id).collect()
}
