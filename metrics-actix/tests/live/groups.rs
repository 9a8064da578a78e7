//! Groups of families: their order, folds and search.

use metrics_core::{Counter, Definition, Registry};

use crate::browser::Service;

fn count(registry: &Registry, names: impl IntoIterator<Item = &'static str>) -> Vec<Counter> {
    names
        .into_iter()
        .map(|name| registry.register(&Definition::new(name, "Some thing.")).expect("a new name"))
        .collect()
}

const NAMES: [&str; 11] = [
    "cache_gets_total",
    "jemalloc_allocations_total",
    "function_calls_total",
    "http_requests_total",
    "shop_http_request_retries_total",
    "metrics_scrapes_total",
    "process_cpu_seconds_total",
    "tokio_worker_parks_total",
    "db_client_connection_timeouts_total",
    "shop_orders_total",
    "functional_total",
];

fn sections(script: &str) -> String {
    format!("byId('groups').children.filter((group) => group.isShown).map((group) => {script})")
}

#[test]
fn own_metrics_come_first() {
    let service = Service::new();
    let _counters = count(&service.registry, NAMES);
    let browser = service.open();
    assert_eq!(
        browser.lines(&sections("group.all('h2')[0].textContent")),
        [
            "Own metrics2 metrics",
            "HTTP2 metrics",
            "Functions1 metric",
            "Databases and caches2 metrics",
            "Process and runtime3 metrics",
            "Metrics library1 metric",
        ]
    );
    // Those without an overview show their rows; that of the library is folded.
    assert_eq!(
        browser.lines(
            "root.withClass('family').filter((row) => row.isShown).map((row) => row.attributes['data-name'])"
        ),
        ["functional_total", "shop_orders_total", "cache_gets_total", "db_client_connection_timeouts_total"]
    );
    // The links are those to the groups that are shown.
    let links = "byId('jumps').children.filter((link) => link.isShown).map((link) => link.attributes.href)";
    assert_eq!(browser.lines(links), ["#own", "#http", "#functions", "#databases", "#process", "#library"]);
}

#[test]
fn folds_stay_over_scrapes_and_visits() {
    let service = Service::new();
    let _counters = count(&service.registry, NAMES);
    let browser = service.open();
    let state = "['own-body', 'library-body'].map((id) => fold(id).attributes['aria-expanded'] + ' ' + byId(id).isShown)";
    assert_eq!(browser.lines(state), ["true true", "false false"]);
    browser.run::<()>("click(fold('own-body')); click(fold('library-body'))");
    assert_eq!(browser.lines(state), ["false false", "true true"]);
    browser.scrape(2.0, &service.scrape());
    assert_eq!(browser.lines(state), ["false false", "true true"]);
    let stored = browser.text("JSON.stringify([...stored])");
    let next = service.open_with(&format!("stored = new Map({stored})"));
    assert_eq!(next.lines(state), ["false false", "true true"]);
    // A link to a group unfolds it.
    next.run::<()>("click(byId('jumps').children[0])");
    assert_eq!(next.lines(state), ["true true", "true true"]);
    // A browser that stores nothing shows the page all the same.
    let without = "localStorage.getItem = localStorage.setItem = () => { throw new Error('no') }";
    let without = service.open_with(without);
    without.run::<()>("click(fold('own-body'))");
    assert_eq!(without.lines(state), ["false false", "false false"]);
}

#[test]
fn search_finds_words_in_all_groups() {
    let service = Service::new();
    let _counters = count(&service.registry, NAMES);
    let browser = service.open();
    browser.run::<()>("click(fold('own-body')); search(' TOTAL  shop THING ')");
    let shown =
        "root.withClass('family').filter((row) => row.isShown).map((row) => row.attributes['data-name'])";
    assert_eq!(browser.lines(shown), ["shop_orders_total", "shop_http_request_retries_total"]);
    assert_eq!(
        browser.lines(&sections("group.all('h2')[0].textContent")),
        ["Own metrics1 of 2", "HTTP1 of 2"]
    );
    browser.run::<()>("search('nowhere')");
    assert_eq!(browser.lines(&sections("group.id")), Vec::<String>::new());
    assert_eq!(
        browser.text("byId('nothing').textContent"),
        "No metric has these words in its name or help text."
    );
    browser.run::<()>("search('')");
    assert!(
        browser
            .run::<bool>("byId('nothing').hidden && !byId('own-body').isShown && byId('http-body').isShown")
    );
}

#[test]
fn service_without_own_metrics_says_so() {
    let service = Service::new();
    let _counters = count(&service.registry, ["http_requests_total"]);
    let browser = service.open();
    let note = "byId('own').withClass('note')[0]";
    assert_eq!(
        browser.text(&format!("{note}.isShown && {note}.textContent")),
        "This service has no metrics of its own yet."
    );
    assert!(!browser.run::<bool>("byId('functions').isShown"));
}

#[test]
fn many_families_are_shown_in_steps() {
    let service = Service::new();
    let html = service.get("/internal/live");
    let families: Vec<_> = (0..250)
        .map(|at| {
            format!(
                r#"{{"name":"f{at:03}","type":"gauge","help":"","series":[{{"labels":{{}},"value":{at}}}]}}"#
            )
        })
        .collect();
    let page = format!(r#"{{"families":[{}]}}"#, families.join(","));
    let browser = crate::browser::Browser::open(&html, 200, &page);
    let rows = "byId('own-families').children.length";
    let further = "byId('own').withClass('further')[0]";
    assert_eq!(browser.run::<usize>(rows), 100);
    assert_eq!(browser.text(&format!("{further}.textContent")), "Show 100 more of 250");
    browser.run::<()>(&format!("click({further})"));
    assert_eq!(browser.run::<usize>(rows), 200);
    assert_eq!(browser.text(&format!("{further}.textContent")), "Show 50 more of 250");
    browser.run::<()>(&format!("click({further})"));
    assert_eq!(browser.run::<usize>(rows), 250);
    assert!(browser.run::<bool>(&format!("{further}.hidden")));
    // A search finds those that are not shown.
    browser.run::<()>("search('f249')");
    assert_eq!(browser.run::<usize>(rows), 1);
}
