//! The [`prometheus`] crate, re-exported in the version that this crate uses.
//!
//! The page of the global [`Registry`](crate::Registry) shows the collectors of its default registry. The page of any registry
//! shows the collectors that [`Registry::register_collector`](crate::Registry::register_collector) takes, and the fields of groups
//! that have types of this crate.

pub(crate) mod fields;
pub(crate) mod isolated;
mod registry;

pub use ::prometheus::*;
