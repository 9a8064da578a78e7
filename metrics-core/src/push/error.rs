//! Errors of pushes.

use std::{error::Error, fmt};

use crate::model::RegistrationError;

/// Reason for which a push cannot start, or did not arrive. None of its texts has a secret.
///
/// ```
/// use metrics_core::{Push, PushError, Pushgateway};
///
/// let error = Push::to(Pushgateway::new("gateway:9091").job("nightly")).start().unwrap_err();
/// assert!(matches!(error, PushError::Config(_)));
/// ```
#[derive(Debug)]
#[non_exhaustive]
pub enum PushError {
    /// An option of the target or of its client is invalid.
    Config(String),
    /// The self metrics conflict with other metrics of the registry.
    Registration(RegistrationError),
    /// The registry could not be encoded.
    Encoding(String),
    /// The receiver refused the request, and a repetition would be refused as well.
    Rejected(String),
    /// The deadline passed. The text is the error of the last attempt, if there was one.
    Deadline(Option<String>),
    /// The task or thread of the push has ended, or too many calls wait for it.
    Unavailable,
}

impl PushError {
    /// Returns the same error for another call that waited for the same push.
    pub(super) fn copy(&self) -> Self {
        match self {
            Self::Config(why) => Self::Config(why.clone()),
            Self::Encoding(why) => Self::Encoding(why.clone()),
            Self::Rejected(why) => Self::Rejected(why.clone()),
            Self::Deadline(why) => Self::Deadline(why.clone()),
            Self::Registration(_) | Self::Unavailable => Self::Unavailable,
        }
    }
}

impl fmt::Display for PushError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Config(why) => write!(f, "the push is configured wrongly: {why}"),
            Self::Registration(error) => {
                write!(f, "the push's own metrics cannot be registered: {error}")
            }
            Self::Encoding(why) => write!(f, "the registry cannot be encoded: {why}"),
            Self::Rejected(why) => write!(f, "the receiver rejected the push: {why}"),
            Self::Deadline(Some(why)) => {
                write!(f, "the push was not accepted before the deadline; the last attempt failed: {why}")
            }
            Self::Deadline(None) => f.write_str("the push was not accepted before the deadline"),
            Self::Unavailable => f.write_str("the task of the push has ended or is busy"),
        }
    }
}

impl Error for PushError {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        match self {
            Self::Registration(error) => Some(error),
            Self::Config(_)
            | Self::Encoding(_)
            | Self::Rejected(_)
            | Self::Deadline(_)
            | Self::Unavailable => None,
        }
    }
}
