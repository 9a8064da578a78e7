//! The programs of each guide, driven alike: their pages differ as the guide's table says, and in nothing else.

use tests::promtool::{Verdict, check_metrics};
use tests_migration::{Drive, Guide, Page, page_of};

/// Orders of the shop.
const ORDERS: Drive = Drive::Arguments(&["card=20", "cash=5", "card=-1", "voucher=250", "card=0.5"]);

/// Requests to the service.
const REQUESTS: Drive = Drive::Paths(&["/orders/1", "/orders/2", "/orders/none", "/nowhere"]);

/// Pages of a guide's programs.
struct Pages {
    before: Page,
    after: Page,
    both: Page,
}

/// Returns the paths of a guide's programs.
macro_rules! programs {
    ($guide:literal) => {
        [
            env!(concat!("CARGO_BIN_EXE_", $guide, "_before")),
            env!(concat!("CARGO_BIN_EXE_", $guide, "_after")),
            env!(concat!("CARGO_BIN_EXE_", $guide, "_both")),
        ]
    };
}

/// Runs a guide's programs, and compares the guide with them.
fn pages(name: &str, programs: [&str; 3], drive: Drive) -> Pages {
    let guide = Guide::read(name);
    guide.assert_programs();
    let texts = programs.map(|program| page_of(program, drive));
    if !texts[1].ends_with("# EOF\n") {
        assert_eq!(check_metrics(&texts[1]), Verdict::clean(), "{}", texts[1]);
    }
    // The module of a program is its name.
    let page = |step: &str, text: &str| Page::parse(&text.replace(&format!("{name}_{step}"), "shop"));
    let [before, after, both] = &texts;
    let (before, after, both) = (page("before", before), page("after", after), page("both", both));
    guide.assert_table(&before, &after);
    Pages { before, after, both }
}

/// Asserts that the page of a service between the two has its counter from the page after, and the others from that before.
fn assert_counter_moved(pages: &Pages) {
    for name in ["shop_open_orders", "shop_order_amount_usd"] {
        pages.both.family(name).assert_same(pages.before.family(name));
    }
    pages.both.family("shop_orders_total").assert_same(pages.after.family("shop_orders_total"));
}

#[test]
fn prometheus() {
    assert_counter_moved(&pages("prometheus", programs!("prometheus"), ORDERS));
}

#[test]
fn metrics_rs() {
    assert_counter_moved(&pages("metrics_rs", programs!("metrics_rs"), ORDERS));
}

#[test]
fn prometheus_client() {
    assert_counter_moved(&pages("prometheus_client", programs!("prometheus_client"), ORDERS));
}

#[test]
fn autometrics() {
    let amounts = Drive::Arguments(&["20", "5", "twenty"]);
    let pages = pages("autometrics", programs!("autometrics"), amounts);
    for name in ["function_calls_total", "function_calls_duration_seconds"] {
        let both = pages.both.family(name);
        let moved = pages.after.family(name).with_label("function", "take_order");
        both.with_label("function", "take_order").assert_same(&moved);
        let mut rest = pages.before.family(name).with_label("function", "ship");
        // Its caller is not measured by autometrics any more.
        for (label, value) in [("caller_function", "take_order"), ("caller_module", "shop")] {
            rest.change(label, value, Some(""));
        }
        both.with_label("function", "ship").assert_same(&rest);
    }
}

#[test]
fn actix_web_prom() {
    let pages = pages("actix_web_prom", programs!("actix_web_prom"), REQUESTS);
    for name in ["http_requests_total", "http_requests_duration_seconds"] {
        let name = format!("shop_{name}");
        pages.both.family(&name).assert_same(pages.before.family(&name));
    }
    let mut requests = pages.both.family("http_requests_total").clone();
    requests.name = "shop_http_requests_total".to_owned();
    requests.assert_same(pages.after.family("shop_http_requests_total"));
}

#[test]
fn opentelemetry() {
    let pages = pages("opentelemetry", programs!("opentelemetry"), REQUESTS);
    let mut before = pages.before.family("http_server_request_duration_seconds").clone();
    let mut both = pages.both.family("http_server_request_duration_seconds").clone();
    for family in [&mut before, &mut both] {
        for (_, labels, _) in &mut family.samples {
            labels.remove("server_port"); // each program has a free one
        }
    }
    both.assert_same(&before);
    let requests = pages.both.family("http_requests_total").with_label("status", "404");
    assert_eq!(requests.samples.len(), 2, "the path without a route, and the number that is none");
}
