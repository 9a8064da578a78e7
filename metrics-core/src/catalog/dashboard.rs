//! A dashboard for Grafana: a row for each first word of the names, a panel for each metric.

use std::collections::{BTreeMap, BTreeSet};

use super::{Catalog, CatalogEntry, json};
use crate::model::MetricType;

/// Grafana counts the width in these.
const WIDTH: usize = 24;
const PANEL: (usize, usize) = (8, 7);
const SOURCE: &str = r#"{"type":"prometheus","uid":"prometheus"}"#;

/// All entries of one name: a family may be declared piece by piece, by the functions that share it.
struct Family<'a> {
    entry: &'a CatalogEntry,
    /// Labels that tell its series apart.
    labels: BTreeSet<&'a str>,
}

pub(super) fn write(catalog: &Catalog, title: &str) -> String {
    let mut rows: BTreeMap<&str, Vec<Family<'_>>> = BTreeMap::new();
    for family in families(catalog) {
        let word = family.entry.name.split('_').next().unwrap_or_default();
        rows.entry(word).or_default().push(family);
    }
    let mut panels = Vec::new();
    let mut y = 0;
    // Numbered from 1: for Grafana a panel with the number 0 has none.
    for (word, families) in rows {
        panels.push(row(panels.len() + 1, word, y));
        y += 1;
        let across = WIDTH / PANEL.0;
        for (at, family) in families.iter().enumerate() {
            let (x, y) = (at % across * PANEL.0, y + at / across * PANEL.1);
            panels.push(family.panel(panels.len() + 1, x, y));
        }
        y += families.len().div_ceil(across) * PANEL.1;
    }
    format!(
        "{{\n\"uid\":\"{}\",\"title\":{},\"tags\":[\"generated\"],\"schemaVersion\":39,\"editable\":true,\
         \"refresh\":\"30s\",\"time\":{{\"from\":\"now-1h\",\"to\":\"now\"}},\"graphTooltip\":1,\n\"panels\":[\n{}\n]}}\n",
        uid(title),
        json::string(title),
        panels.join(",\n"),
    )
}

/// The families by name.
fn families(catalog: &Catalog) -> Vec<Family<'_>> {
    let mut families: Vec<Family<'_>> = Vec::new();
    let mut constants: BTreeMap<(&str, &str), &str> = BTreeMap::new();
    for entry in &catalog.metrics {
        if families.last().is_none_or(|family| family.entry.name != entry.name) {
            families.push(Family { entry, labels: BTreeSet::new() });
        }
        let Some(family) = families.last_mut() else { continue };
        for label in &entry.labels {
            let constant = match label.values.as_slice() {
                [value] if label.limit.is_none() => Some(value.as_str()),
                _ => None,
            };
            let first = constant.map(|value| *constants.entry((&entry.name, &label.name)).or_insert(value));
            // One that is the same in all of them tells nothing.
            if constant.is_none() || constant != first {
                family.labels.insert(&label.name);
            }
        }
    }
    families
}

fn row(id: usize, word: &str, y: usize) -> String {
    format!(
        "{{\"id\":{id},\"type\":\"row\",\"title\":{},\"collapsed\":false,\"panels\":[],\
         \"gridPos\":{{\"x\":0,\"y\":{y},\"w\":{WIDTH},\"h\":1}}}}",
        json::string(word)
    )
}

impl Family<'_> {
    fn panel(&self, id: usize, x: usize, y: usize) -> String {
        let targets = self.targets().into_iter().zip('A'..).map(|((expression, legend), letter)| {
            format!(
                "{{\"refId\":\"{letter}\",\"datasource\":{SOURCE},\"expr\":{},\"legendFormat\":{}}}",
                json::string(&expression),
                json::string(&legend)
            )
        });
        let kind = if matches!(self.entry.kind, MetricType::Info) { "stat" } else { "timeseries" };
        format!(
            "{{\"id\":{id},\"type\":\"{kind}\",\"title\":{},\"description\":{},\"datasource\":{SOURCE},\
             \"gridPos\":{{\"x\":{x},\"y\":{y},\"w\":{},\"h\":{}}},\
             \"fieldConfig\":{{\"defaults\":{{\"unit\":\"{}\",\"custom\":{{\"fillOpacity\":10,\"showPoints\":\"never\"}}}},\"overrides\":[]}},\
             \"targets\":[{}]}}",
            json::string(&self.entry.name),
            json::string(&self.entry.help),
            PANEL.0,
            PANEL.1,
            self.unit(),
            targets.collect::<Vec<_>>().join(","),
        )
    }

    /// What is asked, each with its legend.
    fn targets(&self) -> Vec<(String, String)> {
        let name = &self.entry.name;
        let by = |more: &[&str]| {
            let labels: Vec<_> = more.iter().chain(&self.labels).copied().collect();
            if labels.is_empty() { String::new() } else { format!(" by ({})", labels.join(", ")) }
        };
        let legend: Vec<_> = self.labels.iter().map(|label| format!("{{{{{label}}}}}")).collect();
        let legend = legend.join(" ");
        let rate = |suffix: &str| format!("rate({name}{suffix}[$__rate_interval])");
        match self.entry.kind {
            MetricType::Counter => vec![(format!("sum{} ({})", by(&[]), rate("")), legend)],
            MetricType::Gauge | MetricType::StateSet => vec![(format!("sum{} ({name})", by(&[])), legend)],
            MetricType::Info => vec![(name.clone(), "__auto".to_owned())],
            MetricType::Summary => {
                let sum = |suffix| format!("sum{} ({})", by(&[]), rate(suffix));
                vec![(format!("{} / {}", sum("_sum"), sum("_count")), legend)]
            }
            MetricType::Histogram => ["0.5", "0.95", "0.99"]
                .map(|quantile| {
                    let buckets = format!("sum{} ({})", by(&["le"]), rate("_bucket"));
                    (format!("histogram_quantile({quantile}, {buckets})"), format!("{quantile} {legend}"))
                })
                .into(),
        }
    }

    /// Grafana's word for the unit, a rate's where a counter is shown as one.
    fn unit(&self) -> &'static str {
        let has = |unit: &str| self.entry.name.split('_').any(|word| word == unit);
        match self.entry.kind {
            MetricType::Counter if has("bytes") => "Bps",
            MetricType::Counter => "cps",
            _ if has("seconds") => "s",
            _ if has("bytes") => "bytes",
            _ if has("ratio") => "percentunit",
            _ => "short",
        }
    }
}

/// A name in Grafana's addresses: up to forty letters, digits and dashes.
fn uid(title: &str) -> String {
    let plain = |character: char| {
        if character.is_ascii_alphanumeric() { character.to_ascii_lowercase() } else { '-' }
    };
    title.chars().map(plain).take(40).collect()
}
