//! Rules for a metric's name: those of `promtool check metrics`, and further ones of the same sort.

use crate::{
    finding::Finding,
    grammar::{grammar, is_legal},
    metric_type::MetricType,
    rule::Rule,
    text::{after, ends_with, has_inner_word, listed, same, starts_with, with_words, without_word, words},
    unit,
};

/// Rules for a metric's name in the order of their findings.
const NAME_RULES: [Rule; 14] = [
    Rule::LeadingUnderscore,
    Rule::Colon,
    Rule::CamelCase,
    Rule::CounterTotal,
    Rule::TotalSuffix,
    Rule::ReservedSuffix,
    Rule::TypeInName,
    Rule::BaseUnit,
    Rule::AbbreviatedUnit,
    Rule::InfoSuffix,
    Rule::SecondsSuffix,
    Rule::BytesSuffix,
    Rule::RatioSuffix,
    Rule::TimestampSuffix,
];

/// Checks a metric's full name.
pub fn metric_name(name: &str, metric_type: MetricType) -> Vec<Finding> {
    if let Some(finding) = grammar(name, "metric", true) {
        return vec![finding];
    }
    let broken = NAME_RULES.into_iter().filter(|rule| breaks_rule(*rule, name, metric_type));
    broken.map(|rule| Finding::new(rule, message(rule, name))).collect()
}

/// Returns the first rule that a name breaks and that is not allowed.
#[must_use]
pub const fn first_broken_rule(name: &str, metric_type: MetricType, allowed: &[&str]) -> Option<Rule> {
    if !is_legal(name, true) {
        return Some(Rule::Grammar);
    }
    let mut rules = NAME_RULES.as_slice();
    while let [rule, others @ ..] = rules {
        if breaks_rule(*rule, name, metric_type) && !listed(rule.name(), allowed) {
            return Some(*rule);
        }
        rules = others;
    }
    None
}

const fn breaks_rule(rule: Rule, name: &str, metric_type: MetricType) -> bool {
    let is_total = ends_with(name, "_total");
    match rule {
        Rule::LeadingUnderscore => starts_with(name.as_bytes(), b"_"),
        Rule::Colon => has(name, b':'),
        Rule::CamelCase => is_camel_case(name),
        Rule::CounterTotal => matches!(metric_type, MetricType::Counter) && !is_total,
        Rule::TotalSuffix => is_total && !matches!(metric_type, MetricType::Counter | MetricType::Unknown),
        Rule::ReservedSuffix => reserved_suffix(name, metric_type),
        Rule::TypeInName => type_in_name(name, metric_type),
        Rule::BaseUnit => matches!(unit_of(name), Some((unit, base)) if !same(unit, base.as_bytes())),
        Rule::AbbreviatedUnit => abbreviation_in(name).is_some(),
        Rule::InfoSuffix => matches!(metric_type, MetricType::Info) && !ends_with(name, "_info"),
        Rule::SecondsSuffix => unit::is_duration_without_unit(name, metric_type),
        Rule::BytesSuffix => unit::is_size_without_unit(name, metric_type),
        Rule::RatioSuffix => unit::is_percentage(name),
        Rule::TimestampSuffix => unit::is_timestamp_without_unit(name),
        Rule::Grammar => !is_legal(name, true),
        // Rules about help texts, units, labels, buckets and groups, and advice.
        Rule::NoHelp
        | Rule::RatioRange
        | Rule::UnitSuffix
        | Rule::LabelProduct
        | Rule::DuplicateName
        | Rule::SuffixClash
        | Rule::TargetLabel
        | Rule::LabelType
        | Rule::LabelInName
        | Rule::NoiseWord
        | Rule::ScrapePrefix
        | Rule::NoNamespace
        | Rule::IdLabel
        | Rule::ManySeries => false,
    }
}

fn message(rule: Rule, name: &str) -> String {
    match rule {
        Rule::LeadingUnderscore => {
            let better = name.trim_start_matches('_');
            format!("OpenMetrics reserves names that start with `_`, so write `{better}`")
        }
        Rule::Colon => format!("`:` is for recording rules, so write `{}`", name.replace(':', "_")),
        Rule::CamelCase => camel_case_message(name, "metric"),
        Rule::CounterTotal => {
            let stem = ["_count", "_counter"].iter().find_map(|end| name.strip_suffix(end)).unwrap_or(name);
            format!("a counter's name ends in `_total`, so write `{stem}_total`")
        }
        Rule::TotalSuffix => {
            let stem = name.trim_end_matches("_total");
            format!("only a counter's name ends in `_total`, so write `{stem}`")
        }
        Rule::ReservedSuffix => {
            let suffixes = ["_bucket", "_count", "_sum"];
            let end = suffixes.into_iter().find(|suffix| name.ends_with(suffix)).unwrap_or_default();
            let stem = name.strip_suffix(end).unwrap_or(name);
            format!("`{end}` is the ending of a histogram's series, so write `{stem}`")
        }
        Rule::TypeInName => {
            let word = type_of(name).unwrap_or_default();
            format!("a name does not say the type `{word}`, so write `{}`", without_word(name, word))
        }
        Rule::BaseUnit => base_unit_message(name),
        Rule::AbbreviatedUnit => abbreviated_unit_message(name),
        Rule::InfoSuffix => format!("an info metric's name ends in `_info`, so write `{name}_info`"),
        Rule::SecondsSuffix => format!("durations are observed in seconds, so write `{name}_seconds`"),
        Rule::BytesSuffix => format!("sizes of data are observed in bytes, so write `{name}_bytes`"),
        Rule::RatioSuffix => unit::ratio_message(name),
        Rule::TimestampSuffix => {
            format!("a time of day is in seconds since 1970, so write `{name}_seconds`")
        }
        Rule::Grammar
        | Rule::NoHelp
        | Rule::RatioRange
        | Rule::UnitSuffix
        | Rule::LabelProduct
        | Rule::DuplicateName
        | Rule::SuffixClash
        | Rule::TargetLabel
        | Rule::LabelType
        | Rule::LabelInName
        | Rule::NoiseWord
        | Rule::ScrapePrefix
        | Rule::NoNamespace
        | Rule::IdLabel
        | Rule::ManySeries => rule.sentence().to_owned(),
    }
}

const fn has(name: &str, letter: u8) -> bool {
    let mut rest = name.as_bytes();
    while let [first, others @ ..] = rest {
        if *first == letter {
            return true;
        }
        rest = others;
    }
    false
}

/// Returns whether a name is in camel case (promtool: `metric names should be written in 'snake_case' not 'camelCase'`).
const fn is_camel_case(name: &str) -> bool {
    let mut rest = name.as_bytes();
    while let [first, others @ ..] = rest {
        if first.is_ascii_lowercase() && matches!(others, [b'A'..=b'Z', ..]) {
            return true;
        }
        rest = others;
    }
    false
}

/// Checks that a name is written in `snake_case`. The message calls it a `noun` name.
pub(crate) fn check_snake_case(name: &str, noun: &str) -> Option<Finding> {
    is_camel_case(name).then(|| Finding::new(Rule::CamelCase, camel_case_message(name, noun)))
}

fn camel_case_message(name: &str, noun: &str) -> String {
    let mut better = String::with_capacity(name.len() + 4);
    let mut before = '_';
    for letter in name.chars() {
        if before.is_ascii_lowercase() && letter.is_ascii_uppercase() {
            better.push('_');
        }
        better.push(letter.to_ascii_lowercase());
        before = letter;
    }
    format!("a {noun} name is written in snake_case: write `{better}`")
}

/// Returns whether a name ends as the series of histograms and summaries do, in `_bucket`, `_count` or `_sum`.
const fn reserved_suffix(name: &str, metric_type: MetricType) -> bool {
    let bucket = ends_with(name, "_bucket");
    match metric_type {
        MetricType::Histogram | MetricType::Unknown => false,
        MetricType::Summary => bucket,
        // The rule for `_total` has a message about counters called `x_count`.
        MetricType::Counter => bucket || ends_with(name, "_sum"),
        MetricType::Gauge | MetricType::Info => {
            bucket || ends_with(name, "_sum") || ends_with(name, "_count")
        }
    }
}

const TYPES: [&str; 5] = ["counter", "gauge", "gauge_histogram", "histogram", "summary"];

/// Returns whether a name contains a type (promtool: `metric name should not include type 'T'`).
const fn type_in_name(name: &str, metric_type: MetricType) -> bool {
    // The rule for `_total` has a message about counters called `x_counter`.
    type_of(name).is_some() && !(matches!(metric_type, MetricType::Counter) && ends_with(name, "_counter"))
}

const fn type_of(name: &str) -> Option<&'static str> {
    let mut types = TYPES.as_slice();
    while let [word, others @ ..] = types {
        if has_inner_word(name, word) {
            return Some(word);
        }
        types = others;
    }
    None
}

const BASE_UNITS: [(&str, &str); 24] = [
    ("amperes", "amperes"),
    ("bytes", "bytes"),
    ("celsius", "celsius"),
    ("grams", "grams"),
    ("joules", "joules"),
    ("kelvin", "kelvin"),
    ("meters", "meters"),
    ("metres", "metres"),
    ("seconds", "seconds"),
    ("volts", "volts"),
    ("minutes", "seconds"),
    ("hours", "seconds"),
    ("days", "seconds"),
    ("weeks", "seconds"),
    ("kelvins", "kelvin"),
    ("fahrenheit", "celsius"),
    ("rankine", "celsius"),
    ("inches", "meters"),
    ("yards", "meters"),
    ("miles", "meters"),
    ("bits", "bytes"),
    ("calories", "joules"),
    ("pounds", "grams"),
    ("ounces", "grams"),
];

const PREFIXES: [&str; 18] = [
    "pico", "nano", "micro", "milli", "centi", "deci", "deca", "hecto", "kilo", "kibi", "mega", "mibi",
    "giga", "gibi", "tera", "tebi", "peta", "pebi",
];

/// Returns the unit in a name and its base unit (promtool: `use base unit "B" instead of "U"`). As in promtool, the first word that
/// is a unit decides.
const fn unit_of(name: &str) -> Option<(&[u8], &'static str)> {
    let mut rest = words(name);
    while let Some((word, others)) = rest.next() {
        if let Some(base) = base_of(word) {
            return Some((word, base));
        }
        rest = others;
    }
    None
}

const fn base_of(word: &[u8]) -> Option<&'static str> {
    if let Some(base) = unprefixed_base_of(word) {
        return Some(base);
    }
    let mut prefixes = PREFIXES.as_slice();
    while let [prefix, others @ ..] = prefixes {
        if let Some(unit) = after(word, prefix.as_bytes())
            && let Some(base) = unprefixed_base_of(unit)
        {
            return Some(base);
        }
        prefixes = others;
    }
    None
}

const fn unprefixed_base_of(word: &[u8]) -> Option<&'static str> {
    let mut units = BASE_UNITS.as_slice();
    while let [(unit, base), others @ ..] = units {
        if same(word, unit.as_bytes()) {
            return Some(base);
        }
        units = others;
    }
    None
}

fn base_unit_message(name: &str) -> String {
    let (unit, base) = unit_of(name).unwrap_or_default();
    let unit = String::from_utf8_lossy(unit);
    let better = with_words(name, |word| (word == unit).then_some(base));
    format!("`{unit}` is not a base unit, so measure in {base} and write `{better}`")
}

fn abbreviated_unit_message(name: &str) -> String {
    let lower = name.to_ascii_lowercase();
    let (word, unit) = abbreviation_in(name).unwrap_or_default();
    let better = with_words(&lower, |part| (part == word).then_some(unit));
    if better.contains(&format!("{unit}_{unit}")) {
        // The name has the unit already, so the letter abbreviates another word.
        let better = with_words(&lower, |part| (part == word).then_some("…"));
        return format!("`{word}` abbreviates a unit, so write a whole word in its place: `{better}`");
    }
    format!("`{word}` abbreviates a unit, so measure in {unit} and write `{better}`")
}

const ABBREVIATED: [(&str, &str); 14] = [
    ("s", "seconds"),
    ("ms", "seconds"),
    ("us", "seconds"),
    ("ns", "seconds"),
    ("sec", "seconds"),
    ("b", "bytes"),
    ("kb", "bytes"),
    ("mb", "bytes"),
    ("gb", "bytes"),
    ("tb", "bytes"),
    ("pb", "bytes"),
    ("m", "meters"),
    ("h", "seconds"),
    ("d", "seconds"),
];

/// Returns the abbreviated unit in a name and the unit (promtool: `metric names should not contain abbreviated units`).
const fn abbreviation_in(name: &str) -> Option<(&'static str, &'static str)> {
    let mut units = ABBREVIATED.as_slice();
    while let [(word, unit), others @ ..] = units {
        if has_inner_word(name, word) {
            return Some((word, unit));
        }
        units = others;
    }
    None
}
