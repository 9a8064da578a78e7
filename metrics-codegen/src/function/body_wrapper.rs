//! Functions that are not `async` and return a future: written by hand, or by `async_trait`.
//!
//! The call is the work of the future, so the guard belongs inside it. In front of the function it would time the boxing alone.

use proc_macro2::{Delimiter, Group, Ident, TokenStream, TokenTree};
use quote::quote;
use syn::{
    AngleBracketedGenericArguments, GenericArgument, Path, PathArguments, PathSegment, ReturnType, Signature,
    Type, TypeParamBound, parse_quote,
};

use super::words::words;
use crate::item::{Body, ItemFn};

/// The code around the part of a function that is the call.
pub(crate) enum BodyWrapper {
    /// No code: the call is the function's body.
    None,
    /// The call is an `async` block at the body's end.
    Future {
        /// The code that runs when the future is made, with the path of `Box::pin`.
        before: TokenStream,
        /// `async` or `async move`.
        keywords: TokenStream,
        /// The parentheses of `Box::pin(…)`.
        call: Option<Group>,
    },
    /// The call is the future that the body makes in any other way; a future around it is returned.
    Returned(ReturnedFuture),
}

/// The future that a function returns.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum ReturnedFuture {
    /// `impl Future`.
    Opaque,
    /// A boxed future.
    Boxed,
    /// A type named as futures are, such as `Self::Future`, which the compiler has to find boxed.
    Named,
}

impl BodyWrapper {
    /// The keywords of an `async` block inside the call.
    pub(crate) fn keywords(&self) -> TokenStream {
        match self {
            Self::None | Self::Returned(_) => quote!(async move),
            Self::Future { keywords, .. } => keywords.clone(),
        }
    }

    /// The function's body with these statements as the call.
    pub(crate) fn wrap(&self, body: &Body, statements: TokenStream) -> TokenStream {
        match self {
            Self::None | Self::Returned(_) => statements,
            Self::Future { before, keywords, call } => {
                let block = body.whole(&statements);
                let future = quote!(#keywords #block);
                let future = call.as_ref().map_or(quote!(#future), |call| {
                    let mut again = Group::new(Delimiter::Parenthesis, future.clone());
                    again.set_span(call.span());
                    quote!(#again)
                });
                quote!(#before #future)
            }
        }
    }
}

/// Splits a function into the call, with a signature and a body as of an `async fn`, and its wrapper.
pub(crate) fn split_call(item: &ItemFn) -> (Signature, Body, BodyWrapper) {
    inside(item).unwrap_or_else(|| (item.signature.clone(), item.body.clone(), BodyWrapper::None))
}

fn inside(item: &ItemFn) -> Option<(Signature, Body, BodyWrapper)> {
    if item.signature.asyncness.is_some() {
        return None;
    }
    let (returned, output) = future_of(&item.signature.output)?;
    let mut signature = item.signature.clone();
    signature.asyncness = parse_quote!(async);
    signature.output = parse_quote!(-> #output);
    let tail = tail(item.body.statements.clone());
    let Some(Tail { before, keywords, call, block }) = tail.filter(|tail| !has_return(tail.before.clone()))
    else {
        return Some((signature, item.body.clone(), BodyWrapper::Returned(returned)));
    };
    Some((signature, Body::of(&block), BodyWrapper::Future { before, keywords, call }))
}

/// Returns `true` where another future may be returned before the one at the end.
fn has_return(tokens: TokenStream) -> bool {
    words(tokens).contains("return")
}

/// The future and its output of `impl Future<Output = T>`, of `Pin<Box<dyn Future<Output = T>>>`, of `BoxFuture<T>`, and of
/// types named as futures are.
fn future_of(returned: &ReturnType) -> Option<(ReturnedFuture, Type)> {
    let ReturnType::Type(_, returned) = returned else { return None };
    match &**returned {
        Type::ImplTrait(future) => {
            let output = future.bounds.iter().find_map(output_of_bound)?;
            let is_unpin = future.bounds.iter().any(|bound| match bound {
                TypeParamBound::Trait(bound) => named(&bound.path, "Unpin").is_some(),
                _ => false,
            });
            Some((if is_unpin { ReturnedFuture::Boxed } else { ReturnedFuture::Opaque }, output))
        }
        Type::Path(path) => {
            let last = path.path.segments.last()?;
            if ["BoxFuture", "LocalBoxFuture"].iter().any(|name| last.ident == name) {
                return last_type(last).map(|output| (ReturnedFuture::Boxed, output.clone()));
            }
            if last.ident.to_string().ends_with("Future") {
                let output = parse_quote!(<#path as ::core::future::Future>::Output);
                return Some((ReturnedFuture::Named, output));
            }
            let boxed = last_type(named(&path.path, "Pin")?)?;
            let Type::Path(boxed) = boxed else { return None };
            let Type::TraitObject(future) = last_type(named(&boxed.path, "Box")?)? else { return None };
            let output = future.bounds.iter().find_map(output_of_bound)?;
            Some((ReturnedFuture::Boxed, output))
        }
        _ => None,
    }
}

fn named<'a>(path: &'a Path, name: &str) -> Option<&'a PathSegment> {
    path.segments.last().filter(|last| last.ident == name)
}

fn last_type(segment: &PathSegment) -> Option<&Type> {
    arguments(segment)?.args.iter().rev().find_map(|argument| match argument {
        GenericArgument::Type(argument) => Some(argument),
        _ => None,
    })
}

fn arguments(segment: &PathSegment) -> Option<&AngleBracketedGenericArguments> {
    match &segment.arguments {
        PathArguments::AngleBracketed(arguments) => Some(arguments),
        _ => None,
    }
}

fn output_of_bound(bound: &TypeParamBound) -> Option<Type> {
    let TypeParamBound::Trait(bound) = bound else { return None };
    arguments(named(&bound.path, "Future")?)?.args.iter().find_map(|argument| match argument {
        GenericArgument::AssocType(output) if output.ident == "Output" => Some(output.ty.clone()),
        _ => None,
    })
}

/// The end of a body that makes a future.
struct Tail {
    before: TokenStream,
    keywords: TokenStream,
    call: Option<Group>,
    block: Group,
}

/// Finds `async move { … }` or `Box::pin(async move { … })` at the end.
fn tail(statements: TokenStream) -> Option<Tail> {
    let mut tokens: Vec<TokenTree> = statements.into_iter().collect();
    let Some(TokenTree::Group(last)) = tokens.pop() else { return None };
    match last.delimiter() {
        Delimiter::Brace => {
            let keywords = keywords(&mut tokens)?;
            let starts = match tokens.last() {
                None => true,
                Some(TokenTree::Punct(punct)) => punct.as_char() == ';',
                Some(TokenTree::Group(group)) => group.delimiter() == Delimiter::Brace,
                _ => false,
            };
            let before = tokens.into_iter().collect();
            starts.then_some(Tail { before, keywords, call: None, block: last })
        }
        Delimiter::Parenthesis if ends_in_box_pin(&tokens) => {
            let inner = tail(without_comma(last.stream())).filter(|inner| inner.before.is_empty())?;
            Some(Tail { before: tokens.into_iter().collect(), call: Some(last), ..inner })
        }
        _ => None,
    }
}

/// Takes `async move` or `async` off the end.
fn keywords(tokens: &mut Vec<TokenTree>) -> Option<TokenStream> {
    let is = |token: &TokenTree, word: &str| matches!(token, TokenTree::Ident(ident) if ident == word);
    let moves = tokens.pop_if(|token| is(token, "move"));
    let asynchronous = tokens.pop_if(|token| is(token, "async"))?;
    Some(quote!(#asynchronous #moves))
}

fn ends_in_box_pin(tokens: &[TokenTree]) -> bool {
    let mut words = tokens.iter().rev();
    let mut is = |word: Option<&str>| match (words.next(), word) {
        (Some(TokenTree::Ident(ident)), Some(word)) => Ident::to_string(ident) == word,
        (Some(TokenTree::Punct(punct)), None) => punct.as_char() == ':',
        _ => false,
    };
    is(Some("pin")) && is(None) && is(None) && is(Some("Box"))
}

fn without_comma(tokens: TokenStream) -> TokenStream {
    let mut tokens: Vec<TokenTree> = tokens.into_iter().collect();
    let _ = tokens.pop_if(|token| matches!(token, TokenTree::Punct(punct) if punct.as_char() == ','));
    tokens.into_iter().collect()
}

#[cfg(test)]
mod tests {
    use quote::{ToTokens, quote};
    use syn::parse_quote;

    use super::{future_of, tail};

    #[test]
    fn outputs_of_futures() {
        let output = |returned: syn::ReturnType| {
            future_of(&returned).map(|(_, output)| output.to_token_stream().to_string())
        };
        assert_eq!(output(parse_quote!(-> impl Future<Output = u8> + Send)).as_deref(), Some("u8"));
        let boxed =
            parse_quote!(-> ::std::pin::Pin<Box<dyn ::core::future::Future<Output = ()> + Send + 'a>>);
        assert_eq!(output(boxed).as_deref(), Some("()"));
        assert_eq!(output(parse_quote!(-> BoxFuture<'a, u8>)).as_deref(), Some("u8"));
        let named = "< Self :: Future as :: core :: future :: Future > :: Output";
        assert_eq!(output(parse_quote!(-> Self::Future)).as_deref(), Some(named));
        assert_eq!(output(parse_quote!(-> Result<u8, ()>)), None);
        assert_eq!(output(parse_quote!(-> Box<dyn Fn()>)), None);
    }

    #[test]
    fn tails_that_make_a_future() {
        let before = |body| tail(body).map(|tail| tail.before.to_string());
        assert_eq!(before(quote!(async move { 1 })).as_deref(), Some(""));
        assert_eq!(before(quote!(let x = 1; async { x })).as_deref(), Some("let x = 1 ;"));
        assert_eq!(
            before(quote!(::std::boxed::Box::pin(async move { 1 },))).as_deref(),
            Some(":: std :: boxed :: Box :: pin")
        );
        assert_eq!(before(quote!(Box::pin(other()))), None);
        assert_eq!(before(quote!(let x = async {};)), None);
        assert_eq!(before(quote!(ready(async {}))), None);
    }
}
