//! Carriers of requests to a receiver.

use std::pin::Pin;

use super::protocol::{PushRequest, PushResponse};

/// Attempt to send a request. Dropping it abandons the attempt.
pub(crate) type Attempt = Pin<Box<dyn Future<Output = Result<PushResponse, TransportError>> + Send>>;

/// Carrier of requests to a receiver: an HTTP client, or a folder.
pub(crate) trait Transport: Send + Sync + 'static {
    /// Sends a request and reads the response, or its first kilobytes. The attempt ends within a time-out.
    fn send(&self, request: PushRequest) -> Attempt;
}

/// Reason for which there was no response, without any secret. The request is sent again.
#[derive(Debug)]
pub(crate) struct TransportError(pub(crate) String);
