//! A till with metrics. `tests/metrics.rs` has the tests that a service has of them.

use metrics_core::{Counter, Family, Gauge, LabelSet, LabelValue, MetricGroup, counted};

/// Way of paying.
#[derive(Clone, Copy, Debug, LabelValue)]
#[label(rename_all = "snake_case")]
pub enum Payment {
    /// By card.
    Card,
    /// In cash.
    Cash,
}

/// Labels of a sale.
#[derive(Clone, Copy, Debug, LabelSet)]
pub struct Sale {
    /// Way of paying.
    pub payment: Payment,
}

/// Metrics of the till.
#[derive(Debug, MetricGroup)]
#[metrics(namespace = "till")]
pub struct TillMetrics {
    /// Sales.
    pub sales_total: Family<Sale, Counter>,
    /// Coins in the till.
    pub coins: Gauge,
}

/// Reads a price in cents.
///
/// # Errors
///
/// Returns an error if the text is not a number.
#[counted]
pub fn price(text: &str) -> Result<u32, std::num::ParseIntError> {
    text.parse()
}

/// Sells something.
///
/// # Errors
///
/// Returns an error if the price is not a number.
pub fn sell(metrics: &TillMetrics, payment: Payment, text: &str) -> Result<u32, std::num::ParseIntError> {
    let price = price(text)?;
    metrics.sales_total.with(Sale { payment }).inc();
    if let Payment::Cash = payment {
        metrics.coins.inc();
    }
    Ok(price)
}
