use metrics_core::{Counter, Gauge, Histogram, MetricGroup};

#[derive(MetricGroup)]
#[metrics(global = false)]
struct Sizes {
    /// Sizes.
    size_bytes: Histogram,
    /// Hits.
    hits_total: Counter,
}

#[derive(MetricGroup)]
#[metrics(global = false)]
struct Others {
    /// When the first hit was.
    hits_created: Gauge<f64>,
}

#[derive(MetricGroup)]
#[metrics(namespace = "arena")]
struct Clash {
    /// Number of sizes.
    #[metric(allow(reserved_suffix))]
    size_bytes_count: Gauge,
    #[metric(flatten)]
    sizes: Sizes,
    #[metric(flatten)]
    others: Others,
}

#[derive(MetricGroup)]
#[metrics(namespace = "arena")]
struct Twice {
    #[metric(flatten)]
    one: Sizes,
    #[metric(flatten)]
    two: Sizes,
    #[metric(nested = "other")]
    three: Sizes,
}

#[derive(MetricGroup)]
#[metrics(global = false, labels(shop = "a"))]
struct WithLabel {
    /// Hits.
    hits_total: Counter,
}

#[derive(MetricGroup)]
#[metrics(namespace = "arena")]
struct OtherLabels {
    #[metric(flatten)]
    one: WithLabel,
    #[metric(flatten)]
    two: Sizes,
}

#[derive(MetricGroup)]
#[metrics(global = false)]
struct AsGauge {
    /// Hits.
    #[metric(name = "hits_total", allow(total_suffix))]
    hits: Gauge,
}

#[derive(MetricGroup)]
#[metrics(namespace = "arena")]
struct OtherType {
    #[metric(flatten)]
    one: AsGauge,
    #[metric(flatten)]
    two: Sizes,
}

#[derive(MetricGroup)]
#[metrics(namespace = "arena", allow(suffix_clash, duplicate_name))]
struct Allowed {
    #[metric(flatten)]
    one: Sizes,
    #[metric(flatten)]
    two: Sizes,
    #[metric(flatten)]
    others: Others,
}

fn main() {}
