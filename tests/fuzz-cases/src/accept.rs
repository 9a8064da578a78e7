//! Any headers get a page, and well-formed ones the page that they ask for.

use std::ops::ControlFlow;

use Format::{Json, OpenMetrics, Protobuf, Text};
use metrics_core::{Definition, Format, Gauge, Registry, Scrape};

use crate::Input;

/// The types of our pages, from the one that is preferred most, and the ranges that stand for several.
const TYPES: [(&str, &[Format]); 7] = [
    (
        "application/vnd.google.protobuf;proto=io.prometheus.client.MetricFamily;encoding=delimited",
        &[Protobuf],
    ),
    ("application/openmetrics-text;version=1.0.0", &[OpenMetrics]),
    ("text/plain;version=0.0.4", &[Text]),
    ("application/json", &[Json]),
    ("application/*", &[OpenMetrics, Protobuf, Json]),
    ("text/*", &[Text]),
    ("*/*", &[Text, OpenMetrics, Protobuf, Json]),
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
    let registry = Registry::new();
    // Large enough to be compressed.
    let level: Result<Gauge, _> = registry.register(&Definition::new("level", "Level. ".repeat(200)));
    assert!(level.is_ok());
    let page = registry.chunks(scrape);
    let content_type = page.content_type();
    let known = CONTENT_TYPES
        .iter()
        .any(|known| content_type.strip_prefix(known).is_some_and(|escaping| ESCAPINGS.contains(&escaping)));
    assert!(known, "{content_type}");
    let end = page.send(usize::MAX, |chunk| {
        assert!([None, Some("gzip"), Some("zstd")].contains(&chunk.content_encoding));
        ControlFlow::Continue(())
    });
    assert!(end.is_continue());
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
    let mut offers = Vec::new();
    for at in 0..input.below(6) {
        header.push_str(if at == 0 { "" } else { [",", ", ", " ,,\t"][input.below(3)] });
        let (place, (weight, text)) = (input.below(TYPES.len() + UNKNOWN.len()), weight(input));
        let Some((name, formats)) = TYPES.get(place) else {
            header.push_str(UNKNOWN[place - TYPES.len()]);
            header.push_str(&text);
            continue;
        };
        header.push_str(&if input.below(2) == 0 { (*name).to_owned() } else { uppercase_type(name) });
        header.push_str(&text);
        offers.push((weight, !name.ends_with("/*"), *formats));
    }
    assert_eq!(Scrape::negotiate([&header], [""]).format(), best(&offers), "{header}");
}

/// Returns the best accepted format. An offer is its weight, `true` if the type is named, and the formats it stands for.
fn best(offers: &[(u16, bool, &[Format])]) -> Format {
    let mut best: Option<((u16, bool, i8), Format)> = None;
    for (weight, specific, formats) in offers.iter().filter(|(weight, ..)| *weight > 0) {
        // A type that is named with no weight is in no range.
        let refused = |format: &&Format| !specific && offers.contains(&(0, true, &[**format]));
        let Some(format) = formats.iter().find(|format| !refused(format)) else { continue };
        let preference = TYPES.iter().position(|(_, other)| other == &[*format]).unwrap_or_default();
        let rank = (*weight, *specific, -i8::try_from(preference).expect("there are seven"));
        if best.is_none_or(|(other, _)| rank > other) {
            best = Some((rank, *format));
        }
    }
    best.map(|(_, format)| format).unwrap_or_default()
}

/// Types are the same in either case, the values of parameters are not.
fn uppercase_type(name: &str) -> String {
    let (media_type, parameters) = name.split_once(';').map_or((name, ""), |(name, rest)| (name, rest));
    let separator = if parameters.is_empty() { "" } else { " ; " };
    format!("{}{separator}{parameters}", media_type.to_uppercase())
}

/// Negotiates with headers of any bytes.
pub fn check(data: &[u8]) {
    let input = &mut Input(data);
    if input.byte() % 2 == 0 { check_any(input) } else { check_list(input) }
}
