//! The cells of one series.

use std::sync::atomic::Ordering::{Acquire, Relaxed, Release};

use super::{
    chunk::{CHUNK_CELLS, Chunk, Slot, add_owned, add_owned_f64},
    local, shared, slab,
    slots::{Shape, Word},
};
use crate::{exemplar, sync::AtomicU64};

/// The cells of one series: what a handle of a metric is made of.
///
/// A series whose handles may outlive it (it can be removed from its family while somebody holds one) is *guarded*: its first
/// slot holds its generation in each slab. A thread that finds another generation in its own slab starts that series' cells
/// anew, or, if its handle is the one that is out of date, counts nowhere. So the next owner of the slots starts at zero, no
/// write of a late handle reaches it, and the warm path costs one more load and compare.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Cells {
    slot: Slot,
    /// Zero for a series that is not guarded.
    generation: u32,
}

/// Where a write that is not on the warm path goes.
enum Target {
    /// To this thread's own cells.
    Own(&'static Chunk),
    /// To the shared cells.
    Shared,
    /// Nowhere: the series is gone.
    Gone,
}

impl Cells {
    /// The cells of a series that lives as long as its handles.
    #[inline]
    pub(crate) const fn unguarded(slot: Slot) -> Self {
        Self { slot, generation: 0 }
    }

    pub(super) const fn guarded(slot: Slot, generation: u32) -> Self {
        Self { slot, generation }
    }

    /// Slot and generation in one word, which is not zero for a guarded series.
    pub(crate) const fn to_bits(self) -> u64 {
        (self.generation as u64) << 32 | self.slot.number() as u64
    }

    /// The reverse of [`to_bits`](Self::to_bits).
    #[inline]
    #[allow(clippy::cast_possible_truncation)] // the two halves
    pub(crate) const fn from_bits(bits: u64) -> Self {
        Self { slot: Slot::new(bits as u32), generation: (bits >> 32) as u32 }
    }

    /// The slot of a word of the series.
    #[inline]
    const fn word(self, at: usize) -> Slot {
        self.slot.plus(if self.generation == 0 { at } else { at + 1 })
    }

    /// The chunk of this thread's slab with a word of this series, where it can be written right away.
    #[inline]
    fn own(self, word: Slot) -> Option<&'static Chunk> {
        let chunk = local::own_chunk(word)?;
        (self.generation == 0 || chunk.cell(self.slot).load(Relaxed) == u64::from(self.generation))
            .then_some(chunk)
    }

    /// Counts in the first word, wrapping; the source of exemplars is asked, where there is one.
    #[inline]
    pub(crate) fn count(self, amount: u64) {
        let word = self.word(0);
        match self.own(word) {
            Some(chunk) => add_owned(chunk.cell(word), amount),
            None => self.count_slowly(amount),
        }
    }

    /// Counts in a floating-point word, the first; the source of exemplars is asked, where there is one.
    #[inline]
    pub(crate) fn count_f64(self, amount: f64) {
        let word = self.word(0);
        match self.own(word) {
            Some(chunk) => add_owned_f64(chunk.cell(word), amount),
            None => self.count_f64_slowly(amount),
        }
    }

    /// Adds to a word, wrapping.
    #[inline]
    pub(crate) fn add(self, at: usize, amount: u64) {
        let word = self.word(at);
        match self.own(word) {
            Some(chunk) => add_owned(chunk.cell(word), amount),
            None => self.add_slowly(at, amount),
        }
    }

    /// Adds to a floating-point word.
    #[inline]
    pub(crate) fn add_f64(self, at: usize, amount: f64) {
        let word = self.word(at);
        match self.own(word) {
            Some(chunk) => add_owned_f64(chunk.cell(word), amount),
            None => self.add_f64_slowly(at, amount),
        }
    }

    /// Adds one to the bucket of a value; the source of exemplars is asked, where there is one.
    #[inline]
    pub(crate) fn add_to_bucket(self, bucket: usize, sum: usize, value: f64) {
        let word = self.word(bucket);
        match self.own(word) {
            Some(chunk) => add_owned(chunk.cell(word), 1),
            None => self.add_to_bucket_slowly(bucket, sum, value),
        }
    }

    /// Where the exemplar of a word is kept.
    #[inline]
    pub(crate) const fn place(self, at: usize) -> exemplar::Place {
        exemplar::Place { slot: self.word(at).number(), generation: self.generation }
    }

    /// Adds a duration: one to its bucket and its nanoseconds to the sum, which are mostly in one chunk.
    #[inline]
    pub(crate) fn add_observation(self, bucket: usize, sum: usize, amount: u64) {
        let start = self.slot.offset() + usize::from(self.generation != 0);
        if let (Some(chunk), true) = (self.own(self.slot), start + sum < CHUNK_CELLS) {
            add_owned(chunk.at(start + bucket), 1);
            add_owned(chunk.at(start + sum), amount);
            return;
        }
        self.add_observation_slowly(bucket, sum, amount);
    }

    #[cold]
    #[inline(never)]
    fn add_observation_slowly(self, bucket: usize, sum: usize, amount: u64) {
        self.offer(bucket, sum, amount as f64 / 1e9);
        self.add(bucket, 1);
        self.add(sum, amount);
    }

    /// Adds to the first word and sees to it that the second word's shared cell says so; for gauges, see `metric::gauge`.
    #[inline]
    pub(crate) fn add_marked(self, amount: u64) {
        let (word, mark) = (self.word(0), self.word(1));
        if word.chunk() == mark.chunk()
            && let Some(chunk) = self.own(word)
            && chunk.cell(mark).load(Relaxed) != 0
        {
            add_owned(chunk.cell(word), amount);
            return;
        }
        self.add_marked_slowly(amount);
    }

    /// Asks the source of exemplars for one of an observation; a histogram without buckets is a summary, which has none.
    pub(crate) fn offer(self, bucket: usize, sum: usize, value: f64) {
        if sum > 1 {
            exemplar::offer(self.place(bucket), value);
        }
    }

    #[cold]
    #[inline(never)]
    fn count_slowly(self, amount: u64) {
        exemplar::offer(self.place(0), amount as f64);
        self.add_slowly(0, amount);
    }

    #[cold]
    #[inline(never)]
    fn count_f64_slowly(self, amount: f64) {
        exemplar::offer(self.place(0), amount);
        self.add_f64_slowly(0, amount);
    }

    #[cold]
    #[inline(never)]
    fn add_to_bucket_slowly(self, bucket: usize, sum: usize, value: f64) {
        self.offer(bucket, sum, value);
        self.add_slowly(bucket, 1);
    }

    #[cold]
    #[inline(never)]
    fn add_slowly(self, at: usize, amount: u64) {
        match self.target(self.word(at)) {
            Target::Own(chunk) => add_owned(chunk.cell(self.word(at)), amount),
            Target::Shared => self.with_shared(at, |cell| {
                cell.fetch_add(amount, Relaxed);
            }),
            Target::Gone => {}
        }
    }

    #[cold]
    #[inline(never)]
    fn add_f64_slowly(self, at: usize, amount: f64) {
        match self.target(self.word(at)) {
            Target::Own(chunk) => add_owned_f64(chunk.cell(self.word(at)), amount),
            Target::Shared => self.add_shared_f64(at, amount),
            Target::Gone => {}
        }
    }

    /// Says once and for all that the first word is added to.
    pub(crate) fn mark(self) {
        self.set_shared(1, 1);
    }

    #[cold]
    #[inline(never)]
    fn add_marked_slowly(self, amount: u64) {
        self.mark();
        if let Target::Own(chunk) = self.target(self.word(1)) {
            chunk.cell(self.word(1)).store(1, Relaxed);
        }
        self.add(0, amount);
    }

    /// Finds out where a write goes, and starts this thread's cells anew where they are a former series'.
    fn target(self, word: Slot) -> Target {
        let Some(chunk) = local::touch(word) else { return Target::Shared };
        let own = chunk.cell(self.slot);
        if self.generation == 0 || own.load(Relaxed) == u64::from(self.generation) {
            return Target::Own(chunk);
        }
        let Some(width) = shared::guard(self.slot).width_of(self.generation) else { return Target::Gone };
        for at in 0..width {
            chunk.cell(self.word(at)).store(0, Relaxed);
        }
        own.store(u64::from(self.generation), Release);
        Target::Own(chunk)
    }

    /// Writes a word's shared cell, unless the series is gone.
    fn with_shared(self, at: usize, write: impl FnOnce(&AtomicU64)) {
        if self.generation == 0 {
            return write(shared::cell(self.word(at)));
        }
        // Several threads write here, so that the generation has to stay what it is until the write is done.
        let _locked = shared::lock_guard(self.slot);
        if shared::guard(self.slot).width_of(self.generation).is_some() {
            write(shared::cell(self.word(at)));
        }
    }

    /// Sets a word's shared cell.
    pub(crate) fn set_shared(self, at: usize, bits: u64) {
        self.with_shared(at, |cell| cell.store(bits, Release));
    }

    /// Adds to a word's shared cell as a floating-point number.
    pub(crate) fn add_shared_f64(self, at: usize, amount: f64) {
        self.with_shared(at, |cell| {
            let mut bits = cell.load(Relaxed);
            loop {
                let sum = (f64::from_bits(bits) + amount).to_bits();
                match cell.compare_exchange_weak(bits, sum, Release, Relaxed) {
                    Ok(_) => return,
                    Err(now) => bits = now,
                }
            }
        });
    }

    /// A word's shared cell.
    pub(crate) fn get_shared(self, at: usize) -> u64 {
        shared::get(self.word(at))
    }

    /// The sum of a word over all slabs, the shared one included.
    pub(crate) fn sum(self, at: usize) -> u64 {
        self.get_shared(at).wrapping_add(self.sum_owned(at))
    }

    /// The sum of a word over the threads' slabs alone.
    pub(crate) fn sum_owned(self, at: usize) -> u64 {
        self.owned(at).fold(0, u64::wrapping_add)
    }

    /// The sum of a floating-point word. The threads' cells first and always in the same order, so that it is exactly zero for
    /// a new owner and never decreases while its cells do not.
    pub(crate) fn sum_f64(self, at: usize) -> f64 {
        self.sum_owned_f64(at) + f64::from_bits(self.get_shared(at))
    }

    pub(super) fn sum_owned_f64(self, at: usize) -> f64 {
        self.owned(at).map(f64::from_bits).fold(0.0, |sum, value| sum + value)
    }

    /// Takes away what the words sum up to, so that they start at zero again; what is added meanwhile stays.
    pub(crate) fn subtract_sums(self, shape: Shape) {
        exemplar::clear(self.word(0).number(), shape.width);
        for at in 0..shape.width {
            match if at + 1 == shape.width { shape.last } else { Word::Integer } {
                Word::Integer => {
                    let sum = self.sum(at);
                    self.with_shared(at, |cell| {
                        cell.fetch_sub(sum, Release);
                    });
                }
                Word::Float => self.add_shared_f64(at, -self.sum_f64(at)),
                Word::Shared => self.set_shared(at, 0),
                // A thread may be about to write its own.
                Word::Mark => {}
            }
        }
    }

    /// What the threads' slabs hold for a word of this series.
    fn owned(self, at: usize) -> impl Iterator<Item = u64> {
        let word = self.word(at);
        slab::all().filter_map(move |slab| {
            let chunk = slab.directory().get(word.chunk())?.get()?;
            let current =
                self.generation == 0 || chunk.cell(self.slot).load(Acquire) == u64::from(self.generation);
            current.then(|| chunk.cell(word).load(Relaxed))
        })
    }
}
