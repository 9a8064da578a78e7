//! What stands on pages beside what is declared: collectors of others, each by itself, and facts about the process.

mod isolated;
mod process;

pub use isolated::Isolated;
pub(crate) use process::families as process_families;
