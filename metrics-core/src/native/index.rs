//! Bucket of a value at the highest resolution, 256 buckets for each power of two.

use once_cell::sync::Lazy;

use super::schema::{WINDOW, ZERO_THRESHOLD};

/// Number of buckets for each power of two.
const STEPS: i32 = 256;
const MANTISSA_BITS: u32 = 52;
const MANTISSA: u64 = (1 << MANTISSA_BITS) - 1;
const BIAS: i32 = 1023;

/// Number of the bucket of infinite values, which follows that of the largest number.
pub(super) const INFINITE: i32 = 1024 * STEPS + 1;

/// Number of the first bucket above zero.
pub(super) const LEAST: i32 = -128 * STEPS + 1;

/// Bucket of a value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Bucket {
    /// One of the fixed cells, by its number.
    Fixed(usize),
    /// A bucket of a sign; the sign is 1 for negative values.
    Of { sign: usize, index: i32 },
}

/// Fixed cells, which every native histogram has.
pub(super) const ZERO: usize = 0;
pub(super) const NAN: usize = 1;
/// Cells of infinite values, by sign.
pub(super) const INFINITIES: [usize; 2] = [2, 3];

/// Mantissas of the bounds in a power of two, with an index for the search.
struct Table {
    /// Bounds from the beginning of the power of two on.
    bounds: [u64; STEPS as usize + 1],
    /// First bound that is not below a mantissa, by the mantissa's eight highest bits.
    start: [u16; STEPS as usize],
}

static TABLE: Lazy<Table> = Lazy::new(|| {
    let mut table = Table { bounds: [1 << MANTISSA_BITS; STEPS as usize + 1], start: [0; STEPS as usize] };
    for (bound, step) in table.bounds.iter_mut().zip(0..STEPS) {
        *bound = f64::exp2(f64::from(step) / f64::from(STEPS)).to_bits() & MANTISSA;
    }
    for (start, high) in table.start.iter_mut().zip(0_u64..) {
        let least = high << (MANTISSA_BITS - 8);
        *start = u16::try_from(table.bounds.partition_point(|bound| *bound < least)).unwrap_or(0);
    }
    table
});

impl Bucket {
    #[inline]
    pub(super) fn of(value: f64) -> Self {
        if value.is_nan() {
            return Self::Fixed(NAN);
        }
        let size = value.abs();
        if size <= ZERO_THRESHOLD {
            return Self::Fixed(ZERO);
        }
        let sign = usize::from(value < 0.0);
        if size.is_infinite() {
            return Self::Fixed(INFINITIES[sign]);
        }
        Self::Of { sign, index: index(size) }
    }
}

/// Returns the bucket of a finite number above [`ZERO_THRESHOLD`]; upper bounds are inclusive.
#[allow(clippy::cast_possible_truncation)] // an exponent has 11 bits
#[inline]
fn index(size: f64) -> i32 {
    let bits = size.to_bits();
    let exponent = (bits >> MANTISSA_BITS) as i32 - BIAS;
    let mantissa = bits & MANTISSA;
    let table = &*TABLE;
    let mut step = table.start[(mantissa >> (MANTISSA_BITS - 8)) as usize % STEPS as usize];
    // The last bound is above every mantissa, so the search ends. At most two bounds share the highest bits.
    while table.bounds.get(usize::from(step)).is_some_and(|bound| *bound < mantissa) {
        step += 1;
    }
    exponent * STEPS + i32::from(step)
}

// A window of the lowest resolution, with 16 powers of two in a bucket, holds all numbers.
const _: () = assert!((1024 + 128) / 16 + 1 < WINDOW / 2);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_are_between_the_bounds_of_their_bucket() {
        let bound = |index: i32| f64::exp2(f64::from(index) / f64::from(STEPS));
        let mut bits = 0x9E37_79B9_7F4A_7C15_u64;
        for _ in 0..200_000 {
            bits ^= bits << 13;
            bits ^= bits >> 7;
            bits ^= bits << 17;
            let value = f64::from_bits(bits);
            let Bucket::Of { sign, index } = Bucket::of(value) else {
                assert!(value.is_nan() || value.is_infinite() || value.abs() <= ZERO_THRESHOLD, "{value}");
                continue;
            };
            assert_eq!(sign == 1, value < 0.0);
            let near = value.abs() * 1e-14;
            assert!(bound(index - 1) < value.abs() + near && value.abs() <= bound(index) + near, "{value}");
        }
    }

    #[test]
    fn bounds_belong_to_their_bucket() {
        for power in -127..1024 {
            let value = f64::exp2(f64::from(power));
            assert_eq!(index(value), power * STEPS);
            assert_eq!(index(f64::from_bits(value.to_bits() + 1)), power * STEPS + 1);
            assert_eq!(index(f64::from_bits(value.to_bits() - 1)), power * STEPS);
        }
        for step in 0..=STEPS {
            assert_eq!(index(f64::exp2(f64::from(step) / f64::from(STEPS))), step);
        }
        assert_eq!(index(f64::MAX), 1024 * STEPS);
        assert!(INFINITE > index(f64::MAX));
    }

    #[test]
    fn what_is_no_number_is_in_no_bucket() {
        for (value, bucket) in [
            (0.0, ZERO),
            (-0.0, ZERO),
            (f64::MIN_POSITIVE, ZERO),
            (-5e-324, ZERO),
            (ZERO_THRESHOLD, ZERO),
            (f64::NAN, NAN),
            (-f64::NAN, NAN),
            (f64::INFINITY, INFINITIES[0]),
            (f64::NEG_INFINITY, INFINITIES[1]),
        ] {
            assert_eq!(Bucket::of(value), Bucket::Fixed(bucket), "{value}");
        }
        let above = f64::from_bits(ZERO_THRESHOLD.to_bits() + 1);
        assert_eq!(Bucket::of(above), Bucket::Of { sign: 0, index: LEAST });
    }
}
