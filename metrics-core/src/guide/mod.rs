//! What each piece gives on the page: every example here is run as a test, and its exposition is asserted.
//!
//! * [`field_types`]: what a field of a group may be.
//! * [`field_options`]: `#[metric(…)]`.
//! * [`group_options`]: `#[metrics(…)]`.
//! * [`labels`]: enums, strings with a limit, and sets of them.
//! * [`conveniences`]: timers, guards, reading values back.
//! * [`instances`]: global, registered, unregistered, several in one registry.
//! * [`checks`]: what is refused or warned of, while compiling and at run time.
//! * [`documents`]: the catalogue.
//!
//! Tests are described in [`testing`](crate::testing).

pub mod checks;
pub mod conveniences;
pub mod documents;
pub mod field_options;
pub mod field_types;
pub mod group_options;
pub mod instances;
pub mod labels;
