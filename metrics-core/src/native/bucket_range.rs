//! Windows of neighbouring buckets of one resolution.

use super::{
    index::LEAST,
    schema::{Schema, WINDOW},
};

/// A window of [`WINDOW`] neighbouring buckets.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct BucketRange {
    /// Number of the first bucket.
    pub(super) first: i32,
    pub(super) schema: Schema,
}

/// Number of buckets of a window.
#[allow(clippy::cast_possible_truncation, clippy::cast_possible_wrap)] // it is 160
const LENGTH: i32 = WINDOW as i32;

impl BucketRange {
    /// Creates the window around a bucket of the highest resolution.
    pub(super) const fn around(index: i32, schema: Schema) -> Self {
        Self { first: schema.of_index(index) - LENGTH / 2, schema }
    }

    /// Returns the index in the window of a bucket of the highest resolution.
    #[inline]
    pub(super) fn bucket_at(self, index: i32) -> Option<usize> {
        let at = usize::try_from(self.schema.of_index(index).wrapping_sub(self.first)).ok()?;
        (at < WINDOW).then_some(at)
    }

    /// Returns the next window: the one of the highest resolution that holds all of this one and a bucket outside of it. It extends as
    /// far as possible to the side of that bucket.
    pub(super) fn next(self, index: i32) -> Self {
        let mut schema = self.schema;
        loop {
            schema = Schema(schema.0 + 1).min(Schema::MOST);
            let (first, last) = self.ends(schema);
            if schema == Schema::MOST {
                // The last possible window: it holds all numbers in 72 buckets, beside at most 81 of this one, and one of them is
                // in both.
                return Self { first: first.min(schema.of_index(LEAST)), schema };
            }
            let wanted = schema.of_index(index);
            let (low, high) = (first.min(wanted), last.max(wanted));
            if high - low < LENGTH {
                let first = if wanted < first { high - LENGTH + 1 } else { low };
                return Self { first, schema };
            }
        }
    }

    /// Returns the numbers of the first and the last bucket in a lower resolution.
    pub(super) const fn ends(self, lower: Schema) -> (i32, i32) {
        let last = self.first + LENGTH - 1;
        (self.schema.lower(self.first, lower), self.schema.lower(last, lower))
    }

    #[allow(clippy::cast_sign_loss)] // the bits
    pub(super) const fn to_bits(self) -> u64 {
        (self.schema.0 as u64) << 32 | self.first as u32 as u64
    }

    #[inline]
    #[allow(clippy::cast_possible_truncation, clippy::cast_possible_wrap)] // the two halves
    pub(super) const fn from_bits(bits: u64) -> Self {
        Self { first: bits as u32 as i32, schema: Schema((bits >> 32) as u8) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_window_holds_the_one_before_and_the_value() {
        let mut state = 0x9E37_79B9_7F4A_7C15_u64;
        let mut random = || {
            state ^= state << 13;
            state ^= state >> 7;
            state ^= state << 17;
            // All buckets of numbers.
            i32::try_from(state % (1152 * 256)).unwrap() - 128 * 256
        };
        for _ in 0..20_000 {
            let first = random();
            let mut window = BucketRange::around(first, Schema(u8::try_from(first.rem_euclid(13)).unwrap()));
            assert!(window.bucket_at(first).is_some());
            for _ in 0..30 {
                let index = random();
                if window.bucket_at(index).is_some() {
                    continue;
                }
                let next = window.next(index);
                assert!(next.schema > window.schema && next.schema <= Schema::MOST);
                assert!(next.bucket_at(index).is_some(), "{window:?} {index} {next:?}");
                let (low, high) = window.ends(next.schema);
                assert!(next.first <= low && high < next.first + LENGTH, "{window:?} {index} {next:?}");
                window = next;
            }
            assert_eq!(BucketRange::from_bits(window.to_bits()), window);
        }
    }
}
