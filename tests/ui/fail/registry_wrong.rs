use std::sync::LazyLock;

use metrics_core::{Registry, counted};

static MINE: LazyLock<Registry> = LazyLock::new(Registry::new);
static TEXT: &str = "";

#[counted(registry = "MINE", docs = "no")]
fn text() {}

#[counted(registry = TEXT)]
fn another_type() {}

#[counted(registry = MINE.clone())]
fn an_expression() {}

fn main() {
    let _ = &MINE;
}
