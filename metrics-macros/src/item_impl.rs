//! An `impl` block whose functions can be changed and whose other items are kept as written.

use proc_macro2::{Delimiter, Group, TokenStream};
use quote::{ToTokens, quote};
use syn::{
    Attribute, Generics, ImplItem, ItemImpl as Syntax, Token, Type, TypeParamBound,
    parse::{ParseStream, Parser},
};

use crate::item_fn::ItemFn;

/// An `impl` block.
pub(crate) struct ItemImpl {
    attributes: Vec<Attribute>,
    /// Everything from `impl` to the opening brace.
    header: TokenStream,
    /// The last segment of the type's path, without generics.
    pub(crate) type_name: Option<String>,
    pub(crate) generics: Generics,
    inner: TokenStream,
    pub(crate) items: Vec<Item>,
    braces: Group,
}

/// An item of an `impl` block.
pub(crate) enum Item {
    Function(Box<ItemFn>),
    Other(TokenStream),
}

impl ItemImpl {
    /// Parses what follows the attributes.
    pub(crate) fn parse_after(attributes: Vec<Attribute>, input: ParseStream<'_>) -> syn::Result<Self> {
        let mut header = TokenStream::new();
        while !input.peek(syn::token::Brace) {
            header.extend([input.parse::<proc_macro2::TokenTree>()?]);
        }
        let braces: Group = input.parse()?;
        let syntax: Syntax = syn::parse2(quote!(#header {}))?;
        let (inner, items) = items.parse2(braces.stream())?;
        let type_name = type_name(&syntax.self_ty);
        Ok(Self { attributes, header, type_name, generics: syntax.generics, inner, items, braces })
    }

    /// The block with these items in place of its own.
    pub(crate) fn with_items(&self, items: &TokenStream) -> TokenStream {
        let Self { attributes, header, inner, .. } = self;
        let mut block = Group::new(Delimiter::Brace, quote!(#inner #items));
        block.set_span(self.braces.span());
        quote!(#(#attributes)* #header #block)
    }
}

impl ToTokens for Item {
    fn to_tokens(&self, tokens: &mut TokenStream) {
        match self {
            Self::Function(function) => function.to_tokens(tokens),
            Self::Other(other) => other.to_tokens(tokens),
        }
    }
}

fn items(input: ParseStream<'_>) -> syn::Result<(TokenStream, Vec<Item>)> {
    let inner = Attribute::parse_inner(input)?;
    let mut items = Vec::new();
    while !input.is_empty() {
        items.push(item(input)?);
    }
    Ok((quote!(#(#inner)*), items))
}

fn item(input: ParseStream<'_>) -> syn::Result<Item> {
    let ahead = input.fork();
    let attributes = ahead.call(Attribute::parse_outer)?;
    if let Ok(function) = ItemFn::parse_after(attributes, &ahead) {
        syn::parse::discouraged::Speculative::advance_to(input, &ahead);
        return Ok(Item::Function(Box::new(function)));
    }
    input.parse::<ImplItem>().map(|other| Item::Other(other.into_token_stream()))
}

/// `Parser` of `app::Parser<'a, T>`, of `&mut Parser` and of `dyn Parser + Send`.
fn type_name(self_type: &Type) -> Option<String> {
    match self_type {
        Type::Path(path) => {
            path.path.segments.last().map(|last| syn::ext::IdentExt::unraw(&last.ident).to_string())
        }
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

/// Whether what follows the attributes is an `impl` block.
pub(crate) fn is_next(input: ParseStream<'_>) -> bool {
    input.peek(Token![impl]) || input.peek(Token![unsafe]) && input.peek2(Token![impl])
}
