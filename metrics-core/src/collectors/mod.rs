//! What stands on pages beside what is declared: collectors of others, each by itself, and facts about the process.

mod build_info;
mod isolated;
mod process;
#[cfg(feature = "tokio")]
mod runtime;

pub use build_info::{Build, DeclaredBuild};
pub(crate) use build_info::{register_builds, rust_info};
pub use isolated::Isolated;
pub(crate) use process::families as process_families;
#[cfg(feature = "tokio")]
pub use runtime::TokioMetrics;
