//! Units at the ends of names.

use super::{Finding, Kind, Rule, before, ends_with, same};

/// The unit of a metric is the end of its name, before `_total`.
pub(crate) const fn fits_unit(name: &str, unit: &str) -> bool {
    let stem = match before(name.as_bytes(), b"_total") {
        Some(stem) => stem,
        None => name.as_bytes(),
    };
    same(stem, unit.as_bytes()) || matches!(before(stem, unit.as_bytes()), Some([.., b'_']))
}

pub(crate) fn unit(name: &str, unit: &str) -> Option<Finding> {
    let (stem, total) = name.strip_suffix("_total").map_or((name, ""), |stem| (stem, "_total"));
    (!fits_unit(name, unit)).then(|| {
        Finding::new(
            Rule::UnitSuffix,
            format!("the unit is `{unit}`, so the name ends with it: `{stem}_{unit}{total}`"),
        )
    })
}

/// A histogram of durations ends with its unit.
pub(crate) fn seconds(name: &str) -> Option<Finding> {
    (!ends_with(name, "_seconds")).then(|| {
        let better =
            if says_duration(name) { format!("{name}_seconds") } else { format!("{name}_duration_seconds") };
        Finding::new(Rule::SecondsSuffix, format!("durations are observed in seconds, so write `{better}`"))
    })
}

/// Whether a name ends with a word for durations and without their unit.
const fn says_duration(name: &str) -> bool {
    ends_with(name, "_duration") || ends_with(name, "_latency") || ends_with(name, "_time")
}

/// A histogram or summary of durations has their unit in its name.
pub(super) const fn is_duration_without_unit(name: &str, kind: Kind) -> bool {
    matches!(kind, Kind::Histogram | Kind::Summary) && says_duration(name)
}

/// What is made of bytes; the size of a team or of a batch is not.
const DATA: [&str; 12] = [
    "body_size",
    "request_size",
    "response_size",
    "payload_size",
    "message_size",
    "packet_size",
    "file_size",
    "upload_size",
    "download_size",
    "image_size",
    "attachment_size",
    "blob_size",
];

/// A histogram or summary of sizes of data has their unit in its name.
pub(super) const fn is_size_without_unit(name: &str, kind: Kind) -> bool {
    let mut data = DATA.as_slice();
    while let [size, others @ ..] = data {
        if matches!(before(name.as_bytes(), size.as_bytes()), Some([] | [.., b'_'])) {
            return matches!(kind, Kind::Histogram | Kind::Summary);
        }
        data = others;
    }
    false
}

/// Ratios go from 0 to 1.
pub(super) const fn is_percentage(name: &str) -> bool {
    ends_with(name, "_percent") || ends_with(name, "_percentage")
}

pub(super) fn ratio_message(name: &str) -> String {
    let stem = name.trim_end_matches("_percentage").trim_end_matches("_percent");
    format!("a ratio goes from 0 to 1, so divide by 100 and write `{stem}_ratio`")
}

/// A time of day is in seconds since 1970.
pub(super) const fn is_timestamp_without_unit(name: &str) -> bool {
    ends_with(name, "_timestamp")
}

/// Buckets past the largest ratio there is.
pub(crate) fn ratio_range(name: &str, buckets: &[f64]) -> Option<Finding> {
    let outside = buckets.iter().find(|bound| !(0.0..=1.0).contains(*bound))?;
    ends_with(name, "_ratio").then(|| {
        Finding::new(Rule::RatioRange, format!("a ratio goes from 0 to 1, so no bucket ends at {outside}"))
    })
}
