//! The rules for names: Prometheus' grammar, `promtool check metrics`, and what `OpenMetrics` adds.
//!
//! Plain Rust over `&str`, so that run time can check by the same rules. Each finding has the name of its rule, by which it
//! can be allowed, and says what to write instead.

/// What a metric is, as far as its name goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    Counter,
    Gauge,
    Histogram,
    Summary,
    Info,
    /// Only the rules for every kind apply.
    Unknown,
}

/// A rule that a name breaks.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Finding {
    /// The rule's name, empty where it cannot be allowed.
    pub(crate) rule: &'static str,
    /// What is wrong and what to write instead.
    pub(crate) message: String,
}

impl Finding {
    fn new(rule: &'static str, message: String) -> Self {
        Self { rule, message }
    }
}

pub(crate) const NO_HELP: &str = "no_help";
pub(crate) const LEADING_UNDERSCORE: &str = "leading_underscore";
pub(crate) const BASE_UNIT: &str = "base_unit";
pub(crate) const COUNTER_TOTAL: &str = "counter_total";
pub(crate) const TOTAL_SUFFIX: &str = "total_suffix";
pub(crate) const RESERVED_SUFFIX: &str = "reserved_suffix";
pub(crate) const TYPE_IN_NAME: &str = "type_in_name";
pub(crate) const COLON: &str = "colon";
pub(crate) const CAMEL_CASE: &str = "camel_case";
pub(crate) const ABBREVIATED_UNIT: &str = "abbreviated_unit";
pub(crate) const UNIT_SUFFIX: &str = "unit_suffix";
pub(crate) const SECONDS_SUFFIX: &str = "seconds_suffix";
pub(crate) const LABEL_PRODUCT: &str = "label_product";
pub(crate) const DUPLICATE_NAME: &str = "duplicate_name";
pub(crate) const SUFFIX_CLASH: &str = "suffix_clash";

/// The rules that can be allowed.
pub(crate) const RULES: &[&str] = &[
    NO_HELP,
    LEADING_UNDERSCORE,
    BASE_UNIT,
    COUNTER_TOTAL,
    TOTAL_SUFFIX,
    RESERVED_SUFFIX,
    TYPE_IN_NAME,
    COLON,
    CAMEL_CASE,
    ABBREVIATED_UNIT,
    UNIT_SUFFIX,
    SECONDS_SUFFIX,
    LABEL_PRODUCT,
    DUPLICATE_NAME,
    SUFFIX_CLASH,
];

/// What is wrong with a metric's full name.
pub(crate) fn metric_name(name: &str, kind: Kind) -> Vec<Finding> {
    if let Some(finding) = grammar(name, "metric", true) {
        return vec![finding];
    }
    let rules: [fn(&str, Kind) -> Option<Finding>; 9] = [
        leading_underscore,
        colon,
        camel_case,
        total,
        reserved_suffix,
        type_in_name,
        base_unit,
        abbreviated_unit,
        info_suffix,
    ];
    rules.iter().filter_map(|rule| rule(name, kind)).collect()
}

/// What is wrong with a part of a name: a namespace, a subsystem, a unit.
pub(crate) fn name_part(part: &str, what: &str) -> Option<Finding> {
    grammar(part, what, false)
}

/// What is wrong with a label's name.
pub(crate) fn label_name(label: &str) -> Vec<Finding> {
    if let Some(finding) = grammar(label, "label", false) {
        return vec![finding];
    }
    let reserved = match label {
        "le" => Some("`le` is the bucket label of histograms, so call this label something else".to_owned()),
        "quantile" => {
            Some("`quantile` is the label of summaries, so call this label something else".to_owned())
        }
        _ if label.starts_with("__") => Some(format!(
            "labels that start with `__` belong to Prometheus, so write `{}`",
            label.trim_start_matches('_')
        )),
        _ if label.starts_with('_') => Some(format!(
            "OpenMetrics reserves labels that start with `_`, so write `{}`",
            label.trim_start_matches('_')
        )),
        _ => None,
    };
    match reserved {
        Some(message) => vec![Finding::new("", message)],
        None => camel_case_of(label, "label").into_iter().collect(),
    }
}

/// What is wrong with a help text (promtool: `no help text`, also for an empty one).
pub(crate) fn help(help: &str) -> Option<Finding> {
    help.trim()
        .is_empty()
        .then(|| Finding::new(NO_HELP, "the help text is empty, so say what is measured".to_owned()))
}

/// The unit of a metric is the end of its name, before `_total`.
pub(crate) fn unit(name: &str, unit: &str) -> Option<Finding> {
    let (stem, total) = name.strip_suffix("_total").map_or((name, ""), |stem| (stem, "_total"));
    let fits = stem == unit || stem.strip_suffix(unit).is_some_and(|rest| rest.ends_with('_'));
    (!fits).then(|| {
        Finding::new(
            UNIT_SUFFIX,
            format!("the unit is `{unit}`, so the name ends with it: `{stem}_{unit}{total}`"),
        )
    })
}

/// A histogram of durations ends with its unit.
pub(crate) fn seconds(name: &str) -> Option<Finding> {
    (!name.ends_with("_seconds")).then(|| {
        let stem = ["_duration", "_time", "_latency"]
            .iter()
            .find(|end| name.ends_with(**end))
            .map_or_else(|| format!("{name}_duration_seconds"), |_| format!("{name}_seconds"));
        Finding::new(SECONDS_SUFFIX, format!("durations are observed in seconds, so write `{stem}`"))
    })
}

/// The names of a group that are exposed twice, each as the place of the second and what is wrong.
pub(crate) fn clashes(metrics: &[(&str, Kind)]) -> Vec<(usize, Finding)> {
    let mut found = Vec::new();
    for (at, (name, kind)) in metrics.iter().enumerate() {
        for (other_name, other_kind) in metrics.iter().take(at) {
            if name == other_name {
                let message =
                    format!("`{name}` is already the name of another metric of this group, so rename one");
                found.push((at, Finding::new(DUPLICATE_NAME, message)));
            } else if let Some(message) = clash((name, *kind), (other_name, *other_kind)) {
                found.push((at, Finding::new(SUFFIX_CLASH, message)));
            }
        }
    }
    found
}

fn clash(one: (&str, Kind), other: (&str, Kind)) -> Option<String> {
    let takes = |(owner, kind): (&str, Kind), name: &str| {
        let family =
            if kind == Kind::Counter { owner.strip_suffix("_total").unwrap_or(owner) } else { owner };
        name.strip_prefix(family).is_some_and(|suffix| series_of(kind).contains(&suffix))
    };
    let (owner, name) = if takes(one, other.0) {
        (one, other.0)
    } else if takes(other, one.0) {
        (other, one.0)
    } else {
        return None;
    };
    let what = match owner.1 {
        Kind::Histogram => "histogram",
        Kind::Summary => "summary",
        _ => "counter",
    };
    Some(format!("`{name}` is also a series of the {what} `{}`, so rename one", owner.0))
}

/// What a metric of a kind adds to its name for its series.
fn series_of(kind: Kind) -> &'static [&'static str] {
    match kind {
        Kind::Counter => &["_total", "_created"],
        Kind::Histogram => &["_bucket", "_count", "_sum", "_created"],
        Kind::Summary => &["_count", "_sum", "_created"],
        Kind::Info => &["_info"],
        Kind::Gauge | Kind::Unknown => &[],
    }
}

/// `[a-zA-Z_:][a-zA-Z0-9_:]*` for metrics, the same without `:` elsewhere.
fn grammar(name: &str, what: &str, colon: bool) -> Option<Finding> {
    let legal = |letter: char| letter.is_ascii_alphanumeric() || letter == '_' || colon && letter == ':';
    let message = match name.chars().next() {
        None => format!("the {what} name is empty"),
        Some(digit) if digit.is_ascii_digit() => {
            format!("a {what} name cannot start with a digit, so write `_{name}` or spell it out")
        }
        Some(_) => {
            let illegal = name.chars().find(|letter| !legal(*letter))?;
            let better: String =
                name.chars().map(|letter| if legal(letter) { letter } else { '_' }).collect();
            let only = "letters, digits and `_`";
            if better.trim_matches('_').is_empty() {
                format!("a {what} name is made of ASCII {only}, not `{illegal}`")
            } else {
                format!("a {what} name is made of ASCII {only}, not `{illegal}`: write `{better}`")
            }
        }
    };
    Some(Finding::new("", message))
}

fn leading_underscore(name: &str, _: Kind) -> Option<Finding> {
    name.starts_with('_').then(|| {
        let better = name.trim_start_matches('_');
        Finding::new(
            LEADING_UNDERSCORE,
            format!("OpenMetrics reserves names that start with `_`, so write `{better}`"),
        )
    })
}

/// promtool: `metric names should not contain ':'`.
fn colon(name: &str, _: Kind) -> Option<Finding> {
    name.contains(':').then(|| {
        let better = name.replace(':', "_");
        Finding::new(COLON, format!("`:` is for recording rules, so write `{better}`"))
    })
}

/// promtool: names should be written in `snake_case`, not `camelCase`.
fn camel_case(name: &str, _: Kind) -> Option<Finding> {
    camel_case_of(name, "metric")
}

fn camel_case_of(name: &str, what: &str) -> Option<Finding> {
    let mut better = String::with_capacity(name.len() + 4);
    let mut before = '_';
    for letter in name.chars() {
        if before.is_ascii_lowercase() && letter.is_ascii_uppercase() {
            better.push('_');
        }
        better.push(letter.to_ascii_lowercase());
        before = letter;
    }
    let camel = better.len() > name.len();
    camel.then(|| {
        Finding::new(CAMEL_CASE, format!("a {what} name is written in snake_case: write `{better}`"))
    })
}

/// promtool: a counter ends in `_total`, nothing else does.
fn total(name: &str, kind: Kind) -> Option<Finding> {
    match (kind, name.strip_suffix("_total")) {
        (Kind::Counter, None) => {
            let stem = ["_count", "_counter"].iter().find_map(|end| name.strip_suffix(end)).unwrap_or(name);
            Some(Finding::new(
                COUNTER_TOTAL,
                format!("a counter's name ends in `_total`, so write `{stem}_total`"),
            ))
        }
        (Kind::Gauge | Kind::Histogram | Kind::Summary | Kind::Info, Some(stem)) => Some(Finding::new(
            TOTAL_SUFFIX,
            format!("only a counter's name ends in `_total`, so write `{stem}`"),
        )),
        _ => None,
    }
}

/// `OpenMetrics`: the series of an info metric ends in `_info`.
fn info_suffix(name: &str, kind: Kind) -> Option<Finding> {
    let message = || format!("an info metric's name ends in `_info`, so write `{name}_info`");
    (kind == Kind::Info && !name.ends_with("_info")).then(|| Finding::new("", message()))
}

/// promtool: `_bucket`, `_count` and `_sum` are the series of histograms and summaries.
fn reserved_suffix(name: &str, kind: Kind) -> Option<Finding> {
    let reserved: &[&str] = match kind {
        Kind::Histogram | Kind::Unknown => &[],
        Kind::Summary => &["_bucket"],
        Kind::Counter | Kind::Gauge | Kind::Info => &["_bucket", "_count", "_sum"],
    };
    let (suffix, stem) = reserved.iter().find_map(|suffix| Some((*suffix, name.strip_suffix(suffix)?)))?;
    let message = format!("`{suffix}` is the ending of a histogram's series, so write `{stem}`");
    // A counter called `x_count` is told to be `x_total` already.
    (kind != Kind::Counter || suffix != "_count").then(|| Finding::new(RESERVED_SUFFIX, message))
}

/// promtool: `metric name should not include type 'T'`.
fn type_in_name(name: &str, kind: Kind) -> Option<Finding> {
    let types = ["counter", "gauge", "gauge_histogram", "histogram", "summary"];
    let word = types.into_iter().find(|word| has_word(name, word))?;
    // `x_counter` of a counter is told to be `x_total` already.
    if kind == Kind::Counter && name.ends_with("_counter") {
        return None;
    }
    let better = without_word(name, word);
    Some(Finding::new(TYPE_IN_NAME, format!("a name does not say the type `{word}`, so write `{better}`")))
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

/// promtool: `use base unit "B" instead of "U"`. As there, the first word that is a unit decides.
fn base_unit(name: &str, _: Kind) -> Option<Finding> {
    let (unit, base) = name.split('_').find_map(|word| Some((word, base_of(word)?)))?;
    if unit == base {
        return None;
    }
    let better =
        name.split('_').map(|word| if word == unit { base } else { word }).collect::<Vec<_>>().join("_");
    Some(Finding::new(
        BASE_UNIT,
        format!("`{unit}` is not a base unit, so measure in {base} and write `{better}`"),
    ))
}

fn base_of(word: &str) -> Option<&'static str> {
    let base = |word: &str| BASE_UNITS.iter().find(|(unit, _)| *unit == word).map(|(_, base)| *base);
    let prefixed = || PREFIXES.iter().find_map(|prefix| base(word.strip_prefix(prefix)?));
    base(word).or_else(prefixed)
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

/// promtool: `metric names should not contain abbreviated units`.
fn abbreviated_unit(name: &str, _: Kind) -> Option<Finding> {
    let lower = name.to_ascii_lowercase();
    let (word, unit) = ABBREVIATED.iter().find(|(word, _)| has_word(&lower, word))?;
    let better =
        lower.split('_').map(|part| if part == *word { unit } else { part }).collect::<Vec<_>>().join("_");
    Some(Finding::new(
        ABBREVIATED_UNIT,
        format!("`{word}` abbreviates a unit, so measure in {unit} and write `{better}`"),
    ))
}

/// Whether `_word_` is in the name or `_word` at its end, as promtool looks for words.
fn has_word(name: &str, word: &str) -> bool {
    let name = name.to_ascii_lowercase();
    name.contains(&format!("_{word}_")) || name.ends_with(&format!("_{word}"))
}

fn without_word(name: &str, word: &str) -> String {
    let inside = name.replacen(&format!("_{word}_"), "_", 1);
    inside.strip_suffix(&format!("_{word}")).map(str::to_owned).unwrap_or(inside)
}

#[cfg(test)]
#[path = "lint/tests.rs"]
mod tests;
