//! Counts of `diesel`, for the tests of two databases. The default instrumentation is the program's, so each has a program of its own.

use metrics_core::{DieselMetrics, Registry, testing::value};

const OPERATIONS: [&str; 9] =
    ["SELECT", "INSERT", "UPDATE", "DELETE", "WITH", "BEGIN", "COMMIT", "ROLLBACK", "_OTHER"];
const ERRORS: [&str; 5] = ["", "constraint", "connection", "cancelled", "_OTHER"];

/// Metrics of the connections to one database, and their registry.
#[derive(Debug)]
pub struct Counts {
    /// The registry.
    pub registry: Registry,
    /// The metrics, which are the default of all connections.
    pub metrics: DieselMetrics,
    system: &'static str,
}

impl Counts {
    fn read(&self, name: &str, labels: &str) -> Option<f64> {
        value(&self.registry, &format!("db_client_{name}{{db_system_name=\"{}\"{labels}}}", self.system))
    }

    /// Returns the number of operations that ended with this error; an empty one for those without.
    pub fn operations(&self, operation: &str, error: &str) -> Option<f64> {
        let error = if error.is_empty() { String::new() } else { format!(",error_type=\"{error}\"") };
        self.read("operation_duration_seconds_count", &format!(",db_operation_name=\"{operation}\"{error}"))
    }

    /// Returns the transactions that were committed, rolled back, and neither.
    pub fn transactions(&self) -> [Option<f64>; 3] {
        ["committed", "rolled_back", "failed"]
            .map(|outcome| self.read("transactions_total", &format!(",outcome=\"{outcome}\"")))
    }

    /// Returns the connections that were established, and those that failed.
    pub fn connections(&self) -> [Option<f64>; 2] {
        ["", ",error_type=\"connection\""]
            .map(|error| self.read("connection_create_time_seconds_count", error))
    }

    /// Installs the metrics, with every series at zero.
    ///
    /// # Panics
    ///
    /// If a series is missing.
    pub fn install(system: &'static str) -> Self {
        let registry = Registry::new();
        let metrics = DieselMetrics::register_in(&registry, system).unwrap();
        metrics.install().unwrap();
        let counts = Self { registry, metrics, system };
        for operation in OPERATIONS {
            let before = ERRORS.map(|error| counts.operations(operation, error));
            assert_eq!(before, [Some(0.0); 5], "{operation} before the first");
        }
        assert_eq!(counts.transactions(), [Some(0.0); 3]);
        assert_eq!(counts.connections(), [Some(0.0); 2]);
        counts
    }
}
