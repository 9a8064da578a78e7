//! `promtool check metrics` as a function, with the rules of the macros.

use std::fmt;

use metrics_lint::{self as rules, Finding, MOST_SERIES_WITHOUT_ADVICE, Rule};

use crate::{
    label::Dimension,
    model::{Descriptor, Label, Location},
    registry::Registry,
};

/// Severity of a [`Problem`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Severity {
    /// Refused by `promtool check metrics` or the macros.
    Error,
    /// Legal, and usually a mistake. The macros warn about it, so `lint` gives it for definitions made at run time only.
    Advice,
}

/// A rule that a metric breaks.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Problem {
    /// Name of the metric.
    pub metric: String,
    /// Severity of the problem.
    pub severity: Severity,
    /// Name of the rule for `allow(…)`; empty for the grammar, which cannot be allowed.
    pub rule: &'static str,
    /// Description of the problem and of its remedy.
    pub message: String,
    /// Place of declaration of the metric.
    pub location: Location,
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let advice = if self.severity == Severity::Advice { "advice: " } else { "" };
        write!(f, "`{}` declared at {}: {advice}{}", self.metric, self.location, self.message)
    }
}

/// Checks a registry's metrics by the rules of `promtool check metrics` and of the macros, those defined at run time included.
/// Metrics of the `prometheus` crate are checked if they are fields of groups.
///
/// ```
/// use metrics_core::{Counter, Definition, Registry, testing::{Severity, lint}};
///
/// let registry = Registry::new();
/// let _jobs: Counter = registry.register(&Definition::new("jobs", "Jobs."))?;
/// let problems = lint(&registry);
/// assert_eq!(problems[0].message, "a counter's name ends in `_total`, so write `jobs_total`");
/// assert_eq!(problems[0].severity, Severity::Error);
///
/// let by_type = Definition::new("mails_total", "Mails.").label("type", "news");
/// let _mails: Counter = registry.register(&by_type)?;
/// let advice: Vec<_> = lint(&registry).into_iter().filter(|found| found.severity == Severity::Advice).collect();
/// assert_eq!(advice.len(), 1);
/// assert_eq!((advice[0].metric.as_str(), advice[0].rule), ("mails_total", "label_type"));
/// # Ok::<(), metrics_core::RegistrationError>(())
/// ```
pub fn lint(registry: &Registry) -> Vec<Problem> {
    registry.declare();
    let sets = registry.definitions();
    let ours = sets.iter().flat_map(|set| of_metric(set.descriptor()));
    let fields = registry.foreign_fields().snapshot();
    let mut problems: Vec<Problem> =
        ours.chain(fields.iter().flat_map(|field| of_metric(&field.descriptor))).collect();
    // Definitions of one family repeat its problems.
    problems.dedup();
    problems
}

fn of_metric(descriptor: &Descriptor) -> Vec<Problem> {
    let name = descriptor.name.as_str();
    let mut findings = rules::metric_name(name, descriptor.metric_type.lint_type());
    findings.extend(rules::help(&descriptor.help));
    findings.extend(descriptor.unit.and_then(|unit| rules::unit(name, unit)));
    findings.extend(descriptor.labels.iter().flat_map(|label| rules::label_name(label.name())));
    let problem = |severity| {
        move |Finding { rule, message }: Finding| Problem {
            metric: name.to_owned(),
            severity,
            rule,
            message,
            location: descriptor.location,
        }
    };
    let errors = findings.into_iter().map(problem(Severity::Error));
    errors.chain(advice(descriptor).into_iter().map(problem(Severity::Advice))).collect()
}

/// Returns advice on a definition made at run time. The macros give theirs at compile time, when `allow(…)` is known.
fn advice(descriptor: &Descriptor) -> Vec<Finding> {
    if !descriptor.module.is_empty() {
        return Vec::new();
    }
    let mut findings = rules::advice_on_name(&descriptor.name);
    for label in &descriptor.labels {
        let constant = matches!(label, Label::Constant { .. });
        findings.extend(rules::advice_on_label(label.name(), constant));
        if rules::is_in_name(&descriptor.name, label.name()) {
            findings.push(Finding::new(Rule::LabelInName, rules::in_name(label.name())));
        }
    }
    findings.extend(many_series(&descriptor.dimensions()));
    findings
}

fn many_series(dimensions: &[Dimension]) -> Option<Finding> {
    let series: usize = dimensions.iter().map(Dimension::size).product();
    let finite = dimensions.iter().all(|dimension| dimension.limit().is_none());
    (finite && series > MOST_SERIES_WITHOUT_ADVICE).then(|| {
        let message =
            format!("the labels make {series} series, all of them there from the start: take one away");
        Finding::new(Rule::ManySeries, message)
    })
}
