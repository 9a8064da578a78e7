//! The four attributes as they were written.

use proc_macro2::{Ident, Span, TokenStream};
use quote::ToTokens;
use syn::{
    Expr, LitBool, LitStr, Meta, Path, Token,
    ext::IdentExt,
    parse::{Parse, ParseStream, Parser},
    spanned::Spanned,
};

use super::{
    kind::{Attribute, Outcome},
    known_arguments::{AttributeTarget, known_arguments},
    label::{self, WrittenLabel},
    objective::Objective,
};
use crate::{
    attr::{self, Argument, KnownArguments, Text},
    buckets::{self, Buckets},
    crate_path,
    errors::Errors,
    item::{self, ItemFn, ItemImpl},
    native::Native,
    reserved_words,
};

/// An attribute with its arguments as written.
pub(crate) struct WrittenAttribute {
    pub(crate) attribute: Attribute,
    pub(crate) span: Span,
    /// The path by which it was named, where the compiler did not see it because another attribute took it off the function.
    pub(crate) unseen_path: Option<Path>,
    pub(crate) arguments: Arguments,
}

/// The arguments of all four attributes. An attribute takes those of its [`KnownArguments`].
#[derive(Default)]
pub(crate) struct Arguments {
    pub(crate) name: Argument<Text>,
    pub(crate) renamed_from: Argument<LitStr>,
    pub(crate) help: Argument<Text>,
    pub(crate) labels: Argument<Vec<WrittenLabel>>,
    pub(crate) buckets: Argument<Buckets>,
    pub(crate) native: Argument<Native>,
    /// The path of `buckets = BOUNDS`.
    pub(crate) bounds: Argument<Path>,
    pub(crate) only: Argument<Outcome>,
    pub(crate) error_if: Argument<Expr>,
    pub(crate) ok_if: Argument<Expr>,
    pub(crate) function: Argument<LitStr>,
    pub(crate) krate: Argument<LitStr>,
    pub(crate) allow: Argument<Vec<&'static str>>,
    pub(crate) objective: Argument<Objective>,
    pub(crate) registry: Argument<Expr>,
    pub(crate) docs: Argument<LitBool>,
    pub(crate) skip: Argument<()>,
    pub(crate) qualified: Argument<()>,
}

/// Arguments about the function, not about one metric.
#[derive(Default)]
pub(crate) struct FunctionArguments {
    pub(crate) error_if: Option<Expr>,
    pub(crate) ok_if: Option<Expr>,
    pub(crate) function: Option<LitStr>,
    pub(crate) krate: Option<LitStr>,
    pub(crate) registry: Option<Expr>,
    pub(crate) docs: Option<LitBool>,
    pub(crate) objective: Option<Objective>,
}

impl FunctionArguments {
    /// Adds those of one attribute. Each attribute may repeat the same value.
    pub(crate) fn merge(&mut self, cx: &Errors, from: &Arguments) {
        merge(cx, &mut self.error_if, &from.error_if);
        merge(cx, &mut self.ok_if, &from.ok_if);
        merge(cx, &mut self.function, &from.function);
        merge(cx, &mut self.krate, &from.krate);
        merge(cx, &mut self.registry, &from.registry);
        merge(cx, &mut self.docs, &from.docs);
        match (&self.objective, from.objective.get()) {
            (Some(_), Some(second)) => {
                cx.error_on(&second.key, "a function has one objective, write it on one attribute");
            }
            (_, found) => self.objective = self.objective.take().or_else(|| found.cloned()),
        }
        let both = self.error_if.is_some() && self.ok_if.is_some();
        if let Some(key) = from.ok_if.key().or(from.error_if.key()).filter(|_| both) {
            cx.error_on(key, "`error_if` and `ok_if` say the same thing, keep one");
        }
    }
}

fn merge<T: Clone + ToTokens>(cx: &Errors, to: &mut Option<T>, from: &Argument<T>) {
    let (Some(value), Some(key)) = (from.get(), from.key()) else { return };
    match to {
        None => *to = Some(value.clone()),
        Some(first) if first.to_token_stream().to_string() == value.to_token_stream().to_string() => {}
        Some(_) => {
            cx.error_on(key, format!("`{key}` is about the whole function, so write it on one attribute"));
        }
    }
}

/// The item below an attribute.
pub(crate) enum Target {
    Function(Box<ItemFn>),
    Impl(Box<ItemImpl>),
}

impl Target {
    /// Parses the item below an attribute.
    pub(crate) fn parse(attribute: Attribute, tokens: TokenStream) -> syn::Result<Self> {
        let parser = |input: ParseStream<'_>| {
            let attributes = input.call(syn::Attribute::parse_outer)?;
            if item::is_impl_next(input) {
                return Self::parse_impl(attribute, attributes, input);
            }
            let wrong = not_a_function(attribute, input);
            match ItemFn::parse_after(attributes, input) {
                Ok(function) => Ok(Self::Function(Box::new(function))),
                Err(_) => Err(reserved_words::error(&input.parse()?, is_function).unwrap_or(wrong)),
            }
        };
        parser.parse2(tokens)
    }

    fn parse_impl(
        attribute: Attribute,
        attributes: Vec<syn::Attribute>,
        input: ParseStream<'_>,
    ) -> syn::Result<Self> {
        if attribute == Attribute::Observed {
            return ItemImpl::parse_after(attributes, input).map(|block| Self::Impl(Box::new(block)));
        }
        Err(input.error(format!(
            "`{}` stands on a function; `#[observed]` stands on a whole `impl` block as well",
            attribute.written()
        )))
    }
}

fn is_function(tokens: TokenStream) -> bool {
    let parser = |input: ParseStream<'_>| ItemFn::parse_after(Vec::new(), input);
    parser.parse2(tokens).is_ok()
}

/// The error on the first word of an item that is no function.
fn not_a_function(attribute: Attribute, input: ParseStream<'_>) -> syn::Error {
    let target = match attribute {
        Attribute::Observed => "a function with a body or an `impl` block",
        Attribute::Counted | Attribute::Timed | Attribute::InFlight => "a function with a body",
    };
    input.error(format!("`{}` stands on {target}", attribute.written()))
}

impl WrittenAttribute {
    /// Parses the arguments of an attribute.
    pub(crate) fn parse(
        cx: &Errors,
        attribute: Attribute,
        target: AttributeTarget,
        span: Span,
        tokens: TokenStream,
    ) -> Self {
        let keys = known_arguments(attribute, target);
        let mut arguments = Arguments::default();
        attr::each(cx, tokens, |key, input| {
            keys.check(key)?;
            argument(cx, &keys, &mut arguments, key, input)
        });
        Self { attribute, span, unseen_path: None, arguments }
    }
}

fn argument(
    cx: &Errors,
    keys: &KnownArguments,
    to: &mut Arguments,
    key: &Ident,
    input: ParseStream<'_>,
) -> syn::Result<()> {
    match key.unraw().to_string().as_str() {
        "name" => to.name.set(key, attr::text(key, input)?),
        "renamed_from" => to.renamed_from.set(key, attr::string(key, input)?),
        "help" => to.help.set(key, attr::text(key, input)?),
        "function" => to.function.set(key, attr::string(key, input)?),
        "crate" => to.krate.set(key, attr::string(key, input)?),
        "only" => to.only.set(key, attr::value(key, input, "only = error")?),
        "error_if" => to.error_if.set(key, decision(key, input, "error_if = |ret| ret.is_none()")?),
        "ok_if" => to.ok_if.set(key, decision(key, input, "ok_if = |ret| ret.is_some()")?),
        "allow" => to.allow.set(key, attr::rules(key, input)?),
        "objective" => to.objective.set(key, Objective::parse(cx, key, input)?),
        "registry" => to.registry.set(key, registry(key, input)?),
        "docs" => to.docs.set(key, attr::literal_boolean(key, input)?),
        "skip" => to.skip.set(key, ()),
        "qualified" => to.qualified.set(key, ()),
        "native" => to.native.set(key, Native::parse(key, input)?),
        "labels" => to.labels.set(key, label::parse(cx, key, input)?),
        "buckets" if input.peek(Token![=]) => {
            to.bounds.set(key, attr::constant(key, input, "buckets = BOUNDS")?)
        }
        "buckets" | "exponential" | "linear" => buckets::parse(&mut to.buckets, key, input),
        _ => Err(keys.unknown(key)),
    }
}

/// Parses a closure over the returned value, or the path of a function.
fn decision(key: &Ident, input: ParseStream<'_>, form: &str) -> syn::Result<Expr> {
    Ok(match attr::bare(attr::value(key, input, form)?) {
        Expr::Closure(closure) => Expr::Closure(label::with_generated_bars(closure)),
        other => other,
    })
}

/// Parses the path of a static, or a call of a function that gives a reference to one.
fn registry(key: &Ident, input: ParseStream<'_>) -> syn::Result<Expr> {
    let written: Expr = attr::value(key, input, "registry = MY_REGISTRY")?;
    let is_path = |written: &Expr| matches!(written, Expr::Path(_));
    match &written {
        Expr::Call(call) if is_path(&call.func) && call.args.is_empty() => Ok(written),
        path if is_path(path) => Ok(written),
        _ => Err(syn::Error::new_spanned(
            written,
            "`registry` takes the path of a static, or a call that gives a `&'static Registry`: `registry = MY_REGISTRY`",
        )),
    }
}

impl Parse for Outcome {
    fn parse(input: ParseStream<'_>) -> syn::Result<Self> {
        let wrong =
            |span| syn::Error::new(span, "`only` takes one of `ok`, `error`, `cancelled` and `panicked`");
        let span = input.span();
        let word: Ident = input.parse().map_err(|_| wrong(span))?;
        let outcome = Self::ALL.into_iter().find(|(name, _)| word == name);
        outcome.map(|(_, outcome)| outcome).ok_or_else(|| wrong(word.span()))
    }
}

/// One of the four attributes that stands on the function below the one that the compiler expands.
pub(crate) struct OtherAttribute {
    attribute: Attribute,
    meta: Meta,
}

impl OtherAttribute {
    /// Removes the four attributes from a function and returns them in their order.
    pub(crate) fn take_all(item: &mut ItemFn) -> Vec<Self> {
        let renamed = crate_path::found();
        let mut others = Vec::new();
        item.attributes.retain(|attribute| match recognize(attribute.path(), &renamed) {
            Some(known) => {
                others.push(Self { attribute: known, meta: attribute.meta.clone() });
                false
            }
            None => true,
        });
        others
    }

    /// The path by which it was named.
    pub(crate) fn path(&self) -> &Path {
        self.meta.path()
    }

    /// Parses its arguments.
    pub(crate) fn parse(self, cx: &Errors, target: AttributeTarget) -> WrittenAttribute {
        let path = self.meta.path().clone();
        let span = path.span();
        let tokens = match self.meta {
            Meta::Path(_) => TokenStream::new(),
            Meta::List(list) => list.tokens,
            Meta::NameValue(_) => {
                let written = self.attribute.written().trim_end_matches(']');
                cx.error_at(span, format!("arguments stand in parentheses: `{written}(…)]`"));
                TokenStream::new()
            }
        };
        let written = WrittenAttribute::parse(cx, self.attribute, target, span, tokens);
        WrittenAttribute { unseen_path: Some(path), ..written }
    }
}

/// Recognizes `counted` alone, `metrics_core::counted`, and the same by the dependency's name in the manifest.
fn recognize(path: &Path, renamed: &Path) -> Option<Attribute> {
    let last = path.segments.last()?;
    let first = path.segments.first()?;
    let is_in_crate = || {
        path.segments.len() == 2
            && (first.ident == "metrics_core"
                || renamed.segments.first().is_some_and(|name| name.ident == first.ident))
    };
    if path.get_ident().is_none() && !is_in_crate() {
        return None;
    }
    Attribute::ALL.into_iter().find(|attribute| last.ident == attribute.name())
}
