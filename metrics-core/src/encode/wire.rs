//! Fields of protobuf messages.
//!
//! <https://protobuf.dev/programming-guides/encoding/>

use super::page_buffer::PageBuffer;

/// Buffer for protobuf fields.
pub(crate) trait Sink {
    fn put(&mut self, bytes: &[u8]);

    /// Writes the first `length` bytes of a piece.
    fn put_piece<const N: usize>(&mut self, piece: &[u8; N], length: usize);
}

impl Sink for Vec<u8> {
    fn put(&mut self, bytes: &[u8]) {
        self.extend_from_slice(bytes);
    }

    fn put_piece<const N: usize>(&mut self, piece: &[u8; N], length: usize) {
        self.extend_from_slice(piece.get(..length).unwrap_or(piece));
    }
}

impl Sink for PageBuffer {
    #[inline]
    fn put(&mut self, bytes: &[u8]) {
        self.push_bytes(bytes);
    }

    #[inline]
    fn put_piece<const N: usize>(&mut self, piece: &[u8; N], length: usize) {
        self.push_piece(piece, length);
    }
}

/// Returns a number as a varint, and the number of its bytes.
#[allow(clippy::cast_possible_truncation)] // each group is masked
#[inline]
pub(crate) const fn varint(value: u64) -> ([u8; 10], usize) {
    let mut bytes = [0; 10];
    if value < 0x80 {
        bytes[0] = value as u8;
        return (bytes, 1);
    }
    let (mut rest, mut length) = (value, 0);
    while rest >= 0x80 {
        bytes[length] = rest as u8 | 0x80;
        rest >>= 7;
        length += 1;
    }
    bytes[length] = rest as u8;
    (bytes, length + 1)
}

/// Appends a number as a varint.
#[inline]
pub(crate) fn put_varint(out: &mut impl Sink, value: u64) {
    let (bytes, length) = varint(value);
    out.put_piece(&bytes, length);
}

/// Returns the beginning of a nested message, and its number of bytes. The field is below 16, the message below 2^14 bytes.
#[allow(clippy::cast_possible_truncation)] // fields and messages are small
#[inline]
pub(crate) const fn short_begin(field: u64, length: usize) -> ([u8; 4], usize) {
    let (tag, length) = ((field << 3 | 2) as u32, length as u32);
    if length < 0x80 {
        ((tag | length << 8).to_le_bytes(), 2)
    } else {
        ((tag | (length & 0x7F | 0x80 | length >> 7 << 8) << 8).to_le_bytes(), 3)
    }
}

/// Returns the number of bytes of a varint.
#[inline]
pub(crate) const fn varint_len(value: u64) -> usize {
    // Seven bits in a byte, and one byte for zero.
    (70 - (value | 1).leading_zeros() as usize) / 7
}

/// Appends a field with a number.
#[inline]
pub(crate) fn put_number(out: &mut impl Sink, field: u64, value: u64) {
    put_varint(out, field << 3);
    put_varint(out, value);
}

/// Appends a field of type `sint32` or `sint64`.
#[inline]
pub(crate) fn put_signed(out: &mut impl Sink, field: u64, value: i64) {
    put_number(out, field, zigzag(value));
}

/// Returns a signed number in the zigzag encoding, which is small for numbers near zero.
#[inline]
pub(crate) const fn zigzag(value: i64) -> u64 {
    ((value << 1) ^ (value >> 63)).cast_unsigned()
}

/// Returns a field below 16 with a float.
#[allow(clippy::cast_possible_truncation)] // fields are small
#[inline]
pub(crate) const fn double(field: u64, value: f64) -> [u8; DOUBLE] {
    let mut bytes = [(field << 3) as u8 | 1; DOUBLE];
    let (_, number) = bytes.split_at_mut(1);
    number.copy_from_slice(&value.to_le_bytes());
    bytes
}

/// Appends a field below 16 with a float.
#[inline]
pub(crate) fn put_double(out: &mut impl Sink, field: u64, value: f64) {
    out.put_piece(&double(field, value), DOUBLE);
}

/// Number of bytes of a field below 16 with a float.
pub(crate) const DOUBLE: usize = 9;

pub(crate) fn put_text(out: &mut impl Sink, field: u64, text: &str) {
    put_message(out, field, text.as_bytes());
}

/// Begins a nested message, by its length.
#[inline]
pub(crate) fn put_begin(out: &mut impl Sink, field: u64, length: usize) {
    put_varint(out, field << 3 | 2);
    put_varint(out, length as u64);
}

/// Returns the number of bytes of a nested message in a field below 16.
#[inline]
pub(crate) const fn message_len(length: usize) -> usize {
    1 + varint_len(length as u64) + length
}

/// Appends a nested message.
pub(crate) fn put_message(out: &mut impl Sink, field: u64, message: &[u8]) {
    put_begin(out, field, message.len());
    out.put(message);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lengths_are_those_of_what_is_written() {
        for shift in 0..64 {
            for value in [1_u64 << shift, (1 << shift) - 1, u64::MAX >> shift] {
                let mut out = Vec::new();
                put_varint(&mut out, value);
                assert_eq!(out.len(), varint_len(value), "{value}");
            }
        }
    }

    #[test]
    fn signed_numbers_alternate() {
        for (value, expected) in
            [(0, 0), (-1, 1), (1, 2), (-2, 3), (i64::MAX, u64::MAX - 1), (i64::MIN, u64::MAX)]
        {
            assert_eq!(zigzag(value), expected);
        }
    }
}
