//! Metrics as a contract: checks of dashboards, alerts and documents by a service's lock file.
//!
//! The lock file is made by a test of the service, see `metrics_core::testing::assert_metrics_lock!`. It is all that is needed
//! here: the service is not built. The command is `cargo metrics`; this library is the same for tests:
//!
//! ```
//! use metrics_contract::{Contract, SourceFile, Sources, check};
//!
//! let lock = "version = 1\n[orders_total]\ntype = \"counter\"\nlabels.method = [\"card\", \"cash\"]\n".parse()?;
//! let mut sources = Sources::default();
//! sources.add(SourceFile::new(
//!     "rules.yml",
//!     "groups:\n- name: shop\n  rules:\n  - alert: NoCash\n    expr: rate(orders_total{method=\"cach\"}[5m]) == 0\n",
//! ));
//! let findings = check(&Contract::new(lock), &sources);
//! assert_eq!(
//!     findings[0].to_string(),
//!     "rules.yml:5:36: error[impossible-value]: `method` never has the value \"cach\"; did you mean `cash`? (alert `NoCash`)",
//! );
//! # Ok::<(), metrics_core::testing::lock::LockError>(())
//! ```

mod check;
mod config;
mod contract;
mod document;
mod expression;
mod finding;
mod impact;
mod live;
mod mapped_text;
mod query;
mod report;
mod source;
mod source_file;

pub use check::check;
pub use config::{Config, read_lock};
pub use contract::Contract;
pub use expression::Owner;
pub use finding::{Finding, Rule, Severity};
pub use impact::{Affected, affected};
pub use live::page_differences;
pub use report::{to_json, to_sarif, to_text};
pub use source::Sources;
pub use source_file::SourceFile;
