//! The enum as it was written.

use syn::{Attribute, Data, DeriveInput, Fields, LitStr, ext::IdentExt};

use super::model::{LabelEnum, Variant};
use crate::{
    attr::{self, Argument, KnownArguments},
    crate_path,
    errors::Errors,
    names::{Case, listed},
    symbol::{CRATE, LABEL, NAME, OTHER, RENAME, RENAME_ALL},
};

const ON_ENUM: KnownArguments = KnownArguments {
    owner: "#[label] on an enum",
    known: &[RENAME_ALL, NAME, CRATE],
    later: &[],
    elsewhere: &[],
};
const ON_VARIANT: KnownArguments =
    KnownArguments { owner: "#[label] on a variant", known: &[RENAME, OTHER], later: &[], elsewhere: &[] };

#[derive(Default)]
struct Arguments {
    rename: Argument<LitStr>,
    rename_all: Argument<Case>,
    name: Argument<LitStr>,
    other: Argument<()>,
    krate: Argument<LitStr>,
}

pub(super) fn parse(cx: &Errors, item: &DeriveInput) -> Option<LabelEnum> {
    let Data::Enum(data) = &item.data else {
        cx.error_on(&item.ident, "`LabelValue` is for enums; a struct of labels derives `LabelSet`");
        return None;
    };
    if let Some(generic) = item.generics.params.first() {
        cx.error_on(
            generic,
            "the values of a label are known while compiling, so its enum has no generics: remove them",
        );
        return None;
    }
    let on_enum = arguments(cx, &item.attrs, ON_ENUM);
    let case = on_enum.rename_all.get().copied();
    let variants = data.variants.iter().map(|variant| parse_variant(cx, variant, case)).collect();
    let krate = cx.ok(crate_path::path(on_enum.krate.get()))?;
    let written_name = on_enum.name.take();
    let of_type = Case::Snake.apply(&item.ident.unraw().to_string());
    let of_type = Some(of_type).filter(|name| metrics_lint::label_name(name).is_empty());
    let name = written_name.as_ref().map(LitStr::value).or(of_type);
    Some(LabelEnum { krate, ident: item.ident.clone(), written_name, name, variants })
}

fn parse_variant(cx: &Errors, variant: &syn::Variant, case: Option<Case>) -> Variant {
    let is_unit = matches!(variant.fields, Fields::Unit);
    if !is_unit {
        let message = format!(
            "`{}` has data, and a label value is one of a fixed list: remove the data",
            variant.ident
        );
        cx.error_on(&variant.fields, message);
    }
    let name = variant.ident.unraw().to_string();
    let arguments = arguments(cx, &variant.attrs, ON_VARIANT);
    let other = arguments.other.key().cloned();
    let rename = arguments.rename.take();
    let span = rename.as_ref().map_or(variant.ident.span(), LitStr::span);
    let text =
        rename.map(|rename| rename.value()).or_else(|| case.map(|case| case.apply(&name))).unwrap_or(name);
    Variant { ident: variant.ident.clone(), text, span, is_unit, other }
}

fn arguments(cx: &Errors, attributes: &[Attribute], keys: KnownArguments) -> Arguments {
    let mut arguments = Arguments::default();
    for attribute in attributes.iter().filter(|attribute| *attribute.path() == LABEL) {
        let Some(tokens) = attr::tokens(cx, attribute) else { continue };
        attr::each(cx, tokens, |key, input| {
            keys.check(key)?;
            match key.unraw().to_string().as_str() {
                "rename" => arguments.rename.set(key, attr::string(key, input)?),
                "name" => arguments.name.set(key, attr::string(key, input)?),
                "other" => arguments.other.set(key, ()),
                "rename_all" => arguments.rename_all.set(key, case(&attr::string(key, input)?)?),
                "crate" => arguments.krate.set(key, attr::string(key, input)?),
                _ => Err(ON_ENUM.unknown(key)),
            }
        });
    }
    arguments
}

fn case(written: &LitStr) -> syn::Result<Case> {
    let name = written.value();
    Case::ALL.iter().find(|(known, _)| *known == name).map(|(_, case)| *case).ok_or_else(|| {
        let known = listed(Case::ALL.iter().map(|(known, _)| *known));
        syn::Error::new(written.span(), format!("no letter case is called `{name}`, there are {known}"))
    })
}
