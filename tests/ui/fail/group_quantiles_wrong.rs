use metrics_core::{Gauge, MetricGroup, Summary};

#[derive(MetricGroup)]
#[metrics(namespace = "arena")]
struct Metrics {
    /// Waits.
    #[metric(quantiles(0.5, 99))]
    wait_duration_seconds: Summary,
    /// Waits.
    #[metric(quantiles(0.5, 0.5))]
    other_duration_seconds: Summary,
    /// Waits.
    #[metric(quantiles())]
    third_duration_seconds: Summary,
    /// Waits.
    #[metric(window = "10m")]
    fourth_duration_seconds: Summary,
    /// Waits.
    #[metric(quantiles(0.5), window = "ten minutes")]
    fifth_duration_seconds: Summary,
    /// Players.
    #[metric(quantiles(0.5))]
    players: Gauge,
}

fn main() {}
