/// Matches and money.
#[derive(MetricGroup)]
#[metrics(namespace = "arena")]
pub struct ArenaMetrics {
    /// Matches by kind and state.
    matches_total: Family<MatchLabels, Counter>,
    /// Money taken.
    #[metric(unit = "usd", labels(shop = "main"))]
    revenue_usd_total: Counter<f64>,
    /// Time spent in one SQL query.
    #[metric(name = "query_seconds", buckets(0.001, 0.01, 1))]
    query: Family<QueryLabels, Histogram>,
    #[metric(flatten)]
    cache: CacheMetrics,
    #[cfg(feature = "db")]
    #[metric(nested = "db")]
    db: DbMetrics,
}
