use metrics_core::{Info, MetricGroup, StateSet};

#[derive(MetricGroup)]
struct Metrics {
    /// What is running.
    #[metric(name = "build")]
    of_build: Info,
    /// Without a namespace.
    info: Info,
    /// What the service does.
    phase_total: StateSet<bool>,
}

fn main() {}
