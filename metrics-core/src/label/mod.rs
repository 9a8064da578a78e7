//! Labels: finite values, capped strings, and the sets made of them.
//!
//! Every label of a family is a [`Dimension`]; a label set is a position in the space that its dimensions span. A finite
//! value has its position as a constant, a capped string asks the family's [`Interner`] for one.
//!
//! A new kind of label is a type with [`LabelField`] in a file of its own, and an arm in each function of [`LabelValues`],
//! through which all else sees a label's values; the other two files that name it are this one and `lib.rs`.

mod bounded;
mod capped;
mod dimension;
mod interned;
mod interner;
mod interners;
mod key;
mod set;
mod short;
mod string_index;
mod text;
mod tuple;
mod value;

pub use bounded::Bounded;
pub use capped::Capped;
pub(crate) use capped::CappedText;
pub use dimension::{Dimension, LabelValues, join, joined_len, product};
pub(crate) use dimension::{any_capped, same_text, value_ids};
pub use interned::Interned;
pub(crate) use interner::Interner;
pub use interners::Interners;
pub use key::CacheKey;
pub(crate) use key::key_of_values;
pub use set::{LabelField, LabelSet};
#[cfg(all(test, metrics_core_loom))]
pub(crate) use string_index::start_of;
pub(crate) use text::{escape, parse_block};
pub use tuple::LabelName;
pub use value::{LabelValue, StatusClass};

/// The value of a capped label that stands for every value past the limit.
pub const OTHER: &str = "_OTHER";
