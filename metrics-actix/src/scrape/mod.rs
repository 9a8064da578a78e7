//! The metrics route: the endpoint of metrics-core as a service of actix-web.

mod metrics_route;
mod response_body;
mod service;

pub use metrics_route::MetricsRoute;
