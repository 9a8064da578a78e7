//! Observing a duration in 14 buckets.

use std::{
    sync::{
        LazyLock,
        atomic::{AtomicU64, Ordering::Relaxed},
    },
    time::Duration,
};

use measured::metric::histogram::Thresholds;
use metrics_core::{Definition, Histogram, Registry};
use prometheus::HistogramOpts;

use crate::{
    harness::{Contestant, compare},
    peers::{self, BOUNDS},
};

static OURS: LazyLock<Histogram> = LazyLock::new(|| {
    let definition = Definition::new("work_duration_seconds", "Work.").buckets(&BOUNDS);
    Registry::global().register(&definition).expect("a legal definition")
});

/// The limit: a table indexed by leading zeros, and two thread-local slots.
struct Limit {
    start: [u8; 65],
    nanos: [u64; 15],
}

static LIMIT: LazyLock<Limit> = LazyLock::new(|| {
    let mut nanos = [u64::MAX; 15];
    for (nanos, bound) in nanos.iter_mut().zip(BOUNDS) {
        *nanos = u64::try_from(Duration::from_secs_f64(bound).as_nanos()).expect("a short duration");
    }
    let mut start = [0; 65];
    for (zeros, start) in (0_u32..).zip(&mut start) {
        let least = 1_u64.checked_shl(63_u32.wrapping_sub(zeros)).unwrap_or(0);
        *start = u8::try_from(nanos.partition_point(|bound| *bound < least)).expect("15 buckets");
    }
    Limit { start, nanos }
});

thread_local! {
    static SLOTS: [AtomicU64; 16] = const { [const { AtomicU64::new(0) }; 16] };
}

fn observe_in_slots(limit: &Limit, nanos: u64) {
    let mut bucket = usize::from(limit.start[nanos.leading_zeros() as usize]);
    while nanos > limit.nanos[bucket] {
        bucket += 1;
    }
    SLOTS.with(|slots| {
        let add = |slot: &AtomicU64, amount| slot.store(slot.load(Relaxed).wrapping_add(amount), Relaxed);
        add(&slots[bucket], 1);
        add(&slots[15], nanos);
    });
}

/// 1,024 durations of all magnitudes, some below every bound and some above.
fn durations() -> Vec<Duration> {
    let nanos = |number: u64| number.wrapping_mul(0x9E37_79B9_7F4A_7C15) >> (28 + number % 24);
    (1..=1024).map(|number| Duration::from_nanos(nanos(number))).collect()
}

/// Observes by every means, on one thread and on two.
pub(crate) fn run() {
    for threads in [1, 2] {
        let (ours, limit) = (OURS.clone(), &*LIMIT);
        let mut contestants = vec![
            Contestant::over("ours", durations(), move |duration| ours.observe_duration(*duration)),
            Contestant::over("limit: a table by leading zeros and two slots", durations(), |duration| {
                observe_in_slots(limit, u64::try_from(duration.as_nanos()).unwrap_or(u64::MAX));
            }),
        ];
        contestants.extend(others());
        compare("observe a duration, 14 buckets", threads, &contestants);
    }
}

fn others() -> [Contestant; 5] {
    let opts = HistogramOpts::new("work_duration_seconds", "Work.").buckets(BOUNDS.to_vec());
    let by_hand = prometheus::Histogram::with_opts(opts).expect("legal options");
    let official = prometheus_client::metrics::histogram::Histogram::new(BOUNDS);
    let fast = fastmetrics::metrics::histogram::Histogram::new(BOUNDS);
    let measured = measured::Histogram::with_metadata(Thresholds::with_buckets(BOUNDS));
    let handle = peers::install_facade();
    let facade = metrics::histogram!("work_duration_seconds");
    [
        Contestant::over("prometheus by hand", durations(), move |duration| {
            by_hand.observe(duration.as_secs_f64());
        }),
        Contestant::over("prometheus-client", durations(), move |duration| {
            official.observe(duration.as_secs_f64());
        }),
        Contestant::over("measured", durations(), move |duration| measured.observe(duration.as_secs_f64())),
        // It keeps every value until somebody does the upkeep, which is a part of the work.
        Contestant::new("metrics, a kept handle, with its upkeep", move |iterations| {
            let durations = durations();
            for (number, duration) in (1..=iterations).zip(durations.iter().cycle()) {
                facade.record(duration.as_secs_f64());
                if number % (1 << 16) == 0 {
                    handle.run_upkeep();
                }
            }
        }),
        Contestant::over("fastmetrics", durations(), move |duration| fast.observe(duration.as_secs_f64())),
    ]
}
