//! Histogram buckets: their bounds, and how a value finds its own.

use crate::{exposition::number, name::Rejection, native::Halvings};

/// The bounds of a histogram that names none, in seconds: the default of most client libraries.
pub const DEFAULT_BUCKETS: &[f64] = &[0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0];

/// The bounds of a histogram of bytes that names none: from 256 bytes to 64 megabytes, each four times the one before.
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

/// The bounds of a histogram of ratios that names none, closer to 0 and 1 than in the middle.
pub const DEFAULT_RATIO_BUCKETS: &[f64] = &[0.01, 0.05, 0.1, 0.25, 0.5, 0.75, 0.9, 0.95, 0.99, 1.0];

/// The bounds for a unit, or for a name that ends with it.
pub(crate) fn default_for(unit: &str) -> &'static [f64] {
    match unit.rsplit('_').next() {
        Some("bytes") => DEFAULT_BYTE_BUCKETS,
        Some("ratio") => DEFAULT_RATIO_BUCKETS,
        _ => DEFAULT_BUCKETS,
    }
}

/// The most bounds a histogram may have.
const MOST_BOUNDS: usize = crate::sync::size(500, 1);

// A series has a slot for each bucket, one for `+Inf`, and one for the sum.
const _: () = assert!(MOST_BOUNDS + 2 <= crate::cell::MOST_WIDE);

/// The buckets of a histogram.
#[derive(Debug)]
pub struct Buckets {
    /// The upper bounds, increasing, without `+Inf`.
    bounds: Box<[f64]>,
    /// Set where the histogram takes durations: its sum is then kept in integer nanoseconds, which is exact.
    ///
    /// A native histogram has this in its native part, so that nothing but that part is asked where there is none.
    durations: Option<Durations>,
    /// Set where the histogram has native buckets too.
    native: Option<Box<Native>>,
    /// The values of the label `le` in the text format, `+Inf` included: made once.
    le: Box<[Box<str>]>,
    /// The same in OpenMetrics.
    canonical_le: Box<[Box<str>]>,
}

/// The native buckets of a histogram.
#[derive(Debug)]
pub(crate) struct Native {
    /// The resolution to begin with.
    pub(crate) finest: Halvings,
    durations: Option<Durations>,
}

/// Finds the bucket of a duration without comparing it to every bound.
#[derive(Debug)]
struct Durations {
    /// The upper bounds in nanoseconds, then `u64::MAX` for `+Inf`.
    nanos: Box<[u64]>,
    /// For each number of leading zero bits, the first bucket that a value with so many can fall in.
    start: [u16; 65],
}

impl Buckets {
    /// Buckets with these bounds.
    pub(crate) fn new(bounds: &[f64], durations: bool) -> Result<Self, Rejection> {
        check(bounds)?;
        let durations = durations.then(|| Durations::new(bounds));
        let le = |form: fn(f64) -> String| {
            bounds.iter().copied().chain([f64::INFINITY]).map(|bound| form(bound).into()).collect()
        };
        let (le, canonical_le) = (le(number::canonical_classic), le(number::canonical));
        Ok(Self { bounds: bounds.into(), durations, native: None, le, canonical_le })
    }

    /// No bucket but `+Inf`, for a summary.
    pub(crate) fn unbounded(durations: bool) -> Self {
        Self { durations: durations.then(|| Durations::new(&[])), ..Self::none() }
    }

    /// No bucket but `+Inf`.
    pub(crate) fn none() -> Self {
        let le = || -> Box<[Box<str>]> { Box::new(["+Inf".into()]) };
        Self { bounds: Box::default(), durations: None, native: None, le: le(), canonical_le: le() }
    }

    /// The same with native buckets beside the classic ones.
    pub(crate) fn with_native(mut self, schema: i8) -> Self {
        let durations = self.durations.take();
        self.native = Some(Box::new(Native { finest: Halvings::of(schema), durations }));
        self
    }

    /// The native buckets.
    #[inline]
    pub(crate) fn native(&self) -> Option<&Native> {
        self.native.as_deref()
    }

    /// Whether there are native buckets alone.
    pub(crate) fn is_native_only(&self) -> bool {
        self.native.is_some() && self.bounds.is_empty()
    }

    /// Whether [`of_nanos`](Self::of_nanos) finds the bucket of a duration.
    #[inline]
    pub(crate) const fn finds_durations(&self) -> bool {
        self.durations.is_some()
    }

    /// The bucket of a duration, in a native histogram too; `None` where what is observed are no durations.
    pub(crate) fn of_any_nanos(&self, nanos: u64) -> Option<usize> {
        let native = || self.native.as_ref()?.durations.as_ref();
        self.durations.as_ref().or_else(native).map(|durations| durations.bucket(nanos))
    }

    /// The values of the label `le` in the text format, `+Inf` included.
    pub(crate) fn le(&self) -> &[Box<str>] {
        &self.le
    }

    /// The values of the label `le` in OpenMetrics, `+Inf` included.
    pub(crate) fn canonical_le(&self) -> &[Box<str>] {
        &self.canonical_le
    }

    pub(crate) fn bounds(&self) -> &[f64] {
        &self.bounds
    }

    pub(crate) fn takes_durations(&self) -> bool {
        self.durations.is_some() || self.native.as_ref().is_some_and(|native| native.durations.is_some())
    }

    /// The bucket of a value that is not a duration; NaN falls in `+Inf`.
    #[inline]
    pub(crate) fn of(&self, value: f64) -> usize {
        if value.is_nan() { self.bounds.len() } else { self.bounds.partition_point(|bound| *bound < value) }
    }

    /// The bucket of a duration in a histogram of durations; `None` in another.
    #[inline]
    pub(crate) fn of_nanos(&self, nanos: u64) -> Option<usize> {
        self.durations.as_ref().map(|durations| durations.bucket(nanos))
    }

    /// The sum in the words of a series.
    pub(crate) fn sum(&self, words: &[u64]) -> f64 {
        let sum = words.last().copied().unwrap_or_default();
        if self.takes_durations() { seconds(sum) } else { f64::from_bits(sum) }
    }

    /// The count in the words of a series: all but the last are buckets.
    pub(crate) fn count(words: &[u64]) -> u64 {
        let counts = words.split_last().map(|(_, counts)| counts).unwrap_or_default();
        counts.iter().copied().fold(0, u64::wrapping_add)
    }

    /// How many slots a series has.
    pub(crate) fn width(&self) -> usize {
        self.bounds.len() + 2
    }

    /// The word after those of the buckets, which holds the sum.
    #[inline]
    pub(crate) fn sum_word(&self) -> usize {
        self.bounds.len() + 1
    }
}

impl PartialEq for Buckets {
    fn eq(&self, other: &Self) -> bool {
        let finest = |buckets: &Self| buckets.native().map(|native| native.finest);
        self.bounds == other.bounds
            && self.takes_durations() == other.takes_durations()
            && finest(self) == finest(other)
    }
}

impl Durations {
    #[inline]
    fn bucket(&self, nanos: u64) -> usize {
        let mut bucket = usize::from(self.start[nanos.leading_zeros() as usize]);
        // The last bound is the largest number there is, so the search ends there.
        while self.nanos.get(bucket).is_some_and(|bound| nanos > *bound) {
            bucket += 1;
        }
        bucket
    }

    fn new(bounds: &[f64]) -> Self {
        let nanos: Box<[u64]> = bounds.iter().map(|bound| nanos_of(*bound)).chain([u64::MAX]).collect();
        let mut start = [0; 65];
        for (zeros, start) in (0_u32..).zip(&mut start) {
            // The least value with so many leading zeros.
            let least = 1_u64.checked_shl(63_u32.wrapping_sub(zeros)).unwrap_or(0);
            let first = nanos.partition_point(|bound| *bound < least);
            *start = u16::try_from(first).unwrap_or(0);
        }
        Self { nanos, start }
    }
}

/// Seconds as nanoseconds, from zero to `u64::MAX`; NaN is zero.
#[inline]
#[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)] // `as` saturates, which is what is meant
pub(crate) fn nanos_of(seconds: f64) -> u64 {
    (seconds * 1e9).round() as u64
}

/// Nanoseconds as seconds.
#[inline]
pub(crate) fn seconds(nanos: u64) -> f64 {
    nanos as f64 / 1e9
}

/// Why these are no bounds: they are finite, increasing, and at least one.
fn check(bounds: &[f64]) -> Result<(), Rejection> {
    if bounds.is_empty() {
        return Err(Rejection::new("buckets", "there are no buckets: name at least one upper bound"));
    }
    if bounds.len() > MOST_BOUNDS {
        return Err(Rejection::new("buckets", "there are more than 500 buckets"));
    }
    if bounds.iter().any(|bound| !bound.is_finite()) {
        return Err(Rejection::new(
            "buckets",
            "a bucket's bound is not finite: leave `+Inf` out, it is always there",
        ));
    }
    if bounds.windows(2).any(|pair| pair[0] >= pair[1]) {
        return Err(Rejection::new("buckets", "the buckets' bounds do not increase"));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations_fall_where_a_linear_search_puts_them() {
        let bounds = [0.000_000_001, 0.000_1, 0.005, 0.01, 1.0, 2.5, 1e9];
        let buckets = Buckets::new(&bounds, true).expect("the bounds are legal");
        let near = |value: u64| [value.saturating_sub(1), value, value.saturating_add(1)];
        let edges = bounds.iter().flat_map(|bound| near(nanos_of(*bound)));
        let powers = (0..64).flat_map(|shift| near(1 << shift));
        for nanos in edges.chain(powers).chain([0, u64::MAX]) {
            let expected = bounds.iter().position(|bound| nanos <= nanos_of(*bound)).unwrap_or(bounds.len());
            assert_eq!(buckets.of_nanos(nanos), Some(expected), "{nanos} ns");
        }
    }

    #[test]
    fn values_fall_in_the_first_bucket_that_holds_them() {
        let buckets = Buckets::new(&[-1.0, 0.0, 2.0], false).expect("the bounds are legal");
        let cases =
            [(f64::NEG_INFINITY, 0), (-1.0, 0), (-0.5, 1), (0.0, 1), (2.0, 2), (2.1, 3), (f64::NAN, 3)];
        for (value, bucket) in cases {
            assert_eq!(buckets.of(value), bucket, "{value}");
        }
    }

    #[test]
    fn illegal_bounds_are_refused() {
        for bounds in [&[][..], &[1.0, 1.0], &[2.0, 1.0], &[f64::NAN], &[1.0, f64::INFINITY]] {
            assert!(Buckets::new(bounds, false).is_err(), "{bounds:?}");
        }
    }
}
