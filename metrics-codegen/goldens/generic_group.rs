#[derive(MetricGroup)]
struct Pool<L: LabelSet> {
    /// Taken.
    taken_total: Family<L, Counter>,
}
