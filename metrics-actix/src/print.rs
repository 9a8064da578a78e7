//! Whether a path is still the one that it was.

/// Tells a path from others that the same request has had or gets.
///
/// Mostly another path is at another place, as it is made while the former one is still there. But a third one may be where the
/// first one was, so that the text counts as well. No client can choose two paths of one print, as the place is not known to it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Print(u64);

impl Print {
    #[inline]
    pub(crate) fn of(path: &str) -> Self {
        const MIX: u64 = 0xA076_1D64_78BD_642F;
        let mut print = path.as_ptr().addr() as u64;
        let mut left = path.as_bytes();
        while let Some((word, after)) = left.split_first_chunk() {
            print = (print ^ u64::from_le_bytes(*word)).wrapping_mul(MIX);
            left = after;
        }
        // The last eight bytes, of which some may have been in the word before.
        let last = match path.as_bytes().last_chunk() {
            Some(last) => u64::from_le_bytes(*last),
            None => path.bytes().fold(0, |word, byte| word << 8 | u64::from(byte)),
        };
        Self((print ^ last).wrapping_mul(MIX) ^ path.len() as u64)
    }
}
