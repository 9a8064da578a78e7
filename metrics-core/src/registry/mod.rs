//! Registries: definitions, their registration, and the list of what macros declare.

mod bridge;
mod constant_labels;
mod counts;
mod declared;
mod definition;
mod error_log;
mod families;
mod foreign;
mod foreign_fields;
mod global;
#[allow(clippy::module_inception)] // the type that the folder is about
mod registry;
mod registry_labels;

pub(crate) use bridge::{gather_fields, gather_others};
pub(crate) use counts::ScrapeError;
pub use declared::{Declared, DeclaredItem};
pub use definition::{Definition, NativeBuckets};
pub(crate) use error_log::log_after;
pub(crate) use families::FamilySnapshot;
pub(crate) use foreign_fields::{ForeignField, ForeignId};
pub use registry::Registry;
pub(crate) use registry::{ENABLED, WeakRegistry};
pub use registry_labels::ConstantLabelsError;
