//! Loom models of the lock-free parts: the code itself, with every interleaving of a few threads (`scripts/loom`).

mod chunks;
mod guarded;
mod handover;
mod removal;
mod reuse;
mod series;
mod thread_cache;

use loom::thread::JoinHandle;

use crate::{
    cell::{CellKind, SeriesShape, Slots, end_thread},
    sync::forget_locals,
};

const INTEGER: SeriesShape = SeriesShape { width: 1, special: CellKind::Integer };
const FLOAT: SeriesShape = SeriesShape { width: 1, special: CellKind::Float };
const GAUGE: SeriesShape = SeriesShape { width: 2, special: CellKind::Mark };
const SHARED: SeriesShape = SeriesShape { width: 1, special: CellKind::Shared };

/// Runs a model in every interleaving with at most `preemptions` switches that no thread asked for;
/// `LOOM_MAX_PREEMPTIONS` in the environment says otherwise.
fn model(preemptions: usize, threads: impl Fn() + Send + Sync + 'static) {
    let mut builder = loom::model::Builder::new();
    builder.preemption_bound.get_or_insert(preemptions);
    builder.max_branches = 20_000;
    let executions = std::sync::Arc::new(std::sync::atomic::AtomicUsize::new(0));
    let count = std::sync::Arc::clone(&executions);
    builder.check(move || {
        count.fetch_add(1, std::sync::atomic::Ordering::Relaxed);
        forget_locals();
        threads();
        end_thread();
    });
    println!("{executions:?} executions");
}

/// A thread that hands its slab on when it ends.
fn spawn(run: impl FnOnce() + 'static) -> JoinHandle<()> {
    loom::thread::spawn(|| {
        run();
        end_thread();
    })
}

fn counter() -> Slots {
    Slots::allocate(1, INTEGER).expect("slots")
}
