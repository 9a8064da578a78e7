//! Where an encoder writes.

use std::ops::{ControlFlow, Deref, DerefMut};

use crate::{
    encode::PageBuffer,
    series::{SeriesRef, SeriesSet},
};

/// Takes a finished part of the page, and says whether it is to go on.
pub(super) type TakePart<'a> = dyn FnMut(Vec<u8>) -> ControlFlow<()> + 'a;

/// The buffer that an encoder writes to. Of a page that is made in chunks it holds the part that is not yet taken.
pub(crate) struct PageWriter<'a> {
    buffer: &'a mut PageBuffer,
    /// At this size what is finished is taken away.
    size: usize,
    take: Option<&'a mut TakePart<'a>>,
    stopped: bool,
}

impl<'a> PageWriter<'a> {
    /// The whole page is to be in the buffer.
    pub(crate) const fn whole(buffer: &'a mut PageBuffer) -> Self {
        Self { buffer, size: usize::MAX, take: None, stopped: false }
    }

    /// `take` gets the page in parts of about this size; the last one stays in the buffer.
    pub(super) fn in_parts(buffer: &'a mut PageBuffer, size: usize, take: &'a mut TakePart<'a>) -> Self {
        Self { buffer, size, take: Some(take), stopped: false }
    }

    /// Tells that the page may be cut here, and is told whether anybody still wants the rest.
    #[inline]
    pub(crate) fn end_part(&mut self) -> ControlFlow<()> {
        if self.buffer.len() >= self.size {
            give_part(self.buffer, &mut self.take, &mut self.stopped);
        }
        if self.stopped { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
    }

    /// Writes each series of a set, after which the page may be cut. Once nobody wants the rest, the other series are not read.
    pub(crate) fn series(
        &mut self,
        set: &SeriesSet,
        scratch: &mut Vec<u64>,
        mut write: impl FnMut(&mut PageBuffer, &str, &[u64]),
    ) {
        self.series_origins(set, scratch, |buffer, _, labels, sums| write(buffer, labels, sums));
    }

    /// The same with where each series counts.
    pub(crate) fn series_origins(
        &mut self,
        set: &SeriesSet,
        scratch: &mut Vec<u64>,
        mut write: impl FnMut(&mut PageBuffer, SeriesRef, &str, &[u64]),
    ) {
        let Self { buffer, size, take, stopped } = self;
        let (buffer, size) = (&mut **buffer, *size);
        if take.is_none() {
            // The same with nothing between the lines, which is felt on a page of a hundred thousand.
            return set.read_origins(scratch, |origin, labels, sums| write(buffer, origin, labels, sums));
        }
        if *stopped {
            return;
        }
        // How it ended is kept for the sets after it.
        let _ = set.read_origins_until(scratch, |origin, labels, sums| {
            write(buffer, origin, labels, sums);
            if buffer.len() >= size {
                give_part(buffer, take, stopped);
            }
            if *stopped { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
        });
    }
}

/// Gives away what is in the buffer; nobody may want the rest then.
#[cold]
fn give_part(buffer: &mut PageBuffer, take: &mut Option<&mut TakePart<'_>>, stopped: &mut bool) {
    let part = buffer.take_part();
    if let Some(take) = take {
        *stopped = *stopped || take(part).is_break();
    }
}

impl Deref for PageWriter<'_> {
    type Target = PageBuffer;

    fn deref(&self) -> &PageBuffer {
        self.buffer
    }
}

impl DerefMut for PageWriter<'_> {
    fn deref_mut(&mut self) -> &mut PageBuffer {
        self.buffer
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        Bounded, Capped, Counter, Definition, Dimension, DynamicFamily, Family, LabelField, LabelSet,
        Registry, label::Interners,
    };

    type Hundred = Bounded<0, 99>;

    /// All series from the start.
    struct Dense(Hundred, Hundred);

    impl LabelSet for Dense {
        const DIMENSIONS: &'static [Dimension] =
            &[Dimension::of::<Hundred>("a"), Dimension::of::<Hundred>("b")];
        const CAPPED: bool = false;

        fn index(&self, interners: &Interners) -> usize {
            self.0.position(interners, 0) * 100 + self.1.position(interners, 1)
        }
    }

    /// Series by their first observation.
    struct Sparse(Capped<10_000>);

    impl LabelSet for Sparse {
        const DIMENSIONS: &'static [Dimension] = &[Dimension::of::<Capped<10_000>>("a")];
        const CAPPED: bool = true;

        fn index(&self, interners: &Interners) -> usize {
            self.0.position(interners, 0)
        }
    }

    /// How many series a registry's sets have written when the first part is refused, and what was read last then.
    fn refused(registry: &Registry) -> (usize, Vec<u64>) {
        let (mut page, mut scratch, mut written) = (PageBuffer::default(), Vec::new(), 0);
        let mut refuse = |_| ControlFlow::Break(());
        let mut out = PageWriter::in_parts(&mut page, 1, &mut refuse);
        for set in registry.snapshot().iter().flat_map(|family| &family.sets) {
            for _ in 0..2 {
                out.series(set, &mut scratch, |page, labels, _| {
                    written += 1;
                    page.push_str(labels);
                });
            }
        }
        (written, scratch)
    }

    #[test]
    fn where_nobody_wants_the_rest_no_more_than_a_few_series_are_read() {
        let define = || Definition::new("a_total", "A.");
        let registry = Registry::new();
        let dense: Family<Dense, Counter> = registry.register(&define()).unwrap();
        for number in 0..10_000_u16 {
            dense.with(Dense((number / 100).into(), (number % 100).into())).inc_by((number + 1).into());
        }
        let (written, read) = refused(&registry);
        // One batch of them, which is summed at once.
        assert_eq!((written, read.first(), read.len()), (1, Some(&1), 2048));

        let registry = Registry::new();
        let sparse: Family<Sparse, Counter> = registry.register(&define()).unwrap();
        for number in 1..=100 {
            sparse.with(Sparse(number.to_string().as_str().into())).inc_by(number);
        }
        assert_eq!(refused(&registry), (1, vec![1]));

        let registry = Registry::new();
        let open: DynamicFamily<Counter> = registry.register(&define().dynamic_label("a", 10_000)).unwrap();
        for number in 1..=100 {
            open.with(&[&number.to_string()]).inc_by(number);
        }
        assert_eq!(refused(&registry), (1, vec![1]));
    }
}
