//! Metrics as a contract: a lock file, and dashboards and alerts that are checked by it.
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
//!
//! # A query of a removed metric
//!
//! `cargo metrics`, from the package `metrics-contract`, checks every query of Prometheus' rule files, of Grafana's dashboards and
//! of the blocks of `promql` in Markdown. It needs the lock file alone and does not build the service. Say an alert reads the
//! counter above:
//!
//! ```yaml
//! groups:
//! - name: shop
//!   rules:
//!   - alert: NoCash
//!     expr: rate(shop_orders_total{method="cash"}[1h]) == 0
//! ```
//!
//! After the counter has been renamed to `shop_orders_taken_total` and the lock file was accepted:
//!
//! ```text
//! $ cargo metrics check monitoring/ README.md
//! monitoring/shop.yml:5:16: error[unknown-metric]: no metric `shop_orders_total` is exposed; did you mean `shop_orders_taken_total`? (alert `NoCash`)
//! queries: 1, errors: 1, warnings: 0
//! ```
//!
//! | rule | finds |
//! |---|---|
//! | `unknown-metric`, `unknown-recording` | a metric that nobody exposes, a recording that no rule records |
//! | `unknown-suffix` | `_bucket`, `_sum` or `_count` of a metric that has none, and the bare name of a histogram |
//! | `unknown-label`, `unknown-grouping-label` | a label in a matcher, or after `by`, `without`, `on`, `ignoring` and `group_left`, that the series do not have |
//! | `impossible-value` | a value that the label never has, also as one of several in a regular expression |
//! | `rate-of-gauge` | `rate`, `irate` or `increase` of a gauge |
//! | `quantile-of-no-histogram`, `quantile-without-le` | `histogram_quantile` of something else, or of buckets that have lost `le` |
//! | `invalid-query`, `unreadable-file` | a query that does not parse; broken YAML or JSON, which does not stop the other files |
//! | `former-name`, `unused-recording` | (warnings) a metric read by its former name; a recording that no query reads |
//!
//! Metrics of other programs, labels that scraping adds, and the paths to check stand in `metrics-contract.toml`:
//!
//! ```toml
//! lock = "metrics.lock"
//! other_locks = ["../billing/metrics.lock"]
//! paths = ["monitoring", "README.md"]
//! target_labels = ["cluster"]       # beside `job` and `instance`
//! read_elsewhere = ["slo:*"]        # recordings that no file here reads
//!
//! [others]
//! "node_*" = "any"
//! probe_success = ["target"]        # with its labels
//! ```
//!
//! # Both names for a while
//!
//! `renamed_from` exposes a metric under its former name as well. Nothing breaks, and counting costs the same:
//!
//! ```
//! use metrics_core::{Registry, counted};
//!
//! /// Orders taken.
//! #[counted(name = "guide_orders_taken_total", renamed_from = "guide_orders_total")]
//! fn take_order() {}
//!
//! take_order();
//! let page = Registry::global().text();
//! for line in ["guide_orders_taken_total 1", "guide_orders_total 1"] {
//!     assert!(page.lines().any(|other| other == line), "{page}");
//! }
//! ```
//!
//! The field of a group has `#[metric(renamed_from = "…")]` with the whole former name, and a definition
//! [`Definition::renamed_from`](crate::Definition::renamed_from). The check now warns: `former-name`. When no query reads the
//! former name any more, remove the argument.
//!
//! # In continuous integration
//!
//! `cargo metrics diff` tells what a pull request changes, and with `--used-by` which panels and alerts that breaks; a breaking
//! change is exit code 1. On GitHub:
//!
//! ```yaml
//! - uses: actions/checkout@v4
//!   with: { fetch-depth: 0 }
//! - run: cargo test
//! - run: cargo metrics check --format sarif > metrics.sarif
//! - uses: github/codeql-action/upload-sarif@v3
//!   if: always()
//!   with: { sarif_file: metrics.sarif }
//! - run: cargo metrics diff origin/main metrics.lock --used-by monitoring --format markdown >> "$GITHUB_STEP_SUMMARY"
//! ```
//!
//! On GitLab:
//!
//! ```yaml
//! metrics:
//!   script:
//!     - cargo test
//!     - cargo metrics check
//!     - git fetch origin "$CI_DEFAULT_BRANCH"
//!     - cargo metrics diff FETCH_HEAD metrics.lock --used-by monitoring
//! ```
//!
//! `cargo metrics live http://localhost:8080/metrics` compares a running service with the file, and `cargo metrics docs` writes it
//! as a table.
