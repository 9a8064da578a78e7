//! Time of a count, a scrape, a registration and an annotated function as their numbers grow: a cliff is a time of a unit that
//! rises.
//!
//! `cargo run --release -p benches --bin growth`; parts of it with `-- counts series threads definitions functions`, and without
//! the largest numbers with `--quick`.

// An allocator is unsafe to implement; that of `definitions` counts and leaves the rest to the system's.
#![allow(unsafe_code)]

mod counts;
mod definitions;
mod functions;
mod report;
mod series;
mod threads;

use std::env;

use metrics_core::Registry;

fn main() {
    if functions::is_child() {
        return;
    }
    let (options, parts): (Vec<_>, Vec<_>) =
        env::args().skip(1).partition(|argument| argument.starts_with("--"));
    let is_quick = options.iter().any(|option| option == "--quick");
    let is_wanted = |part: &str| parts.is_empty() || parts.iter().any(|wanted| wanted == part);
    if is_wanted("counts") {
        counts::report(&Registry::new());
    }
    if is_wanted("series") {
        series::report(is_quick);
    }
    if is_wanted("threads") {
        threads::report();
    }
    if is_wanted("definitions") {
        definitions::report(is_quick);
    }
    if is_wanted("functions") {
        functions::report(is_quick);
    }
}
