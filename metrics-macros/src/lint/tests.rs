use super::*;

fn rules(name: &str, kind: Kind) -> Vec<&'static str> {
    metric_name(name, kind).into_iter().map(|finding| finding.rule).collect()
}

fn says(name: &str, kind: Kind) -> String {
    metric_name(name, kind).into_iter().map(|finding| finding.message).collect::<Vec<_>>().join("; ")
}

#[test]
fn good_names_pass() {
    for (name, kind) in [
        ("http_requests_total", Kind::Counter),
        ("cpu_seconds_total", Kind::Counter),
        ("active_players", Kind::Gauge),
        ("request_duration_seconds", Kind::Histogram),
        ("response_size_bytes", Kind::Summary),
        ("build_info", Kind::Info),
        ("length_metres", Kind::Gauge),
        ("anything_total", Kind::Unknown),
    ] {
        assert_eq!(metric_name(name, kind), [], "{name}");
    }
}

#[test]
fn every_rule_of_promtool_is_found() {
    assert_eq!(rules("wait_minutes", Kind::Gauge), [BASE_UNIT]);
    assert_eq!(rules("wait_milliseconds", Kind::Gauge), [BASE_UNIT]);
    assert_eq!(rules("disk_kibibytes", Kind::Gauge), [BASE_UNIT]);
    assert_eq!(rules("requests", Kind::Counter), [COUNTER_TOTAL]);
    assert_eq!(rules("players_total", Kind::Gauge), [TOTAL_SUFFIX]);
    assert_eq!(rules("players_bucket", Kind::Gauge), [RESERVED_SUFFIX]);
    assert_eq!(rules("players_count", Kind::Gauge), [RESERVED_SUFFIX]);
    assert_eq!(rules("players_sum", Kind::Info), [RESERVED_SUFFIX, ""]);
    assert_eq!(rules("players_bucket", Kind::Summary), [RESERVED_SUFFIX]);
    assert_eq!(rules("players_gauge", Kind::Gauge), [TYPE_IN_NAME]);
    assert_eq!(rules("a_histogram_c", Kind::Histogram), [TYPE_IN_NAME]);
    assert_eq!(rules("job:requests", Kind::Gauge), [COLON]);
    assert_eq!(rules("activePlayers", Kind::Gauge), [CAMEL_CASE]);
    assert_eq!(rules("wait_ms", Kind::Gauge), [ABBREVIATED_UNIT]);
    assert_eq!(rules("_players", Kind::Gauge), [LEADING_UNDERSCORE]);
    assert_eq!(help(" ").map(|finding| finding.rule), Some(NO_HELP));
}

#[test]
fn messages_say_what_to_write() {
    assert!(says("wait_milliseconds_total", Kind::Counter).ends_with("write `wait_seconds_total`"));
    assert!(says("requests_count", Kind::Counter).ends_with("write `requests_total`"));
    assert!(says("requests_counter", Kind::Counter).ends_with("write `requests_total`"));
    assert!(says("activePlayers", Kind::Gauge).ends_with("write `active_players`"));
    assert!(says("cache_gauge_bytes", Kind::Gauge).ends_with("write `cache_bytes`"));
    assert!(says("http-requests", Kind::Counter).ends_with("write `http_requests`"));
}

#[test]
fn the_grammar_comes_before_the_rules() {
    assert_eq!(rules("", Kind::Counter), [""]);
    assert_eq!(rules("9lives", Kind::Counter), [""]);
    assert_eq!(rules("счетчик", Kind::Counter), [""]);
    assert_eq!(label_name("a-b").first().map(|finding| finding.rule), Some(""));
}

#[test]
fn reserved_labels_are_refused() {
    for label in ["le", "quantile", "__name__", "_private", ""] {
        assert_eq!(label_name(label).len(), 1, "{label}");
    }
    assert_eq!(label_name("matchType").first().map(|finding| finding.rule), Some(CAMEL_CASE));
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
    let clash = |group: &[(&str, Kind)]| -> Vec<_> {
        clashes(group).into_iter().map(|(at, finding)| (at, finding.rule)).collect()
    };
    assert_eq!(clash(&[("x", Kind::Histogram), ("x_count", Kind::Gauge)]), [(1, SUFFIX_CLASH)]);
    assert_eq!(clash(&[("x_created", Kind::Gauge), ("x_total", Kind::Counter)]), [(1, SUFFIX_CLASH)]);
    assert_eq!(clash(&[("x", Kind::Gauge), ("x", Kind::Gauge)]), [(1, DUPLICATE_NAME)]);
    assert_eq!(clash(&[("x", Kind::Gauge), ("x_count", Kind::Gauge)]), []);
}

/// Names of all kinds, good and bad. None has two units: promtool 2.42 takes one of them by chance.
fn corpus(end: &str) -> Vec<String> {
    let stems = ["jobs", "wait", "activeJobs", "app:jobs", "a_counter", "x_gauge_y", "summary", "b"];
    let units = [
        "",
        "_seconds",
        "_milliseconds",
        "_minutes",
        "_bytes",
        "_kibibytes",
        "_bits",
        "_ms",
        "_kb",
        "_celsius",
        "_meters",
        "_metres",
        "_weeks",
        "_s",
        "_ratio",
        "_gauge_histogram",
        "_grams",
        "_volts",
    ];
    let names = |stem: &str| units.map(|unit| format!("{stem}{unit}{end}"));
    stems.into_iter().flat_map(names).collect()
}

/// A page with one metric, as promtool reads it.
fn page(name: &str, kind: Kind) -> String {
    let (word, samples) = match kind {
        Kind::Counter => ("counter", format!("{name} 1\n")),
        Kind::Histogram => {
            ("histogram", format!("{name}_bucket{{le=\"+Inf\"}} 1\n{name}_sum 1\n{name}_count 1\n"))
        }
        Kind::Summary => ("summary", format!("{name}_sum 1\n{name}_count 1\n")),
        _ => ("gauge", format!("{name} 1\n")),
    };
    format!("# HELP {name} Help.\n# TYPE {name} {word}\n{samples}")
}

/// The names on which promtool has something to say; `None` where it is not installed.
fn found_by_promtool(page: &str) -> Option<std::collections::HashSet<String>> {
    use std::{
        io::Write as _,
        process::{Command, Stdio},
    };

    let mut promtool = Command::new("promtool");
    promtool.args(["check", "metrics"]).stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut running = promtool.spawn().ok()?;
    let mut input = running.stdin.take().expect("a pipe");
    let text = page.to_owned();
    let writer = std::thread::spawn(move || input.write_all(text.as_bytes()));
    let output = running.wait_with_output().expect("promtool's output");
    writer.join().expect("a writer").expect("promtool reads it all");
    let said = String::from_utf8_lossy(&output.stderr) + String::from_utf8_lossy(&output.stdout);
    assert!(!said.contains("error while linting"), "{said}");
    Some(said.lines().filter_map(|line| line.split_once(' ')).map(|(name, _)| name.to_owned()).collect())
}

/// promtool finds what the rules find, name by name.
#[test]
fn promtool_agrees() {
    let kinds = [Kind::Counter, Kind::Gauge, Kind::Histogram, Kind::Summary];
    // One page an ending: on one page `x` and `x_count` would clash.
    let ends = ["", "_total", "_count", "_sum", "_bucket", "_info", "_histogram"];
    for (kind, end) in kinds.into_iter().flat_map(|kind| ends.map(|end| (kind, end))) {
        let names = corpus(end);
        let whole: String = names.iter().map(|name| page(name, kind)).collect();
        let Some(found) = found_by_promtool(&whole) else {
            eprintln!("promtool is not installed, so nothing is compared");
            return;
        };
        let ours = |name: &String| !metric_name(name, kind).is_empty();
        let differing: Vec<_> = names.iter().filter(|name| ours(name) != found.contains(*name)).collect();
        assert!(differing.is_empty(), "{kind:?}: {differing:?}");
    }
}
