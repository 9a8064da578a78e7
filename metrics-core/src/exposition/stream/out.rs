//! Where an encoder writes.

use std::{
    mem,
    ops::{ControlFlow, Deref, DerefMut},
};

use crate::family::{Origin, SeriesSet};

/// What is written to: text, or bytes.
pub(crate) trait Buffer {
    fn size(&self) -> usize;

    /// Takes what is finished and leaves room for as much again.
    fn take(&mut self) -> Vec<u8>;
}

impl Buffer for String {
    fn size(&self) -> usize {
        self.len()
    }

    /// The last character stays: JSON's encoder may still take a comma back.
    fn take(&mut self) -> Vec<u8> {
        let last = self.pop();
        let finished = mem::replace(self, Self::with_capacity(self.len()));
        self.extend(last);
        finished.into_bytes()
    }
}

impl Buffer for Vec<u8> {
    fn size(&self) -> usize {
        self.len()
    }

    fn take(&mut self) -> Vec<u8> {
        mem::replace(self, Self::with_capacity(self.len()))
    }
}

/// Takes a finished part of the page, and says whether it is to go on.
pub(super) type TakePart<'a> = dyn FnMut(Vec<u8>) -> ControlFlow<()> + 'a;

/// The buffer that an encoder writes to. Of a page that is made in chunks it holds the part that is not yet taken.
pub(crate) struct Out<'a, B> {
    buffer: &'a mut B,
    /// At this size what is finished is taken away.
    size: usize,
    take: Option<&'a mut TakePart<'a>>,
    stopped: bool,
}

impl<'a, B: Buffer> Out<'a, B> {
    /// The whole page is to be in the buffer.
    pub(crate) const fn whole(buffer: &'a mut B) -> Self {
        Self { buffer, size: usize::MAX, take: None, stopped: false }
    }

    /// `take` gets the page in parts of about this size; the last one stays in the buffer.
    pub(super) fn in_parts(buffer: &'a mut B, size: usize, take: &'a mut TakePart<'a>) -> Self {
        Self { buffer, size, take: Some(take), stopped: false }
    }

    /// Tells that the page may be cut here, and is told whether anybody still wants the rest.
    #[inline]
    pub(crate) fn end_part(&mut self) -> ControlFlow<()> {
        if self.buffer.size() >= self.size {
            give_part(self.buffer, &mut self.take, &mut self.stopped);
        }
        if self.stopped { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
    }

    /// Writes each series of a set, after which the page may be cut.
    ///
    /// Once nobody wants the rest, the other series are walked over without a word.
    pub(crate) fn series(
        &mut self,
        set: &SeriesSet,
        scratch: &mut Vec<u64>,
        mut write: impl FnMut(&mut B, &str, &[u64]),
    ) {
        self.series_origins(set, scratch, |buffer, _, labels, sums| write(buffer, labels, sums));
    }

    /// The same with where each series counts.
    pub(crate) fn series_origins(
        &mut self,
        set: &SeriesSet,
        scratch: &mut Vec<u64>,
        mut write: impl FnMut(&mut B, Origin, &str, &[u64]),
    ) {
        let Self { buffer, size, take, stopped } = self;
        let (buffer, size) = (&mut **buffer, *size);
        if take.is_none() {
            // The same with nothing between the lines, which is felt on a page of a hundred thousand.
            return set.read_origins(scratch, |origin, labels, sums| write(buffer, origin, labels, sums));
        }
        set.read_origins(scratch, |origin, labels, sums| {
            if !*stopped {
                write(buffer, origin, labels, sums);
                if buffer.size() >= size {
                    give_part(buffer, take, stopped);
                }
            }
        });
    }
}

/// Gives away what is in the buffer; nobody may want the rest then.
#[cold]
fn give_part<B: Buffer>(buffer: &mut B, take: &mut Option<&mut TakePart<'_>>, stopped: &mut bool) {
    let part = buffer.take();
    if let Some(take) = take {
        *stopped = *stopped || take(part).is_break();
    }
}

impl<B> Deref for Out<'_, B> {
    type Target = B;

    fn deref(&self) -> &B {
        self.buffer
    }
}

impl<B> DerefMut for Out<'_, B> {
    fn deref_mut(&mut self) -> &mut B {
        self.buffer
    }
}
