//! Checks of the source itself: the arrows between files point one way.
//!
//! An *arrow* goes from a file to the file that defines a name it uses, by a `use` item or by a path in its code:
//!
//! * A re-export is followed. `use crate::label::Capped`, where `label/mod.rs` re-exports it from `label/capped.rs`, is an
//!   arrow to `label/capped.rs`.
//! * A module that re-exports what its own child modules define has no arrow to them, unless its code names the item. A
//!   re-export of anything else is an arrow.
//! * Importing a module is no arrow; a path that goes through it is.
//! * Paths within the tokens of macros count, apart from those within `quote!` and its kin and in exported macros, which become
//!   code of another crate.
//! * Modules and items behind `cfg(test)` are left out. Macros found by textual scope, methods and trait implementations are
//!   not followed.

mod arrow;
mod attributes;
mod circle;
mod crate_tree;
mod imports;
mod layers;
mod load;
pub mod repository;
mod repository_files;
mod resolve;
mod sources;

pub use arrow::{Arrow, arrows};
pub use circle::{Circle, circles};
pub use crate_tree::CrateTree;
pub use layers::{LayerViolation, Layers};
pub use load::LoadError;
pub use repository_files::{RepositoryFile, rust_files};
pub use sources::Sources;
