//! Metrics as a contract: a lock file.
//!
//! # The lock file
//!
//! Dashboards and alerts break silently when a metric, a label or a label's value is renamed in the code. One test writes down
//! what the program promises, and fails when that changes:
//!
//! ```no_run
//! // #[test] fn metrics_are_as_promised() {
//! metrics_core::testing::assert_metrics_lock!("metrics.lock");
//! // }
//! ```
//!
//! `METRICS_LOCK=accept cargo test` writes `metrics.lock` into the package's folder; commit it. It has a block for each metric, and
//! no help texts, files or lines, which break nobody:
//!
//! ```toml
//! [shop_orders_total]
//! type = "counter"
//! labels.method = ["card", "cash"]
//! labels.region = { limit = 50 }
//! ```
//!
//! After a change the test fails and says for each change whether it breaks readers:
//!
//! ```text
//! shop/metrics.lock: the metrics of this program are not those of the file
//!
//!   breaks readers:
//!     shop_orders_total: the value "cash" of the label `method` is removed
//!
//!   breaks no reader:
//!     shop_refunds_total: the metric is new
//!
//! to accept it, run `METRICS_LOCK=accept cargo test` and commit the file
//! ```
//!
//! | breaks readers | breaks no reader |
//! |---|---|
//! | a metric is removed, or has another name, type or unit | a metric is new |
//! | a label or one of its values is removed; a limit is lower | a value is new; a limit is higher |
//! | all series have a label more, which breaks joins and alerts on single series | some series have a label more |
//! | a bucket is removed, or native buckets are | a bucket is new |
//! | an objective is removed, whose recordings are gone with it | an objective is new |
//!
//! Metrics that are registered at run time, as those of a middleware are, must exist before the comparison: build the middleware
//! in the test. The labels of info metrics are facts such as the commit, so the file has their names alone.
