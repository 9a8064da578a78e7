//! Sums of floating-point numbers that do not depend on the order.

/// Largest number of parts: exponents have 2,048 values, and each part has 53 bits.
const MOST_PARTS: usize = 42;

/// Exact sum of floating-point numbers, as parts that do not overlap. The largest part is the sum up to its last digit.
///
/// The rounded sum does not fall if no number does, and does not depend on how the numbers are grouped.
///
/// <https://doi.org/10.1007/PL00009321>
#[derive(Debug)]
pub(super) struct ExactSum {
    /// Parts from the smallest to the largest.
    parts: [f64; MOST_PARTS],
    len: usize,
    /// Sum of the numbers that are not finite; zero without any.
    infinite: f64,
}

impl ExactSum {
    pub(super) const fn new() -> Self {
        Self { parts: [0.0; MOST_PARTS], len: 0, infinite: 0.0 }
    }

    pub(super) fn add(&mut self, number: f64) {
        if !number.is_finite() {
            self.infinite += number;
            return;
        }
        let mut carry = number;
        let mut kept = 0;
        for at in 0..self.len {
            let (sum, rest) = exact(carry, self.parts[at]);
            if rest != 0.0 && rest.is_finite() {
                self.parts[kept] = rest;
                kept += 1;
            }
            carry = sum;
        }
        self.len = kept;
        if !carry.is_finite() {
            self.infinite += carry;
        } else if carry != 0.0 && kept < MOST_PARTS {
            self.parts[kept] = carry;
            self.len += 1;
        }
    }

    /// Returns the parts from the largest to the smallest.
    pub(super) fn parts(&self) -> impl Iterator<Item = f64> {
        let infinite = (self.infinite != 0.0).then_some(self.infinite);
        let finite = if infinite.is_some() { &[] } else { self.parts.get(..self.len).unwrap_or_default() };
        infinite.into_iter().chain(finite.iter().rev().copied())
    }

    /// Returns the sum, rounded once, to even.
    pub(super) fn rounded(&self) -> f64 {
        if self.infinite != 0.0 {
            return self.infinite;
        }
        let mut parts = self.parts();
        let mut sum = parts.next().unwrap_or(0.0);
        while let Some(part) = parts.next() {
            let (larger, rest) = exact(sum, part);
            sum = larger;
            if rest != 0.0 {
                // If the rest is half of the last digit, the remaining parts decide.
                let next = parts.next().unwrap_or(0.0);
                if (rest < 0.0 && next < 0.0) || (rest > 0.0 && next > 0.0) {
                    let (rounded, left) = exact(sum, rest * 2.0);
                    #[allow(clippy::float_cmp)] // it is exact, or not
                    if left == 0.0 && rounded - sum == rest * 2.0 {
                        sum = rounded;
                    }
                }
                break;
            }
        }
        sum
    }
}

/// Returns the rounded sum of two numbers and its difference from the exact one.
fn exact(one: f64, other: f64) -> (f64, f64) {
    let sum = one + other;
    let of_other = sum - one;
    (sum, (one - (sum - of_other)) + (other - of_other))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sum(numbers: &[f64]) -> f64 {
        let mut sum = ExactSum::new();
        for number in numbers {
            sum.add(*number);
        }
        sum.rounded()
    }

    #[test]
    fn the_order_does_not_matter() {
        let numbers = [1e16, 1.0, 0.1, 1e-9, 3.0, 1e16, 0.7, 1e300, 5e-324];
        let mut reversed = numbers;
        reversed.reverse();
        assert_eq!(sum(&numbers).to_bits(), sum(&reversed).to_bits());
        assert_eq!(sum(&[1e100, 1.0, -1e100]).to_bits(), 1_f64.to_bits());
        assert_eq!(sum(&[0.1; 10]).to_bits(), 1_f64.to_bits());
        assert_eq!(sum(&[]).to_bits(), 0);
    }

    #[test]
    fn a_sum_is_rounded_once() {
        // Half of the last digit, and a little more or less of it.
        let (one, half) = (1.0, f64::EPSILON / 2.0);
        assert_eq!(sum(&[one, half]).to_bits(), one.to_bits());
        assert_eq!(sum(&[one, half, 1e-40]).to_bits(), (one + f64::EPSILON).to_bits());
        assert_eq!(sum(&[one, half, -1e-40]).to_bits(), one.to_bits());
    }

    #[test]
    fn parts_add_up_to_the_same() {
        let mut whole = ExactSum::new();
        let mut steps = ExactSum::new();
        let mut part = ExactSum::new();
        let mut state = 7_u64;
        for at in 0..1000 {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
            let number = f64::from_bits(state >> 12 | 0x3FF0_0000_0000_0000) * f64::from(at % 90).exp2();
            whole.add(number);
            part.add(number);
            if at % 10 == 9 {
                part.parts().for_each(|number| steps.add(number));
                part = ExactSum::new();
            }
        }
        assert_eq!(whole.rounded().to_bits(), steps.rounded().to_bits());
    }

    #[test]
    fn what_is_not_finite_stays_so() {
        assert!(sum(&[1.0, f64::INFINITY, 2.0]).is_infinite());
        assert!(sum(&[f64::NEG_INFINITY, f64::INFINITY]).is_nan());
        assert!(sum(&[f64::MAX, f64::MAX]).is_infinite());
    }
}
