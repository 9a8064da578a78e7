//! Fields of protobuf messages.
//!
//! <https://protobuf.dev/programming-guides/encoding/>

/// Appends a number in groups of seven bits, the lowest first.
#[allow(clippy::cast_possible_truncation)] // each group is masked
#[inline]
pub(super) fn put_varint(out: &mut Vec<u8>, mut value: u64) {
    while value >= 0x80 {
        out.push((value & 0x7F) as u8 | 0x80);
        value >>= 7;
    }
    out.push(value as u8);
}

/// How many bytes a number takes.
#[inline]
pub(super) const fn varint_len(value: u64) -> usize {
    // Seven bits to a byte, and one byte for zero.
    (70 - (value | 1).leading_zeros() as usize) / 7
}

/// Appends a field with a number.
#[inline]
pub(super) fn put_number(out: &mut Vec<u8>, field: u64, value: u64) {
    put_varint(out, field << 3);
    put_varint(out, value);
}

/// Appends a field of type `sint32` or `sint64`.
#[inline]
pub(super) fn put_signed(out: &mut Vec<u8>, field: u64, value: i64) {
    put_number(out, field, zigzag(value));
}

/// A signed number as protobuf has it: small where it is near zero.
#[inline]
pub(super) const fn zigzag(value: i64) -> u64 {
    ((value << 1) ^ (value >> 63)).cast_unsigned()
}

#[inline]
pub(super) fn put_double(out: &mut Vec<u8>, field: u64, value: f64) {
    put_varint(out, field << 3 | 1);
    out.extend_from_slice(&value.to_le_bytes());
}

/// How many bytes such a field takes, where its number is below 16.
pub(super) const DOUBLE: usize = 9;

pub(super) fn put_text(out: &mut Vec<u8>, field: u64, text: &str) {
    put_message(out, field, text.as_bytes());
}

/// Begins a message inside of another, by its length.
#[inline]
pub(super) fn put_begin(out: &mut Vec<u8>, field: u64, length: usize) {
    put_varint(out, field << 3 | 2);
    put_varint(out, length as u64);
}

/// How many bytes a message inside of another takes, where its number is below 16.
#[inline]
pub(super) const fn message_len(length: usize) -> usize {
    1 + varint_len(length as u64) + length
}

/// Appends a message inside of another.
pub(super) fn put_message(out: &mut Vec<u8>, field: u64, message: &[u8]) {
    put_begin(out, field, message.len());
    out.extend_from_slice(message);
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
