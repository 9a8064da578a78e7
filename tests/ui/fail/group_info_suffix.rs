use metrics_core::{Info, MetricGroup, StateSet};

#[derive(MetricGroup)]
struct Metrics {
    /// What is running.
    build: Info,
    /// What the service does.
    phase_total: StateSet<bool>,
}

fn main() {}
