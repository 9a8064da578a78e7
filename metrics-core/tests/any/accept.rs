//! Any headers get a page, and well-formed ones the page that they ask for.

use metrics_core::{Format, Registry, Scrape};

use super::Input;

/// The types of our pages, from the one that is preferred most, and how specific the ranges are that stand for them.
const TYPES: [(&str, Format, u8); 7] = [
    (
        "application/vnd.google.protobuf;proto=io.prometheus.client.MetricFamily;encoding=delimited",
        Format::Protobuf,
        1,
    ),
    ("application/openmetrics-text;version=1.0.0", Format::OpenMetrics, 1),
    ("text/plain;version=0.0.4", Format::Text, 1),
    ("application/json", Format::Json, 1),
    ("application/*", Format::OpenMetrics, 0),
    ("text/*", Format::Text, 0),
    ("*/*", Format::Text, 0),
];

/// Types that nobody here has.
const UNKNOWN: [&str; 3] =
    ["text/html", "application/openmetrics-text;version=2.0.0", "text/plain;version=1.0.0"];

const CONTENT_TYPES: [&str; 4] = [
    "text/plain; version=0.0.4; charset=utf-8",
    "application/openmetrics-text; version=1.0.0; charset=utf-8",
    "application/vnd.google.protobuf; proto=io.prometheus.client.MetricFamily; encoding=delimited",
    "application/json",
];
const ESCAPINGS: [&str; 5] =
    ["", "; escaping=allow-utf-8", "; escaping=underscores", "; escaping=dots", "; escaping=values"];

/// Headers of any bytes: whatever they are there is a page, and nothing of them is in its headers.
fn check_any(input: &mut Input<'_>) {
    let accept: Vec<_> = (0..input.below(4)).map(|_| input.bytes()).collect();
    let coding: Vec<_> = (0..input.below(4)).map(|_| input.bytes()).collect();
    let scrape = Scrape::negotiate(&accept, &coding).query(&input.text());
    let page = Registry::new().chunks(scrape);
    let content_type = page.content_type();
    let known = CONTENT_TYPES
        .iter()
        .any(|known| content_type.strip_prefix(known).is_some_and(|escaping| ESCAPINGS.contains(&escaping)));
    assert!(known, "{content_type}");
    assert!([None, Some("gzip"), Some("zstd")].contains(&page.content_encoding()));
}

/// A weight, and how it is written.
fn weight(input: &mut Input<'_>) -> (u16, String) {
    let thousandths = [0, 1, 250, 500, 999, 1000][input.below(6)];
    let text = match (thousandths, input.below(2)) {
        (1000, 0) => String::new(),
        (1000, _) => ";q=1.000".into(),
        (0, 0) => "; q=0".into(),
        (thousandths, _) => format!(" ; Q=0.{thousandths:03}"),
    };
    (thousandths, text)
}

/// A header that is well-formed.
fn check_list(input: &mut Input<'_>) {
    let mut header = String::new();
    // The weight, whether the type is named, and the place in our order, which is the less the better.
    let mut best: Option<((u16, u8, i8), Format)> = None;
    for at in 0..input.below(6) {
        header.push_str(if at == 0 { "" } else { [",", ", ", " ,,\t"][input.below(3)] });
        let (place, (weight, text)) = (input.below(TYPES.len() + UNKNOWN.len()), weight(input));
        let Some((name, format, specific)) = TYPES.get(place) else {
            header.push_str(UNKNOWN[place - TYPES.len()]);
            header.push_str(&text);
            continue;
        };
        header.push_str(&if input.below(2) == 0 { (*name).to_owned() } else { uppercase_type(name) });
        header.push_str(&text);
        let preference = TYPES.iter().position(|(_, other, _)| other == format).unwrap_or_default();
        let rank = (weight, *specific, -i8::try_from(preference).expect("there are seven"));
        if weight > 0 && best.is_none_or(|(other, _)| rank > other) {
            best = Some((rank, *format));
        }
    }
    let expected = best.map(|(_, format)| format).unwrap_or_default();
    assert_eq!(Scrape::negotiate([&header], [""]).format(), expected, "{header}");
}

/// Types are the same in either case, the values of parameters are not.
fn uppercase_type(name: &str) -> String {
    let (media_type, parameters) = name.split_once(';').map_or((name, ""), |(name, rest)| (name, rest));
    let separator = if parameters.is_empty() { "" } else { " ; " };
    format!("{}{separator}{parameters}", media_type.to_uppercase())
}

/// Negotiates with headers of any bytes.
pub(crate) fn check(data: &[u8]) {
    let input = &mut Input(data);
    if input.byte() % 2 == 0 { check_any(input) } else { check_list(input) }
}
