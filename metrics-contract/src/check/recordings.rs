//! Shapes of the series that rules record.

use std::collections::BTreeMap;

use super::shape::Shape;

/// Shapes of recordings by name.
#[derive(Debug, Default)]
pub(super) struct RecordedShapes(BTreeMap<String, Shape>);

impl RecordedShapes {
    pub(super) fn get(&self, name: &str) -> Option<&Shape> {
        self.0.get(name)
    }

    pub(super) fn names(&self) -> impl Iterator<Item = &str> {
        self.0.keys().map(String::as_str)
    }

    /// Adds the shape of a rule; several may record one name.
    pub(super) fn add(&mut self, name: &str, shape: Shape) {
        match self.0.get_mut(name) {
            Some(known) => {
                known.labels = std::mem::take(&mut known.labels).union(shape.labels);
                if known.kind != shape.kind {
                    known.kind = super::shape::SeriesKind::Other;
                }
            }
            None => {
                self.0.insert(name.to_owned(), shape);
            }
        }
    }
}
