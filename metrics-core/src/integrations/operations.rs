//! Names and buckets of the metrics of all databases' operations.

/// Upper bounds of the duration's buckets in seconds, those of the conventions.
///
/// <https://opentelemetry.io/docs/specs/semconv/database/database-metrics/>
pub(super) const DURATION_BUCKETS: &[f64] = &[0.001, 0.005, 0.01, 0.05, 0.1, 0.5, 1.0, 5.0, 10.0];

/// Name of the label with the database's name, such as `postgresql`.
pub(super) const SYSTEM_NAME: &str = "db_system_name";
