use super::*;

fn rules(name: &str, metric_type: MetricType) -> Vec<&'static str> {
    metric_name(name, metric_type).into_iter().map(|finding| finding.rule).collect()
}

fn says(name: &str, metric_type: MetricType) -> String {
    metric_name(name, metric_type).into_iter().map(|finding| finding.message).collect::<Vec<_>>().join("; ")
}

#[test]
fn good_names_pass() {
    for (name, metric_type) in [
        ("http_requests_total", MetricType::Counter),
        ("cpu_seconds_total", MetricType::Counter),
        ("active_players", MetricType::Gauge),
        ("request_duration_seconds", MetricType::Histogram),
        ("response_size_bytes", MetricType::Summary),
        ("build_info", MetricType::Info),
        ("length_metres", MetricType::Gauge),
        ("anything_total", MetricType::Unknown),
    ] {
        assert_eq!(metric_name(name, metric_type), [], "{name}");
    }
}

#[test]
fn every_rule_is_found() {
    assert_eq!(rules("wait_minutes", MetricType::Gauge), ["base_unit"]);
    assert_eq!(rules("wait_milliseconds", MetricType::Gauge), ["base_unit"]);
    assert_eq!(rules("disk_kibibytes", MetricType::Gauge), ["base_unit"]);
    assert_eq!(rules("requests", MetricType::Counter), ["counter_total"]);
    assert_eq!(rules("players_total", MetricType::Gauge), ["total_suffix"]);
    assert_eq!(rules("players_bucket", MetricType::Gauge), ["reserved_suffix"]);
    assert_eq!(rules("players_count", MetricType::Gauge), ["reserved_suffix"]);
    assert_eq!(rules("players_sum", MetricType::Info), ["reserved_suffix", ""]);
    assert_eq!(rules("players_bucket", MetricType::Summary), ["reserved_suffix"]);
    assert_eq!(rules("players_gauge", MetricType::Gauge), ["type_in_name"]);
    assert_eq!(rules("a_histogram_c", MetricType::Histogram), ["type_in_name"]);
    assert_eq!(rules("job:requests", MetricType::Gauge), ["colon"]);
    assert_eq!(rules("activePlayers", MetricType::Gauge), ["camel_case"]);
    assert_eq!(rules("wait_ms", MetricType::Gauge), ["abbreviated_unit"]);
    assert_eq!(rules("_players", MetricType::Gauge), ["leading_underscore"]);
    assert_eq!(rules("login_duration", MetricType::Histogram), ["seconds_suffix"]);
    assert_eq!(rules("cpu_percent", MetricType::Gauge), ["ratio_suffix"]);
    assert_eq!(rules("backup_timestamp", MetricType::Gauge), ["timestamp_suffix"]);
    assert_eq!(rules("http_response_size", MetricType::Summary), ["bytes_suffix"]);
    assert_eq!(rules("http_response_size_bytes", MetricType::Histogram), [""; 0]);
    assert_eq!(rules("somebody_size", MetricType::Histogram), [""; 0]);
    assert_eq!(rules("request_size", MetricType::Gauge), [""; 0]);
    assert_eq!(help(" ").map(|finding| finding.rule), Some("no_help"));
}

#[test]
fn messages_say_what_to_write() {
    assert!(says("wait_milliseconds_total", MetricType::Counter).ends_with("write `wait_seconds_total`"));
    assert!(says("requests_count", MetricType::Counter).ends_with("write `requests_total`"));
    assert!(says("requests_counter", MetricType::Counter).ends_with("write `requests_total`"));
    assert!(
        says("ours_d_seconds", MetricType::Histogram).ends_with("whole word in its place: `ours_…_seconds`")
    );
    assert!(says("activePlayers", MetricType::Gauge).ends_with("write `active_players`"));
    assert!(says("cpu_percent", MetricType::Gauge).ends_with("write `cpu_ratio`"));
    assert!(says("login_time", MetricType::Histogram).ends_with("write `login_time_seconds`"));
    assert!(says("backup_timestamp", MetricType::Gauge).ends_with("write `backup_timestamp_seconds`"));
    assert!(says("cache_gauge_bytes", MetricType::Gauge).ends_with("write `cache_bytes`"));
    assert!(says("http-requests", MetricType::Counter).ends_with("write `http_requests`"));
}

#[test]
fn the_grammar_comes_before_the_rules() {
    assert_eq!(rules("", MetricType::Counter), [""]);
    assert_eq!(rules("9lives", MetricType::Counter), [""]);
    assert_eq!(rules("счетчик", MetricType::Counter), [""]);
    assert_eq!(label_name("a-b").first().map(|finding| finding.rule), Some(""));
}

#[test]
fn reserved_labels_are_refused() {
    for label in ["le", "quantile", "__name__", "_private", ""] {
        assert_eq!(label_name(label).len(), 1, "{label}");
    }
    assert_eq!(label_name("matchType").first().map(|finding| finding.rule), Some("camel_case"));
    assert_eq!(label_name("region"), []);
}

#[test]
fn units_stand_at_the_end() {
    assert_eq!(unit("revenue_usd_total", "usd"), None);
    assert_eq!(unit("usd", "usd"), None);
    let finding = unit("revenue_total_usd_total", "eur").expect("another unit");
    assert!(finding.message.ends_with("`revenue_total_usd_eur_total`"));
    assert_eq!(seconds("login_duration_seconds"), None);
    assert!(seconds("login_duration").expect("no unit").message.ends_with("`login_duration_seconds`"));
    assert!(seconds("login").expect("no unit").message.ends_with("`login_duration_seconds`"));
}

#[test]
fn clashing_series_are_found() {
    let clash = |group: &[(&str, MetricType)]| -> Vec<_> {
        clashes(group).into_iter().map(|(at, _, finding)| (at, finding.rule)).collect()
    };
    assert_eq!(clash(&[("x", MetricType::Histogram), ("x_count", MetricType::Gauge)]), [(1, "suffix_clash")]);
    assert_eq!(
        clash(&[("x_created", MetricType::Gauge), ("x_total", MetricType::Counter)]),
        [(1, "suffix_clash")]
    );
    assert_eq!(clash(&[("x", MetricType::Gauge), ("x", MetricType::Gauge)]), [(1, "duplicate_name")]);
    assert_eq!(clash(&[("x", MetricType::Gauge), ("x_count", MetricType::Gauge)]), []);
}

#[test]
fn constants_are_judged_as_texts_are() {
    let names = [
        "a_total",
        "a",
        "a_ms_total",
        "aB_total",
        "_a_total",
        "9a",
        "a_minutes_total",
        "a_gauge_total",
        "a_count",
    ];
    for (name, metric_type) in
        names.into_iter().flat_map(|name| [(name, MetricType::Counter), (name, MetricType::Gauge)])
    {
        let first = metric_name(name, metric_type).first().map(|finding| finding.rule);
        assert_eq!(first_broken_rule(name, metric_type, &[]).map(Rule::name), first, "{name}");
    }
    assert_eq!(first_broken_rule("a", MetricType::Counter, &["counter_total"]), None);
    const { assert!(first_broken_rule("jobs", MetricType::Counter, &[]).is_some()) };
}

#[test]
fn advice_is_given_on_names_and_labels() {
    let on_name = |name| advice_on_name(name).into_iter().map(|finding| finding.rule).collect::<Vec<_>>();
    for name in
        ["a_metric_total", "timer_seconds", "app_stats", "counter_hits_total", "prometheus_hits_total"]
    {
        assert_eq!(on_name(name), ["noise_word"], "{name}");
    }
    assert_eq!(on_name("scrape_errors_total"), ["scrape_prefix"]);
    assert_eq!(on_name("symmetric_keys"), [""; 0]);
    let on_label = |label, constant| {
        advice_on_label(label, constant).into_iter().map(|finding| finding.rule).collect::<Vec<_>>()
    };
    for label in
        ["job", "instance", "zone", "cluster", "az", "dc", "env", "service", "team", "owner", "stage"]
    {
        assert_eq!(on_label(label, true), ["target_label"], "{label}");
        assert_eq!(on_label(label, false), ["target_label"], "{label}");
    }
    assert_eq!((on_label("region", true), on_label("region", false)), (vec!["target_label"], vec![]));
    assert_eq!(on_label("type", false), ["label_type"]);
    for label in ["user_id", "email", "path", "url", "ip", "uuid", "session", "request_id", "trace_id"] {
        assert_eq!(on_label(label, false), ["id_label"], "{label}");
    }
    assert!(is_in_name("jobs_by_queue_total", "queue") && !is_in_name("jobs_by_queue_total", "que"));
}

#[test]
fn every_rule_has_a_name() {
    assert_eq!(RULES.len(), RULES.iter().collect::<std::collections::BTreeSet<_>>().len());
    assert!(RULES.iter().all(|rule| !rule.is_empty()));
}
