//! Rates, failures and durations of annotated functions.

use metrics_core::{Capped, Counter, Definition, Family, Gauge, Histogram, LabelSet};

use super::Function;
use crate::browser::Service;

#[derive(Clone, Debug, LabelSet)]
struct Call {
    function: Capped<100>,
    module: Capped<10>,
    result: Capped<10>,
}

fn definition(name: &str) -> Definition {
    Definition::new(name.to_owned(), "Calls.")
}

#[test]
fn functions_show_rates_failures_and_calls_in_flight() {
    let service = Service::new();
    let calls: Family<Call, Counter> =
        service.registry.register(&definition("function_calls_total")).expect("a new name");
    let running: Family<Function, Gauge> =
        service.registry.register(&definition("function_calls_concurrent")).expect("a new name");
    let count = |function: &str, result: &str, number: u64| {
        let labels = Call { function: function.into(), module: "shop".into(), result: result.into() };
        calls.with(labels).inc_by(number);
    };
    running.with(Function::new("pay", "shop")).set(3);
    let browser = service.open();
    for (result, number) in [("ok", 60), ("error", 15), ("cancelled", 5), ("panicked", 20)] {
        count("pay", result, number);
    }
    for number in 0..30 {
        count(&format!("other{number:02}"), "ok", 30 - number);
    }
    browser.scrape(10.0, &service.scrape());
    let rows = browser.lines("rows('function-table')");
    assert_eq!(rows[0], "function | module | rate | not ok | p50 | p95 | p99 | running");
    assert_eq!(rows[1], "pay | shop | 10/s | 40 % | – | – | – | 3");
    assert_eq!(rows[2], "other00 | shop | 3/s | 0 % | – | – | – | –");
    assert_eq!(rows.len(), 26, "the busiest 25");
    let caption = "byId('function-table').all('caption')[0].textContent";
    assert_eq!(browser.text(caption), "functions in the last 15 seconds, the 25 busiest of 31");
    assert_eq!(browser.lines("chartsOf(byId('function-charts'))"), ["Calls, now: all 56.5/s, not ok 4/s"]);
    assert!(!browser.run::<bool>("byId('http').isShown"));
}

#[test]
fn functions_that_are_timed_alone_are_in_the_table() {
    let service = Service::new();
    let calls: Family<Call, Counter> =
        service.registry.register(&definition("function_calls_total")).expect("a new name");
    let durations = definition("function_calls_duration_seconds").buckets(&[0.1, 0.2]);
    let durations: Family<Function, Histogram> = service.registry.register(&durations).expect("a new name");
    calls.with(Call { function: "counted".into(), module: "m".into(), result: "ok".into() }).inc_by(0);
    let browser = service.open();
    calls.with(Call { function: "counted".into(), module: "m".into(), result: "ok".into() }).inc_by(10);
    (0..20).for_each(|_| durations.with(Function::new("timed", "m")).observe(0.15));
    browser.scrape(10.0, &service.scrape());
    assert_eq!(
        browser.lines("rows('function-table')")[1..],
        ["timed | m | 2/s | – | 150 ms | 195 ms | 199 ms | –", "counted | m | 1/s | 0 % | – | – | – | –"]
    );
}
