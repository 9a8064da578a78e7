//! Registration of metrics of the `prometheus` crate that are fields of groups.

use super::{
    foreign_fields::{ForeignField, ForeignId},
    handle::Registry,
};
use crate::model::RegistrationError;

impl Registry {
    /// Registers a field, unless `share` finds a registered one to share or a conflict.
    pub(crate) fn register_foreign<R>(
        &self,
        share: impl FnOnce(&mut [ForeignField]) -> Result<Option<R>, RegistrationError>,
        register: impl FnOnce(ForeignId) -> Result<(ForeignField, R), RegistrationError>,
    ) -> Result<R, RegistrationError> {
        let fields = self.foreign_fields();
        let _changing = fields.begin_change();
        let shared = share(&mut fields.lock())?;
        if let Some(shared) = shared {
            return Ok(shared);
        }
        let (field, registered) = register(fields.next_id())?;
        fields.lock().push(field);
        Ok(registered)
    }

    /// Removes a field from the page if `is_removable` returns true for it.
    pub(crate) fn remove_foreign(&self, id: ForeignId, is_removable: impl Fn(&ForeignField) -> bool) {
        let changing = self.foreign_fields().begin_change();
        let mut fields = self.foreign_fields().lock();
        let found = fields.iter().position(|field| field.id == id && is_removable(field));
        let Some(at) = found else { return };
        let field = fields.remove(at);
        drop(fields);
        let unregistered = self.foreign().unregister(field.collector());
        // The logger may use the registry.
        drop(changing);
        if let Err(error) = unregistered {
            log::debug!("cannot unregister a metric of the prometheus crate: {error}");
        }
    }
}
