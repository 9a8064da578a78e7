//! Counting without labels.

use std::{
    cell::RefCell,
    sync::{
        LazyLock,
        atomic::{AtomicU64, Ordering::Relaxed},
    },
};

use metrics_core::{Counter, Definition, Registry};
use prometheus::{IntCounter, local::LocalIntCounter};

use crate::{contestant, harness::compare, peers};

static OURS: LazyLock<Counter> = LazyLock::new(|| {
    Registry::global().register(&Definition::new("plain_total", "Plain.")).expect("a legal definition")
});
static BY_HAND: LazyLock<IntCounter> =
    LazyLock::new(|| IntCounter::new("plain_total", "Plain.").expect("a legal definition"));
static OFFICIAL: LazyLock<prometheus_client::metrics::counter::Counter> = LazyLock::new(Default::default);
static MEASURED: LazyLock<measured::Counter> = LazyLock::new(measured::Counter::new);
static FAST: LazyLock<fastmetrics::metrics::counter::Counter> = LazyLock::new(Default::default);
static METERED: LazyLock<metered::HitCount> = LazyLock::new(Default::default);
/// The facade's macro looks the metric up by name at each use; a kept handle is faster.
static FACADE: LazyLock<metrics::Counter> = LazyLock::new(|| {
    peers::install_facade();
    metrics::counter!("plain_total")
});

thread_local! {
    /// The limit: a thread-local slot that a scrape can read.
    static SLOT: AtomicU64 = const { AtomicU64::new(0) };
    /// A thread-local counter that the caller has to flush before a page shows it.
    static LOCAL: RefCell<LocalIntCounter> = RefCell::new(BY_HAND.local());
}

fn count_in_slot() {
    SLOT.with(|slot| slot.store(slot.load(Relaxed) + 1, Relaxed));
}

/// Each static is dereferenced once, outside the loops, as a service keeps its handles.
pub(super) fn run(threads: usize) {
    let ours = OURS.clone();
    let (by_hand, official, measured) = (&*BY_HAND, &*OFFICIAL, &*MEASURED);
    let (fast, metered, facade) = (&*FAST, &*METERED, &*FACADE);
    compare(
        "count, no labels",
        threads,
        &[
            contestant!("ours", ours.inc()),
            contestant!("limit: a raw per-thread slot", count_in_slot()),
            contestant!("prometheus by hand", by_hand.inc()),
            contestant!(
                "prometheus, local() and a flush each 1024 counts",
                LOCAL.with_borrow_mut(|local| {
                    local.inc();
                    if local.get() >= 1024 {
                        local.flush();
                    }
                })
            ),
            contestant!("prometheus-client", official.inc()),
            contestant!("measured", measured.inc()),
            contestant!("metrics, a kept handle", facade.increment(1)),
            contestant!("metered, HitCount", metered.0.incr()),
            contestant!("fastmetrics", fast.inc()),
        ],
    );
}
