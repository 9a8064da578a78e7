//! Built-in metrics: those of the library itself, the process, the build and a Tokio runtime.

mod build_info;
#[cfg(all(feature = "process", target_os = "linux"))]
mod proc_files;
mod process;
mod self_metrics;
#[cfg(feature = "tokio")]
mod tokio;
#[cfg(feature = "tokio")]
mod tokio_figure;
#[cfg(all(feature = "tokio", tokio_unstable))]
mod tokio_unstable;

pub use build_info::Build;
pub(crate) use process::families as process_families;
pub(crate) use self_metrics::SelfMetrics;
#[cfg(feature = "tokio")]
pub use tokio::TokioMetrics;
