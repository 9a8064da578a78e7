//! `cargo metrics diff`.

use std::{fmt::Write as _, path::Path, process};

use metrics_contract::{Affected, Sources, affected, read_lock};
use metrics_core::testing::lock::{Change, ChangeKind, Lock};

use crate::options::Settings;

/// A change with the queries that it breaks, where they were looked for.
struct Judged {
    change: Change,
    is_breaking: bool,
    affected: Vec<Affected>,
}

pub(crate) fn run(settings: &Settings, old: &str, new: &str) -> Result<(String, bool), String> {
    let changes = lock(settings, old)?.changes_to(&lock(settings, new)?);
    let sources = (!settings.used_by.is_empty()).then(|| Sources::read(&settings.used_by));
    let judged: Vec<_> = changes.into_iter().map(|change| judge(change, sources.as_ref())).collect();
    let is_well = !judged.iter().any(|judged| judged.is_breaking);
    let output = match settings.format.as_deref().unwrap_or("text") {
        "text" => text(&judged),
        "markdown" => markdown(&judged),
        other => return Err(format!("unknown format `{other}`: text or markdown")),
    };
    Ok((output, is_well))
}

fn judge(change: Change, sources: Option<&Sources>) -> Judged {
    let affected = sources.map(|sources| affected(&change, sources));
    // A further label breaks those alone that join on the metric.
    let is_harmless =
        matches!(change.kind, ChangeKind::LabelAdded { .. }) && affected.as_ref().is_some_and(Vec::is_empty);
    Judged {
        is_breaking: change.is_breaking() && !is_harmless,
        affected: affected.unwrap_or_default(),
        change,
    }
}

/// Reads a lock file, or that of a git revision: `REVISION` or `REVISION:PATH`.
fn lock(settings: &Settings, name: &str) -> Result<Lock, String> {
    if Path::new(name).exists() {
        return read_lock(Path::new(name));
    }
    let lock = settings.lock()?;
    let object = if name.contains(':') {
        name.to_owned()
    } else if lock.is_absolute() {
        return Err(format!("{name}: no such file; for a revision give a relative `--lock`"));
    } else {
        format!("{name}:./{}", lock.display())
    };
    // A name that begins with a dash would be an option.
    if object.starts_with('-') {
        return Err(format!("{name}: neither a file nor a revision"));
    }
    let output = process::Command::new("git").args(["show", &object]).output();
    let output = output.map_err(|error| format!("{name}: no such file, and git does not run: {error}"))?;
    if !output.status.success() {
        let reason = String::from_utf8_lossy(&output.stderr);
        return Err(format!("{name}: neither a file nor a revision: {}", reason.trim()));
    }
    String::from_utf8_lossy(&output.stdout).parse().map_err(|error| format!("{object}:{error}"))
}

fn text(judged: &[Judged]) -> String {
    let mut text = String::new();
    for Judged { change, is_breaking, affected } in judged {
        // Writing to a string cannot fail.
        let _ = writeln!(text, "{} {change}", if *is_breaking { "breaking:" } else { "         " });
        for Affected { path, line, owner, .. } in affected {
            let _ = writeln!(text, "              {path}:{line}: {owner}");
        }
    }
    let breaking = judged.iter().filter(|judged| judged.is_breaking).count();
    let _ = writeln!(text, "changes: {}, breaking: {breaking}", judged.len());
    text
}

fn markdown(judged: &[Judged]) -> String {
    if judged.is_empty() {
        return "The metrics have not changed.\n".to_owned();
    }
    let mut text = String::new();
    for (heading, is_breaking) in [("Breaking changes of metrics", true), ("Other changes of metrics", false)]
    {
        let changes: Vec<_> = judged.iter().filter(|judged| judged.is_breaking == is_breaking).collect();
        if changes.is_empty() {
            continue;
        }
        let _ = writeln!(text, "### {heading}\n");
        for Judged { change, affected, .. } in changes {
            let _ = writeln!(text, "- `{}`: {}", change.metric, change.kind);
            for Affected { path, line, owner, .. } in affected {
                let _ = writeln!(text, "  - breaks {owner} in `{path}:{line}`");
            }
        }
        text.push('\n');
    }
    text
}
