//! Causes for which exemplars are dropped.

/// Cause for which an exemplar is dropped: the label `cause` of `metrics_exemplars_dropped_total`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum DropCause {
    /// Its labels' names and values have more than 128 code points.
    Length,
    /// A label's name is illegal, or stands twice.
    Label,
    /// There is no room for more of them.
    Room,
    /// The source panicked.
    Panic,
}

impl DropCause {
    pub(crate) const ALL: [Self; 4] = [Self::Length, Self::Label, Self::Room, Self::Panic];
    pub(crate) const NAMES: [&str; 4] = ["length", "label", "room", "panic"];
}
