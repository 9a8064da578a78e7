use metrics_core::{Info, MetricGroup, StateSet};

#[derive(MetricGroup)]
struct Metrics {
    /// The running build.
    #[metric(name = "build")]
    of_build: Info,
    /// Without a namespace.
    info: Info,
    /// Phase of the service.
    phase_total: StateSet<bool>,
}

fn main() {}
