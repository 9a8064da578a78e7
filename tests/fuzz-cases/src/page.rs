//! Pages of arbitrary help texts, labels and numbers, read back by a minimal reader.

use metrics_core::{Counter, Definition, Format, Gauge, Histogram, Page, Registry, Scrape};

use crate::Input;

/// A sample as the reader has it.
#[derive(Debug, PartialEq)]
struct Sample {
    name: String,
    labels: Vec<(String, String)>,
    /// The bits of the value, so NaN compares equal; there is always one.
    value: u64,
}

fn sample(name: &str, labels: &[(&str, &str)], value: f64) -> Sample {
    let labels = labels.iter().filter(|(_, value)| !value.is_empty());
    let labels = labels.map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
    let value = if value.is_nan() { f64::NAN } else { value }.to_bits();
    Sample { name: name.into(), labels, value }
}

/// Contents of a page: the help texts by family, and the samples.
#[derive(Debug, Default, PartialEq)]
struct Read {
    helps: Vec<(String, String)>,
    samples: Vec<Sample>,
}

/// Takes the escapes away: of `\n`, and of whatever else stands behind a `\`.
fn unescape(text: &str) -> String {
    let mut plain = String::new();
    let mut characters = text.chars();
    while let Some(character) = characters.next() {
        plain.push(match character {
            '\\' => match characters.next().expect("something is escaped") {
                'n' => '\n',
                escaped => {
                    assert!(['\\', '"'].contains(&escaped), "`\\{escaped}` is no escape");
                    escaped
                }
            },
            other => other,
        });
    }
    plain
}

/// The end of a quoted text: the first quote that is not escaped.
fn end_of_quoted(text: &str) -> usize {
    let mut escaped = false;
    let end = text.char_indices().find(|(_, character)| {
        let ends = *character == '"' && !escaped;
        escaped = *character == '\\' && !escaped;
        ends
    });
    end.expect("a quoted text ends").0
}

fn read_number(text: &str) -> f64 {
    match text {
        "+Inf" => f64::INFINITY,
        "-Inf" => f64::NEG_INFINITY,
        "NaN" => f64::NAN,
        // Rust reads `inf` as well, which the formats do not have.
        number => {
            assert!(number.starts_with(|first: char| first == '-' || first.is_ascii_digit()), "{text}");
            number.parse().expect("a number")
        }
    }
}

fn read_sample(line: &str) -> Sample {
    let end = line.find(['{', ' ']).expect("a name ends");
    let (name, mut rest) = line.split_at(end);
    let mut labels = Vec::new();
    if let Some(block) = rest.strip_prefix('{') {
        rest = block;
        while !rest.starts_with('}') {
            let (label, quoted) = rest.trim_start_matches(',').split_once("=\"").expect("a label");
            let (value, after) = quoted.split_at(end_of_quoted(quoted));
            let value = unescape(value);
            // More than one text can be the shortest of a number.
            let value = if label == "le" { read_number(&value).to_string() } else { value };
            labels.push((label.to_owned(), value));
            rest = &after[1..];
        }
        rest = &rest[1..];
    }
    let value = rest.strip_prefix(' ').expect("one space stands before the value");
    Sample { name: name.into(), labels, value: read_number(value).to_bits() }
}

fn read(page: &str) -> Read {
    assert!(page.ends_with('\n'), "{page}");
    let mut read = Read::default();
    // Other characters that end lines elsewhere do not here.
    for line in page.split_terminator('\n') {
        if let Some(help) = line.strip_prefix("# HELP ") {
            let (name, help) = help.split_once(' ').expect("a help text");
            read.helps.push((name.into(), unescape(help)));
        } else if !line.starts_with('#') {
            read.samples.push(read_sample(line));
        }
    }
    read
}

/// Makes metrics of any bytes and reads their pages. `keep` receives each page with its format.
///
/// # Panics
///
/// Panics if a page differs from the recorded values.
pub fn check(data: &[u8], keep: impl Fn(Format, &[u8])) {
    let input = &mut Input(data);
    let registry = Registry::new();
    let (help, label, other) = (input.text(), input.text(), input.text());
    let define = |name: &str| {
        Definition::new(name, help.clone()).label("label", label.clone()).label("other", other.clone())
    };
    let labels = [("label", &*label), ("other", &*other)];
    let (level, amount, observed) = (input.float(), input.float(), input.float());
    let gauge: Gauge<f64> = registry.register(&define("any_gauge")).expect("a legal definition");
    gauge.set(level);
    let mut samples = vec![sample("any_gauge", &labels, level)];
    let counter: Counter<f64> = registry.register(&define("any_total")).expect("a legal definition");
    counter.inc_by(amount);
    let mut bounds: Vec<f64> = (0..input.below(6)).map(|_| input.float()).collect();
    bounds.retain(|bound| bound.is_finite());
    bounds.sort_by(f64::total_cmp);
    bounds.dedup();
    let histogram = registry.register::<Histogram>(&define("any_times").buckets(&bounds)).ok();
    if let Some(histogram) = &histogram {
        histogram.observe(observed);
        samples.extend(histogram_samples(&bounds, observed, histogram.sum(), labels));
    }
    // Sums start at zero in cells that were others', and take up what their last digit can hold beside the former sums.
    samples.push(sample("any_total", &labels, counter.get()));

    let text = registry.text();
    keep(Format::Text, text.as_bytes());
    let page = read(&text);
    for (read, made) in page.samples.iter().zip(&samples) {
        assert_eq!(read, made, "{} in\n{text}", f64::from_bits(made.value));
    }
    assert_eq!(page.samples.len(), samples.len(), "{text}");
    assert!(page.helps.iter().all(|(_, read)| *read == help), "{text}");

    let text = registry.open_metrics();
    keep(Format::OpenMetrics, text.as_bytes());
    let lines = text.strip_suffix("# EOF\n").expect("the end");
    let page = read(lines);
    let is_value = |sample: &&Sample| ["any_gauge", "any_total"].contains(&&*sample.name);
    assert!(page.samples.iter().filter(is_value).eq(samples.iter().filter(is_value)), "{text}");
    assert!(page.helps.iter().all(|(_, read)| *read == help), "{text}");

    let mut page = Page::default();
    registry.scrape(&Scrape::new(Format::Json), &mut page);
    str::from_utf8(page.as_ref()).expect("JSON is text");
    keep(Format::Json, page.as_ref());
    registry.scrape(&Scrape::new(Format::Protobuf), &mut page);
    assert_eq!(count_messages(page.as_ref()), 2 + usize::from(histogram.is_some()));
}

/// The lines of a histogram with one observation. Bounds are compared as numbers.
fn histogram_samples(bounds: &[f64], observed: f64, sum: f64, labels: [(&str, &str); 2]) -> Vec<Sample> {
    let bucket = |bound: f64| {
        let ([one, other], text) = (labels, bound.to_string());
        let count = u8::from(observed <= bound || bound.is_infinite());
        sample("any_times_bucket", &[one, other, ("le", &text)], count.into())
    };
    let mut samples: Vec<_> = bounds.iter().copied().chain([f64::INFINITY]).map(bucket).collect();
    samples.push(sample("any_times_sum", &labels, sum));
    samples.push(sample("any_times_count", &labels, 1.0));
    samples
}

/// Number of messages, each with its length before it.
fn count_messages(mut page: &[u8]) -> usize {
    let mut count = 0;
    while !page.is_empty() {
        let mut length = 0_usize;
        let mut shift = 0;
        loop {
            let (byte, rest) = page.split_first().expect("a length");
            page = rest;
            length |= usize::from(byte & 0x7F) << shift;
            shift += 7;
            if byte & 0x80 == 0 {
                break;
            }
        }
        page = page.get(length..).expect("as much as was announced");
        count += 1;
    }
    count
}
