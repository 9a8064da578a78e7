//! The rules, with their names for `allow(…)`.

macro_rules! rules {
    ($($rule:ident $name:literal $summary:literal;)*) => {
        /// A rule for names.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub enum Rule {
            /// The grammar and the reserved names. It cannot be allowed.
            Grammar,
            /// An info metric's name ends in `_info`. Another name cannot be allowed.
            InfoSuffix,
            $(#[doc = concat!("`", $name, "`: ", $summary, ".")] $rule,)*
        }

        /// The names of the rules that can be allowed.
        pub const RULES: &[&str] = &[$($name),*];

        impl Rule {
            /// Returns the name of the rule for `allow(…)`, which is empty if it cannot be allowed.
            #[must_use]
            pub const fn name(self) -> &'static str {
                match self {
                    Self::Grammar | Self::InfoSuffix => "",
                    $(Self::$rule => $name,)*
                }
            }

            /// Returns the rule as a sentence that names no metric, for messages at compile time.
            #[must_use]
            pub const fn sentence(self) -> &'static str {
                match self {
                    Self::Grammar => "a metric name has ASCII letters, digits and `_`, and does not begin with a digit",
                    Self::InfoSuffix => "an info metric's name ends in `_info`",
                    $(Self::$rule => $summary,)*
                }
            }
        }
    };
}

rules! {
    NoHelp "no_help" "a metric has a help text";
    LeadingUnderscore "leading_underscore" "OpenMetrics reserves names that start with `_`";
    BaseUnit "base_unit" "the name has a unit that is not a base unit (seconds, bytes, meters, …)";
    CounterTotal "counter_total" "a counter's name ends in `_total`";
    TotalSuffix "total_suffix" "only a counter's name ends in `_total`";
    ReservedSuffix "reserved_suffix" "`_bucket`, `_count` and `_sum` are the endings of a histogram's series";
    TypeInName "type_in_name" "a name does not say the metric's type";
    Colon "colon" "`:` is for recording rules";
    CamelCase "camel_case" "a metric name is written in snake_case";
    AbbreviatedUnit "abbreviated_unit" "the name abbreviates a unit";
    SecondsSuffix "seconds_suffix" "durations are observed in seconds, so the name ends in `_seconds`";
    BytesSuffix "bytes_suffix" "sizes of data are observed in bytes, so the name ends in `_bytes`";
    RatioSuffix "ratio_suffix" "ratios go from 0 to 1 and their name ends in `_ratio`";
    RatioRange "ratio_range" "buckets of a ratio end at 1";
    TimestampSuffix "timestamp_suffix" "a time of day is in seconds since 1970, so the name ends in `_timestamp_seconds`";
    UnitSuffix "unit_suffix" "the name ends with its unit";
    LabelProduct "label_product" "a family has at most 1000 series from the start";
    DuplicateName "duplicate_name" "two metrics have one name";
    SuffixClash "suffix_clash" "two metrics have a series of one name";
    TargetLabel "target_label" "Prometheus adds this label to what it scrapes";
    LabelType "label_type" "`type` does not say of what";
    LabelInName "label_in_name" "a label's name stands in the metric's name";
    NoiseWord "noise_word" "a word of the name says nothing about what is measured";
    ScrapePrefix "scrape_prefix" "Prometheus' own series start with `scrape_`";
    NoNamespace "no_namespace" "a group that is registered alone has a namespace";
    IdLabel "id_label" "a label has a value for each user or request";
    ManySeries "many_series" "a family has more than 100 series from the start";
}
