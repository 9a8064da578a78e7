use metrics_core::{Gauge, Histogram, MetricGroup};

#[derive(MetricGroup)]
#[metrics(namespace = "arena")]
struct Metrics {
    /// Time to log in.
    login_duration: Histogram,
    /// Processor.
    cpu_percent: Gauge<f64>,
    /// Last backup.
    backup_timestamp: Gauge<f64>,
    /// Fill.
    #[metric(buckets(0.5, 1, 50))]
    fill_ratio: Histogram,
    /// Upload.
    #[metric(unit = "bytes")]
    upload_size: Histogram,
    /// Answer.
    response_size: Histogram,
    /// Players in a team.
    team_size: Histogram,
    /// Allowed.
    #[metric(allow(ratio_suffix))]
    disk_percent: Gauge<f64>,
}

fn main() {}
