//! Cost of instrumentation: this library, its peers and hand-written limits in one process.
//!
//! `cargo run --release -p benches` runs everything; a name (`count`, `scrape`) runs that part alone, `--quick` fewer rounds.
//! Rounds of all contestants are interleaved and the medians are compared, so that a noisy machine is noisy for all of them.

mod clock;
mod count;
mod formats;
mod function;
mod goals;
mod harness;
mod labels;
mod observe;
mod peers;
mod queries;
mod scrape;

/// Writes pages of series with string labels.
fn strings() {
    scrape::run_strings();
    formats::run_strings();
}

fn main() {
    let wanted: Vec<String> =
        std::env::args().skip(1).filter(|argument| !argument.starts_with("--")).collect();
    // The last part is in two others.
    let parts: [(&str, fn()); 8] = [
        ("count", count::run),
        ("observe", observe::run),
        ("function", function::run),
        ("clock", clock::run),
        ("scrape", scrape::run),
        ("formats", formats::run),
        ("queries", queries::run),
        ("strings", strings),
    ];
    for (name, run) in parts {
        if (wanted.is_empty() && name != "strings") || wanted.iter().any(|wanted| wanted == name) {
            run();
        }
    }
    goals::print();
}
