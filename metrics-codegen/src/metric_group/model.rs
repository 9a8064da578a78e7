//! The meaning of a group of metrics.

use std::time::Duration;

use metrics_lint::{MetricType, Rule};
use proc_macro2::{Span, TokenStream};
use quote::ToTokens;
use syn::{
    Attribute, Expr, Generics, Ident, LitStr, Member, Path, Type, Visibility, ext::IdentExt, spanned::Spanned,
};

use super::{
    kind,
    parse::{ConstantLabel, RawField, RawGroup, Text},
};
use crate::{
    buckets::Buckets, crate_path, doc_comment, errors::Errors, native::Native, quantiles::Quantiles,
};

/// A struct of metrics.
pub(super) struct Group {
    pub(super) krate: Path,
    pub(super) ident: Ident,
    pub(super) visibility: Visibility,
    pub(super) generics: Generics,
    pub(super) namespace: Option<LitStr>,
    pub(super) subsystem: Option<LitStr>,
    /// Set where there is a static instance.
    pub(super) global: bool,
    pub(super) labels: Vec<ConstantLabel>,
    pub(super) registry: Option<Path>,
    pub(super) allowed: Vec<&'static str>,
    pub(super) fields: Vec<Field>,
}

/// A field of a group.
pub(super) struct Field {
    pub(super) member: Member,
    pub(super) kind: Type,
    /// `#[cfg(…)]`, which goes wherever the field goes.
    pub(super) cfg: Vec<Attribute>,
    pub(super) content: Content,
}

/// The content of a field.
pub(super) enum Content {
    Nested(Box<Nested>),
    Metric(Box<Metric>),
    /// No metric: it is made with `Default`.
    Skipped,
    /// A metric that is wrong, which is said.
    Broken,
}

/// A group inside a group.
pub(super) struct Nested {
    /// A part that its names have more.
    pub(super) part: Option<LitStr>,
    /// The group; the field may be an `Option` of it.
    pub(super) group: Type,
    /// The condition under which the group of an `Option` is made.
    pub(super) when: Option<Expr>,
}

/// A metric of a group.
pub(super) struct Metric {
    pub(super) kind: MetricType,
    /// The field's part of the name.
    pub(super) name: String,
    /// The constant that is the name; `name` is then the field's.
    pub(super) name_path: Option<Path>,
    /// The span of the name, for errors about it.
    pub(super) name_span: Span,
    pub(super) help: String,
    pub(super) help_path: Option<Path>,
    pub(super) help_span: Span,
    pub(super) renamed_from: Option<LitStr>,
    pub(super) unit: Option<LitStr>,
    pub(super) labels: Vec<ConstantLabel>,
    pub(super) buckets: Option<(Ident, Buckets)>,
    pub(super) buckets_path: Option<(Ident, Path)>,
    pub(super) native: Option<(Ident, Native)>,
    /// The condition under which an `Option` is registered.
    pub(super) when: Option<Expr>,
    /// The quantiles of a summary, with the argument's name.
    pub(super) quantiles: Option<(Ident, Quantiles)>,
    pub(super) window: Option<(Ident, Duration)>,
    pub(super) ttl: Option<Duration>,
    pub(super) allowed: Vec<&'static str>,
}

impl Group {
    pub(super) fn new(cx: &Errors, raw: RawGroup<'_>) -> Option<Self> {
        let krate = cx.ok(crate_path::path(raw.krate.get()))?;
        let generic = raw.item.generics.params.first();
        if let (Some(true), Some(key), Some(_)) = (raw.global.get(), raw.global.key(), generic) {
            cx.error_on(
                key,
                "a generic group has no global instance, because there would be one for each type",
            );
        }
        let allowed = raw.allow.take().unwrap_or_default();
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
            fields: raw.fields.into_iter().map(|field| Field::new(cx, field, &allowed)).collect(),
            allowed,
        })
    }

    /// The group's part of the names: namespace and subsystem.
    pub(super) fn prefix(&self) -> Option<String> {
        let parts: Vec<String> =
            [&self.namespace, &self.subsystem].into_iter().flatten().map(LitStr::value).collect();
        (!parts.is_empty()).then(|| parts.join("_"))
    }

    /// Returns `true` where a metric may break a rule.
    pub(super) fn allows(&self, metric: &Metric, rule: &str) -> bool {
        metric.allowed.contains(&rule) || self.allowed.contains(&rule)
    }

    /// The metrics, with their full names as far as this group knows.
    pub(super) fn metrics(&self) -> impl Iterator<Item = (String, &Metric)> {
        let prefix = self.prefix().map(|prefix| format!("{prefix}_")).unwrap_or_default();
        self.fields.iter().filter_map(move |field| match &field.content {
            Content::Metric(metric) => Some((format!("{prefix}{}", metric.name), &**metric)),
            Content::Nested(_) | Content::Skipped | Content::Broken => None,
        })
    }
}

impl Field {
    /// A field of a group that allows rules.
    fn new(cx: &Errors, raw: RawField<'_>, allowed: &[&str]) -> Self {
        let cfg =
            raw.field.attrs.iter().filter(|attribute| attribute.path().is_ident("cfg")).cloned().collect();
        let (member, kind) = (raw.member.clone(), raw.field.ty.clone());
        let nested = raw.arguments.flatten.key().is_some() || raw.arguments.nested.key().is_some();
        let content = if raw.arguments.skip.key().is_some() {
            Content::Skipped
        } else if nested {
            nested_content(cx, raw)
        } else {
            Metric::new(cx, raw, allowed).map_or(Content::Broken, |metric| Content::Metric(Box::new(metric)))
        };
        Self { member, kind, cfg, content }
    }
}

/// Refuses arguments that describe one metric on a whole group.
fn nested_content(cx: &Errors, raw: RawField<'_>) -> Content {
    let arguments = raw.arguments;
    let keys = [
        arguments.name.key(),
        arguments.renamed_from.key(),
        arguments.help.key(),
        arguments.unit.key(),
        arguments.labels.key(),
        arguments.buckets.key(),
        arguments.native.key(),
        arguments.quantiles.key(),
        arguments.window.key(),
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
    let kind = &raw.field.ty;
    let (group, when) = (kind::of_option(kind).unwrap_or(kind).clone(), arguments.when.take());
    Content::Nested(Box::new(Nested { part: arguments.nested.take(), group, when }))
}

impl Metric {
    /// The metric of a field; `None` where it has no name, which is said.
    fn new(cx: &Errors, raw: RawField<'_>, allowed: &[&str]) -> Option<Self> {
        let RawField { field, member, arguments } = raw;
        let kind = kind::of(&field.ty);
        let name = arguments.name.get();
        let (written, span) = match &member {
            Member::Named(ident) => (name_of_field(&ident.unraw().to_string(), kind), ident.span()),
            Member::Unnamed(_) if name.is_some() => (String::new(), field.ty.span()),
            Member::Unnamed(_) => {
                cx.error_on(
                    &field.ty,
                    "a field without a name says that of its metric: `#[metric(name = \"…\")]`",
                );
                return None;
            }
        };
        let help = arguments.help.get();
        let comment = || doc_comment::help(&field.attrs);
        let may_lack = || Some(String::new()).filter(|_| allows_no_help(arguments.allow.get(), allowed));
        let text = help.map(literal).or_else(comment).or_else(may_lack).unwrap_or_else(|| {
            let what = if written.is_empty() { "the metric".to_owned() } else { format!("`{written}`") };
            let message = format!("{what} has no help text: add a doc comment or `#[metric(help = \"…\")]`");
            cx.error_at(span, format!("{message} (or opt out: `allow(no_help)`)"));
            // Said already; an empty text would be said again.
            "missing".to_owned()
        });
        let path_key = arguments.buckets_path.key().cloned();
        let buckets_key = arguments.buckets.key().cloned();
        let native_key = arguments.native.key().cloned();
        let quantiles_key = arguments.quantiles.key().cloned();
        let window_key = arguments.window.key().cloned();
        Some(Self {
            kind,
            name: name
                .filter(|name| matches!(name, Text::Literal(_)))
                .map_or_else(|| written.clone(), literal),
            name_path: name.and_then(path),
            name_span: name.map_or(span, Text::span),
            help: text,
            help_path: help.and_then(path),
            help_span: help.map_or(span, Text::span),
            renamed_from: arguments.renamed_from.take(),
            unit: arguments.unit.take(),
            labels: arguments.labels.take().unwrap_or_default(),
            buckets: buckets_key.zip(arguments.buckets.take()),
            buckets_path: path_key.zip(arguments.buckets_path.take()),
            native: native_key.zip(arguments.native.take()),
            when: arguments.when.take(),
            quantiles: quantiles_key.zip(arguments.quantiles.take()),
            window: window_key.zip(arguments.window.take()),
            ttl: arguments.ttl.take(),
            allowed: arguments.allow.take().unwrap_or_default(),
        })
    }

    /// The field's part of the name, as an expression.
    pub(super) fn name_expression(&self) -> TokenStream {
        self.name_path.as_ref().map_or(self.name.to_token_stream(), ToTokens::to_token_stream)
    }

    /// The help text, as an expression.
    pub(super) fn help_expression(&self) -> TokenStream {
        self.help_path.as_ref().map_or(self.help.to_token_stream(), ToTokens::to_token_stream)
    }
}

/// The name that a field has unless one is given: that of an info ends in `_info`, and a `_` in front is for the compiler.
fn name_of_field(field: &str, kind: MetricType) -> String {
    match (kind, field.trim_start_matches('_')) {
        (MetricType::Info, fact) if fact == "info" || fact.ends_with("_info") => fact.to_owned(),
        (MetricType::Info, fact) if !fact.is_empty() => format!("{fact}_info"),
        _ => field.to_owned(),
    }
}

fn allows_no_help(own: Option<&Vec<&str>>, of_group: &[&str]) -> bool {
    own.into_iter().flatten().chain(of_group).any(|rule| *rule == Rule::NoHelp.name())
}

/// The text of a literal; only the compiler knows that of a constant.
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
