//! Rules for the names of metrics and labels: Prometheus' grammar, `promtool check metrics`, `OpenMetrics`, and advice.
//!
//! The macros check literals by these rules. metrics-core checks constants at compile time and definitions at run time. Decisions
//! are `const` functions; messages are built by ordinary functions. Each [`Finding`] has the name of its rule, for `allow(…)`, and a
//! message with the remedy.
//!
//! ```
//! use metrics_lint::{MetricType, first_broken_rule, metric_name};
//!
//! let findings = metric_name("jobs", MetricType::Counter);
//! assert_eq!(findings[0].rule, "counter_total");
//! assert_eq!(findings[0].message, "a counter's name ends in `_total`, so write `jobs_total`");
//! const { assert!(first_broken_rule("jobs_total", MetricType::Counter, &[]).is_none()) };
//! ```

#![forbid(unsafe_code)]

mod advice;
mod clash;
mod finding;
mod grammar;
mod label;
mod metric_type;
mod rule;
mod style;
mod text;
mod unit;

pub use self::{
    advice::{
        MOST_SERIES, MOST_SERIES_WITHOUT_ADVICE, advice_on_label, advice_on_name, in_name, is_in_name,
        no_namespace,
    },
    clash::{clash, clashes},
    finding::{Finding, help},
    grammar::{is_legal, name_part},
    label::{label_name, reserved_label},
    metric_type::MetricType,
    rule::{RULES, Rule},
    style::{first_broken_rule, metric_name},
    text::{ends_with, listed},
    unit::{fits_unit, ratio_range, seconds, unit},
};

#[cfg(test)]
mod tests;
