//! The four attributes and the three instruments that they give a function.

use metrics_lint::MetricType;

/// One of the four attributes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Attribute {
    /// `#[counted]`.
    Counted,
    /// `#[timed]`.
    Timed,
    /// `#[in_flight]`.
    InFlight,
    /// `#[observed]`.
    Observed,
}

impl Attribute {
    pub(crate) const ALL: [Self; 4] = [Self::Counted, Self::Timed, Self::InFlight, Self::Observed];

    /// The attribute as users write it.
    pub(crate) const fn written(self) -> &'static str {
        match self {
            Self::Counted => "#[counted]",
            Self::Timed => "#[timed]",
            Self::InFlight => "#[in_flight]",
            Self::Observed => "#[observed]",
        }
    }

    /// The last segment of the attribute's path.
    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::Counted => "counted",
            Self::Timed => "timed",
            Self::InFlight => "in_flight",
            Self::Observed => "observed",
        }
    }

    /// The instruments that it gives.
    pub(crate) const fn instruments(self) -> &'static [InstrumentKind] {
        match self {
            Self::Counted => &[InstrumentKind::Calls],
            Self::Timed => &[InstrumentKind::Duration],
            Self::InFlight => &[InstrumentKind::InFlight],
            Self::Observed => &[InstrumentKind::Calls, InstrumentKind::Duration, InstrumentKind::InFlight],
        }
    }
}

/// An instrument: one metric of a function.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum InstrumentKind {
    /// A counter of calls.
    Calls,
    /// A histogram of durations.
    Duration,
    /// A gauge of calls in flight.
    InFlight,
}

impl InstrumentKind {
    /// The metric's type in the rules for names.
    pub(crate) const fn metric_type(self) -> MetricType {
        match self {
            Self::Calls => MetricType::Counter,
            Self::Duration => MetricType::Histogram,
            Self::InFlight => MetricType::Gauge,
        }
    }

    /// The name of the family that functions without a `name` share.
    pub(crate) const fn shared_family(self) -> &'static str {
        match self {
            Self::Calls => "function_calls_total",
            Self::Duration => "function_calls_duration_seconds",
            Self::InFlight => "function_calls_concurrent",
        }
    }

    /// The runtime's constant with the shared family.
    pub(crate) const fn constant(self) -> &'static str {
        match self {
            Self::Calls => "CALLS",
            Self::Duration => "DURATION",
            Self::InFlight => "IN_FLIGHT",
        }
    }

    /// The runtime's variant of `InstrumentKind`.
    pub(crate) const fn variant(self) -> &'static str {
        match self {
            Self::Calls => "Calls",
            Self::Duration => "Duration",
            Self::InFlight => "InFlight",
        }
    }
}

/// An outcome of a call, in `only = …`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Outcome {
    Ok,
    Error,
    Cancelled,
    Panicked,
}

impl Outcome {
    /// The outcomes as they are written.
    pub(crate) const ALL: [(&'static str, Self); 4] = [
        ("ok", Self::Ok),
        ("error", Self::Error),
        ("cancelled", Self::Cancelled),
        ("panicked", Self::Panicked),
    ];

    /// The runtime's variant.
    pub(crate) const fn variant(self) -> &'static str {
        match self {
            Self::Ok => "Ok",
            Self::Error => "Error",
            Self::Cancelled => "Cancelled",
            Self::Panicked => "Panicked",
        }
    }
}
