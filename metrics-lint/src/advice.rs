//! Advice: names that are legal and usually a mistake. The macros warn about them.

use crate::{
    finding::Finding,
    rule::Rule,
    text::{has_words, listed},
};

/// Labels that a Prometheus server adds to its targets, or that belong there.
const TARGET_LABELS: [&str; 15] = [
    "job",
    "instance",
    "region",
    "zone",
    "cluster",
    "az",
    "dc",
    "env",
    "environment",
    "service",
    "team",
    "owner",
    "customer",
    "stage",
    "datacenter",
];

/// Labels whose values have no bound, or a very large one.
const ID_LABELS: [&str; 12] = [
    "user_id",
    "email",
    "path",
    "url",
    "ip",
    "uuid",
    "session",
    "session_id",
    "request_id",
    "trace_id",
    "span_id",
    "ip_address",
];

/// Words that say nothing about the measured quantity.
const NOISE_WORDS: [&str; 5] = ["metric", "timer", "stats", "counter", "prometheus"];

/// Largest number of initial series of a family without `allow(label_product)`.
pub const MOST_SERIES: usize = 1000;

/// Largest number of initial series of a family without advice.
pub const MOST_SERIES_WITHOUT_ADVICE: usize = 100;

/// Returns advice on a metric's name.
pub fn advice_on_name(name: &str) -> Vec<Finding> {
    let mut advice = Vec::new();
    // The type in a name is an error, except as the first word.
    let says_nothing = |word: &&str| match *word {
        "counter" => name.split('_').next() == Some("counter"),
        word => has_words(name, word),
    };
    if let Some(word) = NOISE_WORDS.into_iter().find(says_nothing) {
        let message = format!("`{word}` says nothing about what is measured, so leave it out of `{name}`");
        advice.push(Finding::new(Rule::NoiseWord, message));
    }
    if name.starts_with("scrape_") {
        let message = "Prometheus' own series start with `scrape_`, so call this something else".to_owned();
        advice.push(Finding::new(Rule::ScrapePrefix, message));
    }
    advice
}

/// Returns advice on a label's name; `constant` is true for a label with one value.
///
/// A variable `region` is not that of the target, so it is not advised against.
pub fn advice_on_label(label: &str, constant: bool) -> Vec<Finding> {
    let mut advice = Vec::new();
    if listed(label, &TARGET_LABELS) && (constant || label != "region") {
        let message = if constant {
            format!("`{label}` describes the whole process, so it belongs into the scrape configuration")
        } else {
            format!(
                "Prometheus adds a label `{label}` to its targets and renames this one to `exported_{label}`, so call it something else"
            )
        };
        advice.push(Finding::new(Rule::TargetLabel, message));
    }
    if label == "type" {
        let message = "`type` does not say of what, so call the label `match_type` or the like".to_owned();
        advice.push(Finding::new(Rule::LabelType, message));
    }
    if !constant && listed(label, &ID_LABELS) {
        let message = format!(
            "`{label}` has as many values as there are users or requests, and each is a series: write it to a log or a trace"
        );
        advice.push(Finding::new(Rule::IdLabel, message));
    }
    advice
}

/// Returns whether a metric's name contains the name of a label.
#[must_use]
pub const fn is_in_name(metric: &str, label: &str) -> bool {
    has_words(metric, label)
}

/// Returns the message about a label whose name is part of the metric's name.
#[must_use]
pub fn in_name(label: &str) -> String {
    format!("`{label}` is part of the metric's name already: remove it from one of them")
}

/// Returns the advice on a group without a namespace.
pub fn no_namespace() -> Finding {
    let message = "without a namespace the names of this group may be those of another library: write \
                   `#[metrics(namespace = \"…\")]`, or `global = false` for a group that only stands inside others";
    Finding::new(Rule::NoNamespace, message.to_owned())
}
