//! `promtool check metrics` as a function, by the rules that the macros check by.

use std::fmt;

use crate::{
    descriptor::{Descriptor, Location},
    lint::{self as rules, Finding},
    registry::Registry,
};

/// A rule that a metric breaks.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Problem {
    /// The metric.
    pub metric: String,
    /// The name of the rule, by which macros allow it; empty for the grammar.
    pub rule: &'static str,
    /// What is wrong and what to write instead.
    pub message: String,
    /// Where the metric was declared.
    pub location: Location,
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "`{}` declared at {}: {}", self.metric, self.location, self.message)
    }
}

/// What `promtool check metrics` and the macros have to say about a registry's own metrics, also about those that were
/// defined at run time.
///
/// ```
/// use metrics_core::{Counter, Definition, Registry, testing::lint};
///
/// let registry = Registry::new();
/// let _jobs: Counter = registry.register(&Definition::new("jobs", "Jobs."))?;
/// let problems = lint(&registry);
/// assert_eq!(problems[0].message, "a counter's name ends in `_total`, so write `jobs_total`");
/// # Ok::<(), metrics_core::RegistrationError>(())
/// ```
pub fn lint(registry: &Registry) -> Vec<Problem> {
    registry.declare();
    let sets = registry.definitions();
    let ours = sets.iter().flat_map(|set| of_metric(set.descriptor()));
    let fields = registry.foreign_fields();
    let mut problems: Vec<Problem> =
        ours.chain(fields.iter().flat_map(|field| of_metric(&field.descriptor))).collect();
    // Instances of one metric have its problems together.
    problems.dedup();
    problems
}

fn of_metric(descriptor: &Descriptor) -> Vec<Problem> {
    let name = descriptor.name.as_str();
    let mut findings = rules::metric_name(name, descriptor.kind.of_name());
    findings.extend(rules::help(&descriptor.help));
    findings.extend(descriptor.unit.and_then(|unit| rules::unit(name, unit)));
    findings.extend(descriptor.labels.iter().flat_map(|label| rules::label_name(label.name())));
    let problem = |Finding { rule, message }| Problem {
        metric: name.to_owned(),
        rule,
        message,
        location: descriptor.location,
    };
    findings.into_iter().map(problem).collect()
}
