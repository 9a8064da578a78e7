//! The lock file: metrics, labels and buckets that a program has promised to the readers of its pages.
//!
//! One test makes and checks it, see [`assert_metrics_lock!`](crate::testing::assert_metrics_lock). The package
//! `metrics-contract` checks dashboards, alerts and documents by it. The text is a part of TOML:
//!
//! ```
//! use metrics_core::testing::lock::Lock;
//!
//! let old: Lock = r#"
//! version = 1
//!
//! [shop_orders_total]
//! type = "counter"
//! labels.method = ["card", "cash"]
//! "#.parse()?;
//! let new: Lock = r#"
//! version = 1
//!
//! [shop_orders_total]
//! type = "counter"
//! labels.method = ["card"]
//! labels.region = { limit = 50 }
//! "#.parse()?;
//! let changes: Vec<_> = old.changes_to(&new).iter().map(ToString::to_string).collect();
//! assert_eq!(changes, [
//!     "shop_orders_total: the value \"cash\" of the label `method` is removed",
//!     "shop_orders_total: the label `region` is added to its series",
//! ]);
//! # Ok::<(), metrics_core::testing::lock::LockError>(())
//! ```

mod assertion;
mod change;
mod changes;
mod model;
mod read;
mod tokens;
mod write;

#[doc(hidden)]
pub use assertion::{CatalogSource, assert_lock};
pub use change::{Change, ChangeKind};
pub use model::{LabelDomain, Lock, LockedMetric};
pub use tokens::LockError;
