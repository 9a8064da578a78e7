//! What a user writes, with instrumentation turned off: it compiles as before and costs nothing.

#![deny(warnings, clippy::all, clippy::pedantic, clippy::nursery)]

use std::{num::ParseIntError, sync::LazyLock};

use metrics_core::{
    Capped, Counter, Family, Gauge, Histogram, LabelSet, LabelValue, MetricGroup, Registry, counted,
    in_flight, observed, timed,
};

/// How a game ended.
#[derive(Clone, Copy, Debug, LabelValue)]
pub enum Outcome {
    /// Won.
    Won,
    /// Lost.
    Lost,
}

/// The labels of games.
#[derive(Clone, Debug, LabelSet)]
pub struct Game {
    /// How it ended.
    pub outcome: Outcome,
    /// Where.
    pub region: Capped<10>,
}

/// The metrics of games.
#[derive(Debug, MetricGroup)]
#[metrics(namespace = "off")]
pub struct Games {
    /// Games that ended.
    pub games_total: Family<Game, Counter>,
    /// Money that was spent.
    pub spent_total: Counter<f64>,
    /// Players online.
    pub players: Gauge,
    /// How long a game took.
    pub duration_seconds: Histogram,
}

/// A registry of one's own.
pub static MINE: LazyLock<Registry> = LazyLock::new(Registry::new);

/// Reads a number.
///
/// # Errors
///
/// Where it is none.
#[counted(name = "reads_total", labels(empty = text.is_empty(), result), registry = MINE)]
#[timed(objective(name = "read", success = 99.9, latency = "250ms"))]
#[in_flight]
pub fn read(text: &str) -> Result<u32, ParseIntError> {
    let value: u32 = text.parse()?;
    Ok(value + 1)
}

/// A parser.
#[derive(Debug)]
pub struct Parser;

#[observed]
impl Parser {
    /// Parses.
    #[must_use]
    pub async fn parse(&self, text: &str) -> Option<u8> {
        std::future::ready(text.parse().ok()).await
    }

    /// Skipped.
    #[observed(skip)]
    pub const fn skipped(&self) {}
}

/// Two functions, one of them annotated: the test compares their machine code.
pub mod twins {
    use metrics_core::observed;

    /// The annotated one.
    ///
    /// # Errors
    ///
    /// Where the sum is too large.
    #[unsafe(no_mangle)]
    #[inline(never)]
    #[observed]
    pub extern "C" fn twin_annotated(left: u32, right: u32) -> u32 {
        let Some(sum) = left.checked_add(right) else { return 0 };
        sum.rotate_left(right % 7) ^ left
    }

    /// The plain one.
    #[allow(clippy::missing_const_for_fn)] // it is to be the other one's twin
    #[unsafe(no_mangle)]
    #[inline(never)]
    pub extern "C" fn twin_plain(left: u32, right: u32) -> u32 {
        let Some(sum) = left.checked_add(right) else { return 0 };
        sum.rotate_left(right % 7) ^ left
    }
}
