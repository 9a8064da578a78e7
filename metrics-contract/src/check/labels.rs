//! Labels of the result of a query.

use std::collections::{BTreeMap, BTreeSet};

use metrics_core::testing::lock::LabelDomain;

/// Labels that series have, with their values.
#[derive(Clone, Debug, Default)]
pub(super) struct Labels {
    known: BTreeMap<String, LabelDomain>,
    /// Set if there may be others.
    is_open: bool,
}

impl Labels {
    /// Returns labels of which nothing is known.
    pub(super) fn open() -> Self {
        Self { is_open: true, ..Self::default() }
    }

    pub(super) fn contains(&self, label: &str) -> bool {
        self.is_open || self.known.contains_key(label)
    }

    pub(super) const fn is_open(&self) -> bool {
        self.is_open
    }

    pub(super) fn names(&self) -> impl Iterator<Item = &str> {
        self.known.keys().map(String::as_str)
    }

    pub(super) fn domain(&self, label: &str) -> Option<&LabelDomain> {
        self.known.get(label)
    }

    pub(super) fn insert(&mut self, label: impl Into<String>, domain: LabelDomain) {
        self.known.insert(label.into(), domain);
    }

    /// Keeps these labels alone.
    pub(super) fn keep<'a>(&self, labels: impl IntoIterator<Item = &'a str>) -> Self {
        let labels = labels.into_iter();
        let domain = |label: &str| self.domain(label).cloned().unwrap_or(LabelDomain::Any);
        Self { known: labels.map(|label| (label.to_owned(), domain(label))).collect(), is_open: false }
    }

    /// Removes these labels.
    pub(super) fn remove<'a>(mut self, labels: impl IntoIterator<Item = &'a str>) -> Self {
        for label in labels {
            self.known.remove(label);
        }
        self
    }

    /// Adds the labels of another side; a label of one side alone is absent from the other's series.
    pub(super) fn union(mut self, other: Self) -> Self {
        for (label, domain) in &mut self.known {
            if !other.contains(label) {
                merge(domain, absent());
            }
        }
        for (label, domain) in other.known {
            if let Some(known) = self.known.get_mut(&label) {
                merge(known, domain);
                continue;
            }
            let mut domain = domain;
            if !self.is_open {
                merge(&mut domain, absent());
            }
            self.known.insert(label, domain);
        }
        self.is_open |= other.is_open;
        self
    }
}

/// Values of a label that series do not have.
fn absent() -> LabelDomain {
    LabelDomain::Values(BTreeSet::from([String::new()]))
}

fn merge(domain: &mut LabelDomain, other: LabelDomain) {
    match (&mut *domain, other) {
        (LabelDomain::Values(values), LabelDomain::Values(more)) => values.extend(more),
        _ => *domain = LabelDomain::Any,
    }
}
