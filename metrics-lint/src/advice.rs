//! Advice: names that are legal and mostly a mistake. The macros warn of them.

use crate::{
    finding::Finding,
    rule::Rule,
    text::{has_words, listed},
};

/// Labels that a Prometheus server puts on its targets, or that belong there.
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

/// Labels whose values have no bound, or a very high one.
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

/// Words that say nothing about what is measured.
const NOISE_WORDS: [&str; 5] = ["metric", "timer", "stats", "counter", "prometheus"];

/// The number of series at the start above which a family needs `allow(label_product)`.
pub const MOST_SERIES: usize = 1000;

/// The number of series at the start above which a family gets advice.
pub const MOST_SERIES_WITHOUT_ADVICE: usize = 100;

/// Gives advice on a metric's name.
pub fn advice_on_name(name: &str) -> Vec<Finding> {
    let mut advice = Vec::new();
    // A type in the name is an error except in its first word.
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

/// Gives advice on a label's name; `constant` where it has one value.
///
/// A `region` that varies is not that of the target.
pub fn advice_on_label(label: &str, constant: bool) -> Vec<Finding> {
    let mut advice = Vec::new();
    if listed(label, &TARGET_LABELS) && (constant || label != "region") {
        let message = if constant {
            format!("`{label}` is said of a whole process, so it belongs into the scrape configuration")
        } else {
            format!(
                "Prometheus puts a label `{label}` on what it scrapes and renames this one to `exported_{label}`, so call it something else"
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

/// Returns `true` where a label's name stands in the metric's.
#[must_use]
pub const fn is_in_name(metric: &str, label: &str) -> bool {
    has_words(metric, label)
}

/// The message about a label whose name stands in the metric's.
#[must_use]
pub fn in_name(label: &str) -> String {
    format!("`{label}` stands in the name of the metric already: take it out of one of them")
}

/// The advice on a group without a namespace.
pub fn no_namespace() -> Finding {
    let message = "without a namespace the names of this group may be those of another library: write \
                   `#[metrics(namespace = \"…\")]`, or `global = false` for a group that only stands inside others";
    Finding::new(Rule::NoNamespace, message.to_owned())
}
