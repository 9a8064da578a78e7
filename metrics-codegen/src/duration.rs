//! Durations as people write them: `250ms`, `10m`.

use std::time::Duration;

use syn::LitStr;

/// The units with their milliseconds.
const UNITS: [(&str, u64); 5] = [("ms", 1), ("s", 1000), ("m", 60_000), ("h", 3_600_000), ("d", 86_400_000)];

/// A whole number and a unit.
pub(crate) fn parse(literal: &LitStr) -> syn::Result<Duration> {
    let text = literal.value();
    let unit = text.trim_start_matches(|character: char| character.is_ascii_digit());
    let number = text.strip_suffix(unit).unwrap_or_default().parse::<u64>().ok();
    let factor = UNITS.iter().find(|(name, _)| *name == unit).map(|(_, milliseconds)| *milliseconds);
    number
        .zip(factor)
        .and_then(|(number, factor)| number.checked_mul(factor))
        .filter(|milliseconds| *milliseconds > 0)
        .map(Duration::from_millis)
        .ok_or_else(|| {
            let message =
                format!("`{text}` is no duration: write a whole number above 0 and a unit, `250ms`, `30s`, `10m`, `2h`, `7d`");
            syn::Error::new(literal.span(), message)
        })
}

#[cfg(test)]
mod tests {
    use proc_macro2::Span;

    use super::*;

    #[test]
    fn a_number_and_a_unit_make_a_duration() {
        let parsed =
            |text| parse(&LitStr::new(text, Span::call_site())).ok().map(|duration| duration.as_millis());
        assert_eq!(parsed("250ms"), Some(250));
        assert_eq!(parsed("30s"), Some(30_000));
        assert_eq!(parsed("10m"), Some(600_000));
        assert_eq!(parsed("2h"), Some(7_200_000));
        assert_eq!(parsed("7d"), Some(604_800_000));
        for text in
            ["", "s", "10", "0s", "-1s", "1.5s", "1w", "s1", "99999999999999999999d", "18446744073709551615d"]
        {
            assert_eq!(parsed(text), None, "{text}");
        }
    }
}
