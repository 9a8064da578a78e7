//! Tests of the integrations with the crates and servers that they measure, in `tests/`, and the steps that two of them share.

pub mod statements;
