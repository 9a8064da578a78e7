//! Log on the standard error. `RUST_LOG` sets the level.

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

/// Set once the server stops.
static STOPPING: AtomicBool = AtomicBool::new(false);

/// Target that logs an error for each connection that finds no worker while the server stops.
const ACCEPT: &str = "actix_server::accept";

/// Drops the log lines about refused connections from now on.
pub(crate) fn stopping() {
    STOPPING.store(true, Ordering::Relaxed);
}

/// Returns the layer that writes. `RUST_LOG` is a level, or levels of modules as in `warn,battle_arena=info`.
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
