//! An application that shows the metrics of a library that it uses.
//!
//! `cargo run -p library-application -- red green red`. See README.md.

use std::env;

use library::Cache;
use metrics_core::{Registry, counted};

/// Makes an entry for the cache.
#[counted]
fn load(key: &str) -> String {
    key.to_uppercase()
}

fn main() {
    let mut cache = Cache::default();
    for key in env::args().skip(1) {
        cache.get(&key, load);
    }
    // One page for the metrics of the application and of all libraries.
    print!("{}", Registry::global().text());
}
