//! Tests of the live page by subject.

mod access;
mod accessibility;
mod arithmetic;
mod families;
mod functions;
mod groups;
mod hostile;
mod http;
mod process;

use metrics_core::{Capped, LabelSet};

/// Labels of a function, and of anything else with two labels.
#[derive(Clone, Debug, LabelSet)]
struct Function {
    function: Capped<200>,
    module: Capped<10>,
}

impl Function {
    fn new(function: &str, module: &str) -> Self {
        Self { function: function.into(), module: module.into() }
    }
}
