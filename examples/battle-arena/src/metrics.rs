//! Metrics of the arena beside requests and functions: its business and its state.

use metrics_core::{Counter, Family, Gauge, GaugeFn, Info, MetricGroup, StateSet};

use crate::labels::{
    ActiveFault, EventLabels, ItemLabels, MatchLabels, TransactionLabels, TransactionStatus, TransactionType,
};

/// Players, matches and money.
#[derive(Debug, MetricGroup)]
#[metrics(namespace = "arena")]
pub(crate) struct ArenaMetrics {
    /// Players who logged in within the last five minutes.
    pub(crate) active_players: Gauge,
    /// Matches that are being played.
    pub(crate) matches_in_progress: Gauge,
    /// Matches that have started, completed and crashed.
    pub(crate) matches_total: Family<MatchLabels, Counter>,
    /// Money taken for purchases, without refunds.
    #[metric(unit = "usd")]
    pub(crate) revenue_usd_total: Family<ItemLabels, Counter<f64>>,
    /// Transactions by type and status.
    pub(crate) transactions_total: Family<TransactionLabels, Counter>,
    /// Share of the transactions since the start that have failed.
    transaction_failure_ratio: GaugeFn<f64>,
    /// Events of the system that were reported, by kind.
    pub(crate) system_events_total: Family<EventLabels, Counter>,
    /// Current fault that was injected on purpose.
    pub(crate) fault: StateSet<ActiveFault>,
}

/// Service name and version.
#[derive(Debug, MetricGroup)]
#[metrics(namespace = "api")]
struct ApiMetrics {
    /// Service name and version.
    #[metric(labels(version = env!("CARGO_PKG_VERSION"), service = "battle-arena"), allow(target_label))]
    info: Info,
}

/// Connects the share of failed transactions, which is computed for each page, to the counters.
pub(crate) fn connect() {
    ArenaMetrics::global().transaction_failure_ratio.read_from(failure_ratio);
}

fn failure_ratio() -> f64 {
    let transactions = &ArenaMetrics::global().transactions_total;
    let count = |status| {
        let types = [TransactionType::Purchase, TransactionType::Refund];
        types.map(|r#type| transactions.with(TransactionLabels { r#type, status }).get()).iter().sum::<u64>()
    };
    let failed = count(TransactionStatus::Failed);
    let all = failed + count(TransactionStatus::Completed);
    if all == 0 { 0.0 } else { failed as f64 / all as f64 }
}
