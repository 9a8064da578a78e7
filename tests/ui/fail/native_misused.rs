//! Native buckets belong to histograms, and `native(only)` leaves no room for others.

use metrics_core::{Counter, Histogram, MetricGroup, counted, timed};

#[derive(MetricGroup)]
struct Metrics {
    /// A counter.
    #[metric(native)]
    hits_total: Counter,
    /// Both.
    #[metric(native(only), buckets(0.1, 1.0))]
    both_seconds: Histogram,
    /// `alone` is no argument.
    #[metric(native(alone))]
    alone_seconds: Histogram,
    /// A value.
    #[metric(native = true)]
    value_seconds: Histogram,
}

#[counted(name = "calls_total", help = "Calls.", native)]
fn called() {}

#[timed(native)]
fn unnamed() {}

#[timed(name = "work_duration_seconds", help = "Time.", native(only), buckets(0.1))]
fn both() {}

fn main() {}
