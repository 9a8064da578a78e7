use metrics_core::MetricGroup;

#[derive(MetricGroup)]
struct Metrics(metrics_core::Counter);

fn main() {}
