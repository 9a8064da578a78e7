//! What the attributes of a function mean.

use metrics_lint::Rule;
use proc_macro2::{Ident, Span};
use quote::{ToTokens, quote};
use syn::{Expr, Generics, LitBool, LitStr, Path, Signature, ext::IdentExt, spanned::Spanned};

use super::{
    Attribute,
    dimensions::{Dimension, Dimensions},
    future::{self, Around},
    idents::Idents,
    label::RawLabel,
    objective::Objective,
    parse::{Arguments, Ending, RawAttribute},
    signature::{self, Returns},
};
use crate::{
    attr::Text,
    buckets::Buckets,
    ctxt::Ctxt,
    docs,
    item_fn::{Body, ItemFn},
    krate,
    native::Native,
};

/// A function with attributes: one site, whatever their number.
pub(crate) struct Site {
    pub(crate) krate: Path,
    /// The label `function`.
    pub(crate) function: String,
    pub(crate) metrics: Vec<Metric>,
    /// The labels that a call computes: those from arguments, then those from the returned value.
    pub(crate) dimensions: Vec<Dimension>,
    /// How many of them come from arguments.
    pub(crate) arguments: usize,
    /// How the ending is told from the returned value, where an instrument asks for it.
    pub(crate) decision: Decision,
    pub(crate) objective: Option<Objective>,
    /// The registry of `registry = PATH`.
    pub(crate) registry: Option<Expr>,
    /// Whether the function's documentation lists its metrics.
    pub(crate) documented: bool,
    /// Attributes that the compiler has not seen, and whose imports are in use all the same.
    pub(crate) taken: Vec<Path>,
    /// Whether it is a method of an annotated `impl`.
    pub(crate) in_impl: bool,
    pub(crate) item: ItemFn,
    /// The signature and the body of what is the call, and what of the function is around it.
    pub(crate) signature: Signature,
    pub(crate) body: Body,
    pub(crate) around: Around,
    pub(crate) idents: Idents,
}

/// One metric of a function.
pub(crate) struct Metric {
    pub(crate) kind: Kind,
    pub(crate) attribute: Attribute,
    pub(crate) span: Span,
    pub(crate) family: Family,
    pub(crate) only: Option<Ending>,
    pub(crate) buckets: Option<Bounds>,
    pub(crate) native: Option<Native>,
    pub(crate) allowed: Vec<&'static str>,
}

/// What a metric of a function records.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    Calls,
    Duration,
    InFlight,
}

/// The bounds of a histogram's buckets.
#[derive(Clone)]
pub(crate) enum Bounds {
    /// Written out.
    Listed(Buckets),
    /// A constant.
    Constant(Path),
}

/// The family of a metric.
pub(crate) enum Family {
    /// The one that functions without a name share.
    Default,
    /// The function's own.
    Own { name: Text, help: Text, labels: Vec<Label> },
}

/// A label of a function's own family.
pub(crate) struct Label {
    pub(crate) name: Ident,
    pub(crate) value: LabelValue,
}

/// Where a label's value comes from.
pub(crate) enum LabelValue {
    Ending,
    Constant(Text),
    /// A dimension of the site that comes from arguments.
    Argument(usize),
    /// A dimension of the site that comes from the returned value, counted from the first of these.
    Returned(usize),
}

/// How the ending is told.
pub(crate) enum Decision {
    /// Nothing asks.
    Unasked,
    /// A function that returns has not failed.
    AlwaysOk,
    /// The value's type tells.
    Probe,
    ErrorIf(Expr),
    OkIf(Expr),
}

/// What the function is a part of.
#[derive(Clone, Copy, Default)]
pub(crate) struct Context<'a> {
    /// The type of an annotated `impl`.
    pub(crate) type_name: Option<&'a str>,
    pub(crate) generics: Option<&'a Generics>,
    pub(crate) krate: Option<&'a LitStr>,
    pub(crate) registry: Option<&'a Expr>,
    pub(crate) docs: Option<&'a LitBool>,
}

impl Site {
    /// Makes the model of a function from the attributes on it.
    pub(crate) fn new(
        cx: &Ctxt,
        attributes: Vec<RawAttribute>,
        item: ItemFn,
        context: Context<'_>,
    ) -> Option<Self> {
        let mut whole = Whole::default();
        let mut metrics = Vec::new();
        let mut dimensions = Dimensions::default();
        let comment = docs::help(&item.attributes);
        let mut paths = Vec::new();
        for RawAttribute { attribute, span, taken, arguments } in attributes {
            paths.extend(taken);
            whole.merge(cx, &arguments);
            for kind in attribute.kinds() {
                metrics.push(Draft::new(cx, *kind, attribute, span, &arguments, comment.as_deref()));
            }
            if let (Some(labels), Some(draft)) = (arguments.labels.take(), metrics.last_mut()) {
                draft.labels = labels;
            }
        }
        let (mut signature, body, around) = future::call_of(&item);
        // Questions about types are the same for generics of either.
        signature
            .generics
            .params
            .extend(context.generics.into_iter().flat_map(|of_impl| of_impl.params.clone()));
        let metrics: Vec<Metric> =
            metrics.into_iter().map(|draft| draft.finish(cx, &mut dimensions, &signature)).collect();
        let asked = metrics.iter().any(Metric::asks_for_ending) || !dimensions.returned.is_empty();
        let function = whole.function_name(&item, context);
        let krate = cx.ok(krate::path(whole.krate.as_ref().or(context.krate)))?;
        let objective = whole.objective.take();
        let registry = whole.registry.take().or_else(|| context.registry.cloned());
        let documented = whole.docs.as_ref().or(context.docs).is_none_or(|docs| docs.value);
        let decision = if asked { whole.decision(&signature) } else { Decision::Unasked };
        let (arguments, dimensions) = dimensions.ordered();
        let expressions = dimensions.iter().map(|dimension| &dimension.value);
        let idents = Idents::apart_from(quote!(#item #(#expressions)*));
        Some(Self {
            krate,
            function,
            metrics,
            dimensions,
            arguments,
            decision,
            objective,
            registry,
            documented,
            taken: paths,
            in_impl: context.type_name.is_some(),
            item,
            signature,
            body,
            around,
            idents,
        })
    }
}

/// Arguments that are about the function, not about one metric.
#[derive(Default)]
struct Whole {
    error_if: Option<Expr>,
    ok_if: Option<Expr>,
    function: Option<LitStr>,
    krate: Option<LitStr>,
    registry: Option<Expr>,
    docs: Option<LitBool>,
    objective: Option<Objective>,
}

impl Whole {
    fn merge(&mut self, cx: &Ctxt, from: &Arguments) {
        merge(cx, &mut self.error_if, from.error_if.get(), from.error_if.key());
        merge(cx, &mut self.ok_if, from.ok_if.get(), from.ok_if.key());
        merge(cx, &mut self.function, from.function.get(), from.function.key());
        merge(cx, &mut self.krate, from.krate.get(), from.krate.key());
        merge(cx, &mut self.registry, from.registry.get(), from.registry.key());
        merge(cx, &mut self.docs, from.docs.get(), from.docs.key());
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

    fn function_name(&self, item: &ItemFn, context: Context<'_>) -> String {
        let own = item.signature.ident.unraw().to_string();
        match (&self.function, context.type_name) {
            (Some(name), _) => name.value(),
            (None, Some(type_name)) => format!("{type_name}::{own}"),
            (None, None) => own,
        }
    }

    fn decision(self, signature: &Signature) -> Decision {
        match (self.error_if, self.ok_if) {
            (Some(closure), _) => Decision::ErrorIf(closure),
            (None, Some(closure)) => Decision::OkIf(closure),
            (None, None) => match signature::returns(signature) {
                Returns::Plain | Returns::Never => Decision::AlwaysOk,
                Returns::Unknown => Decision::Probe,
            },
        }
    }
}

/// One value for the whole function: the same one may be repeated on each attribute.
fn merge<T: Clone + ToTokens>(cx: &Ctxt, to: &mut Option<T>, from: Option<&T>, key: Option<&Ident>) {
    let (Some(value), Some(key)) = (from, key) else { return };
    match to {
        None => *to = Some(value.clone()),
        Some(first) if first.to_token_stream().to_string() == value.to_token_stream().to_string() => {}
        Some(_) => {
            cx.error_on(key, format!("`{key}` is about the whole function, so write it on one attribute"));
        }
    }
}

/// A metric whose labels are not placed yet.
struct Draft {
    metric: Metric,
    labels: Vec<RawLabel>,
}

impl Draft {
    fn new(
        cx: &Ctxt,
        kind: Kind,
        attribute: Attribute,
        span: Span,
        arguments: &Arguments,
        comment: Option<&str>,
    ) -> Self {
        let family = match arguments.name.get() {
            Some(name) => Family::Own {
                name: name.clone(),
                help: help(cx, name, arguments, comment),
                labels: Vec::new(),
            },
            None => default_family(cx, attribute, arguments),
        };
        let metric = Metric {
            kind,
            attribute,
            span,
            family,
            only: arguments.only.get().copied(),
            buckets: bounds(cx, arguments),
            native: native(cx, arguments),
            allowed: arguments.allow.get().cloned().unwrap_or_default(),
        };
        Self { metric, labels: Vec::new() }
    }

    fn finish(mut self, cx: &Ctxt, dimensions: &mut Dimensions, signature: &Signature) -> Metric {
        let placed = self.labels.into_iter().map(|label| dimensions.place(cx, label, signature)).collect();
        if let Family::Own { labels, .. } = &mut self.metric.family {
            *labels = placed;
        }
        self.metric
    }
}

/// With native buckets alone there are no others.
fn native(cx: &Ctxt, arguments: &Arguments) -> Option<Native> {
    let native = arguments.native.get().copied();
    if let (Some(Native::Only), Some(key)) = (native, arguments.buckets.key().or(arguments.bounds.key())) {
        cx.error_on(key, format!("`native(only)` has no other buckets: write `native`, or remove `{key}`"));
    }
    native
}

fn bounds(cx: &Ctxt, arguments: &Arguments) -> Option<Bounds> {
    if let (Some(first), Some(key)) = (arguments.buckets.key(), arguments.bounds.key()) {
        cx.error_on(key, format!("the buckets are given twice, keep this or `{first}`"));
    }
    let constant = arguments.bounds.get().cloned().map(Bounds::Constant);
    arguments.buckets.get().cloned().map(Bounds::Listed).or(constant)
}

fn help(cx: &Ctxt, name: &Text, arguments: &Arguments, comment: Option<&str>) -> Text {
    let text = |text: &str| Text::Literal(LitStr::new(text, name.span()));
    let given = arguments.help.get().cloned().or_else(|| comment.map(text));
    let may_lack = arguments.allow.get().is_some_and(|allowed| allowed.contains(&Rule::NoHelp.name()));
    given.or_else(|| may_lack.then(|| text(""))).unwrap_or_else(|| {
        let message = format!(
            "the metric `{}` has no help text: add a doc comment to the function or `help = \"…\"` \
             (or opt out: `allow = no_help`)",
            name.shown()
        );
        cx.error_on(name, message);
        // Said already; an empty text would be said again.
        text("missing")
    })
}

/// The default families are shared by all functions, so nothing that describes a family can be given with them.
fn default_family(cx: &Ctxt, attribute: Attribute, arguments: &Arguments) -> Family {
    let keys = [
        arguments.help.key(),
        arguments.labels.key(),
        arguments.buckets.key(),
        arguments.native.key(),
        arguments.bounds.key(),
        arguments.allow.key(),
    ];
    for key in keys.into_iter().flatten() {
        let message = format!(
            "`{key}` needs a `name`: without one `{}` uses the family that all functions share",
            attribute.written()
        );
        cx.error_on(key, message);
    }
    Family::Default
}

impl Metric {
    /// Whether every ending is recorded, and told by the label `result`.
    pub(crate) fn has_every_ending(&self) -> bool {
        self.only.is_none()
            && match &self.family {
                Family::Default => self.kind == Kind::Calls,
                Family::Own { labels, .. } => {
                    labels.iter().any(|label| matches!(label.value, LabelValue::Ending))
                }
            }
    }

    fn asks_for_ending(&self) -> bool {
        match &self.family {
            Family::Default => self.kind == Kind::Calls || self.only.is_some(),
            Family::Own { labels, .. } => {
                self.only.is_some() || labels.iter().any(|label| matches!(label.value, LabelValue::Ending))
            }
        }
    }
}
