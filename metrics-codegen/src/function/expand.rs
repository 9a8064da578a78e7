//! The function with the guard of the call in it.

use proc_macro2::TokenStream;
use quote::quote_spanned;
use syn::Type;

use super::{
    body_wrapper::{BodyWrapper, ReturnedFuture},
    check::DeferredChecks,
    declaration,
    exits::Exits,
    label_code,
    model::{AnnotatedFunction, OutcomeTest},
    types::{self, Fallibility},
    words::{self, FreshIdents},
};
use crate::{
    item,
    span::{mixed_site, mixed_site_at},
};

/// Expands a checked function.
pub(crate) fn function(function: &AnnotatedFunction, checks: &DeferredChecks) -> TokenStream {
    let call = match function.wrapper {
        BodyWrapper::Returned(returned) => returned_future(function, checks, returned),
        BodyWrapper::None | BodyWrapper::Future { .. } => {
            let call = &function.idents.call;
            let (begin, body) = (begin(function, checks), body(function));
            quote_spanned!(mixed_site()=> let #call = #begin; #body)
        }
    };
    let documentation = declaration::documentation(function);
    function.item.documented(documentation.as_ref(), &function.wrapper.wrap(&function.body, call))
}

/// `{ static SITE …; SITE.begin([…]) }`: the static is not in the scope of the user's body.
fn begin(function: &AnnotatedFunction, checks: &DeferredChecks) -> TokenStream {
    let call_site = declaration::call_site(function, checks);
    let prepare = label_code::prepare(function);
    let imports = item::imports_in_use(&function.unseen_paths);
    let begin = if needs_finish(function) {
        quote_spanned!(mixed_site()=> begin)
    } else {
        quote_spanned!(mixed_site()=> begin_plain)
    };
    let positions = label_code::positions_at_start(function);
    let FreshIdents { site, labels, .. } = &function.idents;
    let begin = match function.wrapper {
        // The call begins when the future is polled first, the labels come from the arguments.
        BodyWrapper::Returned(_) => quote_spanned! {mixed_site()=>
            let #labels = [#(#positions),*];
            move || #site.#begin(#labels)
        },
        BodyWrapper::None | BodyWrapper::Future { .. } => {
            quote_spanned!(mixed_site()=> #site.#begin([#(#positions),*]))
        }
    };
    quote_spanned! {mixed_site()=>
        {
            #imports
            #call_site
            #prepare
            #begin
        }
    }
}

/// Returns `true` where the guard has to be told that the call ended.
///
/// A dropped guard records `ok` in a function that cannot fail, but `cancelled` in an `async fn`.
fn needs_finish(function: &AnnotatedFunction) -> bool {
    let is_async = function.signature.asyncness.is_some();
    match function.outcome_test {
        OutcomeTest::NotNeeded => false,
        OutcomeTest::AlwaysOk => is_async || function.labels.len() > function.labels_at_start,
        OutcomeTest::Probe | OutcomeTest::ErrorIf(_) | OutcomeTest::OkIf(_) => true,
    }
}

/// The user's body, in a form that lets the guard see its value where that is needed.
fn body(function: &AnnotatedFunction) -> TokenStream {
    let body = &function.body.statements;
    let diverges = types::fallibility(&function.signature) == Fallibility::Diverges;
    if diverges || !needs_finish(function) {
        return body.clone();
    }
    match (Exits::of(body, &function.idents, &function.krate), function.signature.asyncness) {
        (Exits::None, _) => in_place(function, body),
        (Exits::Visible(statements), _) => in_place(function, &statements),
        (Exits::Hidden, None) => closure(function),
        (Exits::Hidden, Some(_)) => async_block(function),
    }
}

/// A future around the one that the body returns: the call is what that one does.
fn returned_future(
    function: &AnnotatedFunction,
    checks: &DeferredChecks,
    returned_future: ReturnedFuture,
) -> TokenStream {
    let krate = &function.krate;
    let FreshIdents { call, returned, .. } = &function.idents;
    let begin = begin(function, checks);
    let future_type = types::local_type(&function.item.signature);
    let statements = &function.body.statements;
    let future = match Exits::of(statements, &function.idents, krate) {
        Exits::None => labelled_block(function, statements),
        Exits::Visible(statements) => labelled_block(function, &statements),
        Exits::Hidden => called_closure(function, &future_type),
    };
    let is_boxed = match returned_future {
        ReturnedFuture::Named => Some(quote_spanned! {mixed_site_at(&function.item.signature.output)=>
            let #returned = #krate::__private::boxed_future(#returned);
        }),
        ReturnedFuture::Opaque | ReturnedFuture::Boxed => None,
    };
    let awaited = if needs_finish(function) {
        finished(function, &quote_spanned!(mixed_site()=> #returned.await))
    } else {
        quote_spanned!(mixed_site()=> return #returned.await;)
    };
    let counted = quote_spanned! {mixed_site()=>
        async move {
            let #call = #call();
            #awaited
        }
    };
    let counted = match returned_future {
        ReturnedFuture::Opaque => counted,
        ReturnedFuture::Boxed | ReturnedFuture::Named => {
            quote_spanned!(mixed_site()=> ::std::boxed::Box::pin(#counted))
        }
    };
    quote_spanned! {mixed_site()=>
        let #call = #begin;
        let #returned: #future_type = #future;
        #is_boxed
        return #counted;
    }
}

/// `let returned: R = …; return finish(returned)`, with the word that `clippy::implicit_return` asks for.
fn finished(function: &AnnotatedFunction, computed: &TokenStream) -> TokenStream {
    let returned_type = types::local_type(&function.signature);
    let finish = finish(function);
    let returned = &function.idents.returned;
    quote_spanned! {mixed_site()=>
        let #returned: #returned_type = #computed;
        #finish
    }
}

/// A body in a labelled block. An edge that is never taken keeps the compiler from calling `finish` unreachable where the body
/// never comes to its end (`todo!()`).
///
/// The user's braces stand inside the labelled block: the span of that one begins with the generated label, so its tail would
/// drop temporaries by the edition of this crate. With the edge inside of them no lint calls them unnecessary.
fn in_place(function: &AnnotatedFunction, statements: &TokenStream) -> TokenStream {
    finished(function, &labelled_block(function, statements))
}

fn labelled_block(function: &AnnotatedFunction, statements: &TokenStream) -> TokenStream {
    let (krate, label) = (&function.krate, &function.idents.body);
    let edge = quote_spanned! {mixed_site()=>
        if false {
            break #label (#krate::__private::never());
        }
        #statements
    };
    let body = function.body.braced(edge);
    quote_spanned!(mixed_site()=> #label: { #body })
}

/// A body in a closure, which its hidden exits leave.
fn closure(function: &AnnotatedFunction) -> TokenStream {
    finished(function, &called_closure(function, &types::local_type(&function.signature)))
}

fn called_closure(function: &AnnotatedFunction, returned_type: &Type) -> TokenStream {
    let krate = &function.krate;
    let (captures, statements) = (captures(function), &function.body.statements);
    let body = function.body.braced(quote_spanned!(mixed_site()=> #captures #statements));
    quote_spanned!(mixed_site()=> #krate::__private::call_once(move || -> #returned_type #body))
}

/// A body in an `async` block, which its hidden exits leave.
///
/// An `async` block has no return type to write, so a `return` that is never reached gives it: coercions and inference stay
/// those of the function, and the error about a wrong value is where the user wrote it.
fn async_block(function: &AnnotatedFunction) -> TokenStream {
    let krate = &function.krate;
    let returned_type = types::local_type(&function.signature);
    let (captures, statements) = (captures(function), &function.body.statements);
    let edge = quote_spanned! {mixed_site()=>
        #captures
        if false {
            return #krate::__private::never::<#returned_type>();
        }
        #statements
    };
    let body = function.body.braced(edge);
    let keywords = function.wrapper.keywords();
    finished(function, &quote_spanned!(mixed_site()=> #keywords #body.await))
}

/// Captures the arguments, the last first: captured values drop in the order of their first mention.
///
/// An argument that the body does not name and that does not begin with `_` is left to the compiler's warning.
fn captures(function: &AnnotatedFunction) -> TokenStream {
    let named = words::words(function.body.statements.clone());
    let bindings = types::bindings(&function.signature);
    let captured = bindings.iter().rev().filter(|binding| {
        let name = binding.to_string();
        named.contains(&name) || name.starts_with('_')
    });
    quote_spanned!(mixed_site()=> #(let _ = &#captured;)*)
}

/// Tells the guard how the call ended, and returns.
fn finish(function: &AnnotatedFunction) -> TokenStream {
    let krate = &function.krate;
    let FreshIdents { call, returned, labels, .. } = &function.idents;
    let is_error = match &function.outcome_test {
        OutcomeTest::NotNeeded | OutcomeTest::AlwaysOk => quote_spanned!(mixed_site()=> false),
        OutcomeTest::Probe => {
            let in_response = types::may_hold_response(&function.signature).then(|| {
                quote_spanned!(mixed_site()=> || #krate::__private::Probe(&#returned).is_failed_response())
            });
            quote_spanned! {mixed_site()=> {
                use #krate::__private::PlainValue as _;
                #krate::__private::Probe(&#returned).is_error() #in_response
            }}
        }
        OutcomeTest::ErrorIf(closure) => {
            quote_spanned!(mixed_site_at(closure)=> #krate::__private::apply(&#returned, #closure))
        }
        OutcomeTest::OkIf(closure) => {
            quote_spanned!(mixed_site_at(closure)=> !#krate::__private::apply(&#returned, #closure))
        }
    };
    let positions: Vec<_> = label_code::positions_at_end(function).collect();
    if positions.is_empty() {
        return quote_spanned!(mixed_site()=> return #call.finish(#is_error, [], #returned););
    }
    // Capped labels ask the guard, so the positions come before its end.
    quote_spanned! {mixed_site()=>
        let #labels = [#(#positions),*];
        return #call.finish(#is_error, #labels, #returned);
    }
}
