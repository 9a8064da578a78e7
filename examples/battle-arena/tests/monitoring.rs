//! The files of `monitoring/`, as the programs judge them that read them.
#![cfg(unix)]

mod arena;

use std::{fs, path::Path, process::Command};

use arena::{
    Arena,
    stack::{monitoring, run},
};
use serde_json::Value;
use tests::promql;

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
fn every_alert_fires_when_it_should_and_not_otherwise() {
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
fn what_the_compose_files_mount_is_there() {
    let mut mounted = 0;
    for file in ["compose.yml", "compose.extended.yml", "compose.tracing.yml"] {
        for line in fs::read_to_string(monitoring(file)).expect(file).lines() {
            let Some((_, path)) = line.split_once("./") else { continue };
            let Some((path, _)) = path.split_once(":/") else { continue };
            assert!(monitoring(path).exists(), "{file} mounts {path}");
            mounted += 1;
        }
    }
    assert!(mounted > 8, "{mounted}");
    assert!(
        Path::new(env!("CARGO_MANIFEST_DIR"))
            .join("../../examples/battle-arena/monitoring/Dockerfile")
            .exists()
    );
}

/// `BLESS=1` writes the files anew.
#[test]
fn what_is_generated_is_as_the_program_makes_it() {
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

#[test]
fn dashboards_are_told_apart_and_ask_the_provisioned_source() {
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
        for panel in panels.iter().filter(|panel| panel["type"] != "row") {
            assert_eq!(panel["datasource"]["uid"], "prometheus", "{panel}");
            assert!(panel["targets"].as_array().is_some_and(|targets| !targets.is_empty()), "{panel}");
        }
    }
    let all = names.len();
    names.sort();
    names.dedup();
    assert_eq!(names.len(), all);
    assert!(promql::dashboards().len() > 50);
}
