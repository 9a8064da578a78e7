//! The files of `monitoring/`, as the programs judge them that read them.
#![cfg(unix)]

mod arena;

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::Path,
    process::Command,
};

use arena::{
    Arena,
    stack::{monitoring, run},
};
use serde_json::Value;
use tests::{promql, python};

#[track_caller]
fn assert_passes(command: &mut Command) {
    let output = run(command);
    let said = [output.stdout, output.stderr].concat();
    assert!(output.status.success(), "{command:?}: {}", String::from_utf8_lossy(&said));
}

fn files(folder: &str) -> Vec<std::path::PathBuf> {
    let files: Vec<_> =
        fs::read_dir(monitoring(folder)).expect(folder).flatten().map(|file| file.path()).collect();
    assert!(!files.is_empty(), "{folder}");
    files
}

#[test]
fn prometheus_and_alertmanager_take_their_configurations() {
    assert_passes(
        Command::new("promtool").args(["check", "config"]).arg(monitoring("prometheus/prometheus.yml")),
    );
    assert_passes(Command::new("promtool").args(["check", "rules"]).args(files("prometheus/rules")));
    assert_passes(
        Command::new("amtool").arg("check-config").arg(monitoring("alertmanager/alertmanager.yml")),
    );
}

#[test]
fn alerts_fire_when_they_should() {
    let tests = files("prometheus/tests");
    assert_passes(Command::new("promtool").args(["test", "rules"]).args(&tests));
    let tested: String = tests.iter().map(|file| fs::read_to_string(file).expect("a test")).collect();
    for file in files("prometheus/rules") {
        for line in fs::read_to_string(file).expect("rules").lines() {
            let Some(alert) = line.trim().strip_prefix("- alert: ") else { continue };
            // On one line, or on lines of their own.
            let quiet = [
                format!("alertname: {alert}, exp_alerts: []"),
                format!("alertname: {alert}\n        exp_alerts: []"),
            ];
            let fires = format!("alertname: {alert}\n        exp_alerts:\n");
            assert!(tested.contains(&fires), "no test fires {alert}");
            assert!(quiet.iter().any(|quiet| tested.contains(quiet)), "no test has {alert} silent");
        }
    }
}

#[test]
fn compose_files_fit_their_mounts() {
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/compose.py");
    assert_eq!(python::look_at_files(&script, &monitoring("")), "");
}

/// `BLESS=1` writes the files anew.
#[test]
fn generated_files_are_current() {
    let arena = Arena::start(&["--simulate", "off"]);
    for (path, file) in [
        ("/generated/dashboard.json", "grafana/dashboards/generated.json"),
        ("/generated/objectives.yml", "prometheus/rules/objectives.yml"),
    ] {
        let made = arena.get(path).body;
        if std::env::var_os("BLESS").is_some() {
            fs::write(monitoring(file), &made).expect(file);
        }
        let kept = fs::read_to_string(monitoring(file)).unwrap_or_default();
        assert!(kept == made, "{file} is not what {path} gives; BLESS=1 writes it anew");
    }
}

/// Says that panels are told apart, have a title, are within the 24 columns, and do not lie on one another.
#[track_caller]
fn is_laid_out(panels: &[Value]) {
    let mut taken = BTreeMap::new();
    let mut ids = BTreeSet::new();
    for panel in panels {
        assert!(panel["id"].as_u64().is_some_and(|id| id > 0 && ids.insert(id)), "{panel}");
        let title = panel["title"].as_str().filter(|title| !title.is_empty()).expect("a title");
        let [x, y, width, height] =
            ["x", "y", "w", "h"].map(|side| panel["gridPos"][side].as_u64().expect("a side"));
        assert!(width > 0 && height > 0 && x + width <= 24, "{title}");
        for cell in (y..y + height).flat_map(|row| (x..x + width).map(move |column| (row, column))) {
            let other = taken.insert(cell, title);
            assert_eq!(other, None, "{title} lies on it");
        }
    }
}

/// Metrics that the original documents, row by row.
#[test]
fn dashboards_have_their_panels() {
    for (file, promised) in [
        (
            "grafana/dashboards/system-overview.json",
            "Active players, HTTP request rate, Response time, Error rate, Revenue, Matches",
        ),
        (
            "grafana/dashboards/in-depth.json",
            "Active players, Total matches, Total revenue, Requests a second, Request rate by endpoint, \
             Response time by endpoint, In progress by endpoint, Status codes, Active players, Requests of each kind a login, Started by type, \
             Matches by type, Growth, By item, A minute, Success, Errors, Average response time, Total requests, \
             Error rate over time, Memory, Requests in four hours, if it goes on like this",
        ),
    ] {
        let dashboard: Value =
            serde_json::from_str(&fs::read_to_string(monitoring(file)).expect("a dashboard")).expect("JSON");
        assert_eq!(dashboard["refresh"], "30s");
        assert!(dashboard["links"].as_array().is_some_and(|links| !links.is_empty()), "{file} leads on");
        let panels = dashboard["panels"].as_array().expect("panels");
        let mut titles: Vec<_> = panels
            .iter()
            .filter(|panel| panel["type"] != "row")
            .filter_map(|panel| panel["title"].as_str())
            .collect();
        // In this order, with others between them.
        let mut rest = promised;
        titles.retain(|title| match rest.strip_prefix(title) {
            Some(after) if after.is_empty() || after.starts_with(", ") => {
                rest = after.trim_start_matches(", ");
                true
            }
            _ => false,
        });
        assert_eq!(rest, "", "{file}: {titles:?}");
    }
}

#[test]
fn dashboards_have_unique_ids_and_the_provisioned_source() {
    for file in ["grafana/provisioning/datasources/prometheus.yml", "grafana/tracing.yml"] {
        let source = fs::read_to_string(monitoring(file)).expect("the source");
        assert!(source.contains("uid: prometheus"), "{file}");
    }
    let mut names = Vec::new();
    for file in files("grafana/dashboards") {
        let dashboard: Value =
            serde_json::from_str(&fs::read_to_string(&file).expect("a dashboard")).expect("JSON");
        names.push(dashboard["uid"].as_str().expect("a name").to_owned());
        let panels = dashboard["panels"].as_array().expect("panels");
        is_laid_out(panels);
        for panel in panels.iter().filter(|panel| panel["type"] != "row") {
            // The generated one has a variable for it.
            let source = panel["datasource"]["uid"].as_str().expect("a source");
            assert!(["prometheus", "${datasource}"].contains(&source), "{panel}");
            let targets = panel["targets"].as_array().filter(|targets| !targets.is_empty()).expect("targets");
            let asked = |target: &Value| target["expr"].as_str().is_some_and(|text| !text.trim().is_empty());
            assert!(targets.iter().all(asked), "{panel}");
            let names: BTreeSet<_> =
                targets.iter().map(|target| target["refId"].as_str().expect("a name")).collect();
            assert_eq!(names.len(), targets.len(), "{panel}");
        }
    }
    let all = names.len();
    names.sort();
    names.dedup();
    assert_eq!(names.len(), all);
    assert!(promql::dashboards().len() > 50);
}
