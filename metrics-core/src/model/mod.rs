//! Plain data about metrics: descriptors, layouts, buckets, objectives, quantiles, formats and errors.

pub(crate) mod bucket_layouts;
pub(crate) mod buckets;
mod descriptor;
mod error;
pub(crate) mod format;
mod layout;
mod objective;
pub(crate) mod quantiles;

pub(crate) use buckets::Buckets;
pub use buckets::{DEFAULT_BUCKETS, DEFAULT_BYTE_BUCKETS, DEFAULT_FUNCTION_BUCKETS, DEFAULT_RATIO_BUCKETS};
pub(crate) use descriptor::{CREATED, Descriptor, Label};
pub use descriptor::{Location, MetricType};
pub use error::RegistrationError;
pub use format::Format;
pub(crate) use layout::{Layout, States};
pub(crate) use objective::OBJECTIVE_LABELS;
pub use objective::{Objective, Percentage};
