//! The strings of a family's capped labels, and whether what was looked up among them still holds.

use std::sync::{
    Arc,
    atomic::Ordering::{Acquire, Relaxed, Release},
};

use super::{capped::Text, interner::Interner};
use crate::sync::{AtomicU64, fence};

/// The interners of a family's capped labels; a finite label has none.
#[derive(Clone, Debug, Default)]
pub struct Interners {
    labels: Box<[Option<Arc<Interner>>]>,
    /// Even; odd while strings are being removed. A position that was looked up holds as long as this stays what it was.
    version: Arc<AtomicU64>,
}

impl Interners {
    /// Interners for the labels that have a limit.
    pub(crate) fn new(limits: impl IntoIterator<Item = Option<usize>>) -> Self {
        let labels =
            limits.into_iter().map(|limit| limit.map(|limit| Arc::new(Interner::new(limit)))).collect();
        Self { labels, version: Arc::default() }
    }

    /// The interners of these among the labels.
    pub(crate) fn select(&self, labels: impl IntoIterator<Item = Option<usize>>) -> Self {
        let label = |at: Option<usize>| at.and_then(|at| self.get(at)).cloned();
        Self { labels: labels.into_iter().map(label).collect(), version: Arc::clone(&self.version) }
    }

    /// The interner of the label at a place, where it is capped.
    #[inline]
    pub(crate) fn get(&self, at: usize) -> Option<&Arc<Interner>> {
        self.labels.get(at)?.as_ref()
    }

    /// The position of a string in the label at a place.
    #[inline]
    pub(crate) fn position(&self, at: usize, text: &Text) -> usize {
        self.get(at).map_or(0, |interner| interner.position(text))
    }

    /// The position that a string keeps for good in the label at a place.
    pub(crate) fn intern(&self, at: usize, text: &Text) -> usize {
        self.get(at).map_or(0, |interner| interner.intern(text))
    }

    /// Counts an observation past the limit of the label at a place.
    #[cold]
    pub(crate) fn note_overflow(&self, at: usize) {
        if let Some(interner) = self.get(at) {
            interner.note_overflow();
        }
    }

    /// The version now; odd while strings are being removed.
    #[inline]
    pub(crate) fn version(&self) -> u64 {
        self.version.load(Acquire)
    }

    /// Whether positions that were looked up since `version` was read still hold.
    #[inline]
    pub(crate) fn holds(&self, version: u64) -> bool {
        fence(Acquire);
        version.is_multiple_of(2) && self.version.load(Relaxed) == version
    }

    /// A series at a place in the space of these labels was made.
    pub(crate) fn retain(&self, places: impl Iterator<Item = usize>) {
        self.labels
            .iter()
            .zip(places)
            .filter_map(|(label, place)| Some((label.as_ref()?, place)))
            .for_each(|(interner, place)| interner.retain(place));
    }

    /// Series at places in the space of these labels were removed. The caller sees to it that nobody else removes meanwhile.
    pub(crate) fn release(&self, places: impl Iterator<Item = usize>) {
        self.change(places, Interner::release);
    }

    /// Strings at places in the space of these labels were looked up for nothing. The caller as for [`release`](Self::release).
    pub(crate) fn forget(&self, places: impl Iterator<Item = usize>) {
        self.change(places, Interner::forget);
    }

    fn change(&self, places: impl Iterator<Item = usize>, change: impl Fn(&Interner, usize)) {
        let version = self.version.load(Relaxed);
        self.version.store(version.wrapping_add(1), Relaxed);
        fence(Release);
        for (label, place) in self.labels.iter().zip(places) {
            if let Some(interner) = label {
                change(interner, place);
            }
        }
        self.version.store(version.wrapping_add(2), Release);
    }

    /// How often a string came past a limit, or `None` where no label is capped.
    pub(crate) fn overflow(&self) -> Option<u64> {
        self.labels.iter().flatten().map(|interner| interner.overflow()).reduce(u64::wrapping_add)
    }
}
