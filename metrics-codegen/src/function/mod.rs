//! The attributes `#[counted]`, `#[timed]`, `#[in_flight]` and `#[observed]`: parse, model, check, expand.
//!
//! Attributes stacked on one function become one call site: the first that is expanded takes the others off the function, so
//! that a call has one beginning, one end and two readings of the clock.
//!
//! The tokens of an attribute pass eight files, each entered once: metrics-macros' `lib.rs`; this one, which sends a function
//! or each method of an `impl` through the steps; `parse` and `item`, with the attributes and the item as they were written;
//! `model`, their meaning; `check`, the rules; `expand`, the function with the guard of the call in it; and `declaration`, the
//! static for the runtime and the list for the documentation.
//!
//! These consult vocabulary that never calls back: `attr` (the grammar of arguments), `errors`, `symbol`, `span`, `names`,
//! `crate_path`, `doc_comment`, `warning`, [`kind`], [`known_arguments`], [`types`] and [`words`]. Some functions need a side room as well:
//! [`body_wrapper`] (returned futures), [`exits`] (`?` and `return`), [`label`], [`label_table`] and [`label_code`] (labels),
//! [`objective`], `buckets`, `native`, and [`disabled`] (without the feature `enabled`).
//!
//! A new kind of label is a variant of [`label::LabelSource`], its type in [`label_table`], its code in [`label_code`], and a
//! function of metrics-core's `function/label.rs` where the code needs one.

mod body_wrapper;
mod check;
mod declaration;
mod disabled;
mod exits;
mod expand;
mod kind;
mod known_arguments;
mod label;
mod label_code;
mod label_table;
mod model;
mod objective;
mod parse;
mod types;
mod words;

use proc_macro2::{Span, TokenStream};
use quote::{ToTokens, quote};

pub use self::kind::Attribute;
use self::{
    check::DeferredChecks,
    known_arguments::AttributeTarget,
    model::{AnnotatedFunction, Context},
    parse::{Arguments, OtherAttribute, Target, WrittenAttribute},
};
use crate::{
    errors::{self, Errors},
    fallback,
    item::{ItemFn, ItemImpl, ItemOfImpl},
};

/// The last step: makes code of a checked function.
type Expander = fn(&AnnotatedFunction, &DeferredChecks) -> TokenStream;

/// Expands one of the four attributes as the compiler asks for it: without the feature `enabled` it only checks.
pub fn attribute(attribute: Attribute, arguments: TokenStream, item: &TokenStream) -> TokenStream {
    if cfg!(feature = "enabled") {
        expand(attribute, arguments, item)
    } else {
        only_check(attribute, arguments, item)
    }
}

/// Emits the item as it was written, beside the errors in the arguments.
pub fn only_check(attribute: Attribute, arguments: TokenStream, item: &TokenStream) -> TokenStream {
    expand_with(disabled::function, attribute, arguments, item)
}

/// Expands one of the four attributes.
pub fn expand(attribute: Attribute, arguments: TokenStream, item: &TokenStream) -> TokenStream {
    expand_with(expand::function, attribute, arguments, item)
}

fn expand_with(
    expander: Expander,
    attribute: Attribute,
    arguments: TokenStream,
    item: &TokenStream,
) -> TokenStream {
    match Target::parse(attribute, item.clone()) {
        Ok(Target::Function(function)) => expand_function(expander, attribute, arguments, *function),
        Ok(Target::Impl(block)) => expand_impl(expander, arguments, *block),
        Err(error) => fallback::item(item, &error.into_compile_error()),
    }
}

fn expand_function(
    expander: Expander,
    attribute: Attribute,
    arguments: TokenStream,
    mut item: ItemFn,
) -> TokenStream {
    let others = OtherAttribute::take_all(&mut item);
    let untouched = without_attributes(&item, &others);
    let target = AttributeTarget::Function;
    let checked = errors::collect(|cx| {
        let first = WrittenAttribute::parse(cx, attribute, target, Span::call_site(), arguments);
        let others = others.into_iter().map(|other| other.parse(cx, target));
        let written = std::iter::once(first).chain(others).collect();
        let function = AnnotatedFunction::new(cx, written, item, Context::default())?;
        let deferred = check::check(cx, &function);
        Some((function, deferred))
    });
    match checked {
        Ok((function, deferred)) => expander(&function, &deferred),
        Err(errors) => fallback::item(&untouched, &errors),
    }
}

/// The function as it would be without our attributes.
fn without_attributes(item: &ItemFn, others: &[OtherAttribute]) -> TokenStream {
    let paths: Vec<_> = others.iter().map(|other| other.path().clone()).collect();
    item.with_imports(&paths)
}

fn expand_impl(expander: Expander, arguments: TokenStream, mut block: ItemImpl) -> TokenStream {
    let written = std::mem::take(&mut block.items);
    let mut untouched = TokenStream::new();
    let items = errors::collect(|cx| {
        let target = AttributeTarget::Impl;
        let own = WrittenAttribute::parse(cx, Attribute::Observed, target, Span::call_site(), arguments);
        let type_name = type_name(cx, &own.arguments, &block);
        let context = Context {
            type_name: type_name.as_deref(),
            generics: Some(&block.generics),
            krate: own.arguments.krate.get(),
            registry: own.arguments.registry.get(),
            docs: own.arguments.docs.get(),
        };
        let expand = |item| expand_impl_item(cx, expander, item, context, &mut untouched);
        let items: Vec<_> = written.into_iter().map(expand).collect();
        Some(quote!(#(#items)*))
    });
    match items {
        Ok(items) => block.with_items(&items),
        Err(errors) => fallback::item(&block.with_items(&untouched), &errors),
    }
}

/// The name of the type before those of its methods: `Parser`, or `<Parser as From<A>>` with `qualified`.
fn type_name(cx: &Errors, arguments: &Arguments, block: &ItemImpl) -> Option<String> {
    let Some(key) = arguments.qualified.key() else { return block.type_name.clone() };
    if block.qualified_name.is_none() {
        cx.error_on(key, "this `impl` has no trait that `qualified` could add to the names: remove it");
    }
    block.qualified_name.clone()
}

/// Expands one item of an annotated `impl`, and adds the item without attributes to `untouched`.
fn expand_impl_item(
    cx: &Errors,
    expander: Expander,
    item: ItemOfImpl,
    context: Context<'_>,
    untouched: &mut TokenStream,
) -> TokenStream {
    let mut method = match item {
        ItemOfImpl::Function(method) => *method,
        ItemOfImpl::Other(other) => {
            untouched.extend(other.clone());
            return other;
        }
    };
    let own = OtherAttribute::take_all(&mut method);
    untouched.extend(without_attributes(&method, &own));
    let mut own: Vec<_> = own.into_iter().map(|own| own.parse(cx, AttributeTarget::Method)).collect();
    if own.iter().any(|own| own.arguments.skip.get().is_some()) {
        check_skipped(cx, &own);
        return method.into_token_stream();
    }
    // The `impl`'s attribute, unless the method has one itself.
    if own.iter().all(|own| own.attribute != Attribute::Observed) {
        own.push(WrittenAttribute {
            attribute: Attribute::Observed,
            span: Span::call_site(),
            unseen_path: None,
            arguments: Arguments::default(),
        });
    }
    let Some(mut function) = AnnotatedFunction::new(cx, own, method, context) else {
        return TokenStream::new();
    };
    function.remove_repeated_defaults();
    let checks = check::check(cx, &function);
    expander(&function, &checks)
}

/// Refuses other attributes on a method with `#[observed(skip)]`.
fn check_skipped(cx: &Errors, own: &[WrittenAttribute]) {
    for other in own.iter().filter(|own| own.arguments.skip.get().is_none()) {
        let message =
            format!("`{}` on a method with `#[observed(skip)]`: remove one", other.attribute.written());
        cx.error_at(other.span, message);
    }
}
