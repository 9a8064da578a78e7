//! The rules that queries are checked by.

mod all;
mod known;
mod labels;
mod nearest;
mod recordings;
mod selectors;
mod shape;
mod walk;

pub use all::check;
