//! The function with the guard in it.

use proc_macro2::{Literal, Span, TokenStream};
use quote::{ToTokens, quote_spanned};
use syn::{ExprClosure, spanned::Spanned};

use super::{
    advice,
    body::{self, Shape},
    declaration,
    dimensions::{Dimension, DimensionValue},
    exits,
    idents::Idents,
    listing,
    model::{Decision, Site},
    signature::{self, Source},
};
use crate::item_fn;
/// Our tokens: local variables of ours and of the user's are apart, whatever their names.
pub(crate) fn ours() -> Span {
    Span::mixed_site()
}

/// The whole function.
pub(crate) fn function(site: &Site) -> TokenStream {
    let begin = begin(site);
    let body = &site.body.statements;
    let rest = match body::shape(site) {
        Shape::AsWritten => body.clone(),
        Shape::Value => in_place(site),
        Shape::Closure => labelled(site).unwrap_or_else(|| closure(site)),
        Shape::Block => block(site),
    };
    let call = quote_spanned!(ours()=> #begin #rest);
    site.item.documented(listing::attribute(site).as_ref(), &site.around.wrap(&site.body, call))
}

/// `let call = { static SITE …; SITE.begin([…]) };`: the static is not in the scope of the user's body.
fn begin(site: &Site) -> TokenStream {
    let declaration = declaration::declare(site);
    let prepare = prepare(site);
    let warnings = advice::warnings(site);
    let imports = item_fn::in_use(&site.taken);
    let begin = if body::needs_finish(site) {
        quote_spanned!(ours()=> begin)
    } else {
        quote_spanned!(ours()=> begin_plain)
    };
    let positions =
        site.dimensions.iter().take(site.arguments).enumerate().map(|(at, one)| position(site, at, one));
    let Idents { site, call, .. } = &site.idents;
    quote_spanned! {ours()=>
        let #call = {
            #imports
            #declaration
            #warnings
            #prepare
            #site.#begin([#(#positions),*])
        };
    }
}

/// The position of a label that comes from an argument. The expression is only looked at, the body keeps what it names.
fn position(site: &Site, place: usize, dimension: &Dimension) -> TokenStream {
    let krate = &site.krate;
    match (&dimension.value, &dimension.source) {
        (DimensionValue::Capped(value, _), _) => {
            let (place, site) = (Literal::usize_unsuffixed(place), &site.idents.site);
            quote_spanned!(at(value)=> #site.capped(#place, &(#value)))
        }
        (DimensionValue::Argument(value), Source::Written(kind)) => {
            quote_spanned!(at(value)=> #krate::__private::position::<#kind>(&(#value)))
        }
        (DimensionValue::Argument(value), source) => {
            let there = at(value);
            let value = quote_spanned!(there=> &(#value));
            placed(site, source, there, &quote_spanned!(there=> position), &value)
        }
        // Returned labels stand after those of arguments.
        (DimensionValue::Returned(_) | DimensionValue::Error(_), _) => TokenStream::new(),
    }
}

/// The position of a value. Where a static has the label's type it has checked it too, and this does not again.
fn placed(site: &Site, source: &Source, there: Span, how: &TokenStream, value: &TokenStream) -> TokenStream {
    let krate = &site.krate;
    if matches!(source, Source::Call) {
        return quote_spanned!(there=> #krate::__private::#how(#value));
    }
    quote_spanned! {there=> {
        use #krate::__private::Unplaced as _;
        #krate::__private::Place(#value).#how()
    }}
}

/// Our tokens at the user's: an error about them points there.
pub(crate) fn at(tokens: &impl ToTokens) -> Span {
    ours().located_at(tokens.span())
}

/// Where the type of a label is known in a call alone, the call says it.
fn prepare(site: &Site) -> Option<TokenStream> {
    let late = site.dimensions.iter().any(|dimension| matches!(dimension.source, Source::Call));
    late.then(|| {
        let dimensions = site.dimensions.iter().map(|dimension| declaration::in_call(site, dimension));
        let site = &site.idents.site;
        quote_spanned!(ours()=> #site.prepare(|| ::std::vec![#(#dimensions),*]);)
    })
}

/// `let ret: R = …; finish; ret`.
pub(crate) fn value(site: &Site, computed: &TokenStream) -> TokenStream {
    let kind = signature::local_type(&site.signature);
    let finish = finish(site);
    let returned = &site.idents.returned;
    quote_spanned! {ours()=>
        let #returned: #kind = #computed;
        #finish
        #returned
    }
}

/// A body that is left at its end alone. It may not come to it (`todo!()`), and then what follows would be said to be
/// unreachable; the edge out of the block, which is never taken, keeps that from being said.
fn in_place(site: &Site) -> TokenStream {
    in_label(site, &site.body.statements)
}

/// The same without a closure, where `#[track_caller]` asks for it and every exit can be seen.
fn labelled(site: &Site) -> Option<TokenStream> {
    if !site.item.has_attribute("track_caller") {
        return None;
    }
    let statements = exits::labelled(&site.body.statements, &site.idents.body, &site.krate)?;
    Some(in_label(site, &statements))
}

/// The body's own braces are inside of the labelled block: the span of that one begins with the label, which is ours, and its
/// tail would drop temporaries when our edition does. With the edge inside of them nobody calls them unnecessary.
fn in_label(site: &Site, statements: &TokenStream) -> TokenStream {
    let (krate, label) = (&site.krate, &site.idents.body);
    let edge = quote_spanned! {ours()=>
        if false {
            break #label #krate::__private::never();
        }
        #statements
    };
    let body = site.body.braced(edge);
    value(site, &quote_spanned!(ours()=> #label: { #body }))
}

/// A body that control leaves by `?` or `return`, so that these end in the closure.
fn closure(site: &Site) -> TokenStream {
    let krate = &site.krate;
    let kind = signature::local_type(&site.signature);
    let body = site.body.braced(site.body.statements.clone());
    value(site, &quote_spanned!(ours()=> #krate::__private::call_once(move || -> #kind #body)))
}

/// The same in an `async fn`. An `async` block has no return type to write, so a `return` that is never reached gives it:
/// coercions and inference stay those of the function, and a wrong value is an error where the user wrote it.
fn block(site: &Site) -> TokenStream {
    let krate = &site.krate;
    let kind = signature::local_type(&site.signature);
    let body = &site.body.statements;
    let edge = quote_spanned! {ours()=>
        if false {
            return #krate::__private::never::<#kind>();
        }
        #body
    };
    let body = site.body.braced(edge);
    let keywords = site.around.keywords();
    value(site, &quote_spanned!(ours()=> #keywords #body.await))
}

fn finish(site: &Site) -> TokenStream {
    let krate = &site.krate;
    let Idents { call, returned, .. } = &site.idents;
    let is_error = match &site.decision {
        Decision::Unasked | Decision::AlwaysOk => quote_spanned!(ours()=> false),
        Decision::Probe => quote_spanned! {ours()=> {
            use #krate::__private::PlainValue as _;
            #krate::__private::Probe(&#returned).is_error()
        }},
        Decision::ErrorIf(closure) => {
            quote_spanned!(at(closure)=> #krate::__private::apply(&#returned, #closure))
        }
        Decision::OkIf(closure) => {
            quote_spanned!(at(closure)=> !#krate::__private::apply(&#returned, #closure))
        }
    };
    let positions = site
        .dimensions
        .iter()
        .skip(site.arguments)
        .filter_map(|dimension| position_returned(site, dimension));
    quote_spanned! {ours()=>
        #call.finish(#is_error, [#(#positions),*]);
    }
}

fn position_returned(site: &Site, dimension: &Dimension) -> Option<TokenStream> {
    let (krate, returned) = (&site.krate, &site.idents.returned);
    let closure = match &dimension.value {
        DimensionValue::Returned(closure) => closure,
        DimensionValue::Error(closure) => return Some(of_error(site, dimension, closure)),
        DimensionValue::Argument(_) | DimensionValue::Capped(..) => return None,
    };
    let there = at(closure);
    let value = quote_spanned!(there=> &#krate::__private::apply(&#returned, #closure));
    Some(match &dimension.source {
        Source::Written(kind) => quote_spanned!(there=> #krate::__private::returned::<#kind>(#value)),
        source => placed(site, source, there, &quote_spanned!(there=> returned), &value),
    })
}

/// The position of a label that comes from the error: `None` is its first, the label's absence.
fn of_error(site: &Site, dimension: &Dimension, closure: &ExprClosure) -> TokenStream {
    let (krate, returned) = (&site.krate, &site.idents.returned);
    let there = at(closure);
    let value = quote_spanned!(there=> &#krate::__private::error_of(&#returned, #closure));
    match &dimension.source {
        Source::Written(kind) => {
            quote_spanned!(there=> #krate::__private::position::<::core::option::Option<#kind>>(#value))
        }
        source => placed(site, source, there, &quote_spanned!(there=> position), &value),
    }
}
