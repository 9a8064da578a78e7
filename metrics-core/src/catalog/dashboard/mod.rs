//! A dashboard for Grafana: a row for each first word of the metrics' names, and a panel for each metric.

mod model;

use std::collections::{BTreeMap, BTreeSet};

use self::model::{
    Dashboard, FieldConfig, FieldDefaults, Graph, GridPosition, LineStyle, Panel, Row, SELECTED, Target,
    Templating, TimeRange, Variable, VariableOption,
};
use super::entry::{Catalog, CatalogEntry};
use crate::{
    encode::json_lines,
    model::{MetricType, OBJECTIVE_LABELS},
};

/// Width of a dashboard in Grafana's grid.
const WIDTH: usize = 24;
const PANEL_WIDTH: usize = 8;
const PANEL_HEIGHT: usize = 7;
/// Metrics of the process whose panels have titles of their own.
const CPU: &str = "process_cpu_seconds_total";
const MEMORY: &str = "process_resident_memory_bytes";

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
        templating: Templating { list: variables(catalog) },
        panels: panels(catalog),
    })
}

/// Restricts series to the selected jobs and instances.
const SELECTION: &str = "{job=~\"$job\", instance=~\"$instance\"}";

/// Returns the variables for the data source, the job and the instance.
fn variables(catalog: &Catalog) -> Vec<Variable> {
    let source = Variable {
        name: "datasource",
        label: "Data source",
        kind: "datasource",
        datasource: None,
        query: "prometheus".to_owned(),
        refresh: 1,
        include_all: false,
        multi: false,
        all_value: None,
        current: None,
        sort: 0,
    };
    // Any metric of the program finds its jobs.
    let metric = catalog.metrics.first().map_or_else(|| "up".to_owned(), series_name);
    let of_label = |name, label, query| Variable {
        name,
        label,
        kind: "query",
        datasource: Some(SELECTED),
        query,
        refresh: 2,
        include_all: true,
        multi: true,
        all_value: Some(".*"),
        current: Some(VariableOption { selected: true, text: "All", value: "$__all" }),
        sort: 1,
    };
    let jobs = of_label("job", "Job", format!("label_values({metric}, job)"));
    let instances =
        of_label("instance", "Instance", format!("label_values({metric}{{job=~\"$job\"}}, instance)"));
    vec![source, jobs, instances]
}

/// Returns the name of a series that the metric has in every format.
fn series_name(entry: &CatalogEntry) -> String {
    match entry.metric_type {
        MetricType::Histogram | MetricType::Summary => format!("{}_count", entry.name),
        MetricType::Counter | MetricType::Gauge | MetricType::Info | MetricType::StateSet => {
            entry.name.clone()
        }
    }
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
        let labels = entry.labels.iter();
        // A function has one objective at a time, and its line goes on when the objective changes.
        for label in labels.filter(|label| !OBJECTIVE_LABELS.contains(&label.name.as_str())) {
            let constant = match label.values.as_slice() {
                [value] if label.limit.is_none() => Some(value.as_str()),
                _ => None,
            };
            let first = constant.map(|value| *constants.entry((&entry.name, &label.name)).or_insert(value));
            // A label with one value in all entries does not tell series apart, but a function is found by its module.
            if constant.is_none() || constant != first || label.name == "module" {
                family.labels.insert(&label.name);
            }
        }
    }
    families
}

impl<'a> Family<'a> {
    fn graph(&self, id: usize, x: usize, y: usize) -> Graph<'a> {
        let target =
            |(ref_id, (expr, legend_format))| Target { ref_id, datasource: SELECTED, expr, legend_format };
        let custom = LineStyle { fill_opacity: 10, show_points: "never" };
        Graph {
            id,
            panel_type: if self.entry.metric_type == MetricType::Info { "stat" } else { "timeseries" },
            title: self.title(),
            description: &self.entry.help,
            datasource: SELECTED,
            grid_pos: GridPosition { x, y, w: PANEL_WIDTH, h: PANEL_HEIGHT },
            field_config: FieldConfig {
                defaults: FieldDefaults { unit: self.unit(), custom },
                overrides: [],
            },
            targets: ('A'..).zip(self.targets()).map(target).collect(),
        }
    }

    /// Returns the title of the panel.
    fn title(&self) -> &'a str {
        match self.entry.name.as_str() {
            CPU => "CPU",
            MEMORY => "Memory",
            name => name,
        }
    }

    /// Returns the queries with their legends.
    fn targets(&self) -> Vec<(String, String)> {
        let name = &self.entry.name;
        // What a process takes is that of one instance.
        let of_process: &[&str] = if [CPU, MEMORY].contains(&name.as_str()) { &["instance"] } else { &[] };
        let by = |more: &[&str]| {
            let labels: Vec<_> = more.iter().chain(of_process).chain(&self.labels).copied().collect();
            if labels.is_empty() { String::new() } else { format!(" by ({})", labels.join(", ")) }
        };
        let legend: Vec<_> =
            of_process.iter().chain(&self.labels).map(|label| format!("{{{{{label}}}}}")).collect();
        let legend = legend.join(" ");
        let rate = |suffix: &str| format!("rate({name}{suffix}{SELECTION}[$__rate_interval])");
        match self.entry.metric_type {
            MetricType::Counter => vec![(format!("sum{} ({})", by(&[]), rate("")), legend)],
            MetricType::Gauge | MetricType::StateSet => {
                vec![(format!("sum{} ({name}{SELECTION})", by(&[])), legend)]
            }
            MetricType::Info => vec![(format!("{name}{SELECTION}"), "__auto".to_owned())],
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
        if self.entry.name == CPU {
            "percentunit"
        } else if is_rate {
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
