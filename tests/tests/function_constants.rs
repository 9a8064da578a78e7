//! Names, help texts, buckets and labels that are constants.

#![deny(warnings, clippy::all, clippy::pedantic, clippy::nursery)]

use metrics_core::{Registry, counted, in_flight, timed};

mod names {
    pub const READS: &str = concat!("constants", "_reads_total");
    pub const HELP: &str = "What was \"read\".";
    pub const SECONDS: [f64; 3] = [0.1, 0.25, 60.0];
    pub const BOUNDS: &[f64] = &[0.5, 60.0];
}

const UNDER_WAY: &str = "constants_under_way";

/// Reads.
#[counted(name = names::READS, help = names::HELP, labels(version = env!("CARGO_PKG_NAME"), kind = concat!("a", "b"), result))]
#[timed(
    name = concat!("constants_", "read_duration_seconds"),
    buckets = names::SECONDS,
    labels(result),
    objective(name = "reads", success = 99, latency = "250ms")
)]
#[in_flight(name = UNDER_WAY)]
fn read(text: &str) -> Result<u8, std::num::ParseIntError> {
    text.parse()
}

/// A name against a rule that is allowed, and a slice.
#[counted(name = UNUSUAL, allow = counter_total)]
#[timed(name = "constants_slices_seconds", buckets = names::BOUNDS)]
#[timed(name = "constants_references_seconds", buckets = &names::SECONDS)]
fn unusual() {}

const UNUSUAL: &str = "constants_unusual";

#[test]
fn constants_in_arguments() {
    let page = kept_pages::text(Registry::global().text());
    assert!(page.contains("# HELP constants_reads_total What was \"read\".\n"), "{page}");
    assert!(page.contains("# HELP constants_under_way Reads.\n"), "{page}");
    assert_eq!(read("5"), Ok(5));
    unusual();
    let page = kept_pages::text(Registry::global().text());
    assert!(page.contains(r#"constants_read_duration_seconds_bucket{result="ok",le="0.25"} "#), "{page}");
    for line in [
        r#"constants_reads_total{version="tests",kind="ab",result="ok"} 1"#,
        r#"constants_read_duration_seconds_bucket{result="ok",le="60"} 1"#,
        r#"constants_slices_seconds_bucket{le="60"} 1"#,
        r#"constants_references_seconds_bucket{le="60"} 1"#,
        "constants_unusual 1",
        "constants_under_way 0",
    ] {
        assert!(page.lines().any(|other| other == line), "{line} is not in\n{page}");
    }
}
