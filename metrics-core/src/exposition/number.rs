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
pub(crate) fn push_integer(out: &mut String, value: impl itoa::Integer) {
    out.push_str(itoa::Buffer::new().format(value));
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
