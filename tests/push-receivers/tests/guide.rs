//! The configuration of an agent in the guide is one that Prometheus takes.

use std::{fs, process::Command};

use tests::{artefact, scratch::Scratch};

const PAGE: &str = "metrics-core/src/guide/hosted.rs";

#[test]
fn agents_configuration() {
    let page = fs::read_to_string(artefact::workspace().join(PAGE)).expect(PAGE);
    let lines = page.lines().map(|line| line.trim_start_matches("//!").strip_prefix(' ').unwrap_or_default());
    let block = lines.skip_while(|line| *line != "```yaml").skip(1).take_while(|line| *line != "```");
    let configuration: String = block.flat_map(|line| [line, "\n"]).collect();
    assert!(configuration.contains("remote_write:"), "{configuration}");
    let folder = Scratch::new("metrics-tests-agent");
    let token = folder.path().join("token");
    fs::write(&token, "secret").expect("writing the token");
    let token = token.display().to_string();
    let file = folder.path().join("agent.yml");
    fs::write(&file, configuration.replace("/etc/prometheus/grafana-token", &token)).expect("writing it");
    let output = Command::new("promtool").args(["check", "config", "--agent"]).arg(&file).output();
    let output = output.expect("promtool, which scripts/test installs");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
}
