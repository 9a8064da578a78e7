//! The parts of a dashboard that Grafana reads, under its names.

use serde::Serialize;

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Dashboard<'a> {
    pub(super) uid: String,
    pub(super) title: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) description: Option<&'static str>,
    pub(super) tags: [&'static str; 1],
    pub(super) schema_version: u32,
    pub(super) editable: bool,
    pub(super) refresh: &'static str,
    pub(super) time: TimeRange,
    pub(super) graph_tooltip: u32,
    pub(super) templating: Templating,
    pub(super) panels: Vec<Panel<'a>>,
}

#[derive(Serialize)]
pub(super) struct Templating {
    pub(super) list: Vec<Variable>,
}

/// Variable that the reader of a dashboard sets.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Variable {
    pub(super) name: &'static str,
    pub(super) label: &'static str,
    #[serde(rename = "type")]
    pub(super) kind: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) datasource: Option<DataSource>,
    pub(super) query: String,
    /// 1 to look for values when the dashboard is opened, 2 when its time range changes.
    pub(super) refresh: u32,
    pub(super) include_all: bool,
    pub(super) multi: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) all_value: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) current: Option<VariableOption>,
    /// 1 is alphabetical.
    pub(super) sort: u32,
}

#[derive(Serialize)]
pub(super) struct VariableOption {
    pub(super) selected: bool,
    pub(super) text: &'static str,
    pub(super) value: &'static str,
}

#[derive(Serialize)]
pub(super) struct TimeRange {
    pub(super) from: &'static str,
    pub(super) to: &'static str,
}

#[derive(Serialize)]
#[serde(untagged)]
pub(super) enum Panel<'a> {
    Row(Row<'a>),
    Graph(Graph<'a>),
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Row<'a> {
    pub(super) id: usize,
    #[serde(rename = "type")]
    pub(super) panel_type: &'static str,
    pub(super) title: &'a str,
    pub(super) collapsed: bool,
    pub(super) panels: [(); 0],
    pub(super) grid_pos: GridPosition,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Graph<'a> {
    pub(super) id: usize,
    #[serde(rename = "type")]
    pub(super) panel_type: &'static str,
    pub(super) title: &'a str,
    pub(super) description: &'a str,
    pub(super) datasource: DataSource,
    pub(super) grid_pos: GridPosition,
    pub(super) field_config: FieldConfig,
    pub(super) targets: Vec<Target>,
}

#[derive(Serialize)]
pub(super) struct GridPosition {
    pub(super) x: usize,
    pub(super) y: usize,
    pub(super) w: usize,
    pub(super) h: usize,
}

#[derive(Serialize)]
pub(super) struct DataSource {
    #[serde(rename = "type")]
    pub(super) source_type: &'static str,
    pub(super) uid: &'static str,
}

/// The data source that the variable selects.
pub(super) const SELECTED: DataSource = DataSource { source_type: "prometheus", uid: "${datasource}" };

#[derive(Serialize)]
pub(super) struct FieldConfig {
    pub(super) defaults: FieldDefaults,
    pub(super) overrides: [(); 0],
}

#[derive(Serialize)]
pub(super) struct FieldDefaults {
    pub(super) unit: &'static str,
    pub(super) custom: LineStyle,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct LineStyle {
    pub(super) fill_opacity: u32,
    pub(super) show_points: &'static str,
}

/// Query of a panel.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Target {
    pub(super) ref_id: char,
    pub(super) datasource: DataSource,
    pub(super) expr: String,
    pub(super) legend_format: String,
}
