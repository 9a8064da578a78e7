//! Labels of every kind, with the page that they give.

use metrics_core::{Bounded, Capped, Counter, Definition, Family, LabelSet, LabelValue, Registry};

#[derive(Clone, Copy, Debug, PartialEq, LabelValue)]
#[label(rename_all = "snake_case")]
enum Browser {
    Firefox,
    Chrome,
    #[label(other)]
    Other,
}

#[derive(Clone, LabelSet)]
struct Client {
    browser: Browser,
    tenant: Capped<2>,
}

#[derive(Clone, LabelSet)]
struct Request {
    shard: Bounded<1, 2>,
    #[label(flatten)]
    client: Client,
    region: Capped<2>,
}

#[test]
fn a_string_finds_its_variant() {
    assert_eq!(Browser::from("chrome"), Browser::Chrome);
    assert_eq!(Browser::from("Chrome/1.0"), Browser::Other);
}

#[test]
fn composed_labels_come_in_declared_order() {
    let registry = Registry::new();
    let requests: Family<Request, Counter> =
        registry.register(&Definition::new("requests_total", "Requests.")).expect("an empty registry");
    let client = |browser: &str, tenant: &str| Client { browser: browser.into(), tenant: tenant.into() };
    let one = Request { shard: 1.into(), client: client("firefox", "acme"), region: "eu".into() };
    let two = Request { shard: 9.into(), client: client("lynx", "eu"), region: "acme".into() };
    requests.with(&one).inc();
    requests.with(&two).inc_by(2);
    requests.with(&one).inc();
    let page = registry.text();
    let lines: Vec<_> = page.lines().filter(|line| line.starts_with("requests_total")).collect();
    assert_eq!(
        lines,
        [
            r#"requests_total{shard="1",browser="firefox",tenant="acme",region="eu"} 2"#,
            r#"requests_total{shard="2",browser="other",tenant="eu",region="acme"} 2"#,
        ]
    );
}
