use metrics_core::{counted, in_flight};

/// Parsed.
#[counted(name = "parsedLines_total")]
fn camel() {}

/// Parsed.
#[counted(name = "app:parsed_total")]
fn colon() {}

/// Parsed.
#[counted(name = "parsed_kb_total")]
fn abbreviated() {}

/// Parsed.
#[counted(name = "_parsed_total")]
fn underscore() {}

/// Under way.
#[in_flight(name = "parse_gauge")]
fn kind() {}

/// Under way.
#[in_flight(name = "parses_total")]
fn total() {}

fn main() {}
