//! A function whose body is kept as it was written.

use proc_macro2::{Delimiter, Group, Ident, Span, TokenStream, TokenTree};
use quote::{ToTokens, quote, quote_spanned};
use syn::{
    Attribute, Path, Signature, Stmt, Token, Visibility,
    ext::IdentExt,
    parse::{Parse, ParseStream, Parser, discouraged::Speculative},
};

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
    /// Parses what follows the attributes, where it is a function with a body.
    pub(crate) fn parse_after(attributes: Vec<Attribute>, input: ParseStream<'_>) -> syn::Result<Self> {
        let ahead = input.fork();
        let visibility = ahead.parse()?;
        let default = ahead.parse()?;
        let signature = ahead.parse()?;
        let body = ahead.parse()?;
        input.advance_to(&ahead);
        Ok(Self { attributes, visibility, default, signature, body })
    }

    /// The function as it is, with attributes' imports in use although the attributes are not there.
    pub(crate) fn with_imports(&self, paths: &[Path]) -> TokenStream {
        let imports = in_use(paths);
        let statements = &self.body.statements;
        self.with_body(&quote!(#imports #statements))
    }

    /// Whether an attribute of the language is on it.
    pub(crate) fn has_attribute(&self, name: &str) -> bool {
        self.attributes.iter().any(|attribute| attribute.path().is_ident(name))
    }

    /// The function with another body.
    pub(crate) fn with_body(&self, statements: &TokenStream) -> TokenStream {
        self.documented(None, statements)
    }

    /// The function with another body, and with an attribute after the last of its documentation: an attribute macro of
    /// others that stands below, such as a route, sees it expanded.
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

    /// The body's braces with what stays in front and these statements.
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

    /// Whether control can leave the function from inside: by `?`, by `return`, or by a macro that may hold one.
    pub(crate) fn has_exits(&self) -> bool {
        has_exits(self.statements.clone())
    }
}

impl Parse for Body {
    fn parse(input: ParseStream<'_>) -> syn::Result<Self> {
        match bare(input.parse()?) {
            TokenTree::Group(group) if group.delimiter() == Delimiter::Brace => Ok(Self::of(&group)),
            other => Err(syn::Error::new(other.span(), "expected a function body")),
        }
    }
}

/// Imports of attributes that the compiler has not seen. Their spans are ours: an import of ours that is not used is none of
/// the user's business.
pub(crate) fn in_use(paths: &[Path]) -> TokenStream {
    let paths = paths.iter().map(|path| respanned(path.to_token_stream()));
    quote_spanned!(Span::mixed_site()=> #(use #paths as _;)*)
}

fn respanned(tokens: TokenStream) -> TokenStream {
    let ours = |mut token: TokenTree| {
        token.set_span(Span::mixed_site().located_at(token.span()));
        token
    };
    tokens.into_iter().map(ours).collect()
}

/// The braces of a body that a `macro_rules!` macro got as a `$body:block`, which are in an invisible group.
fn bare(mut token: TokenTree) -> TokenTree {
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

/// The words that an item starts with, and what comes before them.
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

/// Macros of the standard library, none of which leaves the function that calls it.
const STAYING: [&str; 34] = [
    "assert",
    "assert_eq",
    "assert_ne",
    "cfg",
    "column",
    "compile_error",
    "concat",
    "dbg",
    "debug_assert",
    "debug_assert_eq",
    "debug_assert_ne",
    "env",
    "eprint",
    "eprintln",
    "file",
    "format",
    "format_args",
    "include_bytes",
    "include_str",
    "line",
    "matches",
    "module_path",
    "option_env",
    "panic",
    "print",
    "println",
    "stringify",
    "thread_local",
    "todo",
    "unimplemented",
    "unreachable",
    "vec",
    "write",
    "writeln",
];

/// Words before a `!` that negates: `if !(a)`, `return !{…}`.
const KEYWORDS: [&str; 9] = ["if", "while", "match", "in", "else", "move", "return", "break", "box"];

pub(crate) fn has_exits(tokens: TokenStream) -> bool {
    let mut tokens = tokens.into_iter().peekable();
    let mut before: Option<String> = None;
    while let Some(token) = tokens.next() {
        let mut word = None;
        match token {
            TokenTree::Ident(ident) if ident == "return" => return true,
            TokenTree::Ident(ident) => word = Some(ident.to_string()),
            TokenTree::Punct(punct) if punct.as_char() == '?' => return true,
            TokenTree::Punct(punct) if punct.as_char() == '!' => {
                let is_call = matches!(tokens.peek(), Some(TokenTree::Group(_)));
                if is_call && before.as_deref().is_some_and(may_leave) {
                    return true;
                }
            }
            TokenTree::Group(group) if has_exits(group.stream()) => return true,
            _ => {}
        }
        before = word;
    }
    false
}

fn may_leave(name: &str) -> bool {
    !STAYING.contains(&name) && !KEYWORDS.contains(&name)
}

#[cfg(test)]
mod tests;
