//! Resolutions of native buckets.

/// Largest number of buckets of each sign, without that of infinite values.
pub(crate) const WINDOW: usize = 160;

/// Largest absolute value that counts as zero: 2^-128, as in other client libraries.
pub(crate) const ZERO_THRESHOLD: f64 = 2.938_735_877_055_719e-39;

/// Default of the initial resolution: buckets that are 2.2 % wide.
pub(crate) const DEFAULT_SCHEMA: i8 = 5;

/// Highest and lowest resolution of Prometheus.
pub(crate) const MOST_SCHEMA: i8 = 8;
pub(crate) const LEAST_SCHEMA: i8 = -4;

/// A resolution, by the number of halvings from the highest: 0 to 12.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Schema(pub(super) u8);

impl Schema {
    /// Lowest resolution.
    pub(super) const MOST: Self = Self((MOST_SCHEMA - LEAST_SCHEMA).cast_unsigned());

    /// Creates the resolution of a schema, which is clamped to the range of Prometheus.
    pub(crate) fn of(schema: i8) -> Self {
        Self((MOST_SCHEMA - schema.clamp(LEAST_SCHEMA, MOST_SCHEMA)).cast_unsigned())
    }

    /// Returns the schema in the form of the protobuf format.
    pub(crate) fn schema(self) -> i32 {
        i32::from(MOST_SCHEMA) - i32::from(self.0)
    }

    /// Returns the number in this resolution of a bucket of the highest one.
    #[inline]
    pub(super) const fn of_index(self, index: i32) -> i32 {
        halve(index, self.0)
    }

    /// Returns the number in a lower resolution of a bucket of this one.
    pub(super) const fn lower(self, index: i32, other: Self) -> i32 {
        halve(index, other.0.saturating_sub(self.0))
    }
}

/// Returns the number of a bucket after halving the resolution this many times. Each halves the number and rounds up.
#[inline]
const fn halve(index: i32, times: u8) -> i32 {
    (index + (1 << times) - 1) >> times
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn halving_is_exact() {
        for index in -5000..5000 {
            let mut once_each = index;
            for times in 0..=12 {
                assert_eq!(halve(index, times), once_each, "{index} {times}");
                let halved = (f64::from(index) / f64::from(1 << times)).ceil();
                assert!((f64::from(once_each) - halved).abs() < f64::EPSILON);
                once_each = (once_each + 1).div_euclid(2);
            }
        }
    }

    #[test]
    fn schemas_are_those_of_prometheus() {
        for (number, halvings) in [(8, 0), (5, 3), (0, 8), (-4, 12), (9, 0), (-5, 12), (i8::MIN, 12)] {
            assert_eq!(Schema::of(number), Schema(halvings));
        }
        assert_eq!(Schema(3).schema(), 5);
        assert_eq!(Schema::MOST.schema(), -4);
    }
}
