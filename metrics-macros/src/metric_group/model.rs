//! What a group of metrics is.

use std::time::Duration;

use proc_macro2::Span;
use syn::{
    Attribute, Expr, Generics, Ident, LitStr, Path, Type, Visibility, ext::IdentExt, spanned::Spanned,
};

use super::{
    kind,
    parse::{ConstantLabel, RawField, RawGroup, Text},
};
use crate::{buckets::Buckets, ctxt::Ctxt, docs, krate, lint::Kind, native::Native};

/// A struct of metrics.
pub(super) struct Group {
    pub(super) krate: Path,
    pub(super) ident: Ident,
    pub(super) visibility: Visibility,
    pub(super) generics: Generics,
    pub(super) namespace: Option<LitStr>,
    pub(super) subsystem: Option<LitStr>,
    /// Whether there is a static instance.
    pub(super) global: bool,
    pub(super) labels: Vec<ConstantLabel>,
    pub(super) registry: Option<Path>,
    pub(super) allowed: Vec<&'static str>,
    pub(super) fields: Vec<Field>,
}

/// A field of a group.
pub(super) struct Field {
    pub(super) ident: Ident,
    pub(super) kind: Type,
    /// `#[cfg(…)]`, which goes wherever the field goes.
    pub(super) cfg: Vec<Attribute>,
    pub(super) content: Content,
}

/// What a field is.
pub(super) enum Content {
    /// A group, perhaps with a subsystem of its own in the names.
    Nested(Option<LitStr>),
    Metric(Box<Metric>),
    /// No metric: it is made with `Default`.
    Skipped,
}

/// A metric of a group.
pub(super) struct Metric {
    pub(super) kind: Kind,
    /// The field's part of the name.
    pub(super) name: String,
    /// The constant that is the name; `name` is then the field's.
    pub(super) name_path: Option<Path>,
    /// What gave the name, for errors about it.
    pub(super) name_span: Span,
    pub(super) help: String,
    pub(super) help_path: Option<Path>,
    pub(super) help_span: Span,
    pub(super) unit: Option<LitStr>,
    pub(super) labels: Vec<ConstantLabel>,
    pub(super) buckets: Option<(Ident, Buckets)>,
    pub(super) buckets_path: Option<(Ident, Path)>,
    pub(super) native: Option<(Ident, Native)>,
    /// Whether an `Option` is registered.
    pub(super) when: Option<Expr>,
    pub(super) ttl: Option<Duration>,
    pub(super) allowed: Vec<&'static str>,
}

impl Group {
    pub(super) fn new(cx: &Ctxt, raw: RawGroup<'_>) -> Option<Self> {
        let krate = cx.ok(krate::path(raw.krate.get()))?;
        let generic = raw.item.generics.params.first();
        if let (Some(true), Some(key), Some(_)) = (raw.global.get(), raw.global.key(), generic) {
            cx.error_on(
                key,
                "a generic group has no global instance, because there would be one for each type",
            );
        }
        let global = raw.global.get().copied().unwrap_or(true) && generic.is_none();
        Some(Self {
            krate,
            ident: raw.item.ident.clone(),
            visibility: raw.item.vis.clone(),
            generics: raw.item.generics.clone(),
            namespace: raw.namespace.take(),
            subsystem: raw.subsystem.take(),
            global,
            labels: raw.labels.take().unwrap_or_default(),
            registry: raw.registry.take(),
            allowed: raw.allow.take().unwrap_or_default(),
            fields: raw.fields.into_iter().map(|field| Field::new(cx, field)).collect(),
        })
    }

    /// The group's part of the names: namespace and subsystem.
    pub(super) fn prefix(&self) -> Option<String> {
        let parts: Vec<String> =
            [&self.namespace, &self.subsystem].into_iter().flatten().map(LitStr::value).collect();
        (!parts.is_empty()).then(|| parts.join("_"))
    }

    /// Whether a metric may break a rule.
    pub(super) fn allows(&self, metric: &Metric, rule: &str) -> bool {
        metric.allowed.contains(&rule) || self.allowed.contains(&rule)
    }

    /// The metrics, with their full names as far as this group knows.
    pub(super) fn metrics(&self) -> impl Iterator<Item = (String, &Metric)> {
        let prefix = self.prefix().map(|prefix| format!("{prefix}_")).unwrap_or_default();
        self.fields.iter().filter_map(move |field| match &field.content {
            Content::Metric(metric) => Some((format!("{prefix}{}", metric.name), &**metric)),
            Content::Nested(_) | Content::Skipped => None,
        })
    }
}

impl Field {
    fn new(cx: &Ctxt, raw: RawField<'_>) -> Self {
        let cfg =
            raw.field.attrs.iter().filter(|attribute| attribute.path().is_ident("cfg")).cloned().collect();
        let (ident, kind) = (raw.ident.clone(), raw.field.ty.clone());
        let nested = raw.arguments.flatten.key().is_some() || raw.arguments.nested.key().is_some();
        let content = if raw.arguments.skip.key().is_some() {
            Content::Skipped
        } else if nested {
            nested_content(cx, raw)
        } else {
            Content::Metric(Box::new(Metric::new(cx, raw)))
        };
        Self { ident, kind, cfg, content }
    }
}

/// What describes one metric says nothing on a whole group.
fn nested_content(cx: &Ctxt, raw: RawField<'_>) -> Content {
    let arguments = raw.arguments;
    let keys = [
        arguments.name.key(),
        arguments.help.key(),
        arguments.unit.key(),
        arguments.labels.key(),
        arguments.buckets.key(),
        arguments.native.key(),
        arguments.ttl.key(),
        arguments.allow.key(),
    ];
    for key in keys.into_iter().flatten() {
        cx.error_on(
            key,
            format!("`{key}` is about one metric, and this field is a group: write it on the group's fields"),
        );
    }
    if let (Some(flatten), Some(_)) = (arguments.flatten.key(), arguments.nested.key()) {
        cx.error_on(flatten, "`flatten` adds nothing to the names and `nested` adds a part, keep one");
    }
    Content::Nested(arguments.nested.take())
}

impl Metric {
    fn new(cx: &Ctxt, raw: RawField<'_>) -> Self {
        let RawField { field, ident, arguments } = raw;
        let name = arguments.name.get();
        let help = arguments.help.get();
        let comment = || docs::help(&field.attrs);
        let text = help.map(literal).or_else(comment).unwrap_or_else(|| {
            cx.error_on(
                ident,
                format!("`{ident}` has no help text: add a doc comment or `#[metric(help = \"…\")]`"),
            );
            // Said already; an empty text would be said again.
            "missing".to_owned()
        });
        let path_key = arguments.buckets_path.key().cloned();
        let buckets_key = arguments.buckets.key().cloned();
        let native_key = arguments.native.key().cloned();
        Self {
            kind: kind::of(&field.ty),
            name: name
                .filter(|name| matches!(name, Text::Literal(_)))
                .map_or_else(|| ident.unraw().to_string(), literal),
            name_path: name.and_then(path),
            name_span: name.map_or(ident.span(), Text::span),
            help: text,
            help_path: help.and_then(path),
            help_span: help.map_or(field.ident.span(), Text::span),
            unit: arguments.unit.take(),
            labels: arguments.labels.take().unwrap_or_default(),
            buckets: buckets_key.zip(arguments.buckets.take()),
            buckets_path: path_key.zip(arguments.buckets_path.take()),
            native: native_key.zip(arguments.native.take()),
            when: arguments.when.take(),
            ttl: arguments.ttl.take(),
            allowed: arguments.allow.take().unwrap_or_default(),
        }
    }
}

/// The text of a literal; that of a constant is not known here.
fn literal(text: &Text) -> String {
    match text {
        Text::Literal(literal) => literal.value(),
        Text::Path(_) => "a constant".to_owned(),
    }
}

fn path(text: &Text) -> Option<Path> {
    match text {
        Text::Literal(_) => None,
        Text::Path(path) => Some(path.clone()),
    }
}
