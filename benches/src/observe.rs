//! Observing a duration in 14 buckets.

use std::{cell::Cell, hint::black_box, sync::LazyLock, time::Duration};

use metrics_core::{Definition, Histogram, Registry};
use prometheus::HistogramOpts;

use crate::{contestant, harness::compare};

/// 14 bounds from 1 ms to 8 s, each twice the one before.
const BOUNDS: [f64; 14] = {
    let mut bounds = [0.001; 14];
    let mut at = 1;
    while at < bounds.len() {
        bounds[at] = bounds[at - 1] * 2.0;
        at += 1;
    }
    bounds
};

static REGISTRY: LazyLock<Registry> = LazyLock::new(Registry::new);
static OURS: LazyLock<Histogram> = LazyLock::new(|| {
    let definition = Definition::new("work_duration_seconds", "Work.").buckets(&BOUNDS);
    REGISTRY.register(&definition).expect("a legal definition")
});
static THEIRS: LazyLock<prometheus::Histogram> = LazyLock::new(|| {
    let opts = HistogramOpts::new("work_duration_seconds", "Work.").buckets(BOUNDS.to_vec());
    prometheus::Histogram::with_opts(opts).expect("legal options")
});

/// The limit: a table by leading zeros, and two slots of the thread's own.
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
    static SLOTS: [Cell<u64>; 16] = const { [const { Cell::new(0) }; 16] };
}

fn observe_in_slots(nanos: u64) {
    let limit = &*LIMIT;
    let mut bucket = usize::from(limit.start[nanos.leading_zeros() as usize]);
    while nanos > limit.nanos[bucket] {
        bucket += 1;
    }
    SLOTS.with(|slots| {
        slots[bucket].set(slots[bucket].get() + 1);
        slots[15].set(slots[15].get() + nanos);
    });
}

/// Durations of all magnitudes: some below every bound, some above.
fn duration(number: u64) -> Duration {
    Duration::from_nanos(number.wrapping_mul(0x9E37_79B9_7F4A_7C15) >> (28 + number % 24))
}

/// Observes by every means, on one thread and on two.
pub(crate) fn run() {
    for threads in [1, 2] {
        let contestants = [
            looped("ours", |duration| OURS.observe_duration(duration)),
            looped("limit: a table by leading zeros and two raw slots", |duration| {
                observe_in_slots(u64::try_from(duration.as_nanos()).unwrap_or(u64::MAX));
            }),
            looped("prometheus by hand", |duration| THEIRS.observe(duration.as_secs_f64())),
            contestant!("(making the durations)", duration(black_box(7))),
        ];
        compare("observe a duration, 14 buckets", threads, &contestants);
    }
}

fn looped(name: &'static str, observe: impl Fn(Duration) + Sync + 'static) -> crate::harness::Contestant {
    crate::harness::Contestant::new(name, move |iterations| {
        for number in 0..iterations {
            observe(duration(black_box(number)));
        }
    })
}
