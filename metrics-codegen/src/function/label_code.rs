//! The code of labels that a call computes: their declaration and their positions.

use proc_macro2::{Ident, Literal, Span, TokenStream};
use quote::{ToTokens, quote_spanned};

use super::{
    label::LabelSource,
    label_table::ComputedLabel,
    model::AnnotatedFunction,
    types::{self, ClosureParameter, LabelType},
    words::FreshIdents,
};
use crate::span::{located, mixed_site, mixed_site_at};

/// The label's dimension in the `static` of the call site: `None` where only a call knows the type.
pub(crate) fn in_static(function: &AnnotatedFunction, label: &ComputedLabel) -> TokenStream {
    let none = || quote_spanned!(mixed_site()=> ::core::option::Option::None);
    constant_dimension(function, label).map_or_else(
        none,
        |dimension| quote_spanned!(mixed_site()=> ::core::option::Option::Some(#dimension)),
    )
}

/// The label's dimension in a call, which knows every type.
fn in_call(function: &AnnotatedFunction, index: usize, label: &ComputedLabel) -> Option<TokenStream> {
    if let Some(dimension) = constant_dimension(function, label) {
        return Some(dimension);
    }
    let (krate, returned) = (&function.krate, &function.idents.returned);
    let name = &label.name;
    let returned_type = types::local_type(&function.signature);
    match &label.source {
        LabelSource::Returned(closure, _) => Some(quote_spanned! {mixed_site_at(closure)=>
            #krate::__private::returned_dimension(#name, |(#returned,): (&#returned_type,)| {
                #krate::__private::type_of(&#krate::__private::apply(#returned, #closure))
            })
        }),
        LabelSource::Error(closure, _) => Some(quote_spanned! {mixed_site_at(closure)=>
            #krate::__private::dimension(#name, |(#returned,): (&#returned_type,)| {
                #krate::__private::type_of(&#krate::__private::error_of(#returned, #closure))
            })
        }),
        LabelSource::Argument(value) => {
            let (labels, index) = (&function.idents.labels, Literal::usize_unsuffixed(index));
            Some(quote_spanned! {mixed_site_at(value)=>
                #krate::__private::dimension_of(#name, #labels.#index.1)
            })
        }
        LabelSource::Outcome | LabelSource::Constant(_) | LabelSource::Capped(..) => None,
    }
}

/// The dimension of a label whose type is known outside the call: written, or inferred by a closure that is never called and
/// has the function's parameters.
fn constant_dimension(function: &AnnotatedFunction, label: &ComputedLabel) -> Option<TokenStream> {
    let krate = &function.krate;
    let name = &label.name;
    let dimension = quote_spanned!(mixed_site()=> #krate::__private::Dimension);
    Some(match (&label.source, &label.label_type) {
        (LabelSource::Outcome | LabelSource::Constant(_), _) | (_, LabelType::KnownInCall) => return None,
        (
            LabelSource::Capped(_, limit)
            | LabelSource::Returned(_, Some(limit))
            | LabelSource::Error(_, Some(limit)),
            _,
        ) => {
            let limit = Literal::usize_unsuffixed(*limit);
            quote_spanned!(mixed_site()=> #dimension::capped(#name, #limit))
        }
        (_, LabelType::Text) => return None,
        (LabelSource::Returned(..) | LabelSource::Error(..), LabelType::Written(written)) => {
            quote_spanned!(mixed_site()=> #dimension::of::<::core::option::Option<#written>>(#name))
        }
        (LabelSource::Argument(_), LabelType::Written(written)) => {
            quote_spanned!(mixed_site()=> #dimension::of::<#written>(#name))
        }
        (LabelSource::Argument(value), LabelType::FromParameters(parameters)) => {
            let (patterns, types) = split(parameters);
            quote_spanned! {mixed_site_at(value)=>
                #krate::__private::dimension(#name, |(#(#patterns,)*): (#(#types,)*)| {
                    #krate::__private::type_of(&(#value))
                })
            }
        }
        (LabelSource::Error(closure, None), LabelType::FromParameters(parameters)) => {
            let (patterns, types) = split(parameters);
            quote_spanned! {mixed_site_at(closure)=>
                #krate::__private::dimension(#name, |(#(#patterns,)*): (#(&#types,)*)| {
                    #krate::__private::type_of(&#krate::__private::error_of(#(#patterns)*, #closure))
                })
            }
        }
        (LabelSource::Returned(closure, None), LabelType::FromParameters(parameters)) => {
            let (patterns, types) = split(parameters);
            quote_spanned! {mixed_site_at(closure)=>
                #krate::__private::returned_dimension(#name, |(#(#patterns,)*): (#(&#types,)*)| {
                    #krate::__private::type_of(&#krate::__private::apply(#(#patterns)*, #closure))
                })
            }
        }
    })
}

fn split(parameters: &[ClosureParameter]) -> (Vec<&syn::Pat>, Vec<&syn::Type>) {
    parameters.iter().map(|parameter| (&parameter.pattern, &parameter.parameter_type)).unzip()
}

/// Gives the call site the types that only a call knows, and keeps the positions of those labels: no expression runs twice.
pub(crate) fn prepare(function: &AnnotatedFunction) -> Option<TokenStream> {
    let is_late = |label: &ComputedLabel| matches!(label.label_type, LabelType::KnownInCall);
    if !function.labels.iter().any(is_late) {
        return None;
    }
    let krate = &function.krate;
    let FreshIdents { site, labels, .. } = &function.idents;
    let at_start = function.labels.iter().take(function.labels_at_start);
    let evaluated = at_start.map(|label| {
        if let LabelSource::Argument(value) = &label.source
            && is_late(label)
        {
            return quote_spanned!(mixed_site_at(value)=> #krate::__private::position_and_type(&(#value)),);
        }
        quote_spanned!(mixed_site()=> (),)
    });
    let dimensions = function.labels.iter().enumerate().map(|(index, label)| in_call(function, index, label));
    Some(quote_spanned! {mixed_site()=>
        let #labels = (#(#evaluated)*);
        #site.prepare(|| ::std::vec![#(#dimensions),*]);
    })
}

/// The positions of the labels at the start of a call.
pub(crate) fn positions_at_start(function: &AnnotatedFunction) -> impl Iterator<Item = TokenStream> {
    let at_start = function.labels.iter().take(function.labels_at_start).enumerate();
    at_start.filter_map(|(index, label)| position_at_start(function, index, label))
}

/// The positions of the labels at the end of a call.
pub(crate) fn positions_at_end(function: &AnnotatedFunction) -> impl Iterator<Item = TokenStream> {
    let at_end = function.labels.iter().skip(function.labels_at_start);
    let indices = function.labels_at_start..;
    at_end.zip(indices).filter_map(|(label, index)| position_at_end(function, index, label))
}

/// The position of a label at the start of the call. The expression is only looked at, the body keeps the values it names.
fn position_at_start(
    function: &AnnotatedFunction,
    index: usize,
    label: &ComputedLabel,
) -> Option<TokenStream> {
    let krate = &function.krate;
    match (&label.source, &label.label_type) {
        (LabelSource::Capped(value, _), _) => {
            let (index, site) = (Literal::usize_unsuffixed(index), &function.idents.site);
            let span = mixed_site_at(value);
            Some(capped(
                function,
                span,
                &quote_spanned!(span=> &(#value)),
                &quote_spanned!(span=> &#site, #index),
            ))
        }
        (LabelSource::Argument(value), LabelType::Written(written)) => {
            Some(quote_spanned!(mixed_site_at(value)=> #krate::__private::position::<#written>(&(#value))))
        }
        (LabelSource::Argument(_), LabelType::KnownInCall) => {
            let (labels, index) = (&function.idents.labels, Literal::usize_unsuffixed(index));
            Some(quote_spanned!(mixed_site()=> #labels.#index.0))
        }
        (LabelSource::Argument(value), label_type) => {
            let span = mixed_site_at(value);
            let value = quote_spanned!(span=> &(#value));
            Some(position(function, label_type, span, "position", &value))
        }
        (
            LabelSource::Outcome
            | LabelSource::Constant(_)
            | LabelSource::Returned(..)
            | LabelSource::Error(..),
            _,
        ) => None,
    }
}

/// The position of a label at the end of the call. For one from an error, `None` is the first: the label's absence.
fn position_at_end(function: &AnnotatedFunction, index: usize, label: &ComputedLabel) -> Option<TokenStream> {
    let krate = &function.krate;
    let FreshIdents { call, returned, .. } = &function.idents;
    match (&label.source, &label.label_type) {
        (LabelSource::Returned(closure, Some(_)), _) => {
            let (index, span) = (Literal::usize_unsuffixed(index), mixed_site_at(closure));
            let value = quote_spanned!(span=> &#krate::__private::apply(&#returned, #closure));
            Some(capped(function, span, &value, &quote_spanned!(span=> #call.site(), #index)))
        }
        (LabelSource::Error(closure, Some(_)), _) => {
            let (index, span) = (Literal::usize_unsuffixed(index), mixed_site_at(closure));
            let error = &function.idents.value;
            let at = quote_spanned!(span=> #call.site(), #index);
            let of_error = capped(function, span, &quote_spanned!(span=> &#error), &at);
            let of_none = capped(function, span, &quote_spanned!(span=> ""), &at);
            Some(quote_spanned! {span=>
                match #krate::__private::error_of(&#returned, #closure) {
                    ::core::option::Option::Some(#error) => #of_error,
                    ::core::option::Option::None => #of_none,
                }
            })
        }
        (LabelSource::Returned(closure, None), LabelType::Written(written)) => {
            let span = mixed_site_at(closure);
            Some(quote_spanned! {span=>
                #krate::__private::returned::<#written>(&#krate::__private::apply(&#returned, #closure))
            })
        }
        (LabelSource::Returned(closure, None), label_type) => {
            let span = mixed_site_at(closure);
            let value = quote_spanned!(span=> &#krate::__private::apply(&#returned, #closure));
            Some(position(function, label_type, span, "returned", &value))
        }
        (LabelSource::Error(closure, None), LabelType::Written(written)) => {
            let span = mixed_site_at(closure);
            Some(quote_spanned! {span=>
                #krate::__private::position::<::core::option::Option<#written>>(
                    &#krate::__private::error_of(&#returned, #closure)
                )
            })
        }
        (LabelSource::Error(closure, None), label_type) => {
            let span = mixed_site_at(closure);
            let value = quote_spanned!(span=> &#krate::__private::error_of(&#returned, #closure));
            Some(position(function, label_type, span, "position", &value))
        }
        (
            LabelSource::Outcome
            | LabelSource::Constant(_)
            | LabelSource::Argument(_)
            | LabelSource::Capped(..),
            _,
        ) => None,
    }
}

/// The position of a capped label's value: of a text or a number as it is, of any other value by its `Display`.
fn capped(function: &AnnotatedFunction, span: Span, value: &TokenStream, at: &TokenStream) -> TokenStream {
    let krate = located(&function.krate, span);
    quote_spanned! {span=> {
        use #krate::__private::DisplayedValue as _;
        #krate::__private::CappedProbe(#value).position(#at)
    }}
}

/// The position of a value. A label's type that the static has checked is not checked again.
fn position(
    function: &AnnotatedFunction,
    label_type: &LabelType,
    span: Span,
    method: &str,
    value: &TokenStream,
) -> TokenStream {
    let (krate, method) = (&function.krate, Ident::new(method, span));
    match label_type {
        LabelType::KnownInCall => quote_spanned!(span=> #krate::__private::#method(#value)),
        LabelType::Text | LabelType::Written(_) | LabelType::FromParameters(_) => quote_spanned! {span=> {
            use #krate::__private::NotALabelValue as _;
            #krate::__private::LabelProbe(#value).#method()
        }},
    }
}

/// A use of everything that the label's source names, for a build in which attributes do nothing.
pub(crate) fn mention(function: &AnnotatedFunction, label: &ComputedLabel) -> Option<TokenStream> {
    match &label.source {
        LabelSource::Argument(value) | LabelSource::Capped(value, _) => {
            Some(quote_spanned!(mixed_site_at(value)=> let _ = &(#value);))
        }
        LabelSource::Returned(closure, _) => mention_closure(function, closure, "apply"),
        LabelSource::Error(closure, _) => mention_closure(function, closure, "error_of"),
        LabelSource::Outcome | LabelSource::Constant(_) => None,
    }
}

/// A use of a closure over the returned value, where the type of that can be written.
pub(crate) fn mention_closure(
    function: &AnnotatedFunction,
    closure: &impl ToTokens,
    with: &str,
) -> Option<TokenStream> {
    let returned_type = types::local_type(&function.signature);
    if returned_type.to_token_stream().into_iter().any(|token| token.to_string() == "_") {
        return None;
    }
    let (krate, returned) = (&function.krate, &function.idents.returned);
    let with = Ident::new(with, mixed_site());
    Some(quote_spanned! {mixed_site_at(closure)=>
        let _ = |#returned: &#returned_type| { let _ = #krate::__private::#with(#returned, #closure); };
    })
}
