//! What was written on the struct and its fields.

use syn::{
    Attribute, Data, DeriveInput, Field, Fields, Ident, LitStr, Token,
    ext::IdentExt,
    parse::{ParseStream, Parser},
    punctuated::Punctuated,
};

use crate::{
    attr::{self, Keys, Slot},
    buckets::{self, Buckets},
    ctxt::Ctxt,
    symbol::{
        ALLOW, BUCKETS, CRATE, EXPONENTIAL, FLATTEN, GLOBAL, HELP, LABELS, LINEAR, METRIC, METRICS, NAME,
        NAMESPACE, NATIVE, NESTED, REGISTRY, SKIP, SUBSYSTEM, UNIT,
    },
};

const ON_STRUCT: Keys = Keys {
    owner: "#[metrics]",
    known: &[NAMESPACE, SUBSYSTEM, GLOBAL, ALLOW, CRATE],
    later: &[REGISTRY, LABELS],
    elsewhere: &[],
};
const ON_FIELD: Keys = Keys {
    owner: "#[metric]",
    known: &[NAME, HELP, UNIT, LABELS, BUCKETS, EXPONENTIAL, LINEAR, FLATTEN, NESTED, ALLOW],
    later: &[NATIVE, SKIP],
    elsewhere: &[],
};

/// A struct as written.
pub(super) struct RawGroup<'a> {
    pub(super) item: &'a DeriveInput,
    pub(super) namespace: Slot<LitStr>,
    pub(super) subsystem: Slot<LitStr>,
    pub(super) global: Slot<bool>,
    pub(super) allow: Slot<Vec<&'static str>>,
    pub(super) krate: Slot<LitStr>,
    pub(super) fields: Vec<RawField<'a>>,
}

/// A field as written.
pub(super) struct RawField<'a> {
    pub(super) field: &'a Field,
    pub(super) ident: &'a Ident,
    pub(super) arguments: FieldArguments,
}

/// The arguments of `#[metric(…)]`.
#[derive(Default)]
pub(super) struct FieldArguments {
    pub(super) name: Slot<LitStr>,
    pub(super) help: Slot<LitStr>,
    pub(super) unit: Slot<LitStr>,
    pub(super) labels: Slot<Vec<ConstantLabel>>,
    pub(super) buckets: Slot<Buckets>,
    pub(super) flatten: Slot<()>,
    pub(super) nested: Slot<LitStr>,
    pub(super) allow: Slot<Vec<&'static str>>,
}

/// `name = "value"` in `labels(…)`.
#[derive(Clone)]
pub(super) struct ConstantLabel {
    pub(super) name: Ident,
    pub(super) value: LitStr,
}

pub(super) fn parse<'a>(cx: &Ctxt, item: &'a DeriveInput) -> Option<RawGroup<'a>> {
    let fields = match &item.data {
        Data::Struct(data) => match &data.fields {
            Fields::Named(fields) => fields.named.iter(),
            Fields::Unnamed(_) | Fields::Unit => {
                let message = "the fields of a `MetricGroup` are its metrics, so they need names: `struct Metrics { hits_total: Counter }`";
                cx.error_on(&item.ident, message);
                return None;
            }
        },
        Data::Enum(_) | Data::Union(_) => {
            cx.error_on(&item.ident, "`MetricGroup` is for structs: every field is a metric");
            return None;
        }
    };
    let fields = fields.filter_map(|field| raw_field(cx, field)).collect();
    Some(raw_group(cx, item, fields))
}

fn raw_group<'a>(cx: &Ctxt, item: &'a DeriveInput, fields: Vec<RawField<'a>>) -> RawGroup<'a> {
    let mut group = RawGroup {
        item,
        namespace: Slot::default(),
        subsystem: Slot::default(),
        global: Slot::default(),
        allow: Slot::default(),
        krate: Slot::default(),
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
        "global" => group.global.set(key, attr::boolean(key, input)?),
        "allow" => group.allow.set(key, attr::rules(key, input)?),
        _ => group.krate.set(key, attr::string(key, input)?),
    });
    group
}

fn raw_field<'a>(cx: &Ctxt, field: &'a Field) -> Option<RawField<'a>> {
    let ident = field.ident.as_ref()?;
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
        "name" => to.name.set(key, attr::string(key, input)?),
        "help" => to.help.set(key, attr::string(key, input)?),
        "unit" => to.unit.set(key, attr::string(key, input)?),
        "nested" => to.nested.set(key, attr::string(key, input)?),
        "flatten" => to.flatten.set(key, ()),
        "allow" => to.allow.set(key, attr::rules(key, input)?),
        "labels" => to.labels.set(key, constant_labels(key, input)?),
        _ => buckets::parse(&mut to.buckets, key, input),
    });
    Some(RawField { field, ident, arguments: to })
}

/// Goes through the arguments of every attribute of a name.
fn each(
    cx: &Ctxt,
    attributes: &[Attribute],
    name: crate::symbol::Symbol,
    keys: Keys,
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

fn constant_labels(key: &Ident, input: ParseStream<'_>) -> syn::Result<Vec<ConstantLabel>> {
    let (_, content) = attr::list(key, input, "labels(region = \"eu\")")?;
    let labels = Punctuated::<ConstantLabel, Token![,]>::parse_terminated.parse2(content)?;
    Ok(labels.into_iter().collect())
}

impl syn::parse::Parse for ConstantLabel {
    fn parse(input: ParseStream<'_>) -> syn::Result<Self> {
        let name = input.call(Ident::parse_any)?;
        let value = attr::string(&name, input).map_err(|error| {
            syn::Error::new(
                error.span(),
                format!("a constant label has a string: `{name} = \"…\"`; labels that vary make a `Family`"),
            )
        })?;
        Ok(Self { name, value })
    }
}
