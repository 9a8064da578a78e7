use metrics_core::MetricGroup;

#[derive(MetricGroup)]
enum Metrics {
    Hits,
}

#[derive(MetricGroup)]
union Both {
    hits: u8,
}

fn main() {}
