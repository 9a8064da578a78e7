use metrics_core::{Counter, Gauge, MetricGroup};

const LEFT: &str = "left";

#[derive(MetricGroup)]
#[metrics(namespace = "arena")]
struct SameConstant {
    /// Hits.
    #[metric(name = "hits_total", labels(side = "left"))]
    left: Counter,
    /// Hits.
    #[metric(name = "hits_total", labels(side = LEFT))]
    left_again: Counter,
}

#[derive(MetricGroup)]
#[metrics(namespace = "arena")]
struct OtherLabels {
    /// Hits.
    #[metric(name = "hits_total", labels(side = "left"))]
    left: Counter,
    /// Hits.
    #[metric(name = "hits_total")]
    any: Counter,
}

#[derive(MetricGroup)]
#[metrics(namespace = "arena")]
struct OtherHelp {
    /// Hits on the left.
    #[metric(name = "hits_total", labels(side = "left"))]
    left: Counter,
    /// Hits on the right.
    #[metric(name = "hits_total", labels(side = "right"))]
    right: Counter,
}

#[derive(MetricGroup)]
#[metrics(namespace = "arena")]
struct OtherUnit {
    /// Money.
    #[metric(name = "money_usd", labels(side = "left"), unit = "usd")]
    left: Gauge,
    /// Money.
    #[metric(name = "money_usd", labels(side = "right"))]
    right: Gauge,
}

#[derive(MetricGroup)]
#[metrics(namespace = "arena", allow(counter_total))]
struct OtherType {
    /// Money.
    #[metric(name = "money_usd", labels(side = "left"))]
    left: Gauge,
    /// Money.
    #[metric(name = "money_usd", labels(side = "right"))]
    right: Counter,
}

fn main() {}
