//! Metrics of one name in a group: one family, whose series constant labels tell apart.

use metrics_lint::Rule;
use syn::{Expr, ExprLit, Lit, LitStr, ext::IdentExt};

use super::{
    model::{Group, Metric},
    parse::ConstantLabel,
};
use crate::errors::Errors;

/// Returns `true` where another metric of the group has this one's name and labels may tell them apart.
pub(super) fn has_other_members(group: &Group, metric: &Metric) -> bool {
    let fits = |other: &Metric| {
        other.name_path.is_none() && other.name == metric.name && may_be_told_apart(metric, other)
    };
    let allows = |metric: &Metric| group.allows(metric, Rule::DuplicateName.name());
    let others = || group.metrics().any(|(_, other)| fits(other) && !allows(other));
    metric.name_path.is_none() && !allows(metric) && others()
}

/// Returns `true` where constant labels may tell two metrics apart. Only the compiler knows the rest, from the types.
pub(super) fn may_be_told_apart(one: &Metric, other: &Metric) -> bool {
    let differs = |label: &ConstantLabel, others: &Metric| {
        let name = label.name.unraw();
        let same = others.labels.iter().find(|other| other.name.unraw() == name);
        let texts = (literal(label), same.and_then(literal));
        !matches!(texts, (Some(text), Some(other)) if text.value() == other.value())
    };
    let has_other = |metric: &Metric, others: &Metric| {
        metric.labels.iter().any(|label| label.value.is_some() && differs(label, others))
    };
    has_other(one, other) || has_other(other, one)
}

/// The text of a label, where it is written.
fn literal(label: &ConstantLabel) -> Option<&LitStr> {
    match &label.value {
        Some(Expr::Lit(ExprLit { lit: Lit::Str(text), .. })) => Some(text),
        _ => None,
    }
}

/// Histograms of one family have the same buckets.
pub(super) fn check_buckets(cx: &Errors, name: &str, metric: &Metric, other: &Metric) {
    if let (Some((key, buckets)), Some((_, others))) = (&metric.buckets, &other.buckets)
        && buckets.bounds() != others.bounds()
    {
        let message = format!(
            "`{name}` is in this group already, and the buckets of a family are the same: write those"
        );
        cx.error_on(key, message);
    }
}
