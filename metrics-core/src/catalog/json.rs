//! The catalogue as JSON.

use serde::Serialize;

use super::entry::{Catalog, CatalogEntry, CatalogLabel};
use crate::{
    encode::json_lines,
    model::{Location, RegistrationError},
};

pub(super) fn write(catalog: &Catalog) -> String {
    json_lines(&Document {
        metrics: catalog.metrics.iter().map(Metric::of).collect(),
        conflicts: catalog.conflicts.iter().map(Conflict::of).collect(),
        advice: catalog.advice,
    })
}

#[derive(Serialize)]
struct Document<'a> {
    metrics: Vec<Metric<'a>>,
    conflicts: Vec<Conflict<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    advice: Option<&'static str>,
}

#[derive(Serialize)]
struct Metric<'a> {
    name: &'a str,
    #[serde(rename = "type")]
    kind: &'static str,
    help: &'a str,
    unit: Option<&'a str>,
    labels: Vec<Label<'a>>,
    buckets: &'a [f64],
    objective: Option<&'a str>,
    #[serde(rename = "crate")]
    crate_name: Option<&'a str>,
    module: Option<&'a str>,
    file: &'a str,
    line: u32,
}

#[derive(Serialize)]
struct Label<'a> {
    name: &'a str,
    values: &'a [String],
    limit: Option<usize>,
}

#[derive(Serialize)]
struct Conflict<'a> {
    name: &'a str,
    message: String,
    declared_at: Place,
    conflicts_with: Option<Place>,
}

#[derive(Serialize)]
struct Place {
    file: &'static str,
    line: u32,
}

impl<'a> Metric<'a> {
    fn of(entry: &'a CatalogEntry) -> Self {
        Self {
            name: &entry.name,
            kind: entry.kind.as_str(),
            help: &entry.help,
            unit: entry.unit.as_deref(),
            labels: entry.labels.iter().map(Label::of).collect(),
            buckets: &entry.buckets,
            objective: entry.objective.as_deref(),
            crate_name: entry.crate_name.as_deref(),
            module: entry.module.as_deref(),
            file: &entry.file,
            line: entry.line,
        }
    }
}

impl<'a> Label<'a> {
    fn of(label: &'a CatalogLabel) -> Self {
        Self { name: &label.name, values: &label.values, limit: label.limit }
    }
}

impl<'a> Conflict<'a> {
    fn of(error: &'a RegistrationError) -> Self {
        Self {
            name: error.name(),
            message: error.to_string(),
            declared_at: Place::of(error.location()),
            conflicts_with: error.conflicts_with().map(Place::of),
        }
    }
}

impl Place {
    const fn of(location: Location) -> Self {
        Self { file: location.file, line: location.line }
    }
}
