//! Spans of requests, of actions of players, and of queries.
//!
//! They are made with `tracing` and go nowhere unless the feature `tracing` is on, which sends them to a collector of
//! OpenTelemetry. The span of a request follows that of the client, which comes with it in the field `traceparent`.

mod client;
#[cfg(feature = "tracing")]
mod context;
#[cfg(feature = "tracing")]
mod export;
#[cfg(not(feature = "tracing"))]
mod off;
mod server;

#[cfg(feature = "tracing")]
pub(crate) use self::export::Export;
#[cfg(not(feature = "tracing"))]
use self::off as context;
#[cfg(not(feature = "tracing"))]
pub(crate) use self::off::Export;
pub(crate) use self::{
    client::{answered, asking},
    server::request,
};
