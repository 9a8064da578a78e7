//! The struct and its fields as they were written.

use std::time::Duration;

use proc_macro2::Span;
use syn::{
    Attribute, Data, DeriveInput, Expr, ExprLit, Field, Ident, Index, Lit, LitStr, Member, Path, Token,
    ext::IdentExt,
    parse::{ParseStream, Parser},
    punctuated::Punctuated,
    spanned::Spanned,
};

use crate::{
    attr::{self, Argument, KnownArguments},
    buckets::{self, Buckets},
    duration,
    errors::Errors,
    native::Native,
    quantiles::{self, Quantiles},
    symbol::{
        ALLOW, BUCKETS, CRATE, EXPONENTIAL, FLATTEN, GLOBAL, HELP, LABELS, LINEAR, METRIC, METRICS, NAME,
        NAMESPACE, NATIVE, NESTED, QUANTILES, REGISTRY, RENAMED_FROM, SKIP, SUBSYSTEM, TTL, UNIT, WHEN,
        WINDOW,
    },
};

const ON_STRUCT: KnownArguments = KnownArguments {
    owner: "#[metrics]",
    known: &[NAMESPACE, SUBSYSTEM, LABELS, REGISTRY, GLOBAL, ALLOW, CRATE],
    later: &[],
    elsewhere: &[],
};
const ON_FIELD: KnownArguments = KnownArguments {
    owner: "#[metric]",
    known: &[
        NAME,
        RENAMED_FROM,
        HELP,
        UNIT,
        LABELS,
        BUCKETS,
        EXPONENTIAL,
        LINEAR,
        NATIVE,
        QUANTILES,
        WINDOW,
        TTL,
        WHEN,
        SKIP,
        FLATTEN,
        NESTED,
        ALLOW,
    ],
    later: &[],
    elsewhere: &[],
};

/// A struct as written.
pub(super) struct RawGroup<'a> {
    pub(super) item: &'a DeriveInput,
    pub(super) namespace: Argument<LitStr>,
    pub(super) subsystem: Argument<LitStr>,
    pub(super) labels: Argument<Vec<ConstantLabel>>,
    pub(super) registry: Argument<Path>,
    pub(super) global: Argument<bool>,
    pub(super) allow: Argument<Vec<&'static str>>,
    pub(super) krate: Argument<LitStr>,
    pub(super) fields: Vec<RawField<'a>>,
}

/// A field as written.
pub(super) struct RawField<'a> {
    pub(super) field: &'a Field,
    /// The field's name, or its place.
    pub(super) member: Member,
    pub(super) arguments: FieldArguments,
}

/// The arguments of `#[metric(…)]`.
#[derive(Default)]
pub(super) struct FieldArguments {
    pub(super) name: Argument<Text>,
    pub(super) renamed_from: Argument<LitStr>,
    pub(super) help: Argument<Text>,
    pub(super) unit: Argument<LitStr>,
    pub(super) labels: Argument<Vec<ConstantLabel>>,
    pub(super) buckets: Argument<Buckets>,
    /// `buckets = PATH`.
    pub(super) buckets_path: Argument<Path>,
    pub(super) native: Argument<Native>,
    pub(super) quantiles: Argument<Quantiles>,
    pub(super) window: Argument<Duration>,
    pub(super) ttl: Argument<Duration>,
    pub(super) when: Argument<Expr>,
    pub(super) skip: Argument<()>,
    pub(super) flatten: Argument<()>,
    pub(super) nested: Argument<LitStr>,
    pub(super) allow: Argument<Vec<&'static str>>,
}

/// A text, or the path of a constant that is one.
#[derive(Clone)]
pub(super) enum Text {
    Literal(LitStr),
    Path(Path),
}

impl Text {
    pub(super) fn span(&self) -> Span {
        match self {
            Self::Literal(literal) => literal.span(),
            Self::Path(path) => path.span(),
        }
    }
}

/// `name = "value"` in `labels(…)`; a name alone is a label of a `*Vec` of the `prometheus` crate.
#[derive(Clone)]
pub(super) struct ConstantLabel {
    pub(super) name: Ident,
    pub(super) value: Option<Expr>,
}

pub(super) fn parse<'a>(cx: &Errors, item: &'a DeriveInput) -> Option<RawGroup<'a>> {
    let Data::Struct(data) = &item.data else {
        cx.error_on(&item.ident, "`MetricGroup` is for structs: every field is a metric");
        return None;
    };
    let fields = data.fields.iter().enumerate().map(|(at, field)| raw_field(cx, at, field)).collect();
    Some(raw_group(cx, item, fields))
}

/// The place of a field without a name.
fn place(at: usize, field: &Field) -> Index {
    Index { index: u32::try_from(at).unwrap_or(u32::MAX), span: field.ty.span() }
}

fn raw_group<'a>(cx: &Errors, item: &'a DeriveInput, fields: Vec<RawField<'a>>) -> RawGroup<'a> {
    let mut group = RawGroup {
        item,
        namespace: Argument::default(),
        subsystem: Argument::default(),
        labels: Argument::default(),
        registry: Argument::default(),
        global: Argument::default(),
        allow: Argument::default(),
        krate: Argument::default(),
        fields,
    };
    for attribute in &item.attrs {
        if *attribute.path() == METRIC {
            cx.error_on(
                attribute.path(),
                "`#[metric]` stands on a field; on the struct write `#[metrics(…)]`",
            );
        }
    }
    each(cx, &item.attrs, METRICS, ON_STRUCT, |key, input| match key.unraw().to_string().as_str() {
        "namespace" => group.namespace.set(key, attr::string(key, input)?),
        "subsystem" => group.subsystem.set(key, attr::string(key, input)?),
        "labels" => group.labels.set(key, constant_labels(key, input)?),
        "registry" => group.registry.set(key, attr::value(key, input, "registry = REGISTRY")?),
        "global" => group.global.set(key, attr::boolean(key, input)?),
        "allow" => group.allow.set(key, attr::rules(key, input)?),
        "crate" => group.krate.set(key, attr::string(key, input)?),
        _ => Err(ON_STRUCT.unknown(key)),
    });
    group
}

fn raw_field<'a>(cx: &Errors, at: usize, field: &'a Field) -> RawField<'a> {
    for attribute in &field.attrs {
        if *attribute.path() == METRICS {
            cx.error_on(
                attribute.path(),
                "`#[metrics]` stands on the struct; on a field write `#[metric(…)]`",
            );
        }
    }
    let mut to = FieldArguments::default();
    each(cx, &field.attrs, METRIC, ON_FIELD, |key, input| match key.unraw().to_string().as_str() {
        "name" => to.name.set(key, text(key, input)?),
        "renamed_from" => to.renamed_from.set(key, attr::string(key, input)?),
        "help" => to.help.set(key, text(key, input)?),
        "unit" => to.unit.set(key, attr::string(key, input)?),
        "ttl" => to.ttl.set(key, duration::parse(&attr::string(key, input)?)?),
        "quantiles" => to.quantiles.set(key, quantiles::parse(key, input)?),
        "window" => to.window.set(key, duration::parse(&attr::string(key, input)?)?),
        "nested" => to.nested.set(key, attr::string(key, input)?),
        "when" => to.when.set(key, attr::value(key, input, "when = true")?),
        "skip" => to.skip.set(key, ()),
        "native" => to.native.set(key, Native::parse(key, input)?),
        "flatten" => to.flatten.set(key, ()),
        "allow" => to.allow.set(key, attr::rules(key, input)?),
        "labels" => to.labels.set(key, constant_labels(key, input)?),
        "buckets" if input.peek(Token![=]) => {
            to.buckets_path.set(key, attr::constant(key, input, "buckets = BOUNDS")?)
        }
        "buckets" | "exponential" | "linear" => buckets::parse(&mut to.buckets, key, input),
        _ => Err(ON_FIELD.unknown(key)),
    });
    let member = field.ident.clone().map_or_else(|| Member::Unnamed(place(at, field)), Member::Named);
    RawField { field, member, arguments: to }
}

/// Goes through the arguments of every attribute of a name.
fn each(
    cx: &Errors,
    attributes: &[Attribute],
    name: crate::symbol::Symbol,
    keys: KnownArguments,
    mut one: impl FnMut(&Ident, ParseStream<'_>) -> syn::Result<()>,
) {
    for attribute in attributes.iter().filter(|attribute| *attribute.path() == name) {
        let Some(tokens) = attr::tokens(cx, attribute) else { continue };
        attr::each(cx, tokens, |key, input| {
            keys.check(key)?;
            one(key, input)
        });
    }
}

/// A literal or a path after `key =`.
fn text(key: &Ident, input: ParseStream<'_>) -> syn::Result<Text> {
    let ahead = input.fork();
    if ahead.parse::<Token![=]>().is_ok() && (ahead.peek(Ident) || ahead.peek(Token![::])) {
        return Ok(Text::Path(attr::value(key, input, "name = NAME")?));
    }
    attr::string(key, input).map(Text::Literal)
}

/// Returns `true` for a path in the letter case of constants.
fn is_constant(path: &Path) -> bool {
    path.segments.last().is_some_and(|last| !last.ident.to_string().contains(char::is_lowercase))
}

fn constant_labels(key: &Ident, input: ParseStream<'_>) -> syn::Result<Vec<ConstantLabel>> {
    let (_, content) = attr::list(key, input, "labels(region = \"eu\")")?;
    let labels = Punctuated::<ConstantLabel, Token![,]>::parse_terminated.parse2(content)?;
    Ok(labels.into_iter().collect())
}

impl syn::parse::Parse for ConstantLabel {
    fn parse(input: ParseStream<'_>) -> syn::Result<Self> {
        let name = input.call(Ident::parse_any)?;
        if !input.peek(Token![=]) {
            return Ok(Self { name, value: None });
        }
        let span = input.span();
        let wrong =
            format!("a constant label has a string: `{name} = \"…\"`; labels that vary make a `Family`");
        let value: Expr =
            attr::value(&name, input, "name = \"…\"").map_err(|_| syn::Error::new(span, &wrong))?;
        match &value {
            Expr::Lit(ExprLit { lit: Lit::Str(_), .. }) | Expr::Macro(_) => {
                Ok(Self { name, value: Some(value) })
            }
            Expr::Path(path) if is_constant(&path.path) => Ok(Self { name, value: Some(value) }),
            _ => Err(syn::Error::new_spanned(value, wrong)),
        }
    }
}
