//! Attributes and derives in a crate of the edition 2015, with the two lines that the guide's page of limits asks for.

extern crate core;
extern crate metrics_core;

use metrics_core::{counted, observed, timed, Counter, Family, Histogram, LabelSet, LabelValue, MetricGroup};

/// Ways out.
#[derive(Clone, Copy, Debug, LabelValue)]
#[label(rename_all = "snake_case")]
pub enum Exit {
    /// On the left.
    Left,
    /// On the right.
    Right,
}

/// Labels.
#[derive(Clone, Copy, Debug, LabelSet)]
pub struct Labels {
    /// The way out.
    pub exit: Exit,
}

/// Metrics of doors.
#[derive(Debug, MetricGroup)]
#[metrics(namespace = "door")]
pub struct DoorMetrics {
    /// People who left.
    pub exits_total: Family<Labels, Counter>,
    /// Time in a door.
    pub door_duration_seconds: Histogram,
}

/// Passes a door.
///
/// # Errors
///
/// Returns the reason for which a door does not open.
#[counted]
#[timed]
pub fn pass(exit: Exit) -> Result<(), &'static str> {
    DoorMetrics::global().exits_total.with(Labels { exit }).inc();
    match exit {
        Exit::Left => Ok(()),
        Exit::Right => Err("the right door is locked"),
    }
}

/// Opens doors.
#[derive(Debug)]
pub struct Porter;

#[observed]
impl Porter {
    /// Opens a door; a word of later editions is written as `r#async`.
    pub fn open(&self, r#async: bool) -> bool {
        r#async
    }
}

#[cfg(test)]
mod tests {
    use metrics_core::{testing::value, Registry};

    use super::{pass, Exit, Porter};

    #[test]
    fn calls_are_counted() {
        pass(Exit::Left).unwrap();
        pass(Exit::Right).unwrap_err();
        assert!(Porter.open(true));
        let registry = Registry::global();
        for (series, expected) in &[
            (r#"function_calls_total{function="pass",module="tests_edition_2015",result="error"}"#, 1.0),
            (r#"function_calls_total{function="Porter::open",module="tests_edition_2015",result="ok"}"#, 1.0),
            (r#"door_exits_total{exit="right"}"#, 1.0),
            ("door_door_duration_seconds_count", 0.0),
        ] {
            assert_eq!(value(registry, series), Some(*expected), "{}", series);
        }
    }
}
