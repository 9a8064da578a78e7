//! Options of label values and label sets, with their pages.

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
fn variant_of_a_string() {
    assert_eq!(Browser::from("chrome"), Browser::Chrome);
    assert_eq!(Browser::from("Chrome/1.0"), Browser::Other);
}

/// Label values with inherent methods of the same names as those of the trait.
#[derive(Clone, Copy, Debug, PartialEq, LabelValue)]
#[label(rename_all = "kebab-case")]
enum Plan {
    Free,
    #[label(rename = "pro \"2\"")]
    Pro,
    #[allow(non_camel_case_types)]
    r#type,
}

impl Plan {
    fn from_label(text: &str) -> Self {
        LabelValue::from_label(text).unwrap_or(Self::Free)
    }
}

impl std::str::FromStr for Plan {
    type Err = ();

    fn from_str(text: &str) -> Result<Self, ()> {
        <Self as LabelValue>::from_label(text).ok_or(())
    }
}

impl TryFrom<&str> for Plan {
    type Error = ();

    fn try_from(text: &str) -> Result<Self, ()> {
        text.parse()
    }
}

/// Asserts that `from_label` finds each value by its text, and only by it.
fn assert_round_trip<L: LabelValue>(values: impl IntoIterator<Item = L>, unknown: &[&str]) {
    let mut count = 0;
    for value in values {
        let found = L::from_label(value.as_str()).expect("the text of a value");
        assert_eq!((found.index(), found.as_str()), (value.index(), value.as_str()));
        count += 1;
    }
    assert_eq!(count, L::COUNT);
    for text in unknown {
        assert!(L::from_label(text).is_none(), "{text:?}");
    }
}

#[test]
fn values_from_text() {
    assert_round_trip([Plan::Free, Plan::Pro, Plan::r#type], &["", "Free", "pro", "free ", "r#type"]);
    assert_round_trip([Browser::Firefox, Browser::Chrome, Browser::Other], &[]);
    assert_round_trip([false, true], &["", "1", "True"]);
    assert_round_trip([()], &["_"]);
    assert_round_trip((3..=5).map(Bounded::<3, 5>::from), &["2", "6", "03", "+3", "", "70000"]);
    assert_round_trip([100, 204, 302, 404, 500].map(StatusClass::of), &["", "6xx", "4XX", "404"]);
    assert_round_trip([None, Some(Plan::Free), Some(Plan::Pro), Some(Plan::r#type)], &["None"]);
    assert_eq!(<&Plan as LabelValue>::from_label("free"), None);
    assert_eq!(<Browser as LabelValue>::from_label("Lynx/2"), Some(Browser::Other));
    assert_eq!((Plan::from_label("?"), Plan::try_from("type")), (Plan::Free, Ok(Plan::r#type)));
}

#[test]
fn declared_order() {
    let registry = Registry::new();
    let requests: Family<Request, Counter> =
        registry.register(&Definition::new("requests_total", "Requests.")).expect("an empty registry");
    let client = |browser: &str, tenant: &str| Client { browser: browser.into(), tenant: tenant.into() };
    let one = Request { shard: 1.into(), client: client("firefox", "acme"), region: "eu".into() };
    let two = Request { shard: 9.into(), client: client("lynx", "eu"), region: "acme".into() };
    requests.with(&one).inc();
    requests.with(&two).inc_by(2);
    requests.with(&one).inc();
    let page = kept_pages::text(registry.text());
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

/// A type whose name cannot be a label.
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
fn tuples() {
    let registry = Registry::new();
    let tuples = Tuples::register_in(&registry).expect("an empty registry");
    tuples.matches_total.with((MatchType::Team, MatchStatus::Lost)).inc();
    tuples.teams.with((MatchType::Solo,)).set(3);
    tuples.answers_total.with((None, StatusClass::of(404))).inc();
    assert_eq!((MatchStatus::Won.as_str(), Quantile::Upper.as_str()), ("won", "Upper"));
    let page = kept_pages::text(registry.text());
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
