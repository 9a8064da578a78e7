//! Arguments of attributes: `key`, `key = value` and `key(…)`, each at most once.

use proc_macro2::{Ident, Span, TokenStream};
use quote::ToTokens;
use syn::{
    Expr, ExprLit, Lit, LitBool, LitStr, Token,
    ext::IdentExt,
    parse::{Parse, ParseStream, Parser},
};

use crate::{errors::Errors, names, symbol::Symbol};

/// The arguments that an attribute takes, from which both the matching and the message about an unknown one come.
#[derive(Clone, Copy)]
pub(crate) struct KnownArguments {
    /// The attribute as users write it, for messages: `#[counted]`.
    pub(crate) owner: &'static str,
    /// The arguments that it takes.
    pub(crate) known: &'static [Symbol],
    /// Arguments that are planned and not there yet.
    pub(crate) later: &'static [Symbol],
    /// Arguments that other attributes take, each with the reason for which this one does not.
    pub(crate) elsewhere: &'static [(Symbol, &'static str)],
}

impl KnownArguments {
    /// Accepts one of these arguments; the error about another one lists them.
    pub(crate) fn check(&self, key: &Ident) -> syn::Result<()> {
        if self.known.iter().any(|known| key == known) {
            return Ok(());
        }
        Err(self.unknown(key))
    }

    /// The error about another argument.
    pub(crate) fn unknown(&self, key: &Ident) -> syn::Error {
        syn::Error::new(key.span(), self.unknown_message(key))
    }

    fn unknown_message(&self, key: &Ident) -> String {
        let Self { owner, known, later, elsewhere } = *self;
        if let Some((_, why)) = elsewhere.iter().find(|(word, _)| key == word) {
            return format!("`{owner}` takes no `{key}`: {why}");
        }
        if later.iter().any(|word| key == word) {
            return format!("`{key}` is not supported yet by `{owner}`");
        }
        let known = known.iter().map(|word| word.0);
        if known.len() == 0 {
            return format!("`{owner}` takes no arguments here, so remove `{key}`");
        }
        let nearest = names::nearest(&key.unraw().to_string(), known.clone())
            .map(|word| format!("; did you mean `{word}`?"))
            .unwrap_or_default();
        format!("unknown argument `{key}`: `{owner}` takes {}{nearest}", names::listed(known))
    }
}

/// The value of an argument, with the key that gave it.
pub(crate) struct Argument<T>(Option<(Ident, T)>);

impl<T> Default for Argument<T> {
    fn default() -> Self {
        Self(None)
    }
}

impl<T> Argument<T> {
    /// Keeps the value; a second one is an error on its key.
    pub(crate) fn set(&mut self, key: &Ident, value: T) -> syn::Result<()> {
        if self.0.is_some() {
            return Err(syn::Error::new(key.span(), format!("`{key}` is given twice, remove one")));
        }
        self.0 = Some((key.clone(), value));
        Ok(())
    }

    pub(crate) fn get(&self) -> Option<&T> {
        self.0.as_ref().map(|(_, value)| value)
    }

    pub(crate) fn key(&self) -> Option<&Ident> {
        self.0.as_ref().map(|(key, _)| key)
    }

    pub(crate) fn take(self) -> Option<T> {
        self.0.map(|(_, value)| value)
    }
}

/// Goes through the arguments of an attribute; `one` parses the value of each, a mistake in one does not hide the next.
pub(crate) fn each(
    cx: &Errors,
    arguments: TokenStream,
    mut one: impl FnMut(&Ident, ParseStream<'_>) -> syn::Result<()>,
) {
    let parser = |input: ParseStream<'_>| {
        while !input.is_empty() {
            let parsed = key(input).and_then(|key| one(&key, input)).and_then(|()| end_of_argument(input));
            if let Err(error) = parsed {
                cx.push(error);
                skip_argument(input);
            }
            if input.peek(Token![,]) {
                input.parse::<Token![,]>()?;
            }
        }
        Ok(())
    };
    cx.ok(parser.parse2(arguments));
}

fn key(input: ParseStream<'_>) -> syn::Result<Ident> {
    let span = input.span();
    input
        .call(Ident::parse_any)
        .map_err(|_| syn::Error::new(span, "expected an argument such as `name = \"…\"`"))
}

fn end_of_argument(input: ParseStream<'_>) -> syn::Result<()> {
    if input.is_empty() || input.peek(Token![,]) {
        return Ok(());
    }
    Err(input.error("expected `,` before the next argument"))
}

fn skip_argument(input: ParseStream<'_>) {
    while !input.is_empty() && !input.peek(Token![,]) {
        if input.parse::<proc_macro2::TokenTree>().is_err() {
            return;
        }
    }
}

/// The value after `key =`; `form` is how the whole argument is written, for the message.
pub(crate) fn value<T: Parse>(key: &Ident, input: ParseStream<'_>, form: &str) -> syn::Result<T> {
    equals(key, input, form)?;
    input.parse()
}

/// Parses `key = PATH` or `key = &PATH`, where the generated code takes a reference anyway.
pub(crate) fn constant(key: &Ident, input: ParseStream<'_>, form: &str) -> syn::Result<syn::Path> {
    equals(key, input, form)?;
    input.parse::<Option<Token![&]>>()?;
    input.parse()
}

/// A string literal after `key =`.
pub(crate) fn string(key: &Ident, input: ParseStream<'_>) -> syn::Result<LitStr> {
    let form = format!("{key} = \"…\"");
    equals(key, input, &form)?;
    literal(input, || format!("`{key}` takes a string literal: `{form}`"))
}

/// A text that is known while compiling.
#[derive(Clone)]
pub(crate) enum Text {
    /// A string literal.
    Literal(LitStr),
    /// The path of a constant, or a macro such as `concat!`.
    Constant(Box<Expr>),
}

impl Text {
    /// The text, where the macro can see it.
    pub(crate) fn literal(&self) -> Option<String> {
        match self {
            Self::Literal(literal) => Some(literal.value()),
            Self::Constant(_) => None,
        }
    }

    /// The text, or the path of the constant, for messages.
    pub(crate) fn shown(&self) -> String {
        self.literal().unwrap_or_else(|| self.to_token_stream().to_string().replace(" :: ", "::"))
    }
}

impl ToTokens for Text {
    fn to_tokens(&self, tokens: &mut TokenStream) {
        match self {
            Self::Literal(literal) => literal.to_tokens(tokens),
            Self::Constant(constant) => constant.to_tokens(tokens),
        }
    }
}

/// A text after `key =`.
pub(crate) fn text(key: &Ident, input: ParseStream<'_>) -> syn::Result<Text> {
    let form = format!("{key} = \"…\"");
    equals(key, input, &form)?;
    let message = || format!("`{key}` takes a string or the path of a constant: `{form}`");
    match bare(literal(input, message)?) {
        Expr::Lit(ExprLit { lit: Lit::Str(literal), .. }) => Ok(Text::Literal(literal)),
        constant if is_constant(&constant) => Ok(Text::Constant(Box::new(constant))),
        other => Err(syn::Error::new_spanned(other, message())),
    }
}

/// Unwraps the invisible group around an expression that a `macro_rules!` macro has passed on.
pub(crate) fn bare(written: Expr) -> Expr {
    match written {
        Expr::Group(group) => bare(*group.expr),
        other => other,
    }
}

/// A macro, or a path that ends in capitals; one in small letters is a string whose quotes were forgotten.
fn is_constant(written: &Expr) -> bool {
    match written {
        Expr::Macro(_) => true,
        Expr::Path(path) => {
            let last = path.path.segments.last().map(|last| last.ident.to_string());
            last.is_some_and(|last| !last.contains(char::is_lowercase))
        }
        _ => false,
    }
}

/// `true` or `false` after `key =`.
pub(crate) fn boolean(key: &Ident, input: ParseStream<'_>) -> syn::Result<bool> {
    literal_boolean(key, input).map(|value| value.value)
}

/// The same as it was written.
pub(crate) fn literal_boolean(key: &Ident, input: ParseStream<'_>) -> syn::Result<LitBool> {
    let form = format!("{key} = false");
    equals(key, input, &form)?;
    literal(input, || format!("`{key}` takes `true` or `false`: `{form}`"))
}

fn literal<T: Parse>(input: ParseStream<'_>, message: impl Fn() -> String) -> syn::Result<T> {
    let span = input.span();
    input.parse().map_err(|_| syn::Error::new(span, message()))
}

fn equals(key: &Ident, input: ParseStream<'_>, form: &str) -> syn::Result<()> {
    let wrong = || syn::Error::new(key.span(), format!("`{key}` needs a value: `{form}`"));
    input.parse::<Token![=]>().map_err(|_| wrong())?;
    if input.is_empty() || input.peek(Token![,]) { Err(wrong()) } else { Ok(()) }
}

/// Parses the parentheses of `key(…)`.
pub(crate) fn list(key: &Ident, input: ParseStream<'_>, form: &str) -> syn::Result<(Span, TokenStream)> {
    if !input.peek(syn::token::Paren) {
        return Err(syn::Error::new(key.span(), format!("`{key}` takes a list in parentheses: `{form}`")));
    }
    let content;
    let parentheses = syn::parenthesized!(content in input);
    Ok((parentheses.span.join(), content.parse()?))
}

/// The rules of `allow = rule` and `allow(rule, …)`.
pub(crate) fn rules(key: &Ident, input: ParseStream<'_>) -> syn::Result<Vec<&'static str>> {
    if input.peek(Token![=]) {
        let one: Ident = value(key, input, "allow = rule")?;
        return Ok(vec![rule(&one)?]);
    }
    let (_, content) = list(key, input, "allow(rule)")?;
    let parser = syn::punctuated::Punctuated::<Ident, Token![,]>::parse_terminated;
    parser.parse2(content)?.iter().map(rule).collect()
}

fn rule(written: &Ident) -> syn::Result<&'static str> {
    let word = written.to_string();
    let rules = metrics_lint::RULES.iter().copied();
    rules.clone().find(|rule| *rule == word).ok_or_else(|| {
        let message = format!("no rule is called `{word}`, there are {}", names::listed(rules));
        syn::Error::new(written.span(), message)
    })
}

/// The tokens in the parentheses of `#[label(…)]`.
pub(crate) fn tokens(cx: &Errors, attribute: &syn::Attribute) -> Option<TokenStream> {
    match &attribute.meta {
        syn::Meta::List(list) => Some(list.tokens.clone()),
        other => {
            let name = names::path(other.path());
            cx.error_on(other, format!("arguments stand in parentheses: `#[{name}(…)]`"));
            None
        }
    }
}
