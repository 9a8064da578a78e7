//! Short names of the metrics of databases and pools, instead of those of the OpenTelemetry conventions.

use crate::{
    label::Dimension,
    model::{Descriptor, Label},
};

/// Names of metrics in the conventions, and the short ones.
const METRICS: [(&str, &str); 17] = [
    ("db_client_operation_duration_seconds", "db_query_duration_seconds"),
    ("db_client_query_duration_seconds", "db_named_query_duration_seconds"),
    ("db_client_response_returned_rows", "db_returned_rows"),
    ("db_client_affected_rows_total", "db_affected_rows_total"),
    ("db_client_slow_queries_total", "db_slow_queries_total"),
    ("db_client_transactions_total", "db_transactions_total"),
    ("db_client_connection_create_time_seconds", "db_connect_duration_seconds"),
    ("db_client_connection_count", "db_pool_connections"),
    ("db_client_connection_max", "db_pool_max_connections"),
    ("db_client_connection_pending_requests", "db_pool_pending_requests"),
    ("db_client_connection_created_total", "db_pool_connections_created_total"),
    ("db_client_connection_wait_time_seconds", "db_pool_wait_duration_seconds"),
    ("db_client_connection_use_time_seconds", "db_pool_use_duration_seconds"),
    ("db_client_connection_wait_seconds_total", "db_pool_wait_seconds_total"),
    ("db_client_connection_waits_total", "db_pool_waits_total"),
    ("db_client_connection_timeouts_total", "db_pool_timeouts_total"),
    ("db_client_connection_acquire_errors_total", "db_pool_acquire_errors_total"),
];

/// Names of their labels in the conventions, and the short ones.
const LABELS: [(&str, &str); 6] = [
    ("db_system_name", "db"),
    ("db_operation_name", "operation"),
    ("db_query_summary", "query"),
    ("db_client_connection_pool_name", "pool"),
    ("db_client_connection_state", "state"),
    ("error_type", "error"),
];

fn short(names: &'static [(&str, &str)], name: &str) -> Option<&'static str> {
    names.iter().find(|(conventional, _)| *conventional == name).map(|(_, short)| *short)
}

/// Gives a metric of the table its short name, and its labels theirs.
pub(super) fn shorten(descriptor: &mut Descriptor) {
    let Some(name) = short(&METRICS, &descriptor.name) else { return };
    name.clone_into(&mut descriptor.name);
    for label in &mut descriptor.labels {
        let Some(short) = short(&LABELS, label.name()) else { continue };
        match label {
            Label::Constant { name, .. } => *name = short.into(),
            Label::Variable(dimension) => *dimension = Dimension::new(short, dimension.values()),
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::{
        metric::Gauge,
        registry::{Definition, Registry},
    };

    /// The names that the guide's table promises.
    const NAMES: &str = "
        db_client_operation_duration_seconds       db_query_duration_seconds
        db_client_query_duration_seconds           db_named_query_duration_seconds
        db_client_response_returned_rows           db_returned_rows
        db_client_affected_rows_total              db_affected_rows_total
        db_client_slow_queries_total               db_slow_queries_total
        db_client_transactions_total               db_transactions_total
        db_client_connection_create_time_seconds   db_connect_duration_seconds
        db_client_connection_count                 db_pool_connections
        db_client_connection_max                   db_pool_max_connections
        db_client_connection_pending_requests      db_pool_pending_requests
        db_client_connection_created_total         db_pool_connections_created_total
        db_client_connection_wait_time_seconds     db_pool_wait_duration_seconds
        db_client_connection_use_time_seconds      db_pool_use_duration_seconds
        db_client_connection_wait_seconds_total    db_pool_wait_seconds_total
        db_client_connection_waits_total           db_pool_waits_total
        db_client_connection_timeouts_total        db_pool_timeouts_total
        db_client_connection_acquire_errors_total  db_pool_acquire_errors_total
        other_seconds                              other_seconds";

    #[test]
    fn every_metric_and_label_has_its_short_name() {
        for pair in NAMES.trim().lines() {
            let (conventional, short) = pair.trim().split_once(' ').unwrap();
            let registry = Registry::new();
            registry.short_database_names(true);
            let definition = Definition::new(conventional, "Help.")
                .label("db_system_name", "a")
                .label("error_type", "b")
                .label("db_client_connection_state", "c")
                .label("db_query_summary", "d")
                .label("db_operation_name", "e")
                .label("db_client_connection_pool_name", "f")
                .label("other", "g");
            let _gauge: Gauge = registry.register(&definition).unwrap();
            let short = short.trim();
            let labels = if short == conventional {
                r#"db_client_connection_pool_name="f",db_client_connection_state="c",db_operation_name="e",db_query_summary="d",db_system_name="a",error_type="b""#
            } else {
                r#"db="a",error="b",operation="e",pool="f",query="d",state="c""#
            };
            let page = registry.text();
            let line = page.lines().last().unwrap();
            let mut found: Vec<_> =
                line.split_once('{').unwrap().1.split_once('}').unwrap().0.split(',').collect();
            found.retain(|label| *label != r#"other="g""#);
            found.sort_unstable();
            assert!(line.starts_with(&format!("{short}{{")), "{line}");
            assert_eq!(found.join(","), labels, "{line}");
        }
    }
}
