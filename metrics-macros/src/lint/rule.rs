//! The rules, and the names by which they can be allowed.

/// A rule for names.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Rule {
    /// The grammar and reserved names, which cannot be allowed.
    Grammar,
    NoHelp,
    LeadingUnderscore,
    BaseUnit,
    CounterTotal,
    TotalSuffix,
    ReservedSuffix,
    TypeInName,
    Colon,
    CamelCase,
    AbbreviatedUnit,
    InfoSuffix,
    SecondsSuffix,
    BytesSuffix,
    RatioSuffix,
    RatioRange,
    TimestampSuffix,
    UnitSuffix,
    LabelProduct,
    DuplicateName,
    SuffixClash,
    TargetLabel,
    LabelType,
    LabelInName,
    NoiseWord,
    ScrapePrefix,
    NoNamespace,
    IdLabel,
    ManySeries,
}

/// The rules that can be allowed, each with its name.
const NAMES: [(Rule, &str); 27] = [
    (Rule::NoHelp, "no_help"),
    (Rule::LeadingUnderscore, "leading_underscore"),
    (Rule::BaseUnit, "base_unit"),
    (Rule::CounterTotal, "counter_total"),
    (Rule::TotalSuffix, "total_suffix"),
    (Rule::ReservedSuffix, "reserved_suffix"),
    (Rule::TypeInName, "type_in_name"),
    (Rule::Colon, "colon"),
    (Rule::CamelCase, "camel_case"),
    (Rule::AbbreviatedUnit, "abbreviated_unit"),
    (Rule::SecondsSuffix, "seconds_suffix"),
    (Rule::BytesSuffix, "bytes_suffix"),
    (Rule::RatioSuffix, "ratio_suffix"),
    (Rule::RatioRange, "ratio_range"),
    (Rule::TimestampSuffix, "timestamp_suffix"),
    (Rule::UnitSuffix, "unit_suffix"),
    (Rule::LabelProduct, "label_product"),
    (Rule::DuplicateName, "duplicate_name"),
    (Rule::SuffixClash, "suffix_clash"),
    (Rule::TargetLabel, "target_label"),
    (Rule::LabelType, "label_type"),
    (Rule::LabelInName, "label_in_name"),
    (Rule::NoiseWord, "noise_word"),
    (Rule::ScrapePrefix, "scrape_prefix"),
    (Rule::NoNamespace, "no_namespace"),
    (Rule::IdLabel, "id_label"),
    (Rule::ManySeries, "many_series"),
];

/// The names of the rules that can be allowed.
pub(crate) const RULES: [&str; 27] = {
    let mut names = [""; 27];
    let (mut all, mut to) = (NAMES.as_slice(), names.as_mut_slice());
    while let ([(_, name), others @ ..], [first, rest @ ..]) = (all, to) {
        *first = name;
        (all, to) = (others, rest);
    }
    names
};

impl Rule {
    /// The name by which it can be allowed, empty where it cannot.
    pub(crate) const fn name(self) -> &'static str {
        let mut all = NAMES.as_slice();
        while let [(rule, name), others @ ..] = all {
            if *rule as u8 == self as u8 {
                return name;
            }
            all = others;
        }
        ""
    }

    /// What it says, where no name is at hand to say it better.
    pub(crate) const fn sentence(self) -> &'static str {
        match self {
            Self::Grammar => {
                "a metric name has ASCII letters, digits and `_`, and does not begin with a digit"
            }
            Self::LeadingUnderscore => "OpenMetrics reserves names that start with `_`",
            Self::BaseUnit => "the name has a unit that is not a base unit (seconds, bytes, meters, …)",
            Self::CounterTotal => "a counter's name ends in `_total`",
            Self::TotalSuffix => "only a counter's name ends in `_total`",
            Self::ReservedSuffix => "`_bucket`, `_count` and `_sum` are the endings of a histogram's series",
            Self::TypeInName => "a name does not say the metric's type",
            Self::Colon => "`:` is for recording rules",
            Self::CamelCase => "a metric name is written in snake_case",
            Self::AbbreviatedUnit => "the name abbreviates a unit",
            Self::InfoSuffix => "an info metric's name ends in `_info`",
            Self::SecondsSuffix => "durations are observed in seconds, so the name ends in `_seconds`",
            Self::BytesSuffix => "sizes of data are observed in bytes, so the name ends in `_bytes`",
            Self::RatioSuffix => "ratios go from 0 to 1 and their name ends in `_ratio`",
            Self::TimestampSuffix => {
                "a time of day is in seconds since 1970, so the name ends in `_timestamp_seconds`"
            }
            Self::UnitSuffix => "the name ends with its unit",
            Self::DuplicateName => "two metrics have one name",
            Self::SuffixClash => "two metrics have a series of one name",
            _ => "a rule for names is broken",
        }
    }
}
