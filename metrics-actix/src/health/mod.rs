//! The health route.

mod check;
mod health_route;
mod report;
mod shared_run;

pub use health_route::HealthRoute;
