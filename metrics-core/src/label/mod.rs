//! Labels: finite values, capped strings, and the sets made of them.
//!
//! Every label of a family is a [`Dimension`]; a label set is a position in the space that its dimensions span. A finite
//! value knows its position by itself, a capped string asks the family's [`Interner`] for one.

mod bounded;
mod capped;
mod dimension;
mod interned;
mod interner;
mod interners;
mod key;
mod set;
mod short;
mod text;
mod tuple;
mod value;

pub use bounded::Bounded;
pub use capped::Capped;
pub(crate) use capped::Text;
pub use dimension::{Dimension, join, joined_len, product};
pub(crate) use dimension::{any_capped, same_text};
pub use interned::Interned;
#[cfg(all(test, loom))]
pub(crate) use interner::entry_of;
pub use interners::Interners;
pub use key::Key;
pub use set::{LabelField, LabelSet};
pub(crate) use text::{escape, parse_block};
pub use tuple::LabelName;
pub use value::{LabelValue, StatusClass};

/// The value of a capped label that stands for every value past the limit.
pub const OTHER: &str = "_OTHER";
