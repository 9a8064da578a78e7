//! The catalogue as JSON.

use super::{Catalog, CatalogEntry, CatalogLabel};
use crate::model::{Location, RegistrationError};

pub(super) fn write(catalog: &Catalog) -> String {
    let metrics: Vec<_> = catalog.metrics.iter().map(metric).collect();
    let conflicts: Vec<_> = catalog.conflicts.iter().map(conflict).collect();
    format!("{{\"metrics\":[{}],\n\"conflicts\":[{}]}}", metrics.join(",\n "), conflicts.join(",\n "))
}

fn conflict(error: &RegistrationError) -> String {
    let place = |at: Location| format!("{{\"file\":{},\"line\":{}}}", string(at.file), at.line);
    format!(
        "{{\"name\":{},\"message\":{},\"declared_at\":{},\"conflicts_with\":{}}}",
        string(error.name()),
        string(&error.to_string()),
        place(error.location()),
        error.conflicts_with().map_or_else(|| "null".to_owned(), place),
    )
}

fn metric(metric: &CatalogEntry) -> String {
    let labels: Vec<_> = metric.labels.iter().map(label).collect();
    let buckets: Vec<_> = metric.buckets.iter().map(|bound| format!("{bound:?}")).collect();
    format!(
        "{{\"name\":{},\"type\":{},\"help\":{},\"unit\":{},\"labels\":[{}],\"buckets\":[{}],\"objective\":{},\
         \"crate\":{},\"module\":{},\"file\":{},\"line\":{}}}",
        string(&metric.name),
        string(metric.kind.as_str()),
        string(&metric.help),
        option(metric.unit.as_deref()),
        labels.join(","),
        buckets.join(","),
        option(metric.objective.as_deref()),
        option(metric.crate_name.as_deref()),
        option(metric.module.as_deref()),
        string(&metric.file),
        metric.line,
    )
}

fn label(label: &CatalogLabel) -> String {
    let values: Vec<_> = label.values.iter().map(|value| string(value)).collect();
    let limit = label.limit.map_or_else(|| "null".to_owned(), |limit| limit.to_string());
    format!("{{\"name\":{},\"values\":[{}],\"limit\":{limit}}}", string(&label.name), values.join(","))
}

fn option(text: Option<&str>) -> String {
    text.map_or_else(|| "null".to_owned(), string)
}

pub(super) fn string(text: &str) -> String {
    let mut out = String::from("\"");
    for character in text.chars() {
        match character {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            control if control.is_control() => {
                let code = format!("\\u{:04x}", u32::from(control));
                out.push_str(&code);
            }
            plain => out.push(plain),
        }
    }
    out.push('"');
    out
}
