//! Findings of a check: the rule, the place and the message.

use std::fmt;

use crate::{expression::Owner, source_file::SourceFile};

/// Severity of a [`Finding`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Severity {
    /// The query finds nothing, or something else than it seems to.
    Error,
    /// The query works, and somebody should look at it.
    Warning,
}

impl Severity {
    /// Returns `error` or `warning`.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Error => "error",
            Self::Warning => "warning",
        }
    }
}

/// A rule that queries are checked by.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Rule {
    /// A file cannot be read.
    UnreadableFile,
    /// A query does not parse.
    InvalidQuery,
    /// A metric is neither exposed nor declared.
    UnknownMetric,
    /// A recording is read and not recorded.
    UnknownRecording,
    /// A metric has no series of this suffix.
    UnknownSuffix,
    /// A metric has no such label.
    UnknownLabel,
    /// A label never has the value of a matcher.
    ImpossibleValue,
    /// A list of labels after `by`, `on` or a like word has one that the series do not have.
    UnknownGroupingLabel,
    /// `rate` or a like function reads a gauge.
    RateOfGauge,
    /// `histogram_quantile` reads no histogram.
    QuantileOfNoHistogram,
    /// `histogram_quantile` reads buckets that have lost `le`.
    QuantileWithoutLe,
    /// A recording is not read by any query.
    UnusedRecording,
    /// A metric is read by its former name.
    FormerName,
}

impl Rule {
    /// All rules.
    pub const ALL: [Self; 13] = [
        Self::UnreadableFile,
        Self::InvalidQuery,
        Self::UnknownMetric,
        Self::UnknownRecording,
        Self::UnknownSuffix,
        Self::UnknownLabel,
        Self::ImpossibleValue,
        Self::UnknownGroupingLabel,
        Self::RateOfGauge,
        Self::QuantileOfNoHistogram,
        Self::QuantileWithoutLe,
        Self::UnusedRecording,
        Self::FormerName,
    ];

    /// Returns the name of the rule in reports.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::UnreadableFile => "unreadable-file",
            Self::InvalidQuery => "invalid-query",
            Self::UnknownMetric => "unknown-metric",
            Self::UnknownRecording => "unknown-recording",
            Self::UnknownSuffix => "unknown-suffix",
            Self::UnknownLabel => "unknown-label",
            Self::ImpossibleValue => "impossible-value",
            Self::UnknownGroupingLabel => "unknown-grouping-label",
            Self::RateOfGauge => "rate-of-gauge",
            Self::QuantileOfNoHistogram => "quantile-of-no-histogram",
            Self::QuantileWithoutLe => "quantile-without-le",
            Self::UnusedRecording => "unused-recording",
            Self::FormerName => "former-name",
        }
    }

    /// Returns the rule as a sentence.
    pub const fn description(self) -> &'static str {
        match self {
            Self::UnreadableFile => "Files are valid YAML or JSON.",
            Self::InvalidQuery => "Queries parse.",
            Self::UnknownMetric => "Queries read metrics that are exposed.",
            Self::UnknownRecording => "Recordings that are read are recorded.",
            Self::UnknownSuffix => "Series names have a suffix that the metric's type has.",
            Self::UnknownLabel => "Matchers name labels that the metric has.",
            Self::ImpossibleValue => "Matchers have values that the label can have.",
            Self::UnknownGroupingLabel => "Lists of labels name labels that the series have.",
            Self::RateOfGauge => "Rates are of counters.",
            Self::QuantileOfNoHistogram => "histogram_quantile reads a histogram.",
            Self::QuantileWithoutLe => "histogram_quantile reads series with the label le.",
            Self::UnusedRecording => "Recordings are read by a query.",
            Self::FormerName => "Metrics are read by their present name.",
        }
    }

    /// Returns the severity of the rule's findings.
    pub const fn severity(self) -> Severity {
        match self {
            Self::UnusedRecording | Self::FormerName => Severity::Warning,
            Self::UnreadableFile
            | Self::InvalidQuery
            | Self::UnknownMetric
            | Self::UnknownRecording
            | Self::UnknownSuffix
            | Self::UnknownLabel
            | Self::ImpossibleValue
            | Self::UnknownGroupingLabel
            | Self::RateOfGauge
            | Self::QuantileOfNoHistogram
            | Self::QuantileWithoutLe => Severity::Error,
        }
    }
}

/// A place that breaks a rule.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[non_exhaustive]
pub struct Finding {
    /// The file.
    pub path: String,
    /// The line, from 1.
    pub line: usize,
    /// The column in characters, from 1.
    pub column: usize,
    /// The rule.
    pub rule: Rule,
    /// The reason, with the nearest name where there is one.
    pub message: String,
    /// The query's owner, such as a panel or an alert.
    pub owner: Option<Owner>,
}

impl Finding {
    /// Creates a finding at a byte of a file.
    pub(crate) fn new(rule: Rule, file: &SourceFile, offset: usize, message: String) -> Self {
        let (line, column) = file.place(offset);
        Self { path: file.path().to_owned(), line, column, rule, message, owner: None }
    }

    pub(crate) fn in_query_of(self, owner: &Owner) -> Self {
        Self { owner: Some(owner.clone()), ..self }
    }

    /// Returns the severity.
    pub const fn severity(&self) -> Severity {
        self.rule.severity()
    }
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { path, line, column, rule, message, owner } = self;
        write!(f, "{path}:{line}:{column}: {}[{}]: {message}", rule.severity().as_str(), rule.as_str())?;
        owner.iter().try_for_each(|owner| write!(f, " ({owner})"))
    }
}
