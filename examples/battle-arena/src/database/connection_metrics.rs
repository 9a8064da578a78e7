//! Metrics of the connections to the database.

use metrics_core::{Gauge, GaugeFn, MetricGroup};

use super::Database;

/// Connections of the pool. Queries are measured where they are made.
#[derive(Debug, MetricGroup)]
#[metrics(namespace = "database", subsystem = "connections")]
struct DatabaseMetrics {
    /// Connections to the database that are in use.
    active: GaugeFn,
    /// Connections to the database that wait for use.
    idle: GaugeFn,
    /// Connections to the database that there can be.
    max: Gauge,
}

/// Ties the metrics of the connections, which are read when the page is made, to the pool.
pub(crate) fn show_connections(database: &Database) {
    let metrics = DatabaseMetrics::global();
    metrics.max.set(Database::CONNECTIONS.into());
    let pool = database.clone();
    metrics.active.read_from(move || pool.connections().active);
    let pool = database.clone();
    metrics.idle.read_from(move || pool.connections().idle);
}
