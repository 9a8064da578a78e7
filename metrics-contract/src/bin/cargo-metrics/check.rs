//! `cargo metrics check`.

use std::path::PathBuf;

use metrics_contract::{Severity, Sources, check, read_lock, to_json, to_sarif, to_text};

use crate::options::Settings;

pub(crate) fn run(settings: &Settings, paths: &[PathBuf]) -> Result<(String, bool), String> {
    let config = settings.config()?;
    let contract = config.contract_of(read_lock(&settings.lock()?)?)?;
    let of_config = config.paths();
    let paths = if paths.is_empty() { &of_config } else { paths };
    if paths.is_empty() {
        return Err("nothing to check: give paths, or `paths` in metrics-contract.toml".to_owned());
    }
    let sources = Sources::read(paths);
    let findings = check(&contract, &sources);
    let output = match settings.format.as_deref().unwrap_or("text") {
        "text" => to_text(&findings, sources.query_count()),
        "json" => to_json(&findings) + "\n",
        "sarif" => to_sarif(&findings) + "\n",
        other => return Err(format!("unknown format `{other}`: text, json or sarif")),
    };
    let is_well =
        !findings.iter().any(|finding| settings.deny_warnings || finding.severity() == Severity::Error);
    Ok((output, is_well))
}
