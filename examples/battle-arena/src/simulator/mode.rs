//! Amount of traffic.

use std::time::SystemTime;

/// Mode of the simulator.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Mode {
    Slow,
    Normal,
    Stress,
    Tournament,
}

impl Mode {
    /// Parses a mode; `None` for `off`.
    pub(crate) fn parse(text: &str) -> Result<Option<Self>, &'static str> {
        Ok(Some(match text {
            "off" => return Ok(None),
            "slow" => Self::Slow,
            "normal" => Self::Normal,
            "stress" => Self::Stress,
            "tournament" => Self::Tournament,
            _ => return Err("one of slow, normal, stress, tournament or off"),
        }))
    }

    /// Returns the name on the command line.
    pub(super) const fn name(self) -> &'static str {
        match self {
            Self::Slow => "slow",
            Self::Normal => "normal",
            Self::Stress => "stress",
            Self::Tournament => "tournament",
        }
    }

    /// Returns the factor of the normal traffic.
    pub(super) const fn factor(self) -> f64 {
        match self {
            Self::Slow => 0.5,
            Self::Normal => 1.0,
            Self::Stress => 5.0,
            Self::Tournament => 10.0,
        }
    }
}

/// Returns the share of the traffic by hour: much in the evening, some at noon, little at night.
pub(super) const fn time_of_day_factor(hour: u64) -> f64 {
    match hour {
        18..=23 => 2.0,
        0..=5 => 0.3,
        12..=13 => 1.5,
        _ => 1.0,
    }
}

/// Returns the hour of the day, in UTC.
pub(super) fn hour_now() -> u64 {
    SystemTime::UNIX_EPOCH.elapsed().map_or(12, |since| since.as_secs() / 3600 % 24)
}
