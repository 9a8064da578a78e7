//! Units at the ends of names.

use crate::{
    finding::Finding,
    metric_type::MetricType,
    rule::Rule,
    text::{before, ends_with, same},
};

/// Returns whether a name ends with a unit, before `_total`.
#[must_use]
pub const fn fits_unit(name: &str, unit: &str) -> bool {
    let stem = match before(name.as_bytes(), b"_total") {
        Some(stem) => stem,
        None => name.as_bytes(),
    };
    same(stem, unit.as_bytes()) || matches!(before(stem, unit.as_bytes()), Some([.., b'_']))
}

/// Checks that a name ends with the metric's unit.
pub fn unit(name: &str, unit: &str) -> Option<Finding> {
    let (stem, total) = name.strip_suffix("_total").map_or((name, ""), |stem| (stem, "_total"));
    (!fits_unit(name, unit)).then(|| {
        Finding::new(
            Rule::UnitSuffix,
            format!("the unit is `{unit}`, so the name ends with it: `{stem}_{unit}{total}`"),
        )
    })
}

/// Checks that the name of a histogram of durations ends with `_seconds`.
pub fn seconds(name: &str) -> Option<Finding> {
    (!ends_with(name, "_seconds")).then(|| {
        let better =
            if says_duration(name) { format!("{name}_seconds") } else { format!("{name}_duration_seconds") };
        Finding::new(Rule::SecondsSuffix, format!("durations are observed in seconds, so write `{better}`"))
    })
}

/// Returns whether a name ends with a word for durations, without a unit.
const fn says_duration(name: &str) -> bool {
    ends_with(name, "_duration") || ends_with(name, "_latency") || ends_with(name, "_time")
}

/// Returns whether a metric is a histogram or summary of durations without the unit in its name.
pub(crate) const fn is_duration_without_unit(name: &str, metric_type: MetricType) -> bool {
    matches!(metric_type, MetricType::Histogram | MetricType::Summary) && says_duration(name)
}

/// Sizes that are in bytes, unlike the size of a team or a batch.
const SIZES_IN_BYTES: [&str; 12] = [
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

/// Returns whether a metric is a histogram or summary of sizes in bytes without the unit in its name.
pub(crate) const fn is_size_without_unit(name: &str, metric_type: MetricType) -> bool {
    let mut sizes = SIZES_IN_BYTES.as_slice();
    while let [size, others @ ..] = sizes {
        if matches!(before(name.as_bytes(), size.as_bytes()), Some([] | [.., b'_'])) {
            return matches!(metric_type, MetricType::Histogram | MetricType::Summary);
        }
        sizes = others;
    }
    false
}

/// Returns whether a name is that of a percentage; ratios go from 0 to 1.
pub(crate) const fn is_percentage(name: &str) -> bool {
    ends_with(name, "_percent") || ends_with(name, "_percentage")
}

/// Returns the message about a percentage.
pub(crate) fn ratio_message(name: &str) -> String {
    let stem = name.trim_end_matches("_percentage").trim_end_matches("_percent");
    format!("a ratio goes from 0 to 1, so divide by 100 and write `{stem}_ratio`")
}

/// Returns whether a name is that of a point in time without the unit, seconds since 1970.
pub(crate) const fn is_timestamp_without_unit(name: &str) -> bool {
    ends_with(name, "_timestamp")
}

/// Checks that all buckets of a ratio are between 0 and 1.
pub fn ratio_range(name: &str, buckets: &[f64]) -> Option<Finding> {
    let outside = buckets.iter().find(|bound| !(0.0..=1.0).contains(*bound))?;
    ends_with(name, "_ratio").then(|| {
        Finding::new(Rule::RatioRange, format!("a ratio goes from 0 to 1, so no bucket ends at {outside}"))
    })
}
