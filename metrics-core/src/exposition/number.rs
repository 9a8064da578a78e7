//! Numbers as text.

use std::iter::repeat_n;

/// A number as the text format 0.0.4 has it: the shortest that reads back the same, without a trailing `.0`.
pub(crate) fn classic(value: f64) -> String {
    let mut text = String::new();
    push_classic(&mut text, value);
    text
}

/// Appends a number as the text format 0.0.4 has it.
pub(crate) fn push_classic(out: &mut String, value: f64) {
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

/// A number as OpenMetrics wants it in the labels `le` and `quantile`, its canonical form: `1.0`, `0.001`, `1e-05`, `1e+06`.
///
/// It is the shortest that reads back the same, with an exponent below 1e-4 and from 1e6 on, as Go writes it.
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
    // The power of ten of the first digit.
    let shift = whole.len().cast_signed() - leading.cast_signed() - 1;
    let power = exponent.parse::<isize>().unwrap_or(0) + shift;
    let written =
        if (-4..6).contains(&power) { decimal(significant, power) } else { scientific(significant, power) };
    format!("{sign}{written}")
}

/// The same as Go writes it in the text format 0.0.4: without a trailing `.0`.
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
pub(crate) fn push_integer(out: &mut String, value: impl itoa::Integer) {
    out.push_str(itoa::Buffer::new().format(value));
}

/// The numbers below a hundred with two digits each.
const PAIRS: &str = "00010203040506070809\
                     10111213141516171819\
                     20212223242526272829\
                     30313233343536373839\
                     40414243444546474849\
                     50515253545556575859\
                     60616263646566676869\
                     70717273747576777879\
                     80818283848586878889\
                     90919293949596979899";

/// Appends a count: most have few digits, and a copy of a known length costs less than one of any.
#[inline]
pub(crate) fn push_count(out: &mut String, count: u64) {
    match count {
        0..100 => push_leading(out, count),
        100..10_000 => {
            push_leading(out, count / 100);
            push_pair(out, count % 100);
        }
        10_000..1_000_000 => {
            push_leading(out, count / 10_000);
            push_pair(out, count / 100 % 100);
            push_pair(out, count % 100);
        }
        _ => push_integer(out, count),
    }
}

/// Appends a number below a hundred.
#[inline]
fn push_leading(out: &mut String, number: u64) {
    if number < 10 {
        out.push(char::from(b'0' + (number % 10) as u8));
    } else {
        push_pair(out, number);
    }
}

/// Appends a number below a hundred with two digits.
#[inline]
fn push_pair(out: &mut String, number: u64) {
    #[allow(clippy::cast_possible_truncation)] // below a hundred
    let start = (number % 100) as usize * 2;
    out.push_str(&PAIRS[start..start + 2]);
}

/// Appends nanoseconds as seconds, the same text as [`push_classic`] has for their quotient.
///
/// A number of fifteen digits or fewer is the shortest that reads back as its nearest float, and division rounds to that one.
pub(crate) fn push_seconds(out: &mut String, nanos: u64) {
    const SECOND: u64 = 1_000_000_000;
    // Below, floats are written with an exponent.
    const LEAST: u64 = 10_000;
    const MOST: u64 = 1_000_000_000_000_000;
    let (whole, rest) = (nanos / SECOND, nanos % SECOND);
    if rest == 0 && nanos < MOST {
        push_count(out, whole);
    } else if (LEAST..MOST).contains(&nanos) {
        push_count(out, whole);
        let mut buffer = itoa::Buffer::new();
        // The one in front keeps the zeros after the point.
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
        let values = edges.flat_map(|edge| [edge.wrapping_sub(1), edge, edge.wrapping_add(1)]);
        for value in values.chain(0..20_000).chain((0..u64::MAX).step_by(usize::MAX / 10_000)) {
            let mut text = String::new();
            push_count(&mut text, value);
            assert_eq!(text, value.to_string());
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
            let mut text = String::new();
            push_seconds(&mut text, nanos);
            assert_eq!(text, classic(crate::buckets::seconds(nanos)), "{nanos}");
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
