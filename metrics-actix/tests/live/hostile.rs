//! Labels and values that could break the page.

use metrics_core::{Counter, Definition, Family, Gauge};

use super::Function;
use crate::browser::{Browser, Service};

fn with_values(values: &[&str]) -> Browser {
    let service = Service::new();
    let jobs: Family<Function, Counter> =
        service.registry.register(&Definition::new("jobs_total", "Jobs.")).expect("a new name");
    for value in values {
        jobs.with(Function::new(value, "m")).inc();
    }
    let browser = service.open();
    browser.scrape(2.0, &service.scrape());
    browser.run::<()>("openFamily('jobs_total')");
    browser
}

/// Text and tooltip of the first cell of each row.
const CELLS: &str =
    "family('jobs_total').all('tbody')[0].all('th').flatMap((cell) => [cell.textContent, cell.title])";

#[test]
fn markup_quotes_and_line_breaks_are_text() {
    let browser = with_values(&["<script>alert(1)</script>\n\"quoted\" \\ 👩‍🚀"]);
    let expected = "function=\"<script>alert(1)</script>\\n\"quoted\" \\ 👩‍🚀\" module=\"m\"";
    assert_eq!(browser.lines(CELLS), [expected, expected]);
    assert_eq!(browser.run::<usize>("root.all('script').length"), 0);
}

#[test]
fn long_labels_are_cut_with_the_whole_in_the_tooltip() {
    let long = "é".repeat(5_000);
    let browser = with_values(&[&long]);
    let cells = browser.lines(CELLS);
    assert_eq!(cells[0], format!("function=\"{}…\" module=\"m\"", "é".repeat(100)));
    assert_eq!(cells[1], format!("function=\"{long}\" module=\"m\""));
    // No letter of two units is cut in half.
    assert_eq!(browser.text("cut('a' + '🚀'.repeat(60))"), format!("a{}…", "🚀".repeat(49)));
    // So is the legend of a chart, and its description.
    let legend = "family('jobs_total').withClass('legend')[0]";
    browser.run::<()>(&format!(
        "charts.get('family jobs_total').show([0, 1], [{{ name: '{long}', color: 0, values: [1, 2] }}])"
    ));
    assert_eq!(browser.text(&format!("{legend}.children[0].title")), long);
    assert_eq!(browser.text(&format!("{legend}.textContent")), format!("{}… 2/s", "é".repeat(100)));
}

#[test]
fn direction_of_a_label_changes_nothing_around_it() {
    let browser = with_values(&["שלום", "a\u{202e}b"]);
    // An override is shown instead of followed; text from right to left stands in an element that isolates it.
    let cells = browser.lines(CELLS);
    assert!(cells.contains(&"function=\"a\\u202eb\" module=\"m\"".to_owned()), "{cells:?}");
    let isolated = "family('jobs_total').all('bdi').map((one) => one.textContent)";
    assert!(browser.lines(isolated).contains(&"שלום".to_owned()));
    let unisolated = "family('jobs_total').all('tbody')[0].inside().filter((one) => one.name !== 'bdi')
        .flatMap((one) => one.parts.filter((part) => typeof part === 'string'))";
    assert!(!browser.lines(unisolated).concat().contains("שלום"));
}

#[test]
fn chart_survives_values_at_the_ends_of_the_range() {
    let service = Service::new();
    let gauge: Gauge<f64> =
        service.registry.register(&Definition::new("extreme", "Extreme.")).expect("a new name");
    gauge.set(1.0);
    let browser = service.open();
    browser.run::<()>("openFamily('extreme')");
    for value in [f64::MAX, f64::MIN, 1e308, 5e-324, f64::INFINITY, f64::NEG_INFINITY, f64::NAN, 0.0, -3.0] {
        gauge.set(value);
        browser.scrape(2.0, &service.scrape());
        let drawn = browser.lines(
            "family('extreme').inside().flatMap((part) => [...Object.values(part.attributes), part.textContent])",
        );
        for text in drawn {
            assert!(!text.contains("NaN") && !text.contains("Infinity"), "{value}: {text}");
        }
    }
    // All points lie within the chart: from 8 to 140.
    let curve = "charts.get('family extreme').svg.children.find((part) => part.attributes.class === 'curve')";
    let heights: Vec<f64> = browser.run(&format!(
        "{curve}.attributes.d.match(/[ML][0-9.]+ [0-9.-]+/g).map((point) => Number(point.split(' ')[1]))"
    ));
    assert_eq!(heights.len(), 6, "those that are numbers, {heights:?}");
    assert!(heights.iter().all(|height| (8.0..=140.0).contains(height)), "{heights:?}");
}

#[test]
fn axes_end_at_round_numbers() {
    let browser = Service::new().open();
    for (values, unit, expected) in [
        ("[]", "", "[0,1]"),
        ("[0]", "", "[0,1]"),
        ("[3]", "", "[0,3]"),
        ("[-3.1]", "", "[-4,0]"),
        ("[-0.4, 70]", "", "[-0.4,80]"),
        ("[1.7e308]", "", "[0,1.7976931348623157e+308]"),
        ("[30 * 2 ** 20]", "B", "[0,31457280]"),
        ("[5e-324]", "", "[0,1]"),
    ] {
        assert_eq!(browser.text(&format!("JSON.stringify(range({values}, '{unit}'))")), expected, "{values}");
    }
}
