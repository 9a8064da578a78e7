//! Numbers as text.

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
}
