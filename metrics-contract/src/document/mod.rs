//! YAML and JSON as one tree, with the place of each value.

mod alignment;
mod json;
mod node;
mod yaml;

pub(crate) use json::read_json;
pub(crate) use node::{Content, Node, ReadError};
pub(crate) use yaml::read_yaml;
