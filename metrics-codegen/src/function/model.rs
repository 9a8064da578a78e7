//! The meaning of the attributes on a function.

use metrics_lint::Rule;
use proc_macro2::{Ident, Span};
use quote::quote;
use syn::{Expr, Generics, LitBool, LitStr, Path, Signature, ext::IdentExt, spanned::Spanned};

use super::{
    body_wrapper::{self, BodyWrapper},
    kind::{Attribute, InstrumentKind, Outcome},
    label::Moment,
    label_table::{ComputedLabel, LabelTable, LabelValue, MetricLabel},
    objective::{Objective, ObjectiveValue},
    parse::{Arguments, FunctionArguments, WrittenAttribute},
    types::{self, Fallibility},
    words::{FreshIdents, fresh_idents},
};
use crate::{
    attr::Text,
    buckets::Buckets,
    crate_path, doc_comment,
    errors::Errors,
    item::{Body, ItemFn},
    native::Native,
    symbol::RESULT,
};

/// A function with its attributes: one call site, whatever their number.
pub(crate) struct AnnotatedFunction {
    pub(crate) krate: Path,
    /// The label `function`.
    pub(crate) name: String,
    /// Set where `function = "…"` gives that label.
    pub(crate) is_named: bool,
    pub(crate) metrics: Vec<Metric>,
    /// The labels that a call computes: those of its start, then those of its end.
    pub(crate) labels: Vec<ComputedLabel>,
    /// The number of labels that a call computes at its start.
    pub(crate) labels_at_start: usize,
    pub(crate) outcome_test: OutcomeTest,
    pub(crate) objective: Option<Objective>,
    /// The registry of `registry = PATH`.
    pub(crate) registry: Option<Expr>,
    /// Set where the function's documentation lists its metrics.
    pub(crate) is_documented: bool,
    /// Attributes that the compiler has not seen, whose imports are in use all the same.
    pub(crate) unseen_paths: Vec<Path>,
    /// Set for a method of an annotated `impl`.
    pub(crate) is_in_impl: bool,
    pub(crate) item: ItemFn,
    /// The signature and the body of the call, and the code around it.
    pub(crate) signature: Signature,
    pub(crate) body: Body,
    pub(crate) wrapper: BodyWrapper,
    pub(crate) idents: FreshIdents,
}

/// One metric of a function.
pub(crate) struct Metric {
    pub(crate) kind: InstrumentKind,
    pub(crate) attribute: Attribute,
    pub(crate) span: Span,
    pub(crate) family: Family,
    pub(crate) renamed_from: Option<LitStr>,
    pub(crate) only: Option<Outcome>,
    pub(crate) buckets: Option<BucketBounds>,
    pub(crate) native: Option<Native>,
    pub(crate) allowed: Vec<&'static str>,
}

/// The bounds of a histogram's buckets.
#[derive(Clone)]
pub(crate) enum BucketBounds {
    Listed(Buckets),
    Constant(Path),
}

/// The family of a metric.
pub(crate) enum Family {
    /// The family that functions without a `name` share.
    Shared,
    /// A family of the function's own.
    Own { name: Text, help: Text, labels: Vec<MetricLabel> },
}

/// The test that tells an error from a success.
pub(crate) enum OutcomeTest {
    /// No instrument records the outcome.
    NotNeeded,
    /// A function that returns has not failed.
    AlwaysOk,
    /// The value's type decides.
    Probe,
    ErrorIf(Expr),
    OkIf(Expr),
}

/// The surroundings of a function.
#[derive(Clone, Copy, Default)]
pub(crate) struct Context<'a> {
    /// The type of an annotated `impl`.
    pub(crate) type_name: Option<&'a str>,
    pub(crate) generics: Option<&'a Generics>,
    pub(crate) krate: Option<&'a LitStr>,
    pub(crate) registry: Option<&'a Expr>,
    pub(crate) docs: Option<&'a LitBool>,
}

impl AnnotatedFunction {
    /// Makes the model of a function from its attributes.
    pub(crate) fn new(
        cx: &Errors,
        attributes: Vec<WrittenAttribute>,
        mut item: ItemFn,
        context: Context<'_>,
    ) -> Option<Self> {
        let (mut signature, body, wrapper) = body_wrapper::split_call(&item);
        // Generics of the `impl` make the same types unknown as those of the function.
        signature.generics.params.extend(context.generics.into_iter().flat_map(|of| of.params.clone()));
        let comment = doc_comment::help(&item.attributes);
        let mut whole = FunctionArguments::default();
        let mut metrics = Vec::new();
        let mut labels = LabelTable::default();
        let mut unseen_paths = Vec::new();
        for WrittenAttribute { attribute, span, unseen_path, arguments } in attributes {
            unseen_paths.extend(unseen_path);
            whole.merge(cx, &arguments);
            for kind in attribute.instruments() {
                metrics.push(Metric::new(cx, *kind, attribute, span, &arguments, comment.as_deref()));
            }
            let written = arguments.labels.take().into_iter().flatten();
            let placed: Vec<_> = written.map(|label| labels.place(cx, label, &signature)).collect();
            if let Some(Metric { family: Family::Own { labels, .. }, .. }) = metrics.last_mut() {
                *labels = placed;
            }
        }
        item.allow_hidden_lints();
        let krate = cx.ok(crate_path::path(whole.krate.as_ref().or(context.krate)))?;
        let needs_outcome = metrics.iter().any(Metric::records_outcome) || labels.has_labels_at_end();
        let outcome_test =
            if needs_outcome { whole.outcome_test(&signature) } else { OutcomeTest::NotNeeded };
        let (labels_at_start, labels) = labels.ordered();
        let expressions = labels.iter().map(|label| &label.source);
        Some(Self {
            krate,
            name: whole.name(&item, context),
            is_named: whole.function.is_some(),
            metrics,
            labels_at_start,
            outcome_test,
            objective: whole.objective,
            registry: whole.registry.or_else(|| context.registry.cloned()),
            is_documented: whole.docs.as_ref().or(context.docs).is_none_or(|docs| docs.value),
            unseen_paths,
            is_in_impl: context.type_name.is_some(),
            idents: fresh_idents(quote!(#item #(#expressions)*)),
            labels,
            item,
            signature,
            body,
            wrapper,
        })
    }

    /// Removes a method's own `#[counted]` without a name, which repeats the `impl`'s attribute, except for its `only`.
    pub(crate) fn remove_repeated_defaults(&mut self) {
        let mut seen = Vec::new();
        self.metrics.retain(|metric| match metric.family {
            Family::Own { .. } => true,
            Family::Shared if seen.contains(&metric.kind) => false,
            Family::Shared => {
                seen.push(metric.kind);
                true
            }
        });
    }

    /// The index of a label among the computed labels of the function.
    pub(crate) const fn label_index(&self, moment: Moment, index: usize) -> usize {
        match moment {
            Moment::Start => index,
            Moment::End => self.labels_at_start + index,
        }
    }

    /// The metric that gives the objective's share of successes: one with every outcome in the label `result`.
    pub(crate) fn success_metric(&self) -> Option<usize> {
        let of =
            |kind| self.metrics.iter().position(|metric| metric.kind == kind && metric.has_every_outcome());
        of(InstrumentKind::Calls).or_else(|| of(InstrumentKind::Duration))
    }

    /// The histogram that has the objective's latency as a bound.
    pub(crate) fn latency_metric(&self) -> Option<usize> {
        match &self.objective.as_ref()?.value {
            ObjectiveValue::Listed { latency, .. } => {
                let latency = latency.as_ref()?;
                self.metrics.iter().position(|metric| metric.may_have_bound(latency.seconds))
            }
            ObjectiveValue::Constant(_) => self.metrics.iter().position(Metric::times_successes),
        }
    }

    /// The objective, where the metric at this index judges it.
    pub(crate) fn objective_at(&self, index: usize) -> Option<&Objective> {
        let judges = self.success_metric() == Some(index) || self.latency_metric() == Some(index);
        self.objective.as_ref().filter(|_| judges)
    }
}

impl FunctionArguments {
    fn name(&self, item: &ItemFn, context: Context<'_>) -> String {
        let own = item.signature.ident.unraw().to_string();
        match (&self.function, context.type_name) {
            (Some(name), _) => name.value(),
            (None, Some(type_name)) => format!("{type_name}::{own}"),
            (None, None) => own,
        }
    }

    fn outcome_test(&mut self, signature: &Signature) -> OutcomeTest {
        match (self.error_if.take(), self.ok_if.take()) {
            (Some(closure), _) => OutcomeTest::ErrorIf(closure),
            (None, Some(closure)) => OutcomeTest::OkIf(closure),
            (None, None) => match types::fallibility(signature) {
                Fallibility::Infallible | Fallibility::Diverges => OutcomeTest::AlwaysOk,
                Fallibility::Unknown => OutcomeTest::Probe,
            },
        }
    }
}

impl Metric {
    fn new(
        cx: &Errors,
        kind: InstrumentKind,
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
            None => shared_family(cx, attribute, arguments),
        };
        Self {
            kind,
            attribute,
            span,
            family,
            renamed_from: arguments.renamed_from.get().cloned(),
            only: arguments.only.get().copied(),
            buckets: bucket_bounds(cx, arguments),
            native: native(cx, arguments),
            allowed: arguments.allow.get().cloned().unwrap_or_default(),
        }
    }

    /// Returns `true` where every outcome is recorded, each under its own label `result`.
    pub(crate) fn has_every_outcome(&self) -> bool {
        self.only.is_none() && self.has_outcome_label(|name| name == RESULT)
    }

    fn records_outcome(&self) -> bool {
        self.only.is_some() || self.has_outcome_label(|_| true)
    }

    fn has_outcome_label(&self, is_named: impl Fn(&Ident) -> bool) -> bool {
        match &self.family {
            Family::Shared => self.kind == InstrumentKind::Calls,
            Family::Own { labels, .. } => {
                labels.iter().any(|label| matches!(label.value, LabelValue::Outcome) && is_named(&label.name))
            }
        }
    }

    /// The bounds of the buckets; `None` for those of a constant and of the program, which the macro cannot see.
    pub(crate) fn visible_bounds(&self) -> Option<&[f64]> {
        match &self.buckets {
            _ if self.native == Some(Native::Only) => Some(&[]),
            Some(BucketBounds::Listed(listed)) => Some(listed.bounds()),
            Some(BucketBounds::Constant(_)) | None => None,
        }
    }

    /// Returns `true` for a histogram of successes.
    pub(crate) fn times_successes(&self) -> bool {
        self.kind == InstrumentKind::Duration && self.only.is_none_or(|only| only == Outcome::Ok)
    }

    /// Returns `true` for a histogram of successes that has this bound, as far as its bounds are visible.
    pub(crate) fn may_have_bound(&self, seconds: f64) -> bool {
        self.times_successes()
            && self
                .visible_bounds()
                .is_none_or(|bounds| bounds.iter().any(|bound| bound.to_bits() == seconds.to_bits()))
    }
}

fn native(cx: &Errors, arguments: &Arguments) -> Option<Native> {
    let native = arguments.native.get().copied();
    if let (Some(Native::Only), Some(key)) = (native, arguments.buckets.key().or(arguments.bounds.key())) {
        cx.error_on(key, format!("`native(only)` has no other buckets: write `native`, or remove `{key}`"));
    }
    native
}

fn bucket_bounds(cx: &Errors, arguments: &Arguments) -> Option<BucketBounds> {
    if let (Some(first), Some(key)) = (arguments.buckets.key(), arguments.bounds.key()) {
        cx.error_on(key, format!("the buckets are given twice, keep this or `{first}`"));
    }
    let constant = arguments.bounds.get().cloned().map(BucketBounds::Constant);
    arguments.buckets.get().cloned().map(BucketBounds::Listed).or(constant)
}

fn help(cx: &Errors, name: &Text, arguments: &Arguments, comment: Option<&str>) -> Text {
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
        // An empty text would be reported once more.
        text("missing")
    })
}

/// Refuses arguments that describe a family: all functions without a `name` share this one.
fn shared_family(cx: &Errors, attribute: Attribute, arguments: &Arguments) -> Family {
    let keys = [
        arguments.renamed_from.key(),
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
    Family::Shared
}
