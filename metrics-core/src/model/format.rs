//! Formats of a page.

/// A format of the page.
///
/// ```
/// use metrics_core::{Format, Page, Registry, Scrape};
///
/// let mut page = Page::default();
/// Registry::new().scrape(&Scrape::new(Format::OpenMetrics), &mut page);
/// assert_eq!(page.as_ref(), b"# EOF\n");
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Format {
    /// The text format 0.0.4, which every scraper reads.
    ///
    /// <https://prometheus.io/docs/instrumenting/exposition_formats/#text-based-format>
    #[default]
    Text,
    /// OpenMetrics 1.0.0: counters are families without `_total`, and units are shown.
    ///
    /// <https://prometheus.io/docs/specs/om/open_metrics_spec/>
    OpenMetrics,
    /// Protobuf messages, each preceded by its length: the only format with native histograms.
    ///
    /// <https://prometheus.io/docs/instrumenting/exposition_formats/#protobuf-format>
    Protobuf,
    /// JSON of this shape, for programs other than scrapers:
    ///
    /// ```json
    /// {"families": [
    ///   {"name": "jobs_total", "type": "counter", "unit": "jobs", "help": "Jobs that ended.", "series": [
    ///     {"labels": {"queue": "mail"}, "value": 3}
    ///   ]},
    ///   {"name": "job_duration_seconds", "type": "histogram", "help": "Duration of jobs.", "series": [
    ///     {"labels": {}, "buckets": [{"le": 0.5, "count": 2}, {"le": "+Inf", "count": 3}], "sum": 1.25, "count": 3}
    ///   ]}
    /// ]}
    /// ```
    ///
    /// A counter and a bucket may have an `exemplar`, such as `{"labels": {"trace_id": "4bf9"}, "value": 0.25, "timestamp":
    /// 1520879607.789}`. Buckets are cumulative; a summary has `quantiles` (`quantile`, `value`) in their place. `unit` is present if the
    /// definition has one. Numbers that JSON cannot express are the strings `"NaN"`, `"+Inf"` and `"-Inf"`. A name that this crate
    /// and the `prometheus` crate share has two entries.
    Json,
}

impl Format {
    /// All formats.
    pub const ALL: [Self; 4] = [Self::Text, Self::OpenMetrics, Self::Protobuf, Self::Json];

    /// Returns the value of the `Content-Type` header.
    ///
    /// ```
    /// use metrics_core::Format;
    ///
    /// assert_eq!(Format::Text.content_type(), "text/plain; version=0.0.4; charset=utf-8");
    /// ```
    pub const fn content_type(self) -> &'static str {
        match self {
            Self::Text => "text/plain; version=0.0.4; charset=utf-8",
            Self::OpenMetrics => "application/openmetrics-text; version=1.0.0; charset=utf-8",
            Self::Protobuf => {
                "application/vnd.google.protobuf; proto=io.prometheus.client.MetricFamily; encoding=delimited"
            }
            Self::Json => "application/json",
        }
    }
}

/// Escaping scheme for names with other characters than letters, digits and `_`: the parameter `escaping` of a media type.
///
/// Names on a page have only these characters, so they are the same in each scheme. The response repeats the scheme.
///
/// <https://prometheus.io/docs/instrumenting/escaping_schemes/>
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Escaping {
    AllowUtf8,
    Underscores,
    Dots,
    Values,
}

impl Escaping {
    /// Parses the name of a scheme; returns `None` for an unknown one.
    pub(crate) fn parse(name: &str) -> Option<Self> {
        let schemes = [
            ("allow-utf-8", Self::AllowUtf8),
            ("underscores", Self::Underscores),
            ("dots", Self::Dots),
            ("values", Self::Values),
        ];
        schemes.into_iter().find(|(known, _)| known.eq_ignore_ascii_case(name)).map(|(_, scheme)| scheme)
    }
}

macro_rules! open_metrics {
    ($escaping:literal) => {
        concat!("application/openmetrics-text; version=1.0.0; charset=utf-8; escaping=", $escaping)
    };
}

/// Returns the value of the `Content-Type` header for a format and a scheme. The text format 0.0.4 has no scheme.
pub(crate) const fn content_type(format: Format, escaping: Option<Escaping>) -> &'static str {
    match (format, escaping) {
        (Format::OpenMetrics, Some(Escaping::AllowUtf8)) => open_metrics!("allow-utf-8"),
        (Format::OpenMetrics, Some(Escaping::Underscores)) => open_metrics!("underscores"),
        (Format::OpenMetrics, Some(Escaping::Dots)) => open_metrics!("dots"),
        (Format::OpenMetrics, Some(Escaping::Values)) => open_metrics!("values"),
        (Format::OpenMetrics, None) | (Format::Text | Format::Protobuf | Format::Json, _) => {
            format.content_type()
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Format;

    #[test]
    fn all_formats_are_listed_once() {
        for (at, format) in Format::ALL.into_iter().enumerate() {
            // A new format does not compile here: add it to the list too.
            let expected = match format {
                Format::Text => 0,
                Format::OpenMetrics => 1,
                Format::Protobuf => 2,
                Format::Json => 3,
            };
            assert_eq!(at, expected);
        }
    }
}
