//! Content negotiation: the headers `Accept` and `Accept-Encoding`.
//!
//! <https://www.rfc-editor.org/rfc/rfc9110#section-12.5>,
//! <https://prometheus.io/docs/instrumenting/content_negotiation/>

use mediatype::{MediaType, MediaTypeList, Name, ReadParams};

use super::compression::Encoding;
use crate::model::{Format, format::Escaping};

/// A weight in thousandths.
type Weight = u16;

/// Full weight, the default of an entry.
const FULL: Weight = 1000;

/// Largest number of bytes that are read of a header; scrapers send a few hundred.
const MOST_READ: usize = 8192;

/// Returns the format of the page, and the escaping scheme that the scraper asks for.
///
/// The entry with the most weight wins, among equal ones the more specific one, and then the richer format. Invalid entries and unknown
/// formats are skipped. Without an acceptable entry the page is in the text format.
pub(super) fn format<V: AsRef<[u8]>>(accept: impl IntoIterator<Item = V>) -> (Format, Option<Escaping>) {
    let header = joined(accept);
    let weighed = |entry: &MediaType<'_>| {
        let q = entry.get_param(Name::new_unchecked("q"));
        Some((offer(entry)?, q.map_or(Some(FULL), |q| weight(&q.unquoted_str()))?))
    };
    let offers = || MediaTypeList::new(&header).flatten().filter_map(|entry| weighed(&entry));
    // A format that is excluded by name is not in a range either.
    let is_refused = |format: Format| {
        offers().any(|(offer, weight)| weight == 0 && offer.specific && offer.formats == [format])
    };
    let mut best: Option<(Rank, (Format, Option<Escaping>))> = None;
    for (offer, weight) in offers().filter(|(_, weight)| *weight > 0) {
        let specific = offer.specific;
        let wanted = offer.formats.iter().copied().find(|format| specific || !is_refused(*format));
        let Some(format) = wanted else { continue };
        let rank = Rank { weight, specific, preference: preference(format) };
        if best.as_ref().is_none_or(|(other, _)| rank > *other) {
            best = Some((rank, (format, offer.escaping)));
        }
    }
    best.map(|(_, answer)| answer).unwrap_or_default()
}

/// Criteria of the best entry, the most important first.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
struct Rank {
    weight: Weight,
    specific: bool,
    preference: u8,
}

/// Returns the rank of a format among those that a scraper accepts equally.
const fn preference(format: Format) -> u8 {
    match format {
        Format::Protobuf => 3,
        Format::OpenMetrics => 2,
        Format::Text => 1,
        Format::Json => 0,
    }
}

/// Formats of an entry of `Accept`.
struct Offer {
    /// The format of a named type, or those of a range of types, the best first.
    formats: &'static [Format],
    escaping: Option<Escaping>,
    /// Set for an entry that names a type, unset for a range of types.
    specific: bool,
}

/// Returns the formats of an entry, if there are any.
fn offer(entry: &MediaType<'_>) -> Option<Offer> {
    let (main, sub) = (entry.ty.as_str(), entry.subty.as_str());
    let is = |expected: (&str, &str)| {
        main.eq_ignore_ascii_case(expected.0) && sub.eq_ignore_ascii_case(expected.1)
    };
    let version = parameter(entry, "version");
    let version_is = |expected: &str| version.as_deref().is_none_or(|version| version == expected);
    let formats = if is(("application", "openmetrics-text")) {
        version_is("1.0.0").then_some(&[Format::OpenMetrics][..])
    } else if is(("text", "plain")) {
        // Version 1.0.0 quotes names with other characters. There are none, so the older version has the same contents.
        version_is("0.0.4").then_some(&[Format::Text][..])
    } else if is(("application", "vnd.google.protobuf")) {
        let message = parameter(entry, "proto");
        let is_family = message.as_deref() == Some("io.prometheus.client.MetricFamily");
        let delimited = parameter(entry, "encoding").as_deref() == Some("delimited");
        (is_family && delimited).then_some(&[Format::Protobuf][..])
    } else if is(("application", "json")) {
        Some(&[Format::Json][..])
    } else if is(("*", "*")) {
        Some(&Format::ALL[..])
    } else if is(("text", "*")) {
        Some(&[Format::Text][..])
    } else if is(("application", "*")) {
        Some(&[Format::OpenMetrics, Format::Protobuf, Format::Json][..])
    } else {
        None
    };
    let escaping = parameter(entry, "escaping").and_then(|name| Escaping::parse(&name));
    Some(Offer { formats: formats?, escaping, specific: sub != "*" })
}

fn parameter(entry: &MediaType<'_>, name: &'static str) -> Option<String> {
    Some(entry.get_param(Name::new_unchecked(name))?.unquoted_str().into_owned())
}

/// Returns the compression of the page: the available coding with the most weight.
pub(super) fn encoding<V: AsRef<[u8]>>(accept_encoding: impl IntoIterator<Item = V>) -> Encoding {
    let header = joined(accept_encoding);
    let weight_of = |name: &str| {
        let mut any = None;
        for entry in header.split(',') {
            let (coding, weight) = coding(entry);
            if coding.eq_ignore_ascii_case(name) || (name == "gzip" && coding.eq_ignore_ascii_case("x-gzip"))
            {
                return weight;
            }
            if coding == "*" {
                any = weight;
            }
        }
        any
    };
    // Unless it is named, no compression ranks after all named codings.
    let plain = weight_of("identity").unwrap_or(0);
    let mut best = (plain, Encoding::Identity);
    for encoding in Encoding::AVAILABLE.iter().copied() {
        let weight = encoding.name().and_then(weight_of).unwrap_or(0);
        if weight > best.0 || (weight == best.0 && weight > 0 && best.1 == Encoding::Identity) {
            best = (weight, encoding);
        }
    }
    best.1
}

/// Parses the coding and the weight of an entry.
fn coding(entry: &str) -> (&str, Option<Weight>) {
    let mut parts = entry.split(';').map(str::trim);
    let coding = parts.next().unwrap_or_default();
    let q = parts.find_map(|part| part.strip_prefix("q=").or_else(|| part.strip_prefix("Q=")));
    (coding, q.map_or(Some(FULL), weight))
}

/// Parses a weight: from 0 to 1 with at most three decimals.
fn weight(text: &str) -> Option<Weight> {
    let (whole, decimals) = text.split_once('.').unwrap_or((text, ""));
    if decimals.len() > 3 || !decimals.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let decimals = format!("{decimals:0<3}").parse::<Weight>().ok()?;
    match whole {
        "0" => Some(decimals),
        "1" if decimals == 0 => Some(FULL),
        _ => None,
    }
}

/// Joins several headers of one name into a list. No valid entry has bytes outside of ASCII.
fn joined<V: AsRef<[u8]>>(headers: impl IntoIterator<Item = V>) -> String {
    let mut joined = String::new();
    for header in headers {
        if !joined.is_empty() {
            joined.push(',');
        }
        let room = MOST_READ.saturating_sub(joined.len());
        let ascii = |byte: &u8| if byte.is_ascii() { char::from(*byte) } else { '?' };
        joined.extend(header.as_ref().iter().take(room).map(ascii));
    }
    joined
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(header: &str) -> (Format, Option<Escaping>) {
        format([header])
    }

    #[test]
    fn scrapers_get_what_they_ask_for() {
        let om = "application/openmetrics-text";
        for (header, expected) in [
            // Prometheus 3, Prometheus 2, and both without OpenMetrics.
            (
                "application/openmetrics-text;version=1.0.0;escaping=allow-utf-8;q=0.5,\
                 application/openmetrics-text;version=0.0.1;q=0.4,text/plain;version=1.0.0;escaping=allow-utf-8;q=0.3,\
                 text/plain;version=0.0.4;q=0.2,*/*;q=0.1",
                Format::OpenMetrics,
            ),
            (
                "application/openmetrics-text;version=1.0.0,application/openmetrics-text;version=0.0.1;q=0.75,\
                 text/plain;version=0.0.4;q=0.5,*/*;q=0.1",
                Format::OpenMetrics,
            ),
            ("text/plain;version=1.0.0;q=0.5,text/plain;version=0.0.4;q=0.4,*/*;q=0.2", Format::Text),
            // No header, anything, a browser, and unknown types.
            ("", Format::Text),
            ("*/*", Format::Text),
            ("/;q=0.1", Format::Text),
            ("text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8", Format::Text),
            ("image/png", Format::Text),
            ("application/openmetrics-protobuf", Format::Text),
            // Weights.
            (&format!("{om};q=0.5,text/plain;q=0.6"), Format::Text),
            (&format!("{om};q=0.6,text/plain;q=0.5"), Format::OpenMetrics),
            (&format!("text/plain,{om}"), Format::OpenMetrics),
            (&format!("{om};q=0,text/plain;q=0.1"), Format::Text),
            (&format!("{om};q=0"), Format::Text),
            (&format!("*/*,{om}"), Format::OpenMetrics),
            (&format!("*/*;q=0.9,{om};q=0.8"), Format::Text),
            ("text/plain;q=0,*/*", Format::OpenMetrics),
            (&format!("text/plain;q=0,{om};q=0,*/*;q=0.1"), Format::Protobuf),
            (&format!("{om};q=0,application/*"), Format::Protobuf),
            (&format!("application/*;q=0.2,{om};q=0,text/*;q=0.1"), Format::Protobuf),
            ("text/plain;q=0,text/*", Format::Text),
            ("*/*;q=0", Format::Text),
            // Only the newer text format: the older one has the same contents.
            ("text/plain;version=1.0.0;escaping=allow-utf-8", Format::Text),
            // Protobuf, and unknown messages and encodings.
            (
                "application/vnd.google.protobuf;proto=io.prometheus.client.MetricFamily;encoding=delimited,\
                 application/openmetrics-text;q=0.5",
                Format::Protobuf,
            ),
            (
                "application/vnd.google.protobuf;proto=io.prometheus.client.MetricFamily;encoding=text",
                Format::Text,
            ),
            ("application/vnd.google.protobuf;encoding=delimited", Format::Text),
            ("application/json", Format::Json),
            // Versions, and irrelevant parameters.
            (om, Format::OpenMetrics),
            (&format!("{om};version=2.0.0,{om};version=1.0.0;q=0.5,text/plain;q=0.1"), Format::OpenMetrics),
            (&format!("{om};version=2.0.0,text/plain;q=0.1"), Format::Text),
            (&format!("{om};version=0.0.1"), Format::Text),
            (&format!("{om}; charset=latin-1; version=\"1.0.0\""), Format::OpenMetrics),
            ("Application/OpenMetrics-Text; Version=1.0.0", Format::OpenMetrics),
            // Invalid entries are skipped.
            (&format!("text/plain;q=x,{om};q=0.1"), Format::OpenMetrics),
            (&format!("{om};q=1.5,text/plain"), Format::Text),
            (&format!(";;,,=,\"{om}"), Format::Text),
            (&format!("a,b;c=,{om}"), Format::OpenMetrics),
        ] {
            assert_eq!(of(header).0, expected, "{header}");
        }
    }

    #[test]
    fn the_answer_names_what_was_given_and_nothing_of_the_header() {
        for (header, expected) in [
            (
                "application/openmetrics-text;version=1.0.0;escaping=allow-utf-8",
                "application/openmetrics-text; version=1.0.0; charset=utf-8; escaping=allow-utf-8",
            ),
            (
                "application/openmetrics-text;escaping=\"<script>\";charset=x",
                "application/openmetrics-text; version=1.0.0; charset=utf-8",
            ),
            ("text/plain;version=0.0.4;escaping=dots", "text/plain; version=0.0.4; charset=utf-8"),
            ("text/plain;version=1.0.0;escaping=dots", "text/plain; version=0.0.4; charset=utf-8"),
            ("text/plain;version=\"<script>\"", "text/plain; version=0.0.4; charset=utf-8"),
        ] {
            let (format, escaping) = of(header);
            assert_eq!(crate::model::format::content_type(format, escaping), expected, "{header}");
        }
    }

    #[test]
    fn several_headers_are_one_list() {
        let headers: [&[u8]; 3] = [b"text/plain;q=0.1", b"\xFF\xFE", b"application/openmetrics-text"];
        assert_eq!(format(headers).0, Format::OpenMetrics);
        assert_eq!(format::<&[u8]>([]).0, Format::Text);
    }

    #[test]
    fn an_escaping_is_one_of_four_or_none() {
        for (escaping, expected) in [
            ("allow-utf-8", Some(Escaping::AllowUtf8)),
            ("dots", Some(Escaping::Dots)),
            ("Values", Some(Escaping::Values)),
            ("underscores", Some(Escaping::Underscores)),
            ("x\"y", None),
            ("", None),
        ] {
            let header = format!("application/openmetrics-text;version=1.0.0;escaping={escaping}");
            assert_eq!(of(&header).1, expected, "{header}");
        }
    }

    #[test]
    fn weights_are_read_strictly() {
        for (text, expected) in [
            ("1", Some(1000)),
            ("1.000", Some(1000)),
            ("0.5", Some(500)),
            ("0.", Some(0)),
            ("0.001", Some(1)),
            ("1.001", None),
            ("2", None),
            ("-1", None),
            ("0.0001", None),
            ("0.+1", None),
            ("NaN", None),
            ("", None),
        ] {
            assert_eq!(weight(text), expected, "{text}");
        }
    }

    #[test]
    fn nothing_is_compressed_that_is_not_asked_for() {
        for header in ["", "identity", "gzip;q=0", "br", "*;q=0", "gzip;q=x", "identity,gzip;q=0.5", ";;,=,"]
        {
            assert_eq!(encoding([header]), Encoding::Identity, "{header}");
        }
    }

    #[cfg(feature = "gzip")]
    #[test]
    fn gzip_is_given_where_it_is_wanted_most() {
        for header in
            ["gzip", "GZIP;q=0.5", "x-gzip", "br, gzip;q=0.1", "*", "identity;q=0.1, *;q=0.2, zstd;q=0"]
        {
            assert_ne!(encoding([header]), Encoding::Identity, "{header}");
        }
        assert_eq!(encoding(["zstd;q=0.1, gzip"]), Encoding::Gzip);
        assert_eq!(encoding(["*, gzip;q=0, zstd;q=0"]), Encoding::Identity);
    }

    #[cfg(feature = "zstd")]
    #[test]
    fn zstd_comes_before_gzip() {
        assert_eq!(encoding(["gzip, zstd"]), Encoding::Zstd);
        assert_eq!(encoding(["zstd;q=0.9"]), Encoding::Zstd);
    }

    #[cfg(all(feature = "gzip", feature = "zstd"))]
    #[test]
    fn the_coding_with_the_most_weight_is_given() {
        use Encoding::{Gzip, Identity, Zstd};
        for (header, expected) in [
            ("gzip, deflate, br, zstd", Zstd),
            ("zstd, gzip", Zstd),
            ("zstd;q=0.5, gzip;q=0.5", Zstd),
            ("zstd;q=0.8, gzip;q=0.9", Gzip),
            ("zstd;q=0, gzip", Gzip),
            ("gzip;q=0, zstd;q=0.001", Zstd),
            ("*", Zstd),
            ("*;q=0.3, zstd;q=0", Gzip),
            ("*;q=0.3, gzip;q=0.4", Gzip),
            ("*;q=0.3, identity", Identity),
            ("identity;q=0.5, gzip;q=0.5", Gzip),
            ("identity, gzip;q=0.999", Identity),
            ("identity;q=0, gzip;q=0.1", Gzip),
            // Without an acceptable coding the page is not compressed.
            ("identity;q=0", Identity),
            ("identity;q=0, *;q=0", Identity),
            ("gzip;q=0, *", Zstd),
            ("gzip;q=0, zstd;q=0, *", Identity),
            ("gzip;q=1.5, zstd;q=nan", Identity),
            ("ZSTD ; q=0.2 , GZIP ; q=0.1", Zstd),
        ] {
            assert_eq!(encoding([header]), expected, "{header}");
            let parts: Vec<_> = header.split(',').collect();
            assert_eq!(encoding(parts), expected, "{header} as several headers");
        }
    }
}
