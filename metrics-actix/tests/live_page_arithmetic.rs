//! Arithmetic of the live page, in its own script as it is served.

mod browser;
mod scraper;

use browser::Service;

#[test]
fn histograms_merge_by_their_common_bounds() {
    let browser = Service::new().open();
    browser.run::<()>(
        "globalThis.both = () => together([
            { count: 10, sum: 1, bounds: [0.1, 0.2, 0.4, Infinity], buckets: [10, 10, 10, 10] },
            { count: 20, sum: 9, bounds: [0.2, 0.5, 1, Infinity], buckets: [10, 20, 20, 20] },
            { count: 10, sum: 7, bounds: [0.2, 0.5, 1, Infinity], buckets: [0, 10, 10, 10] }])",
    );
    assert_eq!(
        browser.text("JSON.stringify(both())"),
        r#"{"count":40,"sum":17,"buckets":[20,40],"bounds":[0.2,null]}"#
    );
    assert_eq!(browser.text("String(percentile(both(), 0.25))"), "0.1");
    // Observations in the last bucket count as its lower bound.
    assert_eq!(browser.text("String(percentile(both(), 0.75))"), "0.2");
}

#[test]
fn decreasing_count_is_a_restart() {
    let browser = Service::new().open();
    browser.run::<()>(
        "globalThis.summary = (count, sum) =>
            readScrape({ families: [{ name: 's', type: 'summary', help: '', series: [{ labels: {}, count, sum }] }] }, 0)",
    );
    for (before, now, expected) in [
        ("4, 10", "6, 4", r#"{"labels":{},"count":2,"sum":-6}"#),
        ("4, 10", "4, 10", r#"{"labels":{},"count":0,"sum":0}"#),
        ("4, 10", "3, 5", r#"{"labels":{},"count":3,"sum":5}"#),
    ] {
        let script = format!("JSON.stringify(growths('s', summary({before}), summary({now}))[0])");
        assert_eq!(browser.text(&script), expected);
    }
}

#[test]
fn percentiles_agree_with_histogram_quantile() {
    let browser = Service::new().open();
    let percentile = |buckets: &str, bounds: &str, part: f64| {
        browser.text(&format!("String(percentile({{ buckets: {buckets}, bounds: {bounds} }}, {part}))"))
    };
    for (buckets, bounds, part, expected) in [
        ("[1, 2, 2]", "[1, 2, Infinity]", 0.25, "0.5"),
        ("[1, 2, 2]", "[1, 2, Infinity]", 0.75, "1.5"),
        ("[0, 0, 4]", "[1, 2, Infinity]", 0.5, "2"),
        // Empty buckets in between.
        ("[4, 4, 8, 8]", "[1, 2, 3, Infinity]", 0.75, "2.5"),
        // A first bucket below zero has no lower bound.
        ("[4, 4]", "[-1, Infinity]", 0.5, "-1"),
        ("[2, 4, 4]", "[-1, 1, Infinity]", 0.75, "0"),
        // Nothing was observed, or there are no bounds at all.
        ("[0, 0]", "[1, Infinity]", 0.5, "undefined"),
        ("[3]", "[Infinity]", 0.5, "undefined"),
    ] {
        assert_eq!(percentile(buckets, bounds, part), expected, "{buckets} {bounds} {part}");
    }
}

#[test]
fn numbers_are_shown_with_their_units() {
    let browser = Service::new().open();
    for (value, unit, expected) in [
        ("0", "s", "0 s"),
        ("0.0000125", "s", "12.5 µs"),
        ("0.0125", "s", "12.5 ms"),
        ("90", "s", "90 s"),
        ("0.5", "%", "50 %"),
        ("0.25", "/s", "0.25/s"),
        ("1234567", "/s", "1,234,567/s"),
        ("1023", "B", "1,023 B"),
        ("1048576", "B", "1 MiB"),
        ("3e15", "", "3.00e+15"),
        ("0.00012", "", "1.2e-4"),
        ("-2.5", "", "-2.5"),
        ("Infinity", "s", "∞"),
        ("NaN", "", "–"),
        ("undefined", "%", "–"),
    ] {
        assert_eq!(browser.text(&format!("show({value}, '{unit}')")), expected, "{value} {unit}");
    }
}
