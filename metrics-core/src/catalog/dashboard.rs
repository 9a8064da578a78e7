//! A dashboard for Grafana: a row for each first word of the metrics' names, and a panel for each metric.

use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;

use super::entry::{Catalog, CatalogEntry};
use crate::{encode::json_lines, model::MetricType};

/// Width of a dashboard in Grafana's grid.
const WIDTH: usize = 24;
const PANEL_WIDTH: usize = 8;
const PANEL_HEIGHT: usize = 7;

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Dashboard<'a> {
    uid: String,
    title: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    description: Option<&'static str>,
    tags: [&'static str; 1],
    schema_version: u32,
    editable: bool,
    refresh: &'static str,
    time: TimeRange,
    graph_tooltip: u32,
    panels: Vec<Panel<'a>>,
}

#[derive(Serialize)]
struct TimeRange {
    from: &'static str,
    to: &'static str,
}

#[derive(Serialize)]
#[serde(untagged)]
enum Panel<'a> {
    Row(Row<'a>),
    Graph(Graph<'a>),
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Row<'a> {
    id: usize,
    #[serde(rename = "type")]
    panel_type: &'static str,
    title: &'a str,
    collapsed: bool,
    panels: [(); 0],
    grid_pos: GridPosition,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Graph<'a> {
    id: usize,
    #[serde(rename = "type")]
    panel_type: &'static str,
    title: &'a str,
    description: &'a str,
    datasource: DataSource,
    grid_pos: GridPosition,
    field_config: FieldConfig,
    targets: Vec<Target>,
}

#[derive(Serialize)]
struct GridPosition {
    x: usize,
    y: usize,
    w: usize,
    h: usize,
}

#[derive(Serialize)]
struct DataSource {
    #[serde(rename = "type")]
    source_type: &'static str,
    uid: &'static str,
}

const PROMETHEUS: DataSource = DataSource { source_type: "prometheus", uid: "prometheus" };

#[derive(Serialize)]
struct FieldConfig {
    defaults: FieldDefaults,
    overrides: [(); 0],
}

#[derive(Serialize)]
struct FieldDefaults {
    unit: &'static str,
    custom: LineStyle,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct LineStyle {
    fill_opacity: u32,
    show_points: &'static str,
}

/// Query of a panel.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Target {
    ref_id: char,
    datasource: DataSource,
    expr: String,
    legend_format: String,
}

pub(super) fn write(catalog: &Catalog, title: &str) -> String {
    json_lines(&Dashboard {
        uid: uid(title),
        title,
        description: catalog.advice,
        tags: ["generated"],
        schema_version: 39,
        editable: true,
        refresh: "30s",
        time: TimeRange { from: "now-1h", to: "now" },
        graph_tooltip: 1,
        panels: panels(catalog),
    })
}

fn panels(catalog: &Catalog) -> Vec<Panel<'_>> {
    let mut rows: BTreeMap<&str, Vec<Family<'_>>> = BTreeMap::new();
    for family in families(catalog) {
        let word = family.entry.name.split('_').next().unwrap_or_default();
        rows.entry(word).or_default().push(family);
    }
    let mut panels = Vec::new();
    let mut y = 0;
    // Numbered from 1, as Grafana takes 0 for a missing number.
    for (word, families) in rows {
        panels.push(Panel::Row(row(panels.len() + 1, word, y)));
        y += 1;
        let across = WIDTH / PANEL_WIDTH;
        for (at, family) in families.iter().enumerate() {
            let (x, y) = (at % across * PANEL_WIDTH, y + at / across * PANEL_HEIGHT);
            panels.push(Panel::Graph(family.graph(panels.len() + 1, x, y)));
        }
        y += families.len().div_ceil(across) * PANEL_HEIGHT;
    }
    panels
}

const fn row(id: usize, title: &str, y: usize) -> Row<'_> {
    let grid_pos = GridPosition { x: 0, y, w: WIDTH, h: 1 };
    Row { id, panel_type: "row", title, collapsed: false, panels: [], grid_pos }
}

/// Entries of one name. Functions that share a family declare it piece by piece.
struct Family<'a> {
    entry: &'a CatalogEntry,
    /// Labels that tell its series apart.
    labels: BTreeSet<&'a str>,
}

/// Returns the families by name.
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
            // A label with one value in all entries does not tell series apart.
            if constant.is_none() || constant != first {
                family.labels.insert(&label.name);
            }
        }
    }
    families
}

impl<'a> Family<'a> {
    fn graph(&self, id: usize, x: usize, y: usize) -> Graph<'a> {
        let target =
            |(ref_id, (expr, legend_format))| Target { ref_id, datasource: PROMETHEUS, expr, legend_format };
        let custom = LineStyle { fill_opacity: 10, show_points: "never" };
        Graph {
            id,
            panel_type: if self.entry.metric_type == MetricType::Info { "stat" } else { "timeseries" },
            title: &self.entry.name,
            description: &self.entry.help,
            datasource: PROMETHEUS,
            grid_pos: GridPosition { x, y, w: PANEL_WIDTH, h: PANEL_HEIGHT },
            field_config: FieldConfig {
                defaults: FieldDefaults { unit: self.unit(), custom },
                overrides: [],
            },
            targets: ('A'..).zip(self.targets()).map(target).collect(),
        }
    }

    /// Returns the queries with their legends.
    fn targets(&self) -> Vec<(String, String)> {
        let name = &self.entry.name;
        let by = |more: &[&str]| {
            let labels: Vec<_> = more.iter().chain(&self.labels).copied().collect();
            if labels.is_empty() { String::new() } else { format!(" by ({})", labels.join(", ")) }
        };
        let legend: Vec<_> = self.labels.iter().map(|label| format!("{{{{{label}}}}}")).collect();
        let legend = legend.join(" ");
        let rate = |suffix: &str| format!("rate({name}{suffix}[$__rate_interval])");
        match self.entry.metric_type {
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

    /// Returns Grafana's name for the unit; for a counter, that of its rate.
    fn unit(&self) -> &'static str {
        let has = |unit: &str| self.entry.name.split('_').any(|word| word == unit);
        let is_rate = self.entry.metric_type == MetricType::Counter;
        if is_rate {
            if has("bytes") { "Bps" } else { "cps" }
        } else if has("seconds") {
            "s"
        } else if has("bytes") {
            "bytes"
        } else if has("ratio") {
            "percentunit"
        } else {
            "short"
        }
    }
}

/// Returns the dashboard's identifier in Grafana's addresses: up to forty letters, digits and dashes.
fn uid(title: &str) -> String {
    let plain = |character: char| {
        if character.is_ascii_alphanumeric() { character.to_ascii_lowercase() } else { '-' }
    };
    title.chars().map(plain).take(40).collect()
}
