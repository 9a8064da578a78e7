//! Code generation of the attributes and derives, over the tokens of `proc_macro2`. metrics-macros has the entry points.
//!
//! Every macro has the same steps: it **parses** tokens, converts them to a **model** of their meaning, **checks** the model, and
//! **expands** it. Expansion takes the checked model alone and cannot fail; on an error the item is emitted as it was written,
//! with all errors beside it.
//!
//! A crate of its own, since a crate of procedural macros exports nothing else: tests and the fuzzer call these functions.

#![forbid(unsafe_code)]
#![cfg_attr(
    not(test),
    deny(
        clippy::unwrap_used,
        clippy::expect_used,
        clippy::panic,
        clippy::indexing_slicing,
        clippy::unreachable,
        clippy::todo
    )
)]

mod attr;
mod buckets;
mod crate_path;
mod doc_comment;
mod duration;
mod errors;
mod fallback;
mod former_name;
mod function;
#[cfg(test)]
mod goldens;
mod item;
mod label_set;
mod label_value;
mod metric_group;
mod names;
mod native;
mod quantiles;
mod repository;
mod reserved_words;
mod span;
mod symbol;
mod warning;

pub use crate::{
    function::{Attribute, attribute, expand as expand_attribute, only_check as check_attribute},
    label_set::derive as derive_label_set,
    label_value::derive as derive_label_value,
    metric_group::derive as derive_metric_group,
    repository::{git_branch, git_commit},
};
