//! The struct as it was written.

use syn::{Attribute, Data, DeriveInput, Field, Fields, LitStr, ext::IdentExt};

use super::model::{Label, Labels};
use crate::{
    attr::{self, Argument, KnownArguments},
    crate_path,
    errors::Errors,
    symbol::{ALLOW, CRATE, FLATTEN, LABEL, RENAME},
};

const ON_STRUCT: KnownArguments =
    KnownArguments { owner: "#[label] on a struct", known: &[ALLOW, CRATE], later: &[], elsewhere: &[] };
const ON_FIELD: KnownArguments = KnownArguments {
    owner: "#[label] on a field",
    known: &[RENAME, FLATTEN, ALLOW],
    later: &[],
    elsewhere: &[],
};

#[derive(Default)]
struct Arguments {
    rename: Argument<LitStr>,
    flatten: Argument<()>,
    allow: Argument<Vec<&'static str>>,
    krate: Argument<LitStr>,
}

pub(super) fn parse(cx: &Errors, item: &DeriveInput) -> Option<Labels> {
    let wrong = match &item.data {
        Data::Struct(data) => match &data.fields {
            Fields::Named(fields) => return named(cx, item, fields.named.iter()),
            Fields::Unnamed(_) => {
                "the fields of a `LabelSet` are its labels, so they need names: `struct Labels { region: Region }`"
            }
            Fields::Unit => "a struct without fields has no labels; `()` is the set without labels",
        },
        _ => "`LabelSet` is for structs; an enum of label values derives `LabelValue`",
    };
    cx.error_on(&item.ident, wrong);
    None
}

fn named<'a>(cx: &Errors, item: &DeriveInput, fields: impl Iterator<Item = &'a Field>) -> Option<Labels> {
    let fields: Vec<Label> = fields.filter_map(|field| label(cx, field)).collect();
    if let (Some(generic), true) = (item.generics.params.first(), fields.iter().any(|field| field.flatten)) {
        cx.error_on(generic, "a label set with a flattened one has no generics: remove them, or `flatten`");
    }
    let on_struct = arguments(cx, &item.attrs, ON_STRUCT);
    let krate = cx.ok(crate_path::path(on_struct.krate.get()))?;
    let allowed = on_struct.allow.take().unwrap_or_default();
    Some(Labels { krate, allowed, ident: item.ident.clone(), generics: item.generics.clone(), fields })
}

fn label(cx: &Errors, field: &Field) -> Option<Label> {
    let ident = field.ident.clone()?;
    if let Some(attribute) = field.attrs.iter().find(|attribute| attribute.path().is_ident("cfg")) {
        cx.error_on(
            attribute,
            "a label set has the same labels in every build, so a field cannot have `#[cfg]`: remove it",
        );
    }
    let arguments = arguments(cx, &field.attrs, ON_FIELD);
    if let (Some(key), Some(_)) = (arguments.flatten.key(), arguments.rename.get()) {
        cx.error_on(key, "the labels of a set that is flattened have names of their own: remove `rename`");
    }
    let flatten = arguments.flatten.key().is_some();
    let rename = arguments.rename.take();
    let span = rename.as_ref().map_or(ident.span(), LitStr::span);
    let name = rename.map_or_else(|| ident.unraw().to_string(), |rename| rename.value());
    let allowed = arguments.allow.take().unwrap_or_default();
    Some(Label { field: ident, kind: field.ty.clone(), flatten, name, span, allowed })
}

fn arguments(cx: &Errors, attributes: &[Attribute], keys: KnownArguments) -> Arguments {
    let mut arguments = Arguments::default();
    for attribute in attributes.iter().filter(|attribute| *attribute.path() == LABEL) {
        let Some(tokens) = attr::tokens(cx, attribute) else { continue };
        attr::each(cx, tokens, |key, input| {
            keys.check(key)?;
            match key.unraw().to_string().as_str() {
                "allow" => arguments.allow.set(key, attr::rules(key, input)?),
                "flatten" => arguments.flatten.set(key, ()),
                "rename" => arguments.rename.set(key, attr::string(key, input)?),
                "crate" => arguments.krate.set(key, attr::string(key, input)?),
                _ => Err(keys.unknown(key)),
            }
        });
    }
    arguments
}
