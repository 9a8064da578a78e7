//! The catalogue as a table.

use super::entry::{Catalog, CatalogEntry, CatalogLabel};
use crate::model::RegistrationError;

pub(super) fn write(catalog: &Catalog) -> String {
    let mut table = String::from(
        "| metric | type | unit | help | labels | buckets | objective | module | declared at |\n\
         |---|---|---|---|---|---|---|---|---|\n",
    );
    for metric in &catalog.metrics {
        table.push_str(&row(metric));
    }
    if let Some(advice) = catalog.advice {
        for part in ["\n", advice, "\n"] {
            table.push_str(part);
        }
    }
    if !catalog.conflicts.is_empty() {
        table.push_str("\n| conflict | declared at | conflicts with | why |\n|---|---|---|---|\n");
    }
    for error in &catalog.conflicts {
        table.push_str(&conflict(error));
    }
    table
}

fn conflict(error: &RegistrationError) -> String {
    let with = error.conflicts_with().map(|with| with.to_string()).unwrap_or_default();
    let why = escaped(&error.to_string());
    format!("| `{}` | {} | {with} | {why} |\n", error.name(), error.location())
}

fn row(metric: &CatalogEntry) -> String {
    let labels: Vec<_> = metric.labels.iter().map(label).collect();
    let buckets: Vec<_> = metric.buckets.iter().map(f64::to_string).collect();
    format!(
        "| `{}` | {} | {} | {} | {} | {} | {} | {} | {}:{} |\n",
        metric.name,
        metric.metric_type.as_str(),
        metric.unit.as_deref().unwrap_or_default(),
        escaped(&metric.help),
        labels.join("; "),
        buckets.join(", "),
        metric.objective.as_deref().unwrap_or_default(),
        metric.module.as_deref().unwrap_or_default(),
        metric.file,
        metric.line,
    )
}

fn label(label: &CatalogLabel) -> String {
    match label.limit {
        Some(limit) => format!("`{}`: up to {limit} strings", label.name),
        None if label.values.is_empty() => format!("`{}`: any", label.name),
        None => format!("`{}`: {}", label.name, escaped(&label.values.join(", "))),
    }
}

fn escaped(text: &str) -> String {
    text.replace('|', "\\|").replace('\n', " ")
}
