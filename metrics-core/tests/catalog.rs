//! The catalogue of a small program, and the test kit.
#![cfg(feature = "enabled")]

use metrics_core::{
    Capped, Counter, Family, Histogram, LabelSet, LabelValue, MetricGroup, Registry, StateSet, assert_delta,
    catalog, prometheus, testing,
};

#[derive(Clone, Copy, LabelValue)]
#[label(rename_all = "snake_case")]
enum MetricType {
    Solo,
    Team,
}

#[derive(Clone, LabelSet)]
struct Games {
    kind: MetricType,
    region: Capped<10>,
}

/// Activity of the arena.
#[derive(MetricGroup)]
#[metrics(namespace = "catalogued", labels(zone = "a"), allow(target_label))]
struct Arena {
    /// Games | by kind.
    games_total: Family<Games, Counter>,
    /// Time of a "game".
    #[metric(unit = "seconds", buckets(0.5, 1))]
    game_duration_seconds: Histogram,
    /// State.
    state: StateSet<MetricType>,
    /// Answers.
    #[metric(labels(method))]
    answers_total: prometheus::IntCounterVec,
}

const MARKDOWN: &str = "\
| metric | type | unit | help | labels | buckets | objective | module | declared at |
|---|---|---|---|---|---|---|---|---|
| `catalogued_answers_total` | counter |  | Answers. | `zone`: a; `method`: any |  |  | catalog | FILE:LINE |
| `catalogued_game_duration_seconds` | histogram | seconds | Time of a \"game\". | `zone`: a | 0.5, 1 |  | catalog | FILE:LINE |
| `catalogued_games_total` | counter |  | Games \\| by kind. | `zone`: a; `kind`: solo, team; `region`: up to 10 strings |  |  | catalog | FILE:LINE |
| `catalogued_state` | stateset |  | State. | `zone`: a; `catalogued_state`: solo, team |  |  | catalog | FILE:LINE |
";

const JSON: &str = r#"{"metrics":[{"name":"catalogued_answers_total","type":"counter","help":"Answers.","unit":null,"labels":[{"name":"zone","values":["a"],"limit":null},{"name":"method","values":[],"limit":null}],"buckets":[],"objective":null,"crate":"catalog","module":"catalog","file":"FILE","line":LINE},
 {"name":"catalogued_game_duration_seconds","type":"histogram","help":"Time of a \"game\".","unit":"seconds","labels":[{"name":"zone","values":["a"],"limit":null}],"buckets":[0.5,1.0],"objective":null,"crate":"catalog","module":"catalog","file":"FILE","line":LINE},
 {"name":"catalogued_games_total","type":"counter","help":"Games | by kind.","unit":null,"labels":[{"name":"zone","values":["a"],"limit":null},{"name":"kind","values":["solo","team"],"limit":null},{"name":"region","values":[],"limit":10}],"buckets":[],"objective":null,"crate":"catalog","module":"catalog","file":"FILE","line":LINE},
 {"name":"catalogued_state","type":"stateset","help":"State.","unit":null,"labels":[{"name":"zone","values":["a"],"limit":null},{"name":"catalogued_state","values":["solo","team"],"limit":null}],"buckets":[],"objective":null,"crate":"catalog","module":"catalog","file":"FILE","line":LINE}],
"conflicts":[]}"#;

/// Returns the expected text with the line of each declaration, in the order of the metrics' names.
fn placed(expected: &str, lines: &[u32]) -> String {
    let with_line = |text: String, line: &u32| text.replacen("LINE", &line.to_string(), 1);
    lines.iter().fold(expected.replace("FILE", "tests/catalog.rs"), with_line)
}

#[test]
fn contents() {
    let registry = Registry::new();
    let arena = Arena::register_in(&registry).expect("an empty registry");
    arena.answers_total.with_label_values(&["GET"]).inc();
    let mut catalog = registry.catalog();
    // The metric with a capped label adds `metrics_overflow_total`.
    let overflow = catalog.metrics.pop().expect("metrics");
    assert_eq!((overflow.name.as_str(), overflow.labels.len()), ("metrics_overflow_total", 1));
    assert_eq!(overflow.labels[0].values, ["catalogued_games_total"]);
    let lines: Vec<u32> = catalog.metrics.iter().map(|metric| metric.line).collect();
    let first = lines[2];
    assert_eq!(lines, [first + 8, first + 3, first, first + 5]);
    assert_eq!(catalog.to_markdown(), placed(MARKDOWN, &lines));
    assert_eq!(catalog.to_json(), placed(JSON, &lines));
}

#[test]
fn conflicts() {
    let registry = Registry::new();
    let definition = |help: &'static str| metrics_core::Definition::new("jobs_total", help);
    let _first: Counter = registry.register_or_detach(&definition("Jobs."));
    let _second: Counter = registry.register_or_detach(&definition("Other jobs."));
    let catalog = registry.catalog();
    let conflicts = registry.registration_errors();
    assert_eq!(catalog.metrics.len(), 1);
    assert_eq!(catalog.conflicts, conflicts);
    let (at, file) = (conflicts[0].location().line, file!());
    let message = format!(
        "metric `jobs_total` declared at {file}:{at} has another help text than the one declared at {file}:{at}"
    );
    let row = format!(
        "\n| conflict | declared at | conflicts with | why |\n|---|---|---|---|\n| `jobs_total` | {file}:{at} | {file}:{at} | {message} |\n"
    );
    assert!(catalog.to_markdown().ends_with(&row), "{}", catalog.to_markdown());
    let place = format!("{{\"file\":\"{file}\",\"line\":{at}}}");
    let object = format!(
        "\n\"conflicts\":[{{\"name\":\"jobs_total\",\"message\":\"{message}\",\"declared_at\":{place},\"conflicts_with\":{place}}}]}}"
    );
    assert!(catalog.to_json().ends_with(&object), "{}", catalog.to_json());
}

#[test]
fn advice_is_no_error() {
    use metrics_core::{Bounded, Definition, Gauge, Summary};
    #[derive(Clone, Copy, LabelSet)]
    #[label(allow(label_in_name))]
    struct Many {
        floor: Bounded<0, 200>,
    }
    let registry = Registry::new();
    let _one: Gauge = registry.register(&Definition::new("stats_gauge", "A.").label("job", "a")).unwrap();
    let _two: Family<Many, Gauge> = registry.register(&Definition::new("scrape_floor", "B.")).unwrap();
    let _three: Summary =
        registry.register(&Definition::new("wait_seconds", "C.").label("url", "a")).unwrap();
    let found: Vec<_> = testing::lint(&registry)
        .into_iter()
        .map(|problem| (problem.metric, problem.rule, problem.severity == testing::Severity::Advice))
        .collect();
    let expected = [
        ("scrape_floor", "scrape_prefix", true),
        ("scrape_floor", "label_in_name", true),
        ("scrape_floor", "many_series", true),
        ("stats_gauge", "type_in_name", false),
        ("stats_gauge", "noise_word", true),
        ("stats_gauge", "target_label", true),
    ];
    assert_eq!(found, expected.map(|(metric, rule, advice)| (metric.to_owned(), rule, advice)));
}

#[test]
fn untouched_metrics() {
    assert!(catalog().metrics.iter().any(|metric| metric.name == "catalogued_games_total"));
    assert_eq!(Registry::global().registration_errors(), []);
}

#[test]
fn every_family_of_the_page() {
    let catalog = catalog();
    let page = Registry::global().text();
    let types = page.lines().filter_map(|line| line.strip_prefix("# TYPE "));
    let mut families = 0;
    for family in types {
        let (name, metric_type) = family.split_once(' ').expect("a type");
        let entry = catalog.metrics.iter().find(|metric| metric.name == name);
        let entry = entry.unwrap_or_else(|| panic!("{name} is missing"));
        assert_eq!(entry.metric_type.classic(), metric_type, "{name}");
        families += 1;
    }
    assert!(families > 10 && page.contains("\nmetrics_overflow_total{"), "{page}");
    #[cfg(target_os = "linux")]
    assert!(page.contains("\nprocess_resident_memory_bytes "), "{page}");
}

#[test]
fn test_registry() {
    let registry = Registry::new();
    let arena = Arena::register_in(&registry).expect("an empty registry");
    let games = Games { kind: MetricType::Team, region: "eu".into() };
    let series = r#"catalogued_games_total{zone="a",kind="team",region="eu"}"#;
    assert_delta!(registry, series, 2.0, {
        std::thread::scope(|scope| {
            for _ in 0..2 {
                scope.spawn(|| arena.games_total.with(&games).inc());
            }
        });
    });
    assert_eq!(testing::value(&registry, series), Some(2.0));
    assert_eq!(testing::lint(&registry), []);
    arena.state.set(MetricType::Solo);
    arena.state.set(MetricType::Team);
    arena.game_duration_seconds.observe(0.7);
    testing::assert_family(
        &registry,
        "catalogued_state",
        "# HELP catalogued_state State.\n# TYPE catalogued_state gauge\n\
         catalogued_state{zone=\"a\",catalogued_state=\"solo\"} 0\n\
         catalogued_state{zone=\"a\",catalogued_state=\"team\"} 1\n",
    );
}

#[test]
#[should_panic(expected = "`a_total` changed by 0 and not by 1: it was 0 and is 0")]
fn missing_delta() {
    let registry = Registry::new();
    assert_delta!(registry, "a_total", 1.0, {});
}

#[test]
#[should_panic(expected = "-b 1\n+b 0")]
fn unexpected_family() {
    let registry = Registry::new();
    let gauge: metrics_core::Gauge =
        registry.register(&metrics_core::Definition::new("b", "B.")).expect("an empty registry");
    gauge.set(0);
    testing::assert_family(&registry, "b", "# HELP b B.\n# TYPE b gauge\nb 1\n");
}

mod judged {
    use metrics_core::observed;

    /// Searches.
    #[observed(objective(name = "search", success = 99.95, latency = "1s"))]
    pub(super) fn by_name() -> Result<(), ()> {
        Ok(())
    }

    #[observed(objective(name = "search", success = 99.95, latency = "1s"))]
    pub(super) fn by_place() {}
}

/// Returns the expression of the first recording of this name in a group.
fn recorded<'a>(rules: &'a str, group: &str, name: &str) -> &'a str {
    let group = rules.split_once(&format!("- name: \"{group}\"\n")).expect(group).1;
    let recording = group.split_once(&format!("- record: {name}\n        expr: |\n")).expect(name).1;
    recording.split_once("        labels:").expect("labels").0
}

#[test]
fn rules() {
    assert_eq!(judged::by_name(), Ok(()));
    judged::by_place();
    let rules = catalog().to_prometheus_rules();
    let module = module_path!();
    let selector = |function: &str, more: &str| {
        format!("function_calls_{more}function=\"{function}\",module=\"{module}::judged\"")
    };
    let errors = recorded(&rules, "objective-search-errors", "slo:sli_error:ratio_rate5m");
    for function in ["by_name", "by_place"] {
        let bad =
            format!("sum by (job) (rate({},result=~\"error|panicked\"}}[5m]))", selector(function, "total{"));
        assert!(errors.contains(&bad), "{bad} in {errors}");
    }
    let latency = recorded(&rules, "objective-search-latency", "slo:sli_error:ratio_rate3d");
    let within = format!("rate({},le=~\"1|1\\\\.0\"}}[3d])", selector("by_name", "duration_seconds_bucket{"));
    assert!(latency.contains(&within), "{within} in {latency}");
    assert_eq!(
        recorded(&rules, "objective-search-errors", "slo:error_budget:ratio").trim(),
        "vector(0.0005)"
    );
    assert_eq!(rules.matches("- alert: ObjectiveBurnsBudget\n").count(), 4);
    assert_eq!(Registry::new().catalog().to_prometheus_rules().lines().last(), Some("groups: []"));
}

#[test]
fn dashboard() {
    let registry = Registry::new();
    let _arena = Arena::register_in(&registry).expect("an empty registry");
    let dashboard = registry.catalog().to_grafana_dashboard("My \"arena\"");
    for part in [
        r#""uid":"my--arena-","title":"My \"arena\"""#,
        r#""type":"row","title":"catalogued""#,
        r#""expr":"sum by (kind, region) (rate(catalogued_games_total{job=~\"$job\", instance=~\"$instance\"}[$__rate_interval]))","legendFormat":"{{kind}} {{region}}""#,
        r#""expr":"histogram_quantile(0.95, sum by (le) (rate(catalogued_game_duration_seconds_bucket{job=~\"$job\", instance=~\"$instance\"}[$__rate_interval])))""#,
        r#""expr":"sum by (catalogued_state) (catalogued_state{job=~\"$job\", instance=~\"$instance\"})""#,
        r#""description":"Time of a \"game\".""#,
        r#""name":"datasource","label":"Data source","type":"datasource""#,
        r#""datasource":{"type":"prometheus","uid":"${datasource}"},"query":"label_values(catalogued_answers_total, job)""#,
        r#""query":"label_values(catalogued_answers_total{job=~\"$job\"}, instance)""#,
    ] {
        assert!(dashboard.contains(part), "{part} in\n{dashboard}");
    }
}

/// A function's name alone does not say where it is.
#[metrics_core::counted(registry = FUNCTIONS)]
fn of_one_module() {}

static FUNCTIONS: std::sync::LazyLock<Registry> = std::sync::LazyLock::new(Registry::new);

#[test]
fn panels_of_functions_and_of_the_process() {
    of_one_module();
    let dashboard = FUNCTIONS.catalog().to_grafana_dashboard("Functions");
    let legend = r#""legendFormat":"{{module}} {{result}}""#;
    assert!(dashboard.contains(legend), "{dashboard}");
    let mut catalog = catalog();
    catalog.metrics.retain(|metric| metric.name.starts_with("process_"));
    let dashboard = catalog.to_grafana_dashboard("Process");
    if cfg!(target_os = "linux") {
        for part in [
            r#""title":"CPU""#,
            r#""title":"Memory""#,
            r#""unit":"percentunit""#,
            r#"by (instance) (process_resident_memory_bytes{job=~\"$job\", instance=~\"$instance\"})""#,
        ] {
            assert!(dashboard.contains(part), "{part} in\n{dashboard}");
        }
    }
}
