//! Collectors of the `prometheus` crate in a registry, and its metrics as fields of groups.

use std::sync::{
    Mutex, MutexGuard,
    atomic::{AtomicUsize, Ordering::Relaxed},
};

use prometheus::core::Collector;

use super::{RegistrationError, Registry, lock};
use crate::{
    collectors::Isolated,
    foreign::{ForeignField, ForeignId},
};

/// The fields of groups that are of the `prometheus` crate's types.
#[derive(Default)]
pub(super) struct ForeignFields {
    /// Held while collectors are registered and unregistered, which waits for scrapes; nobody who reads the fields waits for it.
    changing: Mutex<()>,
    /// How many there have been.
    made: AtomicUsize,
    fields: Mutex<Vec<ForeignField>>,
}

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
        self.0.foreign.register(Box::new(Isolated::new(collector)))
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
        let _changing = lock(&self.0.foreign_fields.changing);
        let descriptions = described(&collector);
        self.0.foreign.unregister(Box::new(collector))?;
        self.fields().retain(|field| described(&*field.collector()) != descriptions);
        Ok(())
    }

    /// Registers a field, unless `share` finds what it wants among those there are, or what contradicts it.
    pub(crate) fn register_foreign<R>(
        &self,
        share: impl FnOnce(&mut [ForeignField]) -> Result<Option<R>, RegistrationError>,
        register: impl FnOnce(ForeignId) -> Result<(ForeignField, R), RegistrationError>,
    ) -> Result<R, RegistrationError> {
        let _changing = lock(&self.0.foreign_fields.changing);
        let shared = share(&mut self.fields())?;
        if let Some(shared) = shared {
            return Ok(shared);
        }
        let id = ForeignId(self.0.foreign_fields.made.fetch_add(1, Relaxed));
        let (field, registered) = register(id)?;
        self.fields().push(field);
        Ok(registered)
    }

    /// Takes a field off the page, if `is_to_go` says so.
    pub(crate) fn remove_foreign(&self, id: ForeignId, is_to_go: impl Fn(&ForeignField) -> bool) {
        let _changing = lock(&self.0.foreign_fields.changing);
        let mut fields = self.fields();
        let Some(at) = fields.iter().position(|field| field.id == id && is_to_go(field)) else { return };
        let field = fields.remove(at);
        drop(fields);
        if let Err(error) = self.0.foreign.unregister(field.collector()) {
            log::debug!("a metric of the prometheus crate stays: {error}");
        }
    }

    /// The fields there are.
    pub(crate) fn foreign_fields(&self) -> Vec<ForeignField> {
        self.fields().clone()
    }

    fn fields(&self) -> MutexGuard<'_, Vec<ForeignField>> {
        lock(&self.0.foreign_fields.fields)
    }
}

/// What a collector describes, as that crate tells collectors apart.
fn described(collector: &dyn Collector) -> Vec<u64> {
    collector.desc().into_iter().map(|description| description.id).collect()
}
