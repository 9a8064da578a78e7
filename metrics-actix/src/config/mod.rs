//! Configuration of [`HttpMetrics`](crate::HttpMetrics).

mod endpoints;
mod labels;
mod measures;
mod names;
