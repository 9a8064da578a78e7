//! The metrics endpoint of any HTTP server, on the types of the `http` crate.
//!
//! A scrape passes `request`, `respond`, `networks` (with `forwarded`), `credentials` (with `secret_file` and `secret`), `page`,
//! `page_queue` and `body`, in this order.

mod body;
mod credentials;
mod deadline;
mod error_response;
mod forwarded;
mod live_page;
mod metrics_endpoint;
mod networks;
mod page;
mod page_queue;
mod page_receiver;
mod request;
mod respond;
mod secret;
mod secret_file;

pub use body::{EndpointBody, StreamAborted};
pub use forwarded::ForwardedHeader;
pub use metrics_endpoint::MetricsEndpoint;
pub use request::EndpointRequest;
