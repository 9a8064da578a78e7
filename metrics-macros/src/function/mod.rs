//! The attributes `#[counted]`, `#[timed]`, `#[in_flight]` and `#[observed]`.
//!
//! Attributes stacked on one function become one site: the first that is expanded takes the others off the function, so
//! that a call has one beginning, one end and two readings of the clock.

mod advice;
mod attributes;
mod body;
mod check;
mod constants;
mod declaration;
mod dimensions;
mod exits;
mod expand;
mod future;
mod idents;
mod label;
mod listing;
mod model;
mod objective;
mod off;
mod parse;
mod signature;

use proc_macro2::{Span, TokenStream};
use quote::{ToTokens, quote};
use syn::parse::ParseStream;

use self::{
    model::{Context, Kind, Site},
    parse::{Place, RawAttribute},
};
use crate::{
    ctxt::{self, Ctxt},
    fallback,
    item_fn::ItemFn,
    item_impl::{self, Item, ItemImpl},
};

/// One of the four attributes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Attribute {
    Counted,
    Timed,
    InFlight,
    Observed,
}

impl Attribute {
    const ALL: [Self; 4] = [Self::Counted, Self::Timed, Self::InFlight, Self::Observed];

    /// The attribute as users write it.
    pub(crate) fn written(self) -> &'static str {
        match self {
            Self::Counted => "#[counted]",
            Self::Timed => "#[timed]",
            Self::InFlight => "#[in_flight]",
            Self::Observed => "#[observed]",
        }
    }

    /// The metrics that it gives.
    fn kinds(self) -> &'static [Kind] {
        match self {
            Self::Counted => &[Kind::Calls],
            Self::Timed => &[Kind::Duration],
            Self::InFlight => &[Kind::InFlight],
            Self::Observed => &[Kind::Calls, Kind::Duration, Kind::InFlight],
        }
    }
}

/// What an attribute stands on.
enum Target {
    Function(Box<ItemFn>),
    Impl(Box<ItemImpl>),
}

/// What becomes of a function that is right.
type Expander = fn(&Site) -> TokenStream;

/// One of the four attributes as the compiler asks for it: without the feature `enabled` it only checks.
pub(crate) fn attribute(attribute: Attribute, arguments: TokenStream, item: &TokenStream) -> TokenStream {
    if cfg!(feature = "enabled") {
        expand(attribute, arguments, item)
    } else {
        only_check(attribute, arguments, item)
    }
}

/// The item as it was written, beside what is wrong with the arguments.
pub(crate) fn only_check(attribute: Attribute, arguments: TokenStream, item: &TokenStream) -> TokenStream {
    expand_with(off::function, attribute, arguments, item)
}

/// Expands one of the four attributes.
pub(crate) fn expand(attribute: Attribute, arguments: TokenStream, item: &TokenStream) -> TokenStream {
    expand_with(expand::function, attribute, arguments, item)
}

fn expand_with(
    expander: Expander,
    attribute: Attribute,
    arguments: TokenStream,
    item: &TokenStream,
) -> TokenStream {
    match parse::with(|input| target(attribute, input), item.clone()) {
        Ok(Target::Function(function)) => expand_function(expander, attribute, arguments, *function),
        Ok(Target::Impl(block)) => expand_impl(expander, arguments, *block),
        Err(error) => fallback::item(item, &error.into_compile_error()),
    }
}

fn target(attribute: Attribute, input: ParseStream<'_>) -> syn::Result<Target> {
    let attributes = input.call(syn::Attribute::parse_outer)?;
    if item_impl::is_next(input) {
        if attribute == Attribute::Observed {
            return ItemImpl::parse_after(attributes, input).map(|block| Target::Impl(Box::new(block)));
        }
        let message = format!(
            "`{}` stands on a function; `#[observed]` stands on a whole `impl` block as well",
            attribute.written()
        );
        return Err(input.error(message));
    }
    let wrong = not_a_function(attribute, input);
    ItemFn::parse_after(attributes, input)
        .map(|function| Target::Function(Box::new(function)))
        .map_err(|_| wrong)
}

/// The error on the first word of an item that is no function.
fn not_a_function(attribute: Attribute, input: ParseStream<'_>) -> syn::Error {
    let place = if attribute == Attribute::Observed {
        "a function with a body or an `impl` block"
    } else {
        "a function with a body"
    };
    input.error(format!("`{}` stands on {place}", attribute.written()))
}

fn expand_function(
    expander: Expander,
    attribute: Attribute,
    arguments: TokenStream,
    mut item: ItemFn,
) -> TokenStream {
    let own = attributes::take(&mut item);
    let untouched = item.with_imports(&attributes::paths(&own));
    match checked(attribute, arguments, own, item) {
        Ok(site) => expander(&site),
        Err(errors) => fallback::item(&untouched, &errors),
    }
}

/// The model of a function, checked.
fn checked(
    attribute: Attribute,
    arguments: TokenStream,
    own: Vec<attributes::Taken>,
    item: ItemFn,
) -> Result<Site, TokenStream> {
    ctxt::collect(|cx| {
        let first = RawAttribute::parse(cx, attribute, Place::Function, Span::call_site(), arguments);
        let others = own.into_iter().map(|own| own.parse(cx, Place::Function));
        let site = Site::new(cx, std::iter::once(first).chain(others).collect(), item, Context::default())?;
        check::check(cx, &site);
        Some(site)
    })
}

fn expand_impl(expander: Expander, arguments: TokenStream, mut block: ItemImpl) -> TokenStream {
    let items = std::mem::take(&mut block.items);
    let mut untouched = TokenStream::new();
    let made = ctxt::collect(|cx| {
        let own = RawAttribute::parse(cx, Attribute::Observed, Place::Impl, Span::call_site(), arguments);
        let krate = own.arguments.krate.get();
        let context = Context {
            type_name: block.type_name.as_deref(),
            generics: Some(&block.generics),
            krate,
            registry: own.arguments.registry.get(),
            docs: own.arguments.docs.get(),
        };
        let methods: Vec<_> =
            items.into_iter().map(|item| method(cx, expander, item, context, &mut untouched)).collect();
        Some(quote!(#(#methods)*))
    });
    match made {
        Ok(items) => block.with_items(&items),
        Err(errors) => fallback::item(&block.with_items(&untouched), &errors),
    }
}

/// One item of an annotated `impl`; what it would be without attributes goes to `untouched`.
fn method(
    cx: &Ctxt,
    expander: Expander,
    item: Item,
    context: Context<'_>,
    untouched: &mut TokenStream,
) -> TokenStream {
    let mut function = match item {
        Item::Function(function) => *function,
        Item::Other(other) => {
            untouched.extend(other.clone());
            return other;
        }
    };
    let own = attributes::take(&mut function);
    let paths = attributes::paths(&own);
    untouched.extend(function.with_imports(&paths));
    let own: Vec<_> = own.into_iter().map(|own| own.parse(cx, Place::Method)).collect();
    if own.iter().any(|own| own.arguments.skip.get().is_some()) {
        return skipped(cx, &own, &function);
    }
    let Some(mut site) = Site::new(cx, attributes::of_method(own), function, context) else {
        return TokenStream::new();
    };
    attributes::without_repeated_defaults(&mut site);
    check::check(cx, &site);
    expander(&site)
}

/// A method that the `impl`'s `#[observed]` leaves out.
fn skipped(cx: &Ctxt, own: &[RawAttribute], function: &ItemFn) -> TokenStream {
    for other in own.iter().filter(|own| own.arguments.skip.get().is_none()) {
        let message =
            format!("`{}` on a method with `#[observed(skip)]`: remove one", other.attribute.written());
        cx.error_at(other.span, message);
    }
    function.into_token_stream()
}
