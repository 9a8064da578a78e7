//! A lock as text: a block for each metric, sorted by name.

use std::fmt::{self, Write as _};

use super::model::{LabelDomain, Lock, LockedMetric};

/// First lines of the file.
const HEAD: &str = "\
# Metrics that this program promises to those who read them: dashboards, alerts and other programs.
# A test compares the program with this file. `METRICS_LOCK=accept cargo test` writes it anew.
version = 1
";
/// Width up to which a list stands on one line.
const WIDTH: usize = 100;

impl fmt::Display for Lock {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(HEAD)?;
        self.metrics.iter().try_for_each(|(name, metric)| write_metric(f, name, metric))
    }
}

fn write_metric(f: &mut fmt::Formatter<'_>, name: &str, metric: &LockedMetric) -> fmt::Result {
    write!(f, "\n[{}]\ntype = {}\n", key(name), quoted(metric.metric_type.as_str()))?;
    if let Some(unit) = &metric.unit {
        writeln!(f, "unit = {}", quoted(unit))?;
    }
    if let Some(former) = &metric.renamed_from {
        writeln!(f, "renamed_from = {}", quoted(former))?;
    }
    for (label, domain) in &metric.labels {
        let name = format!("labels.{}", key(label));
        match domain {
            LabelDomain::Values(values) => write_list(f, &name, values.iter().map(|value| quoted(value)))?,
            LabelDomain::Limited(limit) => writeln!(f, "{name} = {{ limit = {limit} }}")?,
            LabelDomain::Any => writeln!(f, "{name} = \"any\"")?,
        }
    }
    if !metric.buckets.is_empty() {
        write_list(f, "buckets", metric.buckets.iter().map(f64::to_string))?;
    }
    if metric.native {
        f.write_str("native = true\n")?;
    }
    if !metric.objectives.is_empty() {
        write_list(f, "objectives", metric.objectives.iter().map(|objective| quoted(objective)))?;
    }
    Ok(())
}

/// Writes a list on one line, or with each element on its own if that is too wide.
fn write_list(f: &mut fmt::Formatter<'_>, name: &str, elements: impl Iterator<Item = String>) -> fmt::Result {
    let elements: Vec<_> = elements.collect();
    let line = format!("{name} = [{}]", elements.join(", "));
    if line.chars().count() <= WIDTH {
        return writeln!(f, "{line}");
    }
    writeln!(f, "{name} = [")?;
    elements.iter().try_for_each(|element| writeln!(f, "    {element},"))?;
    f.write_str("]\n")
}

/// A name as a key: quoted unless it has letters, digits and underscores alone.
fn key(name: &str) -> String {
    let is_plain = |character: char| character.is_ascii_alphanumeric() || character == '_';
    if !name.is_empty() && name.chars().all(is_plain) { name.to_owned() } else { quoted(name) }
}

fn quoted(text: &str) -> String {
    let mut quoted = String::from('"');
    for character in text.chars() {
        match character {
            '"' => quoted.push_str("\\\""),
            '\\' => quoted.push_str("\\\\"),
            '\n' => quoted.push_str("\\n"),
            '\t' => quoted.push_str("\\t"),
            '\r' => quoted.push_str("\\r"),
            _ if character.is_control() => {
                let _ = write!(quoted, "\\u{:04X}", u32::from(character));
            }
            _ => quoted.push(character),
        }
    }
    quoted.push('"');
    quoted
}
