//! The log: what goes wrong, on the standard error. `RUST_LOG` says how much.

use std::env::{self, VarError};

use tracing::{Subscriber, level_filters::LevelFilter};
use tracing_subscriber::{Layer, filter::Targets, fmt, registry::LookupSpan};

use crate::terminal;

/// The layer that writes; `RUST_LOG` is a level, or levels of modules as in `warn,battle_arena=info`.
pub(crate) fn layer<S: Subscriber + for<'a> LookupSpan<'a>>() -> Result<impl Layer<S>, String> {
    let wanted = match env::var("RUST_LOG") {
        Ok(wanted) if !wanted.is_empty() => {
            wanted.parse::<Targets>().map_err(|error| format!("RUST_LOG: {error}"))?
        }
        Ok(_) | Err(VarError::NotPresent) => Targets::new().with_default(LevelFilter::WARN),
        Err(error) => return Err(format!("RUST_LOG: {error}")),
    };
    Ok(fmt::layer().with_writer(|| terminal::Log).with_filter(wanted))
}
