//! What was written in an attribute.

use proc_macro2::{Ident, Span, TokenStream};
use syn::{
    Expr, LitBool, LitStr, Path, Token,
    ext::IdentExt,
    parse::{Parse, ParseStream, Parser},
};

use super::{
    Attribute,
    label::{self, RawLabel},
    objective::Objective,
};
use crate::{
    attr::{self, Keys, Slot, Text},
    buckets::{self, Buckets},
    ctxt::Ctxt,
    native::Native,
    symbol::{
        ALLOW, BUCKETS, CRATE, DOCS, ERROR_IF, EXPONENTIAL, FUNCTION, HELP, LABELS, LINEAR, NAME, NATIVE,
        OBJECTIVE, OK_IF, ONLY, REGISTRY, SKIP, Symbol,
    },
};

/// An attribute with its arguments as written.
pub(crate) struct RawAttribute {
    pub(crate) attribute: Attribute,
    pub(crate) span: Span,
    /// The path by which it was named, where it was taken off the function before the compiler saw it.
    pub(crate) taken: Option<Path>,
    pub(crate) arguments: Arguments,
}

/// The arguments of all four attributes; which of them an attribute takes is in its [`Keys`].
#[derive(Default)]
pub(crate) struct Arguments {
    pub(crate) name: Slot<Text>,
    pub(crate) help: Slot<Text>,
    pub(crate) labels: Slot<Vec<RawLabel>>,
    pub(crate) buckets: Slot<Buckets>,
    pub(crate) native: Slot<Native>,
    /// The path of `buckets = BOUNDS`.
    pub(crate) bounds: Slot<Path>,
    pub(crate) only: Slot<Ending>,
    pub(crate) error_if: Slot<Expr>,
    pub(crate) ok_if: Slot<Expr>,
    pub(crate) function: Slot<LitStr>,
    pub(crate) krate: Slot<LitStr>,
    pub(crate) allow: Slot<Vec<&'static str>>,
    pub(crate) objective: Slot<Objective>,
    pub(crate) registry: Slot<Expr>,
    pub(crate) docs: Slot<LitBool>,
    pub(crate) skip: Slot<()>,
}

/// How a call ends, in `only = …`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Ending {
    Ok,
    Error,
    Cancelled,
    Panicked,
}

const COUNTED: &[Symbol] =
    &[NAME, HELP, LABELS, ONLY, ERROR_IF, OK_IF, OBJECTIVE, FUNCTION, REGISTRY, DOCS, ALLOW, CRATE];
const TIMED: &[Symbol] = &[
    NAME,
    HELP,
    LABELS,
    BUCKETS,
    EXPONENTIAL,
    LINEAR,
    NATIVE,
    ONLY,
    ERROR_IF,
    OK_IF,
    OBJECTIVE,
    FUNCTION,
    REGISTRY,
    DOCS,
    ALLOW,
    CRATE,
];
const IN_FLIGHT: &[Symbol] = &[NAME, HELP, LABELS, FUNCTION, REGISTRY, DOCS, ALLOW, CRATE];
const OBSERVED: &[Symbol] = &[ERROR_IF, OK_IF, OBJECTIVE, FUNCTION, REGISTRY, DOCS, CRATE];
const OBSERVED_IMPL: &[Symbol] = &[REGISTRY, DOCS, CRATE];
const OBSERVED_METHOD: &[Symbol] = &[SKIP, ERROR_IF, OK_IF, OBJECTIVE, FUNCTION, REGISTRY, DOCS];

const NO_BUCKETS: &str = "only the histogram of `#[timed]` has buckets";
const NOT_ENDED: &str = "a call that is under way has not ended";
const NO_FAMILY: &str =
    "it is the three default families; a family of its own has `#[counted]`, `#[timed]` or `#[in_flight]`";
const NO_SKIP: &str = "`skip` is for a method of an `impl` with `#[observed]`";

const NOT_COUNTED: &[(Symbol, &str)] = &[
    (BUCKETS, NO_BUCKETS),
    (EXPONENTIAL, NO_BUCKETS),
    (LINEAR, NO_BUCKETS),
    (NATIVE, NO_BUCKETS),
    (SKIP, NO_SKIP),
];
const NOT_TIMED: &[(Symbol, &str)] = &[(SKIP, NO_SKIP)];
const NOT_IN_FLIGHT: &[(Symbol, &str)] = &[
    (BUCKETS, NO_BUCKETS),
    (EXPONENTIAL, NO_BUCKETS),
    (LINEAR, NO_BUCKETS),
    (NATIVE, NO_BUCKETS),
    (ONLY, NOT_ENDED),
    (ERROR_IF, NOT_ENDED),
    (OK_IF, NOT_ENDED),
    (OBJECTIVE, NOT_ENDED),
    (SKIP, NO_SKIP),
];
const NOT_OBSERVED: &[(Symbol, &str)] = &[
    (NAME, NO_FAMILY),
    (HELP, NO_FAMILY),
    (LABELS, NO_FAMILY),
    (ONLY, NO_FAMILY),
    (BUCKETS, NO_FAMILY),
    (EXPONENTIAL, NO_FAMILY),
    (LINEAR, NO_FAMILY),
    (NATIVE, NO_FAMILY),
    (ALLOW, NO_FAMILY),
    (SKIP, NO_SKIP),
    (FUNCTION, "an `impl` has many functions, write it on one: `#[observed(function = \"…\")]`"),
    (ERROR_IF, "an `impl` has many functions, write it on one: `#[observed(error_if = …)]`"),
    (OK_IF, "an `impl` has many functions, write it on one: `#[observed(ok_if = …)]`"),
    (OBJECTIVE, "an `impl` has many functions, write it on one: `#[observed(objective(…))]`"),
    (CRATE, "write it on the `impl`"),
];

/// Where an attribute stands, which decides what `#[observed]` takes.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Place {
    Function,
    Impl,
    /// A method of an annotated `impl`.
    Method,
}

fn keys(attribute: Attribute, place: Place) -> Keys {
    let known = match (attribute, place) {
        (Attribute::Counted, _) => COUNTED,
        (Attribute::Timed, _) => TIMED,
        (Attribute::InFlight, _) => IN_FLIGHT,
        (Attribute::Observed, Place::Function) => OBSERVED,
        (Attribute::Observed, Place::Impl) => OBSERVED_IMPL,
        (Attribute::Observed, Place::Method) => OBSERVED_METHOD,
    };
    let elsewhere = match attribute {
        Attribute::Counted => NOT_COUNTED,
        Attribute::Timed => NOT_TIMED,
        Attribute::InFlight => NOT_IN_FLIGHT,
        Attribute::Observed => NOT_OBSERVED,
    };
    Keys { owner: attribute.written(), known, later: &[], elsewhere }
}

impl RawAttribute {
    /// Parses the arguments of an attribute.
    pub(crate) fn parse(
        cx: &Ctxt,
        attribute: Attribute,
        place: Place,
        span: Span,
        tokens: TokenStream,
    ) -> Self {
        let keys = keys(attribute, place);
        let mut arguments = Arguments::default();
        attr::each(cx, tokens, |key, input| {
            keys.check(key)?;
            argument(cx, &mut arguments, key, input)
        });
        Self { attribute, span, taken: None, arguments }
    }
}

fn argument(cx: &Ctxt, to: &mut Arguments, key: &Ident, input: ParseStream<'_>) -> syn::Result<()> {
    match key.unraw().to_string().as_str() {
        "name" => to.name.set(key, attr::text(key, input)?),
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
        "native" => to.native.set(key, Native::parse(key, input)?),
        "labels" => to.labels.set(key, label::labels(cx, key, input)?),
        "buckets" if input.peek(Token![=]) => {
            to.bounds.set(key, attr::value(key, input, "buckets = BOUNDS")?)
        }
        _ => buckets::parse(&mut to.buckets, key, input),
    }
}

/// A closure over the returned value, or the path of a function.
fn decision(key: &Ident, input: ParseStream<'_>, form: &str) -> syn::Result<Expr> {
    Ok(match attr::bare(attr::value(key, input, form)?) {
        Expr::Closure(closure) => Expr::Closure(label::with_bars_of_ours(closure)),
        other => other,
    })
}

/// A path to a static, or a call of a function that gives a reference to one.
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

impl Parse for Ending {
    fn parse(input: ParseStream<'_>) -> syn::Result<Self> {
        let wrong =
            |span| syn::Error::new(span, "`only` takes one of `ok`, `error`, `cancelled` and `panicked`");
        let span = input.span();
        let word: Ident = input.parse().map_err(|_| wrong(span))?;
        match word.to_string().as_str() {
            "ok" => Ok(Self::Ok),
            "error" => Ok(Self::Error),
            "cancelled" => Ok(Self::Cancelled),
            "panicked" => Ok(Self::Panicked),
            _ => Err(wrong(word.span())),
        }
    }
}

/// Parses tokens whose parser cannot fail softly by itself.
pub(crate) fn with<T>(
    parser: impl FnOnce(ParseStream<'_>) -> syn::Result<T>,
    tokens: TokenStream,
) -> syn::Result<T> {
    Parser::parse2(parser, tokens)
}
