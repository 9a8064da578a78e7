//! The [`prometheus`] crate in the version that this crate shares with a service, for metrics that are made with it.
//!
//! Its metrics and collectors stand on the page of a [`Registry`](crate::Registry): those of its default registry, those given
//! to [`Registry::register_collector`](crate::Registry::register_collector), and those that are fields of groups.

pub(crate) mod fields;
pub(crate) mod isolated;
mod registry;

pub use ::prometheus::*;
