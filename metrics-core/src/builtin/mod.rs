//! Metrics that every page has: the library about itself, the process, the build, a Tokio runtime.

mod build_info;
mod process;
mod self_metrics;
#[cfg(feature = "tokio")]
mod tokio;

pub use build_info::Build;
pub(crate) use process::families as process_families;
pub(crate) use self_metrics::SelfMetrics;
#[cfg(feature = "tokio")]
pub use tokio::TokioMetrics;
