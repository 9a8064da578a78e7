//! The attributes and derives of the instrumentation framework. Use them through `metrics_core`, which re-exports them.
//!
//! Every macro goes the same way: tokens are **parsed** into what was written, made a **model** of what is meant, the model
//! is **checked**, and what is right is **expanded**. Expanders take the checked model alone and cannot fail; on an error the
//! item is emitted as it was written, with all errors beside it.

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
mod ctxt;
mod docs;
mod fallback;
mod function;
#[cfg(test)]
mod goldens;
mod item_fn;
mod item_impl;
mod krate;
mod label_set;
mod label_value;
mod lint;
mod metric_group;
mod names;
mod symbol;

use proc_macro::TokenStream;

use crate::function::Attribute;

/// Counts the calls of a function that ended.
#[proc_macro_attribute]
pub fn counted(arguments: TokenStream, item: TokenStream) -> TokenStream {
    function::expand(Attribute::Counted, arguments.into(), &item.into()).into()
}

/// Observes how long the calls of a function take, in a histogram of seconds.
#[proc_macro_attribute]
pub fn timed(arguments: TokenStream, item: TokenStream) -> TokenStream {
    function::expand(Attribute::Timed, arguments.into(), &item.into()).into()
}

/// Keeps a gauge of the calls of a function that are under way.
#[proc_macro_attribute]
pub fn in_flight(arguments: TokenStream, item: TokenStream) -> TokenStream {
    function::expand(Attribute::InFlight, arguments.into(), &item.into()).into()
}

/// Counts and times the calls of a function, and keeps the number of those under way; also on a whole `impl` block.
#[proc_macro_attribute]
pub fn observed(arguments: TokenStream, item: TokenStream) -> TokenStream {
    function::expand(Attribute::Observed, arguments.into(), &item.into()).into()
}

/// Makes an enum without data a label value.
#[proc_macro_derive(LabelValue, attributes(label))]
pub fn derive_label_value(item: TokenStream) -> TokenStream {
    label_value::derive(item.into()).into()
}

/// Makes a struct a set of labels.
#[proc_macro_derive(LabelSet, attributes(label))]
pub fn derive_label_set(item: TokenStream) -> TokenStream {
    label_set::derive(item.into()).into()
}

/// Makes a struct a group of metrics.
#[proc_macro_derive(MetricGroup, attributes(metrics, metric))]
pub fn derive_metric_group(item: TokenStream) -> TokenStream {
    metric_group::derive(item.into()).into()
}
