//! The metrics route.

mod credentials;
mod error_response;
mod live_page;
mod metrics_route;
mod networks;
mod options;
mod page;
mod page_body;
mod page_queue;
mod secret;
mod serve;

pub use metrics_route::MetricsRoute;
pub use networks::ForwardedHeader;
