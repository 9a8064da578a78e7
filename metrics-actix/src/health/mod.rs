//! The health route.

mod check;
mod health_route;
mod report;

pub use health_route::HealthRoute;
