//! Metrics whose series would have one name.

use super::{Finding, Kind, Rule, before, same, text::after};

/// The names of a group that are exposed twice: the places of the second and of the first, and what is wrong.
pub(crate) fn clashes(metrics: &[(&str, Kind)]) -> Vec<(usize, usize, Finding)> {
    let mut found = Vec::new();
    for (at, (name, kind)) in metrics.iter().enumerate() {
        for (before, (other_name, other_kind)) in metrics.iter().take(at).enumerate() {
            if name == other_name {
                let message = format!(
                    "`{name}` is already the name of another metric of this group, so rename one, or tell them \
                     apart by a constant label with another value: `labels(kind = \"…\")`"
                );
                found.push((at, before, Finding::new(Rule::DuplicateName, message)));
            } else if let Some(first) = clash((name, *kind), (other_name, *other_kind)) {
                let (owner, other) =
                    if first { ((*name, *kind), *other_name) } else { ((*other_name, *other_kind), *name) };
                let what = what(owner.1);
                let message =
                    format!("`{other}` is also a series of the {what} `{}`, so rename one", owner.0);
                found.push((at, before, Finding::new(Rule::SuffixClash, message)));
            }
        }
    }
    found
}

/// The word for a kind that has series of other names.
const fn what(kind: Kind) -> &'static str {
    match kind {
        Kind::Histogram => "histogram",
        Kind::Summary => "summary",
        Kind::Info => "info metric",
        _ => "counter",
    }
}

/// Whether one metric has a series with the other's name; true where it is the first that has.
pub(crate) const fn clash(one: (&str, Kind), other: (&str, Kind)) -> Option<bool> {
    if takes(one, other.0) {
        Some(true)
    } else if takes(other, one.0) {
        Some(false)
    } else {
        None
    }
}

/// Whether a metric has a series of a name that is not its own.
const fn takes((owner, kind): (&str, Kind), name: &str) -> bool {
    let family = match (kind, before(owner.as_bytes(), b"_total")) {
        (Kind::Counter, Some(family)) => family,
        _ => owner.as_bytes(),
    };
    let Some(suffix) = after(name.as_bytes(), family) else { return false };
    let mut suffixes = series_of(kind);
    while let [first, others @ ..] = suffixes {
        if same(suffix, first.as_bytes()) {
            return true;
        }
        suffixes = others;
    }
    false
}

/// What a metric of a kind adds to its name for its series.
const fn series_of(kind: Kind) -> &'static [&'static str] {
    match kind {
        Kind::Counter => &["_total", "_created"],
        Kind::Histogram => &["_bucket", "_count", "_sum", "_created"],
        Kind::Summary => &["_count", "_sum", "_created"],
        Kind::Info => &["_info"],
        Kind::Gauge | Kind::Unknown => &[],
    }
}
