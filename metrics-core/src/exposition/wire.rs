//! Fields of protobuf messages.
//!
//! <https://protobuf.dev/programming-guides/encoding/>

/// Appends a number in groups of seven bits, the lowest first.
#[allow(clippy::cast_possible_truncation)] // each group is masked
pub(super) fn put_varint(out: &mut Vec<u8>, mut value: u64) {
    while value >= 0x80 {
        out.push((value & 0x7F) as u8 | 0x80);
        value >>= 7;
    }
    out.push(value as u8);
}

pub(super) fn put_double(out: &mut Vec<u8>, field: u64, value: f64) {
    put_varint(out, field << 3 | 1);
    out.extend_from_slice(&value.to_le_bytes());
}

pub(super) fn put_text(out: &mut Vec<u8>, field: u64, text: &str) {
    put_message(out, field, text.as_bytes());
}

/// Appends a message inside of another.
pub(super) fn put_message(out: &mut Vec<u8>, field: u64, message: &[u8]) {
    put_varint(out, field << 3 | 2);
    put_varint(out, message.len() as u64);
    out.extend_from_slice(message);
}
