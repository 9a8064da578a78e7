//! Families that the attributes on the repository's functions name, each function with its query type.

/// Queries that ended.
pub(super) const QUERIES: &str = "database_queries_total";
pub(super) const QUERIES_HELP: &str =
    "Queries of the database that ended, by what they do and how they ended.";

/// Duration of database queries.
pub(super) const DURATION: &str = "database_query_duration_seconds";
pub(super) const DURATION_HELP: &str = "Time of a query of the database, with the wait for a connection.";
pub(super) const DURATION_BUCKETS: [f64; 12] =
    [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5];
