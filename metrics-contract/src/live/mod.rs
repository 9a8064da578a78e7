//! A page of a running service beside the lock.

mod compare;
mod page;

pub use compare::page_differences;
