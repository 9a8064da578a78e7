//! Labels: finite values, capped strings, and the sets made of them.
//!
//! Each label of a family is a [`Dimension`], and a label set is a position in the space of its dimensions. The position of a finite
//! value is a constant; that of a capped string comes from the family's [`Interner`].
//!
//! A new kind of label is a type with [`LabelField`] in a file of its own, and an arm in each function of [`LabelValues`], through
//! which all other code sees a label's values. This file and `lib.rs` name it too.

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

/// The value of a capped label for all strings past its limit.
pub const OTHER: &str = "_OTHER";
