//! Labels of every kind, with the page that they give.

use metrics_core::{
    Bounded, Capped, Counter, Definition, Family, Gauge, LabelSet, LabelValue, MetricGroup, Registry,
    StatusClass,
};

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

#[derive(Clone, Copy, LabelValue)]
#[label(rename_all = "snake_case")]
enum MatchType {
    Solo,
    Team,
}

#[derive(Clone, Copy, LabelValue)]
#[label(rename_all = "snake_case", name = "status")]
enum MatchStatus {
    Won,
    Lost,
}

/// A type whose name is no label.
#[derive(Clone, Copy, LabelValue)]
enum Quantile {
    Upper,
}

#[derive(MetricGroup)]
#[metrics(namespace = "tuples", global = false)]
struct Tuples {
    /// Matches.
    matches_total: Family<(MatchType, MatchStatus), Counter>,
    /// Teams.
    teams: Family<(MatchType,), Gauge>,
    /// Answers.
    answers_total: Family<(Option<MatchStatus>, StatusClass), Counter>,
}

#[test]
fn tuples_are_label_sets() {
    let registry = Registry::new();
    let tuples = Tuples::register_in(&registry).expect("an empty registry");
    tuples.matches_total.with((MatchType::Team, MatchStatus::Lost)).inc();
    tuples.teams.with((MatchType::Solo,)).set(3);
    tuples.answers_total.with((None, StatusClass::of(404))).inc();
    assert_eq!((MatchStatus::Won.as_str(), Quantile::Upper.as_str()), ("won", "Upper"));
    let page = registry.text();
    for line in [
        r#"tuples_matches_total{match_type="solo",status="won"} 0"#,
        r#"tuples_matches_total{match_type="team",status="lost"} 1"#,
        r#"tuples_teams{match_type="solo"} 3"#,
        r#"tuples_answers_total{status_class="4xx"} 1"#,
        r#"tuples_answers_total{status="won",status_class="5xx"} 0"#,
    ] {
        assert!(page.lines().any(|other| other == line), "{line} in\n{page}");
    }
}
