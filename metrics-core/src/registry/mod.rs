//! Registries: definitions, their registration, and the list of what macros declare.

mod bridge;
mod constant_labels;
mod counts;
mod database_names;
mod declared;
mod definition;
mod error_log;
mod families;
mod family_list;
mod family_snapshot;
mod foreign;
mod foreign_fields;
mod global;
mod handle;
mod reader;
mod registry_labels;
mod service_name;

pub(crate) use bridge::{gather_fields, gather_others};
pub(crate) use counts::ScrapeError;
pub use declared::{Declared, DeclaredItem};
pub use definition::{Definition, NativeBuckets};
pub(crate) use error_log::log_after;
pub(crate) use family_snapshot::{FamilySnapshot, RegistrySnapshot};
pub(crate) use foreign_fields::{ForeignField, ForeignId};
pub use handle::Registry;
pub(crate) use handle::{ENABLED, WeakRegistry};
pub use registry_labels::ConstantLabelsError;
pub use service_name::service_name;
