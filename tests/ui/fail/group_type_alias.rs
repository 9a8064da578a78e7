use metrics_core::{Counter, Gauge, MetricGroup};

type Hits = Counter;
type Level = Gauge<f64>;

const NAME: &str = "wait_ms";
const MISSES: &str = "misses";

#[derive(MetricGroup)]
#[metrics(namespace = "arena")]
struct Metrics {
    /// Hits.
    hits: Hits,
    /// Level.
    level_total: Level,
    /// Waiting.
    #[metric(name = NAME)]
    wait: Gauge,
    /// Allowed.
    #[metric(name = MISSES, allow(counter_total))]
    misses: Hits,
    /// Money.
    #[metric(name = MISSES, unit = "usd")]
    money: Level,
}

fn main() {}
