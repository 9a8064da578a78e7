//! A series of a family as it was read.

/// One series of a family at the time of [`Family::series`](super::Family::series).
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct Series<V> {
    /// Names and values of the labels, in the order of the page; absent labels are left out.
    pub labels: Vec<(String, String)>,
    /// The value.
    pub value: V,
}

impl<V> Series<V> {
    /// Returns the value of a label, if the series has it.
    pub fn label(&self, name: &str) -> Option<&str> {
        self.labels.iter().find(|(label, _)| label == name).map(|(_, value)| value.as_str())
    }
}
