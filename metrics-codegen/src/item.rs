//! Functions and `impl` blocks whose bodies stay as they were written.

use proc_macro2::{Delimiter, Group, Ident, Span, TokenStream, TokenTree};
use quote::{ToTokens, quote, quote_spanned};
use syn::{
    Attribute, Generics, ImplItem, Meta, Path, Signature, Stmt, Token, Type, TypeParamBound, Visibility,
    ext::IdentExt,
    parse::{Parse, ParseStream, Parser, discouraged::Speculative},
    parse_quote_spanned,
    punctuated::Punctuated,
};

use crate::{names, reserved_words, span::mixed_site};

/// A function: its header parsed, its body not.
///
/// A half-typed body does not parse; kept as tokens it reaches the compiler, which then reports its own errors and lets
/// editors complete inside it. It is also quoted in one piece, with the spans that it has.
#[derive(Clone)]
pub(crate) struct ItemFn {
    pub(crate) attributes: Vec<Attribute>,
    visibility: Visibility,
    default: Option<Token![default]>,
    pub(crate) signature: Signature,
    pub(crate) body: Body,
}

/// The body of a function.
#[derive(Clone)]
pub(crate) struct Body {
    /// `#![allow(…)]` and the like, which have to stay in front.
    inner: TokenStream,
    /// The items that it starts with, which stay in front as well: lints want them before statements.
    items: TokenStream,
    /// Everything else.
    pub(crate) statements: TokenStream,
    span: Span,
}

impl ItemFn {
    /// Parses a function with a body, after its attributes.
    pub(crate) fn parse_after(attributes: Vec<Attribute>, input: ParseStream<'_>) -> syn::Result<Self> {
        let ahead = input.fork();
        let visibility = ahead.parse()?;
        let default = ahead.parse()?;
        let signature = ahead.parse()?;
        let body = ahead.parse()?;
        input.advance_to(&ahead);
        Ok(Self { attributes, visibility, default, signature, body })
    }

    /// The function as it is, with the imports of attributes in use that were taken off it.
    pub(crate) fn with_imports(&self, paths: &[Path]) -> TokenStream {
        let imports = imports_in_use(paths);
        let statements = &self.body.statements;
        self.with_body(&quote!(#imports #statements))
    }

    /// The function with another body.
    pub(crate) fn with_body(&self, statements: &TokenStream) -> TokenStream {
        self.documented(None, statements)
    }

    /// Allows the lints that the body with the guard hides, where the user expects them: the expectation would not be fulfilled.
    pub(crate) fn allow_hidden_lints(&mut self) {
        let expected = std::mem::take(&mut self.attributes);
        self.attributes = expected.into_iter().flat_map(with_hidden_lints_allowed).collect();
    }

    /// The function with another body, and with an attribute after its documentation.
    ///
    /// An attribute macro of others that stands below, such as a route, sees that attribute expanded.
    pub(crate) fn documented(&self, more: Option<&TokenStream>, statements: &TokenStream) -> TokenStream {
        let Self { attributes, visibility, default, signature, body } = self;
        let is_comment = |attribute: &Attribute| attribute.path().is_ident("doc");
        let comments = attributes.iter().rposition(is_comment).map_or(0, |last| last + 1);
        let (before, after) = attributes.split_at(comments);
        let block = body.whole(statements);
        quote!(#(#before)* #more #(#after)* #visibility #default #signature #block)
    }
}

impl ToTokens for ItemFn {
    fn to_tokens(&self, tokens: &mut TokenStream) {
        tokens.extend(self.with_body(&self.body.statements));
    }
}

impl Body {
    /// The body that a block in braces is.
    pub(crate) fn of(block: &Group) -> Self {
        let (inner, rest) = split_inner(block.stream());
        let (items, statements) = split_items(rest);
        Self { inner, items, statements, span: block.span() }
    }

    /// The body's braces with its inner attributes, its items and these statements.
    pub(crate) fn whole(&self, statements: &TokenStream) -> Group {
        let Self { inner, items, .. } = self;
        self.braced(quote!(#inner #items #statements))
    }

    /// A block with the braces of the body: errors about it point there, and its tail drops temporaries when the user's
    /// edition does, which goes by the span of the braces.
    pub(crate) fn braced(&self, content: TokenStream) -> Group {
        let mut block = Group::new(Delimiter::Brace, content);
        block.set_span(self.span);
        block
    }
}

impl Parse for Body {
    fn parse(input: ParseStream<'_>) -> syn::Result<Self> {
        match without_invisible_groups(input.parse()?) {
            TokenTree::Group(group) if group.delimiter() == Delimiter::Brace => Ok(Self::of(&group)),
            other => Err(syn::Error::new(other.span(), "expected a function body")),
        }
    }
}

/// Lints of clippy about a function's whole body, which do not see it behind the guard.
const HIDDEN_LINTS: [&str; 4] =
    ["unused_async", "unnecessary_wraps", "needless_pass_by_value", "needless_pass_by_ref_mut"];

/// An `#[expect(…)]` as an `#[allow(…)]` of the hidden lints and an `#[expect(…)]` of the others; other attributes as they are.
fn with_hidden_lints_allowed(attribute: Attribute) -> Vec<Attribute> {
    let Meta::List(list) = &attribute.meta else { return vec![attribute] };
    let parser = Punctuated::<Meta, Token![,]>::parse_terminated;
    if !list.path.is_ident("expect") {
        return vec![attribute];
    }
    let Ok(lints) = parser.parse2(list.tokens.clone()) else { return vec![attribute] };
    let is_hidden = |lint: &Meta| {
        let name = lint.path().segments.last();
        name.is_some_and(|name| HIDDEN_LINTS.iter().any(|hidden| name.ident == hidden))
    };
    let is_reason = |lint: &&Meta| matches!(lint, Meta::NameValue(_));
    let reason: Vec<_> = lints.iter().filter(is_reason).collect();
    let (hidden, others): (Vec<_>, Vec<_>) =
        lints.iter().filter(|lint| !is_reason(lint)).partition(|lint| is_hidden(lint));
    if hidden.is_empty() {
        return vec![attribute];
    }
    let mut split = vec![parse_quote_spanned!(mixed_site()=> #[allow(#(#hidden,)* #(#reason),*)])];
    if !others.is_empty() {
        split.push(parse_quote_spanned!(mixed_site()=> #[expect(#(#others,)* #(#reason),*)]));
    }
    split
}

/// Imports of attributes that the compiler has not seen, so that it does not report them as unused.
pub(crate) fn imports_in_use(paths: &[Path]) -> TokenStream {
    let paths = paths.iter().map(|path| respanned(path.to_token_stream()));
    quote_spanned!(mixed_site()=> #(use #paths as _;)*)
}

fn respanned(tokens: TokenStream) -> TokenStream {
    let respan = |mut token: TokenTree| {
        token.set_span(mixed_site().located_at(token.span()));
        token
    };
    tokens.into_iter().map(respan).collect()
}

/// Unwraps the invisible group around a body that a `macro_rules!` macro got as a `$body:block`.
fn without_invisible_groups(mut token: TokenTree) -> TokenTree {
    while let TokenTree::Group(group) = &token
        && group.delimiter() == Delimiter::None
    {
        let mut tokens = group.stream().into_iter();
        match (tokens.next(), tokens.next()) {
            (Some(inner), None) => token = inner,
            _ => break,
        }
    }
    token
}

/// Splits `#![…]` attributes off the front.
fn split_inner(tokens: TokenStream) -> (TokenStream, TokenStream) {
    let mut inner = TokenStream::new();
    let mut rest = tokens.into_iter().peekable();
    let mut ahead = rest.clone();
    while let (Some(hash), Some(bang), Some(list)) = (ahead.next(), ahead.next(), ahead.next()) {
        let is_inner = is_punct(&hash, '#') && is_punct(&bang, '!') && matches!(list, TokenTree::Group(_));
        if !is_inner {
            break;
        }
        inner.extend([hash, bang, list]);
        rest = ahead.clone();
    }
    (inner, rest.collect())
}

/// Splits the items off the front, as far as they parse.
fn split_items(tokens: TokenStream) -> (TokenStream, TokenStream) {
    let parser = |input: ParseStream<'_>| {
        let mut items = TokenStream::new();
        while may_be_item(input) {
            let ahead = input.fork();
            let Ok(Stmt::Item(item)) = ahead.parse() else { break };
            input.advance_to(&ahead);
            item.to_tokens(&mut items);
        }
        Ok((items, input.parse()?))
    };
    parser.parse2(tokens.clone()).unwrap_or((TokenStream::new(), tokens))
}

/// Returns `true` before a word that an item starts with, and before an attribute.
fn may_be_item(input: ParseStream<'_>) -> bool {
    let word = input.fork().call(Ident::parse_any).map(|word| word.to_string()).unwrap_or_default();
    let starts = [
        "use",
        "const",
        "static",
        "fn",
        "struct",
        "enum",
        "union",
        "impl",
        "trait",
        "type",
        "mod",
        "macro_rules",
        "pub",
        "unsafe",
        "extern",
        "async",
    ];
    input.peek(Token![#]) || starts.contains(&word.as_str())
}

fn is_punct(token: &TokenTree, wanted: char) -> bool {
    matches!(token, TokenTree::Punct(punct) if punct.as_char() == wanted)
}

/// An `impl` block.
pub(crate) struct ItemImpl {
    attributes: Vec<Attribute>,
    /// Everything from `impl` to the opening brace.
    header: TokenStream,
    /// The last segment of the type's path, without generics.
    pub(crate) type_name: Option<String>,
    /// `<Type as Trait<Arguments>>`, in the `impl` of a trait.
    pub(crate) qualified_name: Option<String>,
    pub(crate) generics: Generics,
    inner: TokenStream,
    pub(crate) items: Vec<ItemOfImpl>,
    braces: Group,
}

/// An item of an `impl` block.
pub(crate) enum ItemOfImpl {
    Function(Box<ItemFn>),
    Other(TokenStream),
}

impl ItemImpl {
    /// Parses an `impl` block, after its attributes.
    pub(crate) fn parse_after(attributes: Vec<Attribute>, input: ParseStream<'_>) -> syn::Result<Self> {
        let mut header = TokenStream::new();
        while !input.peek(syn::token::Brace) {
            header.extend([input.parse::<TokenTree>()?]);
        }
        let braces: Group = input.parse()?;
        let syntax: syn::ItemImpl = syn::parse2(quote!(#header {}))?;
        let (inner, items) = impl_items.parse2(braces.stream())?;
        let type_name = type_name(&syntax.self_ty);
        let qualified_name = syntax
            .trait_
            .as_ref()
            .map(|(path, _)| format!("<{} as {}>", short_type(&syntax.self_ty), short_path(path)));
        let generics = syntax.generics;
        Ok(Self { attributes, header, type_name, qualified_name, generics, inner, items, braces })
    }

    /// The block with these items in place of its own.
    pub(crate) fn with_items(&self, items: &TokenStream) -> TokenStream {
        let Self { attributes, header, inner, .. } = self;
        let mut block = Group::new(Delimiter::Brace, quote!(#inner #items));
        block.set_span(self.braces.span());
        quote!(#(#attributes)* #header #block)
    }
}

impl ToTokens for ItemOfImpl {
    fn to_tokens(&self, tokens: &mut TokenStream) {
        match self {
            Self::Function(function) => function.to_tokens(tokens),
            Self::Other(other) => other.to_tokens(tokens),
        }
    }
}

fn impl_items(input: ParseStream<'_>) -> syn::Result<(TokenStream, Vec<ItemOfImpl>)> {
    let inner = Attribute::parse_inner(input)?;
    let mut items = Vec::new();
    while !input.is_empty() {
        items.push(impl_item(input)?);
    }
    Ok((quote!(#(#inner)*), items))
}

fn impl_item(input: ParseStream<'_>) -> syn::Result<ItemOfImpl> {
    let ahead = input.fork();
    let attributes = ahead.call(Attribute::parse_outer)?;
    if let Ok(function) = ItemFn::parse_after(attributes, &ahead) {
        input.advance_to(&ahead);
        return Ok(ItemOfImpl::Function(Box::new(function)));
    }
    let rest: TokenStream = input.fork().parse()?;
    match input.parse::<ImplItem>() {
        Ok(other) => Ok(ItemOfImpl::Other(other.into_token_stream())),
        Err(error) => Err(reserved_words::error(&rest, begins_with_function).unwrap_or(error)),
    }
}

fn begins_with_function(tokens: TokenStream) -> bool {
    let parser = |input: ParseStream<'_>| {
        let attributes = input.call(Attribute::parse_outer)?;
        ItemFn::parse_after(attributes, input)?;
        input.parse::<TokenStream>()
    };
    parser.parse2(tokens).is_ok()
}

/// `Parser` of `app::Parser<'a, T>`, of `&mut Parser` and of `dyn Parser + Send`.
fn type_name(self_type: &Type) -> Option<String> {
    match self_type {
        Type::Path(path) => path.path.segments.last().map(|last| last.ident.unraw().to_string()),
        Type::Reference(reference) => type_name(&reference.elem),
        Type::Paren(inner) => type_name(&inner.elem),
        Type::Group(inner) => type_name(&inner.elem),
        Type::Slice(slice) => type_name(&slice.elem),
        Type::Array(array) => type_name(&array.elem),
        Type::TraitObject(object) => object.bounds.iter().find_map(|bound| match bound {
            TypeParamBound::Trait(bound) => bound.path.segments.last().map(|last| last.ident.to_string()),
            _ => None,
        }),
        _ => None,
    }
}

/// `Parser<'a, T>` of `app::Parser<'a, T>`, and any other type as written.
fn short_type(self_type: &Type) -> String {
    match self_type {
        Type::Path(path) if path.qself.is_none() => short_path(&path.path),
        Type::Paren(inner) => short_type(&inner.elem),
        Type::Group(inner) => short_type(&inner.elem),
        other => names::source_text(other.to_token_stream()),
    }
}

/// The last segment of a path, with its arguments.
fn short_path(path: &Path) -> String {
    path.segments.last().map(|last| names::source_text(last.to_token_stream())).unwrap_or_default()
}

/// Returns `true` before an `impl` block without its attributes.
pub(crate) fn is_impl_next(input: ParseStream<'_>) -> bool {
    input.peek(Token![impl]) || input.peek(Token![unsafe]) && input.peek2(Token![impl])
}

#[cfg(test)]
mod tests;
