#![deny(warnings)]

use metrics_core::{Counter, Gauge, Histogram, MetricGroup};

#[derive(MetricGroup)]
#[metrics(namespace = "arena")]
struct Metrics {
    /// Hits.
    hit_metric_total: Counter,
    /// Waits.
    wait_timer_seconds: Histogram,
    /// Players.
    player_stats: Gauge,
    /// Allowed.
    #[metric(allow(noise_word))]
    prometheus_up: Gauge,
}

#[derive(MetricGroup)]
#[metrics(namespace = "scrape")]
struct Scrapes {
    /// Errors.
    errors_total: Counter,
    /// Series.
    #[metric(allow(scrape_prefix))]
    series: Gauge,
}

fn main() {
    let Metrics { hit_metric_total, wait_timer_seconds, player_stats, prometheus_up } = Metrics::global();
    let _ = (hit_metric_total, wait_timer_seconds, player_stats, prometheus_up);
    let Scrapes { errors_total, series } = Scrapes::global();
    let _ = (errors_total, series);
}
