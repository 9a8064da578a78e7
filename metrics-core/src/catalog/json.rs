//! The catalogue as JSON.

use serde::Serialize;

use super::entry::{Catalog, CatalogEntry, CatalogLabel};
use crate::{
    encode::json_lines,
    model::{Location, RegistrationError},
};

pub(super) fn write(catalog: &Catalog) -> String {
    json_lines(&Document {
        metrics: catalog.metrics.iter().map(MetricObject::of).collect(),
        conflicts: catalog.conflicts.iter().map(ConflictObject::of).collect(),
        advice: catalog.advice,
    })
}

#[derive(Serialize)]
struct Document<'a> {
    metrics: Vec<MetricObject<'a>>,
    conflicts: Vec<ConflictObject<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    advice: Option<&'static str>,
}

#[derive(Serialize)]
struct MetricObject<'a> {
    name: &'a str,
    #[serde(rename = "type")]
    metric_type: &'static str,
    help: &'a str,
    unit: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    renamed_from: Option<&'a str>,
    labels: Vec<LabelObject<'a>>,
    buckets: &'a [f64],
    objective: Option<&'a str>,
    #[serde(rename = "crate")]
    crate_name: Option<&'a str>,
    module: Option<&'a str>,
    file: &'a str,
    line: u32,
}

#[derive(Serialize)]
struct LabelObject<'a> {
    name: &'a str,
    values: &'a [String],
    limit: Option<usize>,
}

#[derive(Serialize)]
struct ConflictObject<'a> {
    name: &'a str,
    message: String,
    declared_at: LocationObject,
    conflicts_with: Option<LocationObject>,
}

#[derive(Serialize)]
struct LocationObject {
    file: &'static str,
    line: u32,
}

impl<'a> MetricObject<'a> {
    fn of(entry: &'a CatalogEntry) -> Self {
        Self {
            name: &entry.name,
            metric_type: entry.metric_type.as_str(),
            help: &entry.help,
            unit: entry.unit.as_deref(),
            renamed_from: entry.renamed_from.as_deref(),
            labels: entry.labels.iter().map(LabelObject::of).collect(),
            buckets: &entry.buckets,
            objective: entry.objective.as_deref(),
            crate_name: entry.crate_name.as_deref(),
            module: entry.module.as_deref(),
            file: &entry.file,
            line: entry.line,
        }
    }
}

impl<'a> LabelObject<'a> {
    fn of(label: &'a CatalogLabel) -> Self {
        Self { name: &label.name, values: &label.values, limit: label.limit }
    }
}

impl<'a> ConflictObject<'a> {
    fn of(error: &'a RegistrationError) -> Self {
        Self {
            name: error.name(),
            message: error.to_string(),
            declared_at: LocationObject::of(error.location()),
            conflicts_with: error.conflicts_with().map(LocationObject::of),
        }
    }
}

impl LocationObject {
    const fn of(location: Location) -> Self {
        Self { file: location.file, line: location.line }
    }
}
