//! Annotated functions that return a `Result`, sync and async.

use std::{
    hint::black_box,
    pin::pin,
    sync::LazyLock,
    task::{Context, Poll, Waker},
};

use metrics_core::{counted, observed, timed};

use crate::{
    contestant,
    harness::{Contestant, compare},
};

#[inline(never)]
fn plain(number: u64) -> Result<u64, u64> {
    if black_box(number) == 0 { Err(number) } else { Ok(number) }
}

#[counted]
#[inline(never)]
fn counted(number: u64) -> Result<u64, u64> {
    if black_box(number) == 0 { Err(number) } else { Ok(number) }
}

#[counted]
#[timed]
#[inline(never)]
fn counted_timed(number: u64) -> Result<u64, u64> {
    if black_box(number) == 0 { Err(number) } else { Ok(number) }
}

#[counted]
#[timed(name = "native_duration_seconds", help = "Time.", labels(result), native)]
#[inline(never)]
fn counted_timed_native(number: u64) -> Result<u64, u64> {
    if black_box(number) == 0 { Err(number) } else { Ok(number) }
}

#[observed]
#[inline(never)]
fn observed(number: u64) -> Result<u64, u64> {
    if black_box(number) == 0 { Err(number) } else { Ok(number) }
}

#[counted]
#[timed]
#[allow(clippy::unused_async)] // what is measured is the annotation
async fn counted_timed_async(number: u64) -> Result<u64, u64> {
    if black_box(number) == 0 { Err(number) } else { Ok(number) }
}

#[observed]
#[allow(clippy::unused_async)]
async fn observed_async(number: u64) -> Result<u64, u64> {
    if black_box(number) == 0 { Err(number) } else { Ok(number) }
}

/// Counts by caller and result, and times.
#[autometrics::autometrics]
#[inline(never)]
fn autometrics_sync(number: u64) -> Result<u64, u64> {
    if black_box(number) == 0 { Err(number) } else { Ok(number) }
}

#[autometrics::autometrics]
#[allow(clippy::unused_async)]
async fn autometrics_async(number: u64) -> Result<u64, u64> {
    if black_box(number) == 0 { Err(number) } else { Ok(number) }
}

/// The peer metered: it has no labels and counts errors only. Its metrics are fields of the value whose method is called.
#[allow(missing_debug_implementations, unused_qualifications, unreachable_pub, clippy::all, clippy::pedantic)]
mod with_metered {
    use std::hint::black_box;

    use metered::{ErrorCount, HitCount, ResponseTime, metered};

    #[derive(Default)]
    pub(super) struct Service {
        metrics: ServiceMetrics,
    }

    #[metered(registry = ServiceMetrics)]
    impl Service {
        #[measure([HitCount, ErrorCount, ResponseTime])]
        #[inline(never)]
        pub(super) fn call(&self, number: u64) -> Result<u64, u64> {
            if black_box(number) == 0 { Err(number) } else { Ok(number) }
        }

        #[measure([HitCount, ErrorCount, ResponseTime])]
        pub(super) async fn call_async(&self, number: u64) -> Result<u64, u64> {
            if black_box(number) == 0 { Err(number) } else { Ok(number) }
        }
    }
}

static METERED: LazyLock<with_metered::Service> = LazyLock::new(Default::default);

fn ready<T>(future: impl Future<Output = T>) -> T {
    match pin!(future).poll(&mut Context::from_waker(Waker::noop())) {
        Poll::Ready(value) => value,
        Poll::Pending => unreachable!("the future does not wait"),
    }
}

/// Calls the functions, on one thread and on two.
pub(crate) fn run() {
    for threads in [1, 2] {
        let mut contestants = ours();
        contestants.extend(peers());
        compare("a function that returns a Result", threads, &contestants);
    }
}

fn ours() -> Vec<Contestant> {
    let clock = quanta::Clock::new();
    vec![
        contestant!("ours, #[counted] #[timed]", counted_timed(black_box(7))),
        contestant!("ours, #[counted] #[timed], async", ready(counted_timed_async(black_box(7)))),
        contestant!("ours, #[counted] #[timed(native)]", counted_timed_native(black_box(7))),
        contestant!("ours, #[observed]", observed(black_box(7))),
        contestant!("ours, #[observed], async", ready(observed_async(black_box(7)))),
        contestant!("ours, #[counted]", counted(black_box(7))),
        contestant!("limit: two raw clock reads", {
            let start = clock.raw();
            let value = plain(black_box(7));
            (clock.delta_as_nanos(start, clock.raw()), value)
        }),
        contestant!("(the function itself)", plain(black_box(7))),
    ]
}

fn peers() -> [Contestant; 4] {
    let metered = &*METERED;
    [
        contestant!("autometrics", autometrics_sync(black_box(7))),
        contestant!("autometrics, async", ready(autometrics_async(black_box(7)))),
        contestant!("metered, HitCount ErrorCount ResponseTime", metered.call(black_box(7))),
        contestant!(
            "metered, HitCount ErrorCount ResponseTime, async",
            ready(metered.call_async(black_box(7)))
        ),
    ]
}
