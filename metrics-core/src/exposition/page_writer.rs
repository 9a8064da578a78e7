//! Output of an encoder: a buffer, and parts of the page that are passed on while it is made.

use std::{
    io,
    ops::{ControlFlow, Deref, DerefMut},
};

use crate::encode::PageBuffer;

/// Receiver of finished parts of the page, which breaks if it does not want the rest.
pub(super) type TakePart<'a> = dyn FnMut(Vec<u8>) -> ControlFlow<()> + 'a;

/// Output of an encoder. For a page in chunks the buffer has the part that is not yet passed on.
pub(super) struct PageWriter<'a> {
    buffer: &'a mut PageBuffer,
    /// Size at which a part is passed on.
    part_size: usize,
    take: Option<&'a mut TakePart<'a>>,
    is_stopped: bool,
}

impl<'a> PageWriter<'a> {
    /// Creates a writer that keeps the whole page in the buffer.
    pub(super) const fn whole(buffer: &'a mut PageBuffer) -> Self {
        Self { buffer, part_size: usize::MAX, take: None, is_stopped: false }
    }

    /// Creates a writer that passes the page to `take` in parts of about this size; the last part stays in the buffer.
    pub(super) fn in_parts(buffer: &'a mut PageBuffer, part_size: usize, take: &'a mut TakePart<'a>) -> Self {
        Self { buffer, part_size, take: Some(take), is_stopped: false }
    }

    /// Allows the page to be cut here. Breaks if the rest is not wanted, so that the encoder stops.
    #[inline]
    pub(super) fn end_part(&mut self) -> ControlFlow<()> {
        if self.buffer.len() >= self.part_size { self.give_part() } else { ControlFlow::Continue(()) }
    }

    #[cold]
    fn give_part(&mut self) -> ControlFlow<()> {
        let Some(take) = &mut self.take else { return ControlFlow::Continue(()) };
        if !self.is_stopped && take(self.buffer.take_part()).is_break() {
            self.is_stopped = true;
            // An encoder that continues gets the break again at once.
            self.part_size = 0;
        }
        if self.is_stopped { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
    }
}

/// Writes bytes between which the page may be cut; fails if the rest is not wanted.
impl io::Write for PageWriter<'_> {
    #[inline]
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.buffer.push_bytes(bytes);
        match self.end_part() {
            ControlFlow::Continue(()) => Ok(bytes.len()),
            ControlFlow::Break(()) => Err(io::ErrorKind::BrokenPipe.into()),
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
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
    use std::io::Write as _;

    use super::*;

    #[test]
    fn parts_are_given_until_nobody_wants_the_rest() {
        let (mut page, mut parts) = (PageBuffer::default(), Vec::new());
        let mut take = |part: Vec<u8>| {
            parts.push(part);
            if parts.len() < 2 { ControlFlow::Continue(()) } else { ControlFlow::Break(()) }
        };
        let mut out = PageWriter::in_parts(&mut page, 4, &mut take);
        out.push_str("abc");
        assert!(out.end_part().is_continue());
        out.push_str("de");
        assert!(out.end_part().is_continue());
        assert!(out.write_all(b"fgh").is_err());
        out.push_str("i");
        assert!(out.end_part().is_break() && out.end_part().is_break());
        // The last byte stays for the next part.
        assert_eq!(parts, [&b"abcd"[..], b"efg"]);
    }
}
