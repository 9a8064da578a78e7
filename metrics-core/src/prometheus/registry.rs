//! Registration of collectors of the `prometheus` crate.

use prometheus::core::Collector;

use super::isolated::Isolated;
use crate::registry::Registry;

impl Registry {
    /// Puts what a collector of the `prometheus` crate gives on the page; of the global registry, also into
    /// `prometheus::gather()`.
    ///
    /// Unlike one in that crate's default registry, a collector that panics costs its own families and no others: see
    /// [`Isolated`](crate::Isolated).
    ///
    /// # Errors
    ///
    /// Those of the crate's `Registry::register`: the collector describes nothing, or what another one here describes.
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

    /// Takes off the page what [`register_collector`](Self::register_collector) has put there, or a field of a group that is of
    /// the `prometheus` crate's types.
    ///
    /// # Errors
    ///
    /// That of the crate's `Registry::unregister`: nothing here describes what the collector does.
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
        let descriptions = described(&collector);
        self.foreign().unregister(Box::new(collector))?;
        self.foreign_fields().lock().retain(|field| described(&*field.collector()) != descriptions);
        Ok(())
    }
}

/// Returns the ids by which the `prometheus` crate tells collectors apart.
fn described(collector: &dyn Collector) -> Vec<u64> {
    collector.desc().into_iter().map(|description| description.id).collect()
}
