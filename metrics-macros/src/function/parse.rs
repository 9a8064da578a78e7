//! What was written in an attribute.

use proc_macro2::{Ident, Span, TokenStream};
use syn::{
    Expr, ExprClosure, LitBool, LitStr, Path, Token, Type,
    ext::IdentExt,
    parse::{Parse, ParseStream, Parser},
};

use super::{Attribute, objective::Objective};
use crate::{
    attr::{self, Keys, Slot},
    buckets::{self, Buckets},
    ctxt::Ctxt,
    symbol::{
        ALLOW, BUCKETS, CAPPED, CRATE, DOCS, ERROR, ERROR_IF, EXPONENTIAL, FUNCTION, HELP, LABELS, LINEAR,
        NAME, OBJECTIVE, OK_IF, ONLY, REGISTRY, RESULT, SKIP, Symbol,
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
    pub(crate) name: Slot<LitStr>,
    pub(crate) help: Slot<LitStr>,
    pub(crate) labels: Slot<Vec<RawLabel>>,
    pub(crate) buckets: Slot<Buckets>,
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

/// A label as written.
pub(crate) struct RawLabel {
    pub(crate) name: Ident,
    /// The type of `name: Type = …`.
    pub(crate) kind: Option<Type>,
    pub(crate) value: RawValue,
}

/// What is after the name of a label.
pub(crate) enum RawValue {
    /// `result` alone.
    Ending,
    /// A string literal.
    Constant(LitStr),
    /// `capped(expression, limit)`.
    Capped { value: Box<Expr>, limit: usize },
    /// `|ret| expression`.
    Returned(Box<ExprClosure>),
    /// `error(|err| expression)`.
    Error(Box<ExprClosure>),
    /// An expression over the arguments.
    Argument(Box<Expr>),
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

const NOT_COUNTED: &[(Symbol, &str)] =
    &[(BUCKETS, NO_BUCKETS), (EXPONENTIAL, NO_BUCKETS), (LINEAR, NO_BUCKETS), (SKIP, NO_SKIP)];
const NOT_TIMED: &[(Symbol, &str)] = &[(SKIP, NO_SKIP)];
const NOT_IN_FLIGHT: &[(Symbol, &str)] = &[
    (BUCKETS, NO_BUCKETS),
    (EXPONENTIAL, NO_BUCKETS),
    (LINEAR, NO_BUCKETS),
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
        "name" => to.name.set(key, attr::string(key, input)?),
        "help" => to.help.set(key, attr::string(key, input)?),
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
        "labels" => to.labels.set(key, labels(cx, key, input)?),
        _ => buckets::parse(&mut to.buckets, key, input),
    }
}

/// A closure over the returned value, or the path of a function.
fn decision(key: &Ident, input: ParseStream<'_>, form: &str) -> syn::Result<Expr> {
    Ok(match attr::value(key, input, form)? {
        Expr::Closure(closure) => Expr::Closure(written_by_us(closure)),
        other => other,
    })
}

/// The closure with bars of ours: that a path would do as well is not to be said about a form that we ask for.
fn written_by_us(mut closure: ExprClosure) -> ExprClosure {
    for bar in [&mut closure.inputs_begin, &mut closure.inputs_end] {
        bar.spans = bar.spans.map(|span| Span::mixed_site().located_at(span));
    }
    closure
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

fn labels(cx: &Ctxt, key: &Ident, input: ParseStream<'_>) -> syn::Result<Vec<RawLabel>> {
    let (_, content) = attr::list(key, input, "labels(region = form.region, result)")?;
    let mut labels = Vec::new();
    attr::each(cx, content, |name, input| {
        labels.push(label(name, input)?);
        Ok(())
    });
    Ok(labels)
}

fn label(name: &Ident, input: ParseStream<'_>) -> syn::Result<RawLabel> {
    let name = name.clone();
    if name == RESULT && (input.is_empty() || input.peek(Token![,])) {
        return Ok(RawLabel { name, kind: None, value: RawValue::Ending });
    }
    let kind = input.parse::<Option<Token![:]>>()?.map(|_| input.parse()).transpose()?;
    if !input.peek(Token![=]) {
        let message = format!(
            "the label `{name}` needs a value: `{name} = {name}` for an argument; only `result` stands alone"
        );
        return Err(syn::Error::new(name.span(), message));
    }
    let written: Expr = attr::value(&name, input, &format!("{name} = expression"))?;
    Ok(RawLabel { name, kind, value: value(written)? })
}

fn value(written: Expr) -> syn::Result<RawValue> {
    match written {
        Expr::Lit(syn::ExprLit { lit: syn::Lit::Str(text), .. }) => Ok(RawValue::Constant(text)),
        Expr::Closure(closure) => returned(closure),
        Expr::Call(call) if is_named(&call.func, CAPPED) => capped(&call),
        Expr::Call(call) if is_named(&call.func, ERROR) => of_error(&call),
        other => Ok(RawValue::Argument(Box::new(other))),
    }
}

fn is_named(function: &Expr, name: Symbol) -> bool {
    matches!(function, Expr::Path(path) if path.path == name)
}

fn of_error(call: &syn::ExprCall) -> syn::Result<RawValue> {
    match call.args.first() {
        Some(Expr::Closure(closure)) if call.args.len() == 1 && closure.inputs.len() == 1 => {
            Ok(RawValue::Error(Box::new(written_by_us(closure.clone()))))
        }
        _ => {
            let message = "`error` takes a closure over a reference to the error: `error(|err| err.kind())`";
            Err(syn::Error::new_spanned(call, message))
        }
    }
}

fn capped(call: &syn::ExprCall) -> syn::Result<RawValue> {
    let mut arguments = call.args.iter();
    if let (Some(value), Some(limit), None) = (arguments.next(), arguments.next(), arguments.next()) {
        return Ok(RawValue::Capped { value: Box::new(value.clone()), limit: cap(limit)? });
    }
    Err(syn::Error::new_spanned(call, "`capped` takes a value and how many to keep: `capped(tenant, 100)`"))
}

fn cap(written: &Expr) -> syn::Result<usize> {
    let limit = match written {
        Expr::Lit(syn::ExprLit { lit: syn::Lit::Int(limit), .. }) => limit.base10_parse().ok(),
        _ => None,
    };
    let message = "the limit of `capped` is a whole number from 1 to 65536";
    limit
        .filter(|limit| (1..=65_536).contains(limit))
        .ok_or_else(|| syn::Error::new_spanned(written, message))
}

fn returned(closure: ExprClosure) -> syn::Result<RawValue> {
    if closure.inputs.len() == 1 {
        return Ok(RawValue::Returned(Box::new(written_by_us(closure))));
    }
    let message = "a label from the returned value takes one argument, a reference to it: `|ret| …`";
    Err(syn::Error::new_spanned(closure, message))
}

/// Parses tokens whose parser cannot fail softly by itself.
pub(crate) fn with<T>(
    parser: impl FnOnce(ParseStream<'_>) -> syn::Result<T>,
    tokens: TokenStream,
) -> syn::Result<T> {
    Parser::parse2(parser, tokens)
}
