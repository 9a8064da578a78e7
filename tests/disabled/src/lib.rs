//! A user's program with instrumentation turned off: it compiles as before and costs nothing.

#![deny(warnings, clippy::all, clippy::pedantic, clippy::nursery)]

use std::{num::ParseIntError, sync::LazyLock};

use metrics_core::{
    Capped, Counter, Family, Gauge, Histogram, LabelSet, LabelValue, MetricGroup, Registry, counted,
    in_flight, observed, timed,
};

/// Outcome of a game.
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
    /// Outcome of the game.
    pub outcome: Outcome,
    /// Region of the players.
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
    /// Duration of a game.
    pub duration_seconds: Histogram,
}

/// A registry of one's own.
pub static MINE: LazyLock<Registry> = LazyLock::new(Registry::new);

/// Reads a number.
///
/// # Errors
///
/// Fails on a text that is no number.
#[counted(name = "reads_total", labels(empty = text.is_empty(), result), registry = MINE)]
#[timed(objective(name = "read", success = 99.9, latency = "250ms"))]
#[in_flight]
pub fn read(text: &str) -> Result<u32, ParseIntError> {
    let value: u32 = text.parse()?;
    Ok(value + 1)
}

/// Items that only attributes use are in use: no warning, although nothing is counted.
mod only_in_attributes {
    use std::sync::LazyLock;

    use metrics_core::{LabelValue, Registry, counted, in_flight, timed};

    const NAME: &str = "only_total";
    const HELP: &str = "Only.";
    const BOUNDS: &[f64] = &[0.25, 1.0];
    static REGISTRY: LazyLock<Registry> = LazyLock::new(Registry::new);

    #[derive(Clone, Copy, LabelValue)]
    enum Size {
        Small,
        Large,
    }

    const fn size(text: &str) -> Size {
        if text.len() > 3 { Size::Large } else { Size::Small }
    }

    const fn failed(value: &Result<String, u8>) -> bool {
        value.is_err()
    }

    const fn of_error(error: u8) -> bool {
        error > 3
    }

    /// Moves.
    ///
    /// # Errors
    ///
    /// Never.
    #[counted(name = NAME, help = HELP, labels(size = size(&text), error = error(|err| of_error(*err)), result))]
    #[timed(name = "only_seconds", help = "Only.", buckets = BOUNDS, error_if = failed)]
    #[in_flight(registry = REGISTRY)]
    pub fn moves(text: String) -> Result<String, u8> {
        Ok(text)
    }

    /// A method.
    pub struct Store(Size);

    impl Store {
        /// Makes one.
        #[must_use]
        pub const fn small() -> Self {
            Self(Size::Small)
        }

        /// Gets.
        #[counted(name = "only_gets_total", labels(size = self.0))]
        pub async fn get(&mut self) -> &mut Self {
            std::future::ready(()).await;
            self
        }
    }
}

pub use only_in_attributes::{Store, moves};

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
    use metrics_core::{counted, observed};

    /// The annotated one.
    ///
    /// # Errors
    ///
    /// Fails if the sum is too large.
    #[unsafe(no_mangle)]
    #[inline(never)]
    #[observed(error_if = |sum| *sum == 0)]
    #[counted(name = "twins_total", labels(even = left.is_multiple_of(2), right = capped(right, 9), result))]
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
