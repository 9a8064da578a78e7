//! Arithmetic of the live page.

use crate::browser::Service;

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
    assert_eq!(browser.text("show(percentile(both(), 0.25), 's')"), "< 200 ms");
    // Observations in the last bucket are above its lower bound.
    assert_eq!(browser.text("show(percentile(both(), 0.75), 's')"), "> 200 ms");
}

#[test]
fn decreasing_count_is_a_restart() {
    let browser = Service::new().open();
    browser.run::<()>(
        "globalThis.summary = (count, sum) =>
            readScrape({ families: [{ name: 's', type: 'summary', help: '', series: [{ labels: {}, count, sum }] }] }, 0)",
    );
    for (before, now, expected) in [
        ("4, 10", "6, 4", r#"{"key":"{}","labels":{},"count":2,"sum":-6}"#),
        ("4, 10", "4, 10", r#"{"key":"{}","labels":{},"count":0,"sum":0}"#),
        ("4, 10", "3, 5", r#"{"key":"{}","labels":{},"count":3,"sum":5}"#),
    ] {
        let script = format!("JSON.stringify(growths('s', summary({before}), summary({now}))[0])");
        assert_eq!(browser.text(&script), expected);
    }
}

/// Agrees with `histogram_quantile` inside of the buckets.
#[test]
fn percentiles_say_no_more_than_the_buckets() {
    let browser = Service::new().open();
    let percentile = |buckets: &str, bounds: &str, part: f64| {
        browser.text(&format!("show(percentile({{ buckets: {buckets}, bounds: {bounds} }}, {part}), '')"))
    };
    for (buckets, bounds, part, expected) in [
        ("[1, 2, 2]", "[1, 2, Infinity]", 0.25, "< 1"),
        ("[1, 2, 2]", "[1, 2, Infinity]", 0.75, "1.5"),
        ("[0, 0, 4]", "[1, 2, Infinity]", 0.5, "> 2"),
        // Empty buckets in between.
        ("[4, 4, 8, 8]", "[1, 2, 3, Infinity]", 0.75, "2.5"),
        ("[4, 4]", "[-1, Infinity]", 0.5, "< -1"),
        ("[2, 4, 4]", "[-1, 1, Infinity]", 0.75, "0"),
        // Nothing was observed, or there are no bounds at all.
        ("[0, 0]", "[1, Infinity]", 0.5, "–"),
        ("[3]", "[Infinity]", 0.5, "–"),
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
        ("0.25", "s/s", "250 ms/s"),
        ("2048", "B/s", "2 KiB/s"),
        ("1023", "B", "1,023 B"),
        ("-2048", "B", "-2 KiB"),
        ("1048576", "B", "1 MiB"),
        ("1e308", "B", "9.09e295 TiB"),
        ("3e15", "", "3.00e15"),
        ("0.00012", "", "1.2e-4"),
        ("-2.5", "", "-2.5"),
        ("Infinity", "s", "∞"),
        ("NaN", "", "–"),
        ("undefined", "%", "–"),
    ] {
        assert_eq!(browser.text(&format!("show({value}, '{unit}')")), expected, "{value} {unit}");
    }
}

#[test]
fn ages_have_two_units() {
    let browser = Service::new().open();
    for (seconds, expected) in [
        (0, "0 s"),
        (59, "59 s"),
        (60, "1 min"),
        (3_725, "1 h 2 min"),
        (86_400 * 400 + 59, "400 d"),
        (86_400 + 3_600, "1 d 1 h"),
    ] {
        assert_eq!(browser.text(&format!("showAge({seconds})")), expected);
    }
}
