//! Units and names of OpenTelemetry from those of Prometheus.
//!
//! <https://opentelemetry.io/docs/specs/otel/compatibility/prometheus_and_openmetrics/#metric-metadata>

/// Units by their word in a name, with their sign in UCUM.
const UNITS: [(&str, &str); 24] = [
    ("days", "d"),
    ("hours", "h"),
    ("minutes", "min"),
    ("seconds", "s"),
    ("milliseconds", "ms"),
    ("microseconds", "us"),
    ("nanoseconds", "ns"),
    ("bytes", "By"),
    ("kibibytes", "KiBy"),
    ("mebibytes", "MiBy"),
    ("gibibytes", "GiBy"),
    ("tebibytes", "TiBy"),
    ("kilobytes", "KBy"),
    ("megabytes", "MBy"),
    ("gigabytes", "GBy"),
    ("terabytes", "TBy"),
    ("meters", "m"),
    ("volts", "V"),
    ("amperes", "A"),
    ("joules", "J"),
    ("watts", "W"),
    ("grams", "g"),
    ("celsius", "Cel"),
    ("hertz", "Hz"),
];

/// Returns the sign of a unit; `ratio` is `1`, `bytes_per_second` is `By/s`, and an unknown word stays as it is.
pub(super) fn unit_of(word: &str) -> String {
    if let Some((unit, per)) = word.split_once("_per_") {
        return format!("{}/{}", unit_of(unit), unit_of(per));
    }
    let plural = format!("{word}s");
    let known = UNITS.into_iter().find(|(known, _)| *known == word || *known == plural);
    match (word, known) {
        (_, Some((_, sign))) => sign.into(),
        ("ratio", None) => "1".into(),
        ("percent", None) => "%".into(),
        (_, None) => word.into(),
    }
}

/// Returns the unit in which a name ends, before `_total`: a word of the table, `ratio` or `percent`.
pub(super) fn unit_in_name(name: &str) -> Option<&str> {
    let name = name.strip_suffix("_total").unwrap_or(name);
    let (_, last) = name.rsplit_once('_')?;
    let is_known = UNITS.iter().any(|(known, _)| *known == last);
    (is_known || matches!(last, "ratio" | "percent")).then_some(last)
}

/// Returns a name without `_total` and without the unit.
pub(super) fn name_without_suffixes<'a>(name: &'a str, is_counter: bool, unit: &str) -> &'a str {
    let name = if is_counter { name.strip_suffix("_total").unwrap_or(name) } else { name };
    if unit.is_empty() {
        return name;
    }
    name.strip_suffix(unit).and_then(|name| name.strip_suffix('_')).unwrap_or(name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_become_signs() {
        for (word, sign) in [
            ("seconds", "s"),
            ("bytes", "By"),
            ("ratio", "1"),
            ("bytes_per_second", "By/s"),
            ("matches", "matches"),
            ("", ""),
        ] {
            assert_eq!(unit_of(word), sign, "{word}");
        }
    }

    #[test]
    fn names_end_in_units() {
        for (name, unit) in [
            ("cpu_seconds_total", Some("seconds")),
            ("size_bytes", Some("bytes")),
            ("used_ratio", Some("ratio")),
            ("jobs_total", None),
            ("seconds", None),
        ] {
            assert_eq!(unit_in_name(name), unit, "{name}");
        }
        assert_eq!(name_without_suffixes("cpu_seconds_total", true, "seconds"), "cpu");
        assert_eq!(name_without_suffixes("goals_total", false, ""), "goals_total");
    }
}
