//! `cargo metrics docs`.

use std::{collections::BTreeMap, fmt::Write as _, fs};

use metrics_contract::read_lock;
use metrics_core::testing::lock::{LabelDomain, LockedMetric};
use serde::Deserialize;

use crate::options::Settings;

/// Parts of a catalogue in JSON.
#[derive(Deserialize)]
struct Catalogue {
    metrics: Vec<Entry>,
}

#[derive(Deserialize)]
struct Entry {
    name: String,
    help: String,
}

pub(crate) fn run(settings: &Settings) -> Result<String, String> {
    let lock = read_lock(&settings.lock()?)?;
    let help = help_texts(settings)?;
    let mut page = String::from("| metric | type | labels | help |\n|---|---|---|---|\n");
    for (name, metric) in &lock.metrics {
        let labels: Vec<_> = metric.labels.iter().map(|(label, domain)| described(label, domain)).collect();
        let help = help.get(name).map_or("", String::as_str);
        let former = metric.renamed_from.as_ref();
        let former = former.map_or_else(String::new, |former| format!(" (formerly `{former}`)"));
        // Writing to a string cannot fail.
        let _ = writeln!(
            page,
            "| `{name}`{former} | {} | {} | {} |",
            kind(metric),
            labels.join("; "),
            escaped(help)
        );
    }
    Ok(page)
}

fn help_texts(settings: &Settings) -> Result<BTreeMap<String, String>, String> {
    let Some(path) = &settings.catalogue else { return Ok(BTreeMap::new()) };
    let text = fs::read_to_string(path).map_err(|error| format!("{}: {error}", path.display()))?;
    let catalogue: Catalogue =
        serde_json::from_str(&text).map_err(|error| format!("{}: {error}", path.display()))?;
    Ok(catalogue.metrics.into_iter().map(|entry| (entry.name, entry.help)).collect())
}

fn kind(metric: &LockedMetric) -> String {
    let native = if metric.native { ", native" } else { "" };
    let unit = metric.unit.as_ref().map_or_else(String::new, |unit| format!(", {unit}"));
    format!("{}{unit}{native}", metric.metric_type.as_str())
}

fn described(label: &str, domain: &LabelDomain) -> String {
    match domain {
        LabelDomain::Values(values) => {
            let shown = |value: &String| if value.is_empty() { "(none)".to_owned() } else { escaped(value) };
            let values: Vec<_> = values.iter().map(shown).collect();
            format!("`{label}`: {}", values.join(", "))
        }
        LabelDomain::Limited(limit) => format!("`{label}`: up to {limit} strings"),
        LabelDomain::Any => format!("`{label}`: any"),
    }
}

fn escaped(text: &str) -> String {
    text.replace('|', "\\|").replace('\n', " ")
}
