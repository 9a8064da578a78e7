//! Headings, tables, folds and labels, for those who do not see the page or do not use a mouse.

use metrics_core::{Counter, Definition, Family};

use super::Function;
use crate::browser::{Browser, Service};

/// A page with a family of each group.
fn page() -> Browser {
    let service = Service::new();
    let counters: Vec<Family<Function, Counter>> = [
        "shop_orders_total",
        "http_requests_total",
        "function_calls_total",
        "process_cpu_seconds_total",
        "metrics_scrapes_total",
    ]
    .into_iter()
    .map(|name| service.registry.register(&Definition::new(name, "Number of things.")).expect("a new name"))
    .collect();
    for counter in &counters {
        counter.with(Function::new("a", "m")).inc();
    }
    let browser = service.open();
    browser.scrape(2.0, &service.scrape());
    browser.run::<()>("openFamily('shop_orders_total')");
    browser
}

#[test]
fn headings_descend_without_a_gap() {
    let levels: Vec<usize> = page().run(
        "root.inside().filter((one) => /^h[1-6]$/.test(one.name)).map((one) => Number(one.name.slice(1)))",
    );
    assert_eq!(levels[0], 1);
    assert_eq!(levels.iter().filter(|level| **level == 1).count(), 1);
    assert!(levels.windows(2).all(|pair| pair[1] <= pair[0] + 1), "{levels:?}");
    assert!(levels.contains(&3), "charts have headings: {levels:?}");
}

#[test]
fn tables_have_captions_and_headers() {
    let browser = page();
    for (script, expected) in [
        ("root.all('table').every((table) => table.all('caption')[0].textContent)", true),
        (
            "root.all('thead').every((head) => head.all('th').every((cell) => cell.attributes.scope === 'col'))",
            true,
        ),
        (
            "root.all('tbody').flatMap((body) => body.all('tr')).every((row) => row.children[0].attributes.scope === 'row')",
            true,
        ),
        ("root.all('tbody').flatMap((body) => body.all('tr')).length > 1", true),
    ] {
        assert_eq!(browser.run::<bool>(&format!("Boolean({script})")), expected, "{script}");
    }
}

/// A table that is wider than the screen scrolls by the keyboard, and says that there is more.
#[test]
fn wide_table_is_reached_by_the_keyboard() {
    let service = Service::new();
    let jobs: Counter =
        service.registry.register(&Definition::new("jobs_total", "Jobs.")).expect("a new name");
    jobs.inc();
    let browser = service.open();
    let draw = "table(wide, 'jobs', ['name'], [['a']])";
    let state =
        "[wide.attributes.tabindex, wide.classList.contains('overflows'), wide.attributes.role].join()";
    browser.run::<()>(&format!("globalThis.wide = element('div'); wide.scrollWidth = 900; {draw}"));
    assert_eq!(browser.text(state), "0,true,region");
    browser.run::<()>(&format!("wide.scrollWidth = 400; {draw}"));
    assert_eq!(browser.text(state), ",false,region");
}

#[test]
fn folds_name_what_they_fold() {
    let browser = page();
    let folds: Vec<String> = browser.run(
        "root.all('button').filter((button) => 'aria-expanded' in button.attributes).map((button) => button.attributes['aria-controls'])",
    );
    assert_eq!(folds.len(), 9, "six groups, three of which have a list beside their overview: {folds:?}");
    assert!(browser.run::<bool>("root.all('button').every((button) => button.attributes.type === 'button' || button.id === 'send-token')"));
    for id in folds {
        assert!(browser.run::<bool>(&format!(
            "fold('{id}').attributes['aria-expanded'] === String(!byId('{id}').hidden)"
        )));
    }
}

#[test]
fn fields_and_charts_have_names() {
    let browser = page();
    let nameless = "root.inside().filter((one) => ['input', 'select'].includes(one.name))
        .filter((one) => !one.attributes['aria-label'] && one.parent.name !== 'label' && !root.all('label').some((label) => label.attributes.for === one.id))
        .map((one) => one.id)";
    assert_eq!(browser.lines(nameless), Vec::<String>::new());
    let charts = "root.all('svg').filter((svg) => svg.attributes['aria-hidden'] !== 'true' && !(svg.attributes.role === 'img' && svg.attributes['aria-label']))";
    assert_eq!(browser.run::<usize>(&format!("{charts}.length")), 0);
    // The state changes with each scrape and is not read out; trouble is.
    assert_eq!(
        browser.text("String([byId('state').attributes.role, byId('trouble').attributes.role])"),
        ",alert"
    );
}

#[test]
fn points_of_a_chart_are_read_by_the_keyboard() {
    let browser = page();
    let press = |key: &str| {
        browser.run::<()>(&format!(
            "charts.get('family shop_orders_total').svg.listeners.keydown({{ key: '{key}', preventDefault() {{}} }})"
        ));
        browser.text("charts.get('family shop_orders_total').svg.attributes['aria-label']")
    };
    assert!(press("ArrowLeft").starts_with("Rate, 0 seconds ago: "));
    // The slash reaches the search, but not from a field.
    browser.run::<()>("pageListeners.keydown({ key: '/', target: byId('token'), preventDefault() {} })");
    assert_eq!(browser.text("String(document.activeElement?.id)"), "undefined");
    browser.run::<()>("pageListeners.keydown({ key: '/', target: byId('groups'), preventDefault() {} })");
    assert_eq!(browser.text("document.activeElement.id"), "find");
}
