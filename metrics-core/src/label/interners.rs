//! Strings of a family's capped labels, with a version that tells whether looked-up positions are still valid.

use std::sync::{
    Arc,
    atomic::Ordering::{Acquire, Relaxed, Release},
};

use super::{capped::CappedText, interner::Interner};
use crate::sync::{AtomicBool, AtomicU64, fence};

/// Interners of a family's capped labels; finite labels have none.
#[derive(Clone, Debug, Default)]
pub struct Interners {
    labels: Box<[Option<Arc<Interner>>]>,
    /// Even, or odd while strings are being removed. A looked-up position is valid as long as this does not change.
    version: Arc<AtomicU64>,
    /// For look-ups that give no string a position: set if a string has none.
    missed: Option<Arc<AtomicBool>>,
}

impl Interners {
    /// Creates interners for the labels with a limit.
    pub(crate) fn new(limits: impl IntoIterator<Item = Option<usize>>) -> Self {
        Self::with(limits, false)
    }

    /// Creates interners whose strings keep their positions permanently, also without series. A call in flight keeps such positions.
    pub(crate) fn keeping(limits: impl IntoIterator<Item = Option<usize>>) -> Self {
        Self::with(limits, true)
    }

    fn with(limits: impl IntoIterator<Item = Option<usize>>, keeps: bool) -> Self {
        let interner = |limit: usize| Arc::new(Interner::new(limit, keeps));
        let labels = limits.into_iter().map(|limit| limit.map(interner)).collect();
        Self { labels, version: Arc::default(), missed: None }
    }

    /// Returns interners for look-ups that give no string a position; see [`has_missed`](Self::has_missed).
    pub(crate) fn searching(&self) -> Self {
        Self { missed: Some(Arc::default()), ..self.clone() }
    }

    /// Returns whether a string without a position was looked up.
    pub(crate) fn has_missed(&self) -> bool {
        self.missed.as_ref().is_some_and(|missed| missed.load(Relaxed))
    }

    /// Selects the interners of some labels.
    pub(crate) fn select(&self, labels: impl IntoIterator<Item = Option<usize>>) -> Self {
        let label = |at: Option<usize>| at.and_then(|at| self.get(at)).cloned();
        Self {
            labels: labels.into_iter().map(label).collect(),
            version: Arc::clone(&self.version),
            missed: None,
        }
    }

    /// Returns whether a label is capped.
    pub(crate) fn is_any(&self) -> bool {
        self.labels.iter().any(Option::is_some)
    }

    /// Returns the interner of a label by its index, if it is capped.
    #[inline]
    pub(crate) fn get(&self, at: usize) -> Option<&Arc<Interner>> {
        self.labels.get(at)?.as_ref()
    }

    /// Returns the position of a string in a label.
    #[inline]
    pub(crate) fn position(&self, at: usize, text: &CappedText) -> usize {
        let Some(interner) = self.get(at) else { return 0 };
        match interner.find(text.short()) {
            Some(position) => position,
            None => self.position_slowly(interner, text),
        }
    }

    #[cold]
    #[inline(never)]
    fn position_slowly(&self, interner: &Interner, text: &CappedText) -> usize {
        let Some(missed) = &self.missed else { return interner.position_slowly(text) };
        interner.search(text).unwrap_or_else(|| {
            missed.store(true, Relaxed);
            0
        })
    }

    /// Returns the position of a string in a label; the limit if there is no room, which is not counted.
    #[inline]
    pub(crate) fn position_uncounted(&self, at: usize, text: &CappedText) -> usize {
        self.get(at).map_or(0, |interner| interner.position_uncounted(text))
    }

    /// Returns the position of a string in a label, which it then keeps permanently.
    pub(crate) fn intern(&self, at: usize, text: &CappedText) -> usize {
        self.get(at).map_or(0, |interner| interner.intern(text))
    }

    /// Counts an observation past the limit of a label.
    #[cold]
    pub(crate) fn note_overflow(&self, at: usize) {
        match &self.missed {
            Some(missed) => missed.store(true, Relaxed),
            None => self.get(at).into_iter().for_each(|interner| interner.note_overflow()),
        }
    }

    /// Returns the version, which is odd while strings are being removed.
    #[inline]
    pub(crate) fn version(&self) -> u64 {
        self.version.load(Acquire)
    }

    /// Returns whether positions that were looked up since `version` was read are still valid.
    #[inline]
    pub(crate) fn holds(&self, version: u64) -> bool {
        fence(Acquire);
        version.is_multiple_of(2) && self.version.load(Relaxed) == version
    }

    /// Counts a new series with these values.
    pub(crate) fn retain(&self, value_ids: impl Iterator<Item = usize>) {
        self.labels
            .iter()
            .zip(value_ids)
            .filter_map(|(label, id)| Some((label.as_ref()?, id)))
            .for_each(|(interner, id)| interner.retain(id));
    }

    /// Uncounts removed series with these values. The caller must exclude concurrent removals.
    pub(crate) fn release(&self, series: &[Vec<usize>]) {
        let version = self.version.load(Relaxed);
        self.version.store(version.wrapping_add(1), Relaxed);
        fence(Release);
        for (at, label) in self.labels.iter().enumerate() {
            if let Some(interner) = label {
                interner.release(series.iter().filter_map(|value_ids| value_ids.get(at).copied()));
            }
        }
        self.version.store(version.wrapping_add(2), Release);
    }

    /// Returns the number of look-ups past a limit, or `None` if no label is capped.
    pub(crate) fn overflow(&self) -> Option<u64> {
        self.labels.iter().flatten().map(|interner| interner.overflow()).reduce(u64::wrapping_add)
    }
}
