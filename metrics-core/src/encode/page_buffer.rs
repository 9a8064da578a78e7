//! Buffer that a page is written to.

use std::{mem, ops::Range};

/// A page under construction.
///
/// A page consists of short pieces, for which a copy of variable length is slow. Pieces are therefore copied with a length that
/// is known at compile time, and the next piece overwrites the excess bytes. The room for a whole line is checked once.
#[derive(Debug, Default)]
pub(crate) struct PageBuffer {
    /// The written bytes, and bytes that may be written over.
    memory: Vec<u8>,
    /// Number of written bytes.
    length: usize,
}

/// Bytes that are taken in advance: they stay in the nearest cache until they are written.
const AHEAD: usize = 4096;

/// Limit of the bytes of such a line.
pub(crate) const ROOM: usize = 256;

/// Number of bytes that are copied at once.
const PIECE: usize = 32;

/// Room for one line.
pub(crate) struct Line<'a> {
    room: &'a mut [u8; ROOM],
    /// Number of written bytes of it.
    length: usize,
}

impl PageBuffer {
    /// Makes room for a number of bytes.
    #[inline]
    fn make_room(&mut self, bytes: usize) {
        // In this form, so that the compiler sees that there is room then.
        if self.memory.get(self.length..).is_none_or(|room| room.len() < bytes) {
            self.grow(bytes);
        }
    }

    #[cold]
    #[inline(never)]
    fn grow(&mut self, bytes: usize) {
        let (least, most) = (self.length + bytes, self.length + bytes + AHEAD);
        // No new memory where what there is suffices.
        let there = self.memory.capacity();
        self.memory.resize(if there < least { most } else { most.min(there) }, 0);
    }

    #[inline]
    pub(crate) fn push_bytes(&mut self, bytes: &[u8]) {
        self.make_room(bytes.len());
        let end = self.length + bytes.len();
        if let Some(room) = self.memory.get_mut(self.length..end) {
            room.copy_from_slice(bytes);
            self.length = end;
        }
    }

    #[inline]
    pub(crate) fn push_str(&mut self, text: &str) {
        self.push_bytes(text.as_bytes());
    }

    #[inline]
    pub(crate) fn push(&mut self, character: char) {
        if character.is_ascii() {
            self.push_bytes(&[character as u8]);
        } else {
            self.push_str(character.encode_utf8(&mut [0; 4]));
        }
    }

    /// Writes the first `length` bytes of a piece.
    #[inline]
    pub(crate) fn push_piece<const N: usize>(&mut self, piece: &[u8; N], length: usize) {
        self.push_bytes(piece);
        self.length -= N - length.min(N);
    }

    /// Returns the bytes from here on, and whatever is after them.
    #[inline]
    pub(crate) fn piece_from<const N: usize>(&mut self, start: usize) -> Option<[u8; N]> {
        self.make_room(N);
        self.memory.get(start..)?.first_chunk().copied()
    }

    /// Removes the bytes from here on.
    #[inline]
    pub(crate) fn cut(&mut self, start: usize) {
        self.length = self.length.min(start);
    }

    /// Writes the bytes of this range again.
    #[inline]
    pub(crate) fn repeat(&mut self, range: Range<usize>) {
        self.make_room(range.len());
        let end = self.length + range.len();
        self.memory.copy_within(range, self.length);
        self.length = end;
    }

    /// Writes a line of at most [`ROOM`] bytes.
    #[allow(clippy::inline_always)] // the line is then in registers
    #[inline(always)]
    pub(crate) fn push_line(&mut self, write: impl FnOnce(&mut Line<'_>)) {
        self.make_room(ROOM);
        let room = self.memory.get_mut(self.length..).and_then(|rest| rest.first_chunk_mut());
        if let Some(room) = room {
            let mut line = Line { room, length: 0 };
            write(&mut line);
            self.length += line.length;
        }
    }

    #[inline]
    pub(crate) fn written(&self) -> &[u8] {
        self.memory.get(..self.length).unwrap_or_default()
    }

    pub(crate) fn written_mut(&mut self) -> &mut [u8] {
        self.memory.get_mut(..self.length).unwrap_or_default()
    }

    /// Removes all bytes and keeps the memory.
    pub(crate) const fn clear(&mut self) {
        self.length = 0;
    }

    #[inline]
    pub(crate) const fn len(&self) -> usize {
        self.length
    }

    /// Takes the finished part and reserves as much room again. The last byte stays, so no page ends with an empty part.
    pub(crate) fn take_part(&mut self) -> Vec<u8> {
        let last = self.written().last().copied();
        let rest = Self { memory: Vec::with_capacity(self.memory.capacity()), length: 0 };
        let mut finished = mem::replace(self, rest).into_bytes();
        finished.pop();
        if let Some(last) = last {
            self.push_bytes(&[last]);
        }
        finished
    }

    /// Returns the written bytes with their memory.
    pub(crate) fn into_bytes(mut self) -> Vec<u8> {
        self.memory.truncate(self.length);
        self.memory
    }

    /// Returns the written text; validates UTF-8 once more.
    pub(crate) fn into_string(self) -> String {
        // Nothing but text was written, so that nothing is replaced.
        String::from_utf8(self.into_bytes())
            .unwrap_or_else(|error| String::from_utf8_lossy(error.as_bytes()).into_owned())
    }
}

impl Line<'_> {
    /// Writes the first `length` bytes of a piece.
    #[inline]
    pub(crate) fn push_piece<const N: usize>(&mut self, piece: &[u8; N], length: usize) {
        let room = self.room.get_mut(self.length..).and_then(|rest| rest.first_chunk_mut());
        if let Some(room) = room {
            *room = *piece;
            self.length += length.min(N);
        }
    }

    /// Writes bytes; 32 to 96 of them, as many as labels mostly have, are written fastest.
    #[inline]
    pub(crate) fn push_bytes(&mut self, bytes: &[u8]) {
        let (begin, end) = (bytes.first_chunk::<PIECE>(), bytes.last_chunk::<PIECE>());
        let middle = bytes.get(PIECE..).and_then(<[u8]>::first_chunk::<PIECE>);
        match (begin, middle, end) {
            (Some(begin), None, Some(end)) => {
                // Where the two overlap they are the same.
                self.push_piece(begin, bytes.len() - PIECE);
                self.push_piece(end, PIECE);
            }
            (Some(begin), Some(middle), Some(end)) if bytes.len() <= 3 * PIECE => {
                self.push_piece(begin, PIECE);
                self.push_piece(middle, bytes.len() - 2 * PIECE);
                self.push_piece(end, PIECE);
            }
            _ => {
                if let Some(room) = self.room.get_mut(self.length..self.length + bytes.len()) {
                    room.copy_from_slice(bytes);
                    self.length += bytes.len();
                }
            }
        }
    }
}

impl From<String> for PageBuffer {
    fn from(text: String) -> Self {
        let memory = text.into_bytes();
        Self { length: memory.len(), memory }
    }
}

impl From<Vec<u8>> for PageBuffer {
    /// To be given memory that is used again.
    fn from(memory: Vec<u8>) -> Self {
        Self { memory, length: 0 }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bytes_of_any_number_are_written_whole() {
        let text: String = ('a'..='z').cycle().take(200).collect();
        for length in 0..text.len() {
            let mut page = PageBuffer::from(String::from("before"));
            page.push_line(|line| {
                line.push_piece(b"a piece that is cut", 7);
                line.push_bytes(&text.as_bytes()[..length]);
            });
            page.push_str(&text[length..]);
            assert_eq!(page.into_string(), format!("beforea piece{text}"));
        }
    }

    #[test]
    fn what_has_no_room_is_not_written_past_it() {
        let mut page = PageBuffer::default();
        page.push_line(|line| {
            line.push_bytes(&[b'a'; ROOM - 1]);
            line.push_bytes(b"two");
            line.push_piece(b"two", 1);
            line.push_bytes(b"b");
        });
        assert_eq!(page.len(), ROOM);
        assert!(page.into_string().ends_with("ab"));
    }

    #[test]
    fn a_part_leaves_the_last_byte() {
        let mut page = PageBuffer::from(String::from("ä,"));
        assert_eq!(page.take_part(), "ä".as_bytes());
        page.clear();
        page.push('ö');
        page.repeat(0..2);
        assert_eq!((page.len(), page.into_string()), (4, "öö".to_owned()));
    }

    #[test]
    fn memory_is_used_again_and_what_was_in_it_is_gone() {
        let memory = Vec::from(&b"former"[..]);
        let mut page = PageBuffer::from(memory);
        page.push_str("new");
        assert_eq!(page.into_bytes(), b"new");
    }
}
