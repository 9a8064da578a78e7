//! Histogram buckets: bounds, and the search for the bucket of a value.

use std::array;

use crate::{
    cell::{LARGE_NANOS, wide_seconds},
    encode::number,
    name::InvalidDefinition,
    native::Schema,
};

/// Default bounds of a histogram, in seconds: those of most client libraries.
pub const DEFAULT_BUCKETS: &[f64] = &[0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0];

/// Default bounds of the durations of functions, in seconds: from 100 microseconds, as functions are faster than requests.
/// [`set_function_buckets`](crate::set_function_buckets) chooses others for the program.
pub const DEFAULT_FUNCTION_BUCKETS: &[f64] =
    &[0.0001, 0.000_25, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0];

/// Default bounds of a histogram of bytes: from 256 bytes to 64 mebibytes, each four times the one before.
pub const DEFAULT_BYTE_BUCKETS: &[f64] = &[
    256.0,
    1_024.0,
    4_096.0,
    16_384.0,
    65_536.0,
    262_144.0,
    1_048_576.0,
    4_194_304.0,
    16_777_216.0,
    67_108_864.0,
];

/// Default bounds of a histogram of ratios, which are closer together near 0 and 1.
pub const DEFAULT_RATIO_BUCKETS: &[f64] = &[0.01, 0.05, 0.1, 0.25, 0.5, 0.75, 0.9, 0.95, 0.99, 1.0];

/// Returns the default bounds for a unit, or for a name that ends with it.
pub(crate) fn default_for(unit: &str) -> &'static [f64] {
    match unit.rsplit('_').next() {
        Some("bytes") => DEFAULT_BYTE_BUCKETS,
        Some("ratio") => DEFAULT_RATIO_BUCKETS,
        _ => DEFAULT_BUCKETS,
    }
}

/// The most bounds of a histogram.
const MOST_BOUNDS: usize = crate::sync::size(500, 1);

// A series has a slot for each bucket, one for `+Inf`, and one for the sum.
const _: () = assert!(MOST_BOUNDS + 2 <= crate::cell::MOST_WIDE);

/// The buckets of a histogram.
#[derive(Debug)]
pub struct Buckets {
    /// The upper bounds, increasing, without `+Inf`.
    bounds: Box<[f64]>,
    /// Indexed by the number of bits of a duration's nanoseconds.
    magnitudes: [Magnitude; 64],
    /// Upper bounds in nanoseconds, then `u64::MAX` for `+Inf`, if values are durations. Their sum is then kept in integer
    /// nanoseconds, which is exact.
    nanos: Option<Box<[u64]>>,
    /// Upper bounds and then infinity, if values are no durations and the bounds are few: the last ones of the first parts select a
    /// part, and a value is compared with all of it, without a branch.
    few: Option<[[f64; PART]; PARTS]>,
    /// Initial resolution of the native buckets, if there are any.
    native: Option<Schema>,
    /// Values of the label `le` in the text format, `+Inf` included.
    le: Box<[Box<str>]>,
    /// Values of the label `le` in OpenMetrics.
    canonical_le: Box<[Box<str>]>,
}

/// Number of bounds that are compared with a value at once, and of such parts.
const PART: usize = 4;
const PARTS: usize = 4;

/// The buckets of durations of one magnitude, which are found without a comparison to every bound.
#[derive(Clone, Copy, Debug)]
#[repr(align(32))]
struct Magnitude {
    /// Bounds of the first two, which are compared without branches: those would be mispredicted often.
    first: u64,
    second: u64,
    /// Word of the first of them. It is [`Buckets::NOT_QUICK`] if there are more than three, or if values are no durations.
    start: u32,
}

impl Buckets {
    /// Creates buckets with these bounds; [`bucket_layouts`](super::bucket_layouts) shares them.
    pub(super) fn new(bounds: &[f64], durations: bool) -> Result<Self, InvalidDefinition> {
        check(bounds)?;
        Ok(Self::of_checked(bounds, durations))
    }

    /// Creates no bucket but `+Inf`.
    pub(super) fn unbounded(durations: bool) -> Self {
        Self::of_checked(&[], durations)
    }

    fn of_checked(bounds: &[f64], durations: bool) -> Self {
        let le = |form: fn(f64) -> String| {
            bounds.iter().copied().chain([f64::INFINITY]).map(|bound| form(bound).into()).collect()
        };
        let nanos = || bounds.iter().map(|bound| nanos_of(*bound)).chain([u64::MAX]).collect();
        let nanos: Option<Box<[u64]>> = durations.then(nanos);
        let bound = |at: usize| bounds.get(at).copied().unwrap_or(f64::INFINITY);
        let few = || array::from_fn(|part| array::from_fn(|at| bound(PART * part + at)));
        Self {
            bounds: bounds.into(),
            few: (!durations && bounds.len() <= PART * PARTS).then(few),
            magnitudes: array::from_fn(|bits| Magnitude::new(nanos.as_deref(), bits)),
            nanos,
            native: None,
            le: le(number::canonical_classic),
            canonical_le: le(number::canonical),
        }
    }

    /// Adds native buckets. No classic bucket is then found quickly, so that only the slow path has to ask for native ones.
    pub(super) fn with_native(mut self, schema: i8) -> Self {
        self.magnitudes = array::from_fn(|bits| Magnitude::new(None, bits));
        self.few = None;
        self.native = Some(Schema::of(schema));
        self
    }

    /// Returns the initial resolution of the native buckets, if there are any.
    #[inline]
    pub(crate) const fn native(&self) -> Option<Schema> {
        self.native
    }

    /// Returns whether there are native buckets and no classic ones.
    pub(crate) const fn is_native_only(&self) -> bool {
        self.native.is_some() && self.bounds.is_empty()
    }

    /// Returns the values of the label `le` in the text format, `+Inf` included.
    pub(crate) fn le(&self) -> &[Box<str>] {
        &self.le
    }

    /// Returns the values of the label `le` in OpenMetrics, `+Inf` included.
    pub(crate) fn canonical_le(&self) -> &[Box<str>] {
        &self.canonical_le
    }

    pub(crate) fn bounds(&self) -> &[f64] {
        &self.bounds
    }

    pub(crate) const fn takes_durations(&self) -> bool {
        self.nanos.is_some()
    }

    /// Returns the number of buckets, `+Inf` included.
    #[inline]
    pub(crate) const fn len(&self) -> usize {
        self.bounds.len() + 1
    }

    /// Word of a series that holds the sum. It is the first, so one bounds check of a bucket's word covers both.
    pub(crate) const SUM: usize = 0;

    /// Returns the word of a series that counts a bucket.
    #[inline]
    pub(crate) const fn word(bucket: usize) -> usize {
        bucket + 1
    }

    /// Returns the word of the bucket of a value that is no duration; NaN falls in `+Inf`.
    #[inline]
    pub(crate) fn of(&self, value: f64) -> usize {
        Self::word(if value.is_nan() {
            self.bounds.len()
        } else {
            self.bounds.partition_point(|bound| *bound < value)
        })
    }

    /// Word of a bucket that is not found quickly. It is past the fast cells of every thread, so the slow path, which runs if a cell
    /// is not there, searches for the bucket anew.
    const NOT_QUICK: u32 = 1 << 30;

    /// Returns the word of the bucket of a duration if it is found quickly. Returns [`NOT_QUICK`](Self::NOT_QUICK) or more
    /// otherwise, in a histogram of other values, and for durations of [`LARGE_NANOS`].
    #[inline]
    pub(crate) fn quick_of_nanos(&self, nanos: u64) -> usize {
        if nanos >> 63 != 0 {
            return Self::NOT_QUICK as usize;
        }
        // Number of bits, also of zero.
        let magnitude = &self.magnitudes[(nanos << 1 | 1).ilog2() as usize];
        let bucket =
            magnitude.start + u32::from(nanos > magnitude.first) + u32::from(nanos > magnitude.second);
        bucket as usize
    }

    /// Returns the word of the bucket of a value that is no duration if it is found quickly. Returns
    /// [`NOT_QUICK`](Self::NOT_QUICK) otherwise, in a histogram of durations, and for NaN.
    #[inline]
    pub(crate) fn quick_of(&self, value: f64) -> usize {
        match &self.few {
            Some(parts) if !value.is_nan() => {
                let [first, second, third, _] = parts;
                let part: usize =
                    [first, second, third].into_iter().map(|[.., last]| usize::from(*last < value)).sum();
                let within: usize = parts[part % PARTS].iter().map(|bound| usize::from(*bound < value)).sum();
                Self::word(PART * part + within)
            }
            Some(_) | None => Self::NOT_QUICK as usize,
        }
    }

    /// Returns the word of the bucket of a duration, in a histogram of durations.
    pub(crate) fn of_nanos(&self, nanos: u64) -> usize {
        let bounds = self.nanos.as_deref().unwrap_or_default();
        Self::word(bounds.partition_point(|bound| *bound < nanos).min(self.bounds.len()))
    }

    /// Returns the first bound in nanoseconds, in a histogram of durations.
    pub(crate) fn first_nanos(&self) -> u64 {
        self.nanos.as_deref().and_then(<[u64]>::first).copied().unwrap_or(0)
    }

    /// Returns the sum in the words of a series.
    pub(crate) fn sum(&self, words: &[u64]) -> f64 {
        let sum = words.first().copied().unwrap_or_default();
        if self.takes_durations() {
            wide_seconds(sum).unwrap_or_else(|| seconds(sum))
        } else {
            f64::from_bits(sum)
        }
    }

    /// Returns the counts of the buckets in the words of a series.
    pub(crate) fn counts(words: &[u64]) -> &[u64] {
        words.get(Self::word(0)..).unwrap_or_default()
    }

    /// Returns the count in the words of a series.
    pub(crate) fn count(words: &[u64]) -> u64 {
        Self::counts(words).iter().copied().fold(0, u64::wrapping_add)
    }
}

impl PartialEq for Buckets {
    fn eq(&self, other: &Self) -> bool {
        std::ptr::eq(self, other)
            || self.bounds == other.bounds
                && self.takes_durations() == other.takes_durations()
                && self.native == other.native
    }
}

impl Magnitude {
    fn new(nanos: Option<&[u64]>, bits: usize) -> Self {
        let not_quick = Self { first: 0, second: 0, start: Buckets::NOT_QUICK };
        let Some(nanos) = nanos.filter(|_| bits <= LARGE_NANOS.ilog2() as usize) else { return not_quick };
        let (least, largest) = ((1_u64 << bits) >> 1, (1_u64 << bits) - 1);
        let start = nanos.partition_point(|bound| *bound < least);
        let end = nanos.partition_point(|bound| *bound < largest);
        let bound = |bucket: usize| nanos.get(bucket).copied().unwrap_or(u64::MAX);
        let (first, second) = (bound(start), bound(start + 1));
        if end > start + 2 {
            not_quick
        } else {
            Self { first, second, start: u32::try_from(Buckets::word(start)).unwrap_or(Buckets::NOT_QUICK) }
        }
    }
}

/// Converts seconds to nanoseconds, from zero to `u64::MAX`; NaN is zero.
#[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)] // `as` saturates, which is what is meant
pub(crate) fn nanos_of(seconds: f64) -> u64 {
    (seconds * 1e9).round_ties_even() as u64
}

/// Converts less than 26 days to nanoseconds; returns `None` for more, for negative numbers and for NaN.
#[inline]
pub(crate) fn quick_nanos_of(seconds: f64) -> Option<u64> {
    /// Doubles from here on are whole numbers. Added to a number below half of it, it leaves that, rounded, in the lower bits.
    const WHOLE: f64 = (1_u64 << 52) as f64;
    let nanos = seconds * 1e9;
    // The bits of doubles that are not negative have the order of the numbers; those of all others come after.
    let is_usual = nanos.to_bits() < (WHOLE / 2.0).to_bits();
    is_usual.then(|| (nanos + WHOLE).to_bits() & ((1 << 52) - 1))
}

/// Converts nanoseconds to seconds.
#[inline]
pub(crate) fn seconds(nanos: u64) -> f64 {
    nanos as f64 / 1e9
}

/// Checks that bounds are finite and increasing, and that there is at least one.
fn check(bounds: &[f64]) -> Result<(), InvalidDefinition> {
    if bounds.is_empty() {
        return Err(InvalidDefinition::new("buckets", "there are no buckets: name at least one upper bound"));
    }
    if bounds.len() > MOST_BOUNDS {
        return Err(InvalidDefinition::new("buckets", "there are more than 500 buckets"));
    }
    if bounds.iter().any(|bound| !bound.is_finite()) {
        return Err(InvalidDefinition::new(
            "buckets",
            "a bucket's bound is not finite: leave `+Inf` out, it is always there",
        ));
    }
    if bounds.windows(2).any(|pair| pair[0] >= pair[1]) {
        return Err(InvalidDefinition::new("buckets", "the buckets' bounds do not increase"));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations_fall_where_a_linear_search_puts_them() {
        let sparse = vec![0.000_000_001, 0.000_1, 0.005, 0.01, 1.0, 2.5, 1e9];
        // One to nine bounds in a magnitude.
        let close: Vec<_> = (1..200).map(|at| f64::from(at) * 0.01).chain([3.0, 30.0, 30.1, 1e10]).collect();
        for bounds in [vec![0.5], sparse, close] {
            let buckets = Buckets::new(&bounds, true).expect("the bounds are legal");
            let near = |value: u64| [value.saturating_sub(1), value, value.saturating_add(1)];
            let edges = bounds.iter().flat_map(|bound| near(nanos_of(*bound)));
            let powers = (0..64).flat_map(|shift| near(1 << shift));
            for nanos in edges.chain(powers).chain([0, u64::MAX]) {
                let expected =
                    bounds.iter().position(|bound| nanos <= nanos_of(*bound)).unwrap_or(bounds.len());
                assert_eq!(buckets.of_nanos(nanos), Buckets::word(expected), "{nanos} ns in {bounds:?}");
                let quick = buckets.quick_of_nanos(nanos);
                let found = quick < Buckets::NOT_QUICK as usize;
                assert!(!found || quick == Buckets::word(expected), "{quick} for {nanos} ns in {bounds:?}");
                assert!(found || bounds.len() > 100 || nanos >= LARGE_NANOS, "{nanos} ns in {bounds:?}");
            }
        }
    }

    #[test]
    fn seconds_are_the_same_nanoseconds_quickly() {
        let halves = (0..40).map(|at| f64::from(at) * 0.5e-9);
        let powers = (0..64).map(|bit| (1_u64 << bit) as f64);
        let edges = powers.flat_map(|power| [power - 1.0, power - 0.5, power, power + 0.5, power + 1.0]);
        let odd =
            [f64::NAN, -f64::NAN, f64::INFINITY, f64::NEG_INFINITY, -0.0, -1e-12, -1.0, 5e-324, f64::MAX];
        let values =
            halves.chain(edges.map(|nanos| nanos / 1e9)).chain(odd).chain([0.03, 1.0 / 3.0, 2_251_799.0]);
        for value in values.flat_map(|value| [value.next_down(), value, value.next_up()]) {
            let quick = quick_nanos_of(value);
            assert!(quick.is_none_or(|nanos| nanos == nanos_of(value)), "{value:e}: {quick:?}");
            let is_usual = value.is_sign_positive() && value < 2_251_799.0;
            assert!(quick.is_some() || !is_usual, "{value:e} s");
        }
    }

    #[test]
    fn values_are_found_quickly_where_a_search_finds_them() {
        let few: Vec<_> = (0..16).map(|at| f64::from(at * at) * 3.7 - 20.0).collect();
        let many: Vec<_> = (0..17).map(f64::from).collect();
        for bounds in [vec![0.5], few, many] {
            let buckets = Buckets::new(&bounds, false).expect("the bounds are legal");
            let near = bounds.iter().flat_map(|bound| [bound.next_down(), *bound, bound.next_up()]);
            for value in near.chain([f64::INFINITY, f64::NEG_INFINITY, -0.0, 1e300]) {
                let expected = if bounds.len() <= PART * PARTS {
                    buckets.of(value)
                } else {
                    Buckets::NOT_QUICK as usize
                };
                assert_eq!(buckets.quick_of(value), expected, "{value} in {bounds:?}");
            }
            assert_eq!(buckets.quick_of(f64::NAN), Buckets::NOT_QUICK as usize);
        }
        let durations = Buckets::new(&[0.5], true).expect("the bounds are legal");
        assert_eq!(durations.quick_of(0.1), Buckets::NOT_QUICK as usize);
    }

    #[test]
    fn values_fall_in_the_first_bucket_that_holds_them() {
        let buckets = Buckets::new(&[-1.0, 0.0, 2.0], false).expect("the bounds are legal");
        let cases =
            [(f64::NEG_INFINITY, 0), (-1.0, 0), (-0.5, 1), (0.0, 1), (2.0, 2), (2.1, 3), (f64::NAN, 3)];
        for (value, bucket) in cases {
            assert_eq!(buckets.of(value), Buckets::word(bucket), "{value}");
        }
    }

    #[test]
    fn illegal_bounds_are_refused() {
        for bounds in [&[][..], &[1.0, 1.0], &[2.0, 1.0], &[f64::NAN], &[1.0, f64::INFINITY]] {
            assert!(Buckets::new(bounds, false).is_err(), "{bounds:?}");
        }
    }
}
