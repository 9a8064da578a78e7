//! The log: what goes wrong, on the standard error. `RUST_LOG` says how much.

use std::{
    env::{self, VarError},
    sync::atomic::{AtomicBool, Ordering},
};

use tracing::{Subscriber, level_filters::LevelFilter};
use tracing_subscriber::{
    Layer,
    filter::{FilterExt as _, Targets, dynamic_filter_fn},
    fmt,
    registry::LookupSpan,
};

use crate::terminal;

/// Set once the server was told to stop.
static STOPPING: AtomicBool = AtomicBool::new(false);

/// Whose clients find no worker any more while it stops, and who calls that an error.
const ACCEPT: &str = "actix_server::accept";

/// From now on it is no failure that the server takes no connections.
pub(crate) fn stopping() {
    STOPPING.store(true, Ordering::Relaxed);
}

/// The layer that writes; `RUST_LOG` is a level, or levels of modules as in `warn,battle_arena=info`.
pub(crate) fn layer<S: Subscriber + for<'a> LookupSpan<'a>>() -> Result<impl Layer<S>, String> {
    let wanted = match env::var("RUST_LOG") {
        Ok(wanted) if !wanted.is_empty() => {
            wanted.parse::<Targets>().map_err(|error| format!("RUST_LOG: {error}"))?
        }
        Ok(_) | Err(VarError::NotPresent) => Targets::new().with_default(LevelFilter::WARN),
        Err(error) => return Err(format!("RUST_LOG: {error}")),
    };
    let a_failure = dynamic_filter_fn(|of, _| of.target() != ACCEPT || !STOPPING.load(Ordering::Relaxed));
    let wanted = wanted.and(a_failure.with_max_level_hint(LevelFilter::TRACE));
    Ok(fmt::layer().with_writer(|| terminal::Log).with_filter(wanted))
}
