//! Targets of pushes.

use std::fmt;

use super::{error::PushError, protocol::Protocol, transport::Transport};

/// Receiver of pushes, such as a [`Pushgateway`](super::Pushgateway). The trait is sealed.
pub trait PushTarget: IntoDestination {}

impl<T: IntoDestination> PushTarget for T {}

/// Conversion of a target's options to its protocol and carrier.
pub trait IntoDestination {
    /// Checks the options. `job` is the name of the batch job that pushes, if one does.
    ///
    /// # Errors
    ///
    /// Returns the first invalid option.
    fn into_destination(self, job: Option<&str>) -> Result<Destination, PushError>;
}

/// Protocol and carrier of a target.
pub struct Destination {
    pub(super) protocol: Box<dyn Protocol>,
    pub(super) transport: Box<dyn Transport>,
    /// Page of an earlier run of the same job, where a push replaces it.
    pub(super) former_page: Option<String>,
}

impl Destination {
    pub(super) fn new(protocol: impl Protocol, transport: impl Transport) -> Self {
        Self { protocol: Box::new(protocol), transport: Box::new(transport), former_page: None }
    }
}

impl fmt::Debug for Destination {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Destination").field("protocol", &self.protocol.name()).finish_non_exhaustive()
    }
}
