//! Numbers as text.

use std::iter::repeat_n;

use super::page_buffer::PageBuffer;

/// Returns a number in the form of the text format 0.0.4: the shortest that reads back the same, without a trailing `.0`.
pub(crate) fn classic(value: f64) -> String {
    let mut text = PageBuffer::default();
    push_classic(&mut text, value);
    text.into_string()
}

/// Appends a number in the form of the text format 0.0.4.
pub(crate) fn push_classic(out: &mut PageBuffer, value: f64) {
    if value.is_nan() {
        out.push_str("NaN");
    } else if value.is_infinite() {
        out.push_str(if value > 0.0 { "+Inf" } else { "-Inf" });
    } else {
        let mut buffer = ryu::Buffer::new();
        let text = buffer.format_finite(value);
        out.push_str(text.strip_suffix(".0").unwrap_or(text));
    }
}

/// Returns a number in the canonical form of OpenMetrics for the labels `le` and `quantile`: `1.0`, `0.001`, `1e-05`, `1e+06`.
///
/// It is the shortest that reads back the same, with an exponent below 1e-4 and from 1e6 on, as in Go.
/// <https://prometheus.io/docs/specs/om/open_metrics_spec/#considerations-canonical-numbers>
pub(crate) fn canonical(value: f64) -> String {
    if !value.is_finite() {
        return classic(value);
    }
    let mut buffer = ryu::Buffer::new();
    let text = buffer.format_finite(value);
    let (sign, text) = text.strip_prefix('-').map_or(("", text), |rest| ("-", rest));
    let (mantissa, exponent) = text.split_once('e').unwrap_or((text, "0"));
    let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    let digits = [whole, fraction].concat();
    let significant = digits.trim_start_matches('0');
    let leading = digits.len() - significant.len();
    let significant = significant.trim_end_matches('0');
    if significant.is_empty() {
        return format!("{sign}0.0");
    }
    // Power of ten of the first digit.
    let shift = whole.len().cast_signed() - leading.cast_signed() - 1;
    let power = exponent.parse::<isize>().unwrap_or(0) + shift;
    let written =
        if (-4..6).contains(&power) { decimal(significant, power) } else { scientific(significant, power) };
    format!("{sign}{written}")
}

/// Returns the canonical form without a trailing `.0`, as Go writes it in the text format 0.0.4.
pub(crate) fn canonical_classic(value: f64) -> String {
    let mut text = canonical(value);
    if text.ends_with(".0") {
        text.truncate(text.len() - 2);
    }
    text
}

fn decimal(digits: &str, power: isize) -> String {
    if power < 0 {
        let zeros: String = repeat_n('0', power.unsigned_abs() - 1).collect();
        return format!("0.{zeros}{digits}");
    }
    let whole = power.unsigned_abs() + 1;
    match digits.split_at_checked(whole) {
        Some((whole, fraction)) if !fraction.is_empty() => format!("{whole}.{fraction}"),
        _ => format!("{digits:0<whole$}.0"),
    }
}

fn scientific(digits: &str, power: isize) -> String {
    let (first, rest) = digits.split_at_checked(1).unwrap_or((digits, ""));
    let point = if rest.is_empty() { "" } else { "." };
    let sign = if power < 0 { '-' } else { '+' };
    format!("{first}{point}{rest}e{sign}{:02}", power.unsigned_abs())
}

/// Appends an integer.
#[inline]
pub(crate) fn push_integer(out: &mut PageBuffer, value: impl itoa::Integer) {
    out.push_str(itoa::Buffer::new().format(value));
}

/// Three digits of each number below a thousand as text, the first digit in the lowest byte.
static THREE_DIGITS: [u32; 1000] = {
    let mut digits = [0; 1000];
    let mut number = 0;
    while number < 1000 {
        let [hundreds, tens, ones] = [number / 100, number / 10 % 10, number % 10];
        digits[number as usize] = u32::from_le_bytes(*b"000\0") + (hundreds | tens << 8 | ones << 16);
        number += 1;
    }
    digits
};

const THOUSAND: u64 = 1_000;
const MILLION: u64 = 1_000_000;

/// Returns the six digits of a number below a million as text, the first digit in the lowest byte.
#[allow(clippy::cast_possible_truncation)] // below a thousand
#[inline]
fn six_digits(number: u64) -> u64 {
    let three = |number: u64| THREE_DIGITS.get(number as usize).copied().map_or(0, u64::from);
    three(number / THOUSAND) | three(number % THOUSAND) << 24
}

/// Returns the number of bits of the zeros that six digits begin with; the last digit is none of them.
#[inline]
const fn leading_zeros(digits: u64) -> u32 {
    const ZEROS: u64 = 0x3030_3030_3030;
    ((digits ^ ZEROS) | 1 << 40).trailing_zeros() & !7
}

/// Largest count of [`count_line`].
pub(crate) const SHORT_COUNT: u64 = MILLION * MILLION - 1;

/// Returns a count of at most twelve digits with the end of its line as text, the first byte the lowest, and the number of bytes.
///
/// The digits come from a table, three at a time, and there is no branch but for large counts: one for each number of digits would be
/// mispredicted where the counts of a page differ.
#[inline]
pub(crate) fn count_line(count: u64) -> (u128, usize) {
    const END: u64 = (b'\n' as u64) << 48;
    if count < MILLION {
        let digits = six_digits(count);
        let zeros = leading_zeros(digits);
        return (((digits | END) >> zeros).into(), 7 - zeros as usize / 8);
    }
    let (first, last) = (six_digits(count / MILLION), six_digits(count % MILLION) | END);
    let zeros = leading_zeros(first);
    ((u128::from(first) | u128::from(last) << 48) >> zeros, 13 - zeros as usize / 8)
}

/// Appends a count.
#[inline]
pub(crate) fn push_count(out: &mut PageBuffer, count: u64) {
    if count <= SHORT_COUNT {
        let (line, length) = count_line(count);
        out.push_piece(&line.to_le_bytes(), length - 1);
    } else {
        push_integer(out, count);
    }
}

/// Appends a count and the end of its line.
#[inline]
pub(crate) fn push_count_line(out: &mut PageBuffer, count: u64) {
    if count <= SHORT_COUNT {
        let (line, length) = count_line(count);
        out.push_piece(&line.to_le_bytes(), length);
    } else {
        push_integer(out, count);
        out.push('\n');
    }
}

/// Appends nanoseconds as seconds, in the form of [`push_classic`] for their quotient.
///
/// A number of at most fifteen digits is the shortest that reads back as its nearest float, to which division rounds.
pub(crate) fn push_seconds(out: &mut PageBuffer, nanos: u64) {
    const SECOND: u64 = 1_000_000_000;
    // Smaller floats are written with an exponent.
    const LEAST: u64 = 10_000;
    const MOST: u64 = 1_000_000_000_000_000;
    let (whole, rest) = (nanos / SECOND, nanos % SECOND);
    if rest == 0 && nanos < MOST {
        push_count(out, whole);
    } else if (LEAST..MOST).contains(&nanos) {
        push_count(out, whole);
        let mut buffer = itoa::Buffer::new();
        // A leading one keeps the zeros after the point.
        let digits = buffer.format(SECOND + rest).trim_end_matches('0');
        out.push('.');
        out.push_str(digits.get(1..).unwrap_or_default());
    } else {
        push_classic(out, nanos as f64 / SECOND as f64);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_short_and_read_back_the_same() {
        let cases = [
            (0.0, "0"),
            (1.0, "1"),
            (0.005, "0.005"),
            (2.5, "2.5"),
            (1e300, "1e300"),
            (-1.5, "-1.5"),
            (f64::INFINITY, "+Inf"),
            (f64::NEG_INFINITY, "-Inf"),
            (f64::NAN, "NaN"),
        ];
        for (value, expected) in cases {
            assert_eq!(classic(value), expected);
        }
        for value in [f64::MIN_POSITIVE, f64::MAX, 5e-324, 0.1 + 0.2] {
            assert_eq!(classic(value).parse(), Ok(value));
        }
    }

    #[test]
    fn counts_are_written_like_integers() {
        let edges = (0..20).map(|power| 10_u64.saturating_pow(power));
        let edges = edges.flat_map(|edge| [edge.wrapping_sub(1), edge, edge.wrapping_add(1)]);
        // Each entry of the table, in several places of a number.
        let halves = (0..10_000).flat_map(|half| [half, half * 10_000, half * 10_001, half * 1_000_000_007]);
        for value in edges.chain(halves).chain((0..u64::MAX).step_by(usize::MAX / 10_000)) {
            let (mut text, mut line) = (PageBuffer::default(), PageBuffer::default());
            push_count(&mut text, value);
            push_count_line(&mut line, value);
            assert_eq!(text.into_string(), value.to_string());
            assert_eq!(line.into_string(), format!("{value}\n"));
        }
    }

    #[test]
    fn nanoseconds_are_written_like_their_quotient() {
        let mut random = 0x9E37_79B9_7F4A_7C15_u64;
        let values = (0..100_000_u64).map(|at| {
            random ^= random << 13;
            random ^= random >> 7;
            random ^= random << 17;
            random >> (at % 64)
        });
        let edges = (0..20).map(|power| 10_u64.saturating_pow(power));
        let edges = edges.flat_map(|edge| [edge.wrapping_sub(1), edge, edge.wrapping_add(1)]);
        for nanos in values.chain(edges) {
            let mut text = PageBuffer::default();
            push_seconds(&mut text, nanos);
            assert_eq!(text.into_string(), classic(crate::model::buckets::seconds(nanos)), "{nanos}");
        }
    }

    #[test]
    fn labels_have_canonical_numbers() {
        for (value, open_metrics, text) in [
            (0.0, "0.0", "0"),
            (-0.0, "-0.0", "-0"),
            (1.0, "1.0", "1"),
            (-2.5, "-2.5", "-2.5"),
            (10.0, "10.0", "10"),
            (120.5, "120.5", "120.5"),
            (0.001, "0.001", "0.001"),
            (0.0001, "0.0001", "0.0001"),
            (0.000_012_5, "1.25e-05", "1.25e-05"),
            (1e-5, "1e-05", "1e-05"),
            (999_999.0, "999999.0", "999999"),
            (1e6, "1e+06", "1e+06"),
            (1_234_567.0, "1.234567e+06", "1.234567e+06"),
            (1e16, "1e+16", "1e+16"),
            (1e300, "1e+300", "1e+300"),
            (5e-324, "5e-324", "5e-324"),
            (f64::INFINITY, "+Inf", "+Inf"),
        ] {
            assert_eq!(canonical(value), open_metrics);
            assert_eq!(canonical_classic(value), text);
        }
    }

    #[test]
    fn canonical_numbers_read_back_the_same() {
        let mut bits = 0x9E37_79B9_7F4A_7C15_u64;
        for _ in 0..20_000 {
            bits ^= bits << 13;
            bits ^= bits >> 7;
            bits ^= bits << 17;
            let value = f64::from_bits(bits);
            if value.is_finite() {
                assert_eq!(canonical(value).parse(), Ok(value), "{bits:x}");
            }
        }
    }
}
