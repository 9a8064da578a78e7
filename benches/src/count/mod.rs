//! Counting: without labels, with three typed labels, and with a capped string.

mod capped;
mod plain;
mod typed;

/// Counts by every means, on one thread and on two.
pub(crate) fn run() {
    for threads in [1, 2] {
        plain::run(threads);
        typed::run(threads);
        capped::run(threads);
    }
}
