//! Polled values, on a clock that stands still until all tasks wait; with the feature `poll`.

#![cfg(all(feature = "poll", feature = "enabled"))]

use std::{
    sync::{
        Arc,
        atomic::{AtomicU32, Ordering::Relaxed},
    },
    time::Duration,
};

use metrics_core::{Poll, Registry, testing::value};
use tokio::{runtime::Handle, task::yield_now, time::sleep};

const PERIOD: Duration = Duration::from_secs(10);

fn polls(registry: &Registry, result: &str) -> Option<f64> {
    value(registry, &format!("metrics_polls_total{{poll=\"quota\",result=\"{result}\"}}"))
}

/// Polls with the result that a number of the poll, from 0, gives.
fn start(
    registry: &Registry,
    result: impl Fn(u32) -> Result<(), &'static str> + Send + Sync + 'static,
) -> Poll {
    let (number, result) = (AtomicU32::new(0), Arc::new(result));
    let poll = move || {
        let (number, result) = (number.fetch_add(1, Relaxed), Arc::clone(&result));
        async move { result(number) }
    };
    registry.poll_every(PERIOD, "quota", &Handle::current(), poll).unwrap()
}

#[tokio::test(start_paused = true)]
async fn once_a_period() {
    let registry = Registry::new();
    let _poll = start(&registry, |_| Ok(()));
    assert_eq!((polls(&registry, "ok"), polls(&registry, "error")), (Some(0.0), Some(0.0)));
    let success = "metrics_poll_last_success_timestamp_seconds{poll=\"quota\"}";
    assert_eq!(value(&registry, success), Some(0.0));
    sleep(PERIOD * 5 + PERIOD / 2).await;
    assert_eq!((polls(&registry, "ok"), polls(&registry, "error")), (Some(6.0), Some(0.0)));
    assert!(value(&registry, success) > Some(1e9));
}

#[tokio::test(start_paused = true)]
async fn errors_and_panics_double_the_wait() {
    // At 0, 20, 60, and a period after the success at 70.
    for (seconds, ok, error) in
        [(19, 0.0, 1.0), (59, 0.0, 2.0), (69, 1.0, 2.0), (71, 1.0, 3.0), (89, 1.0, 3.0)]
    {
        let registry = Registry::new();
        let _poll = start(&registry, |number| match number {
            0 => Err("no"),
            1 => panic!("the second poll"),
            2 => Ok(()),
            _ => Err("no more"),
        });
        sleep(Duration::from_secs(seconds)).await;
        assert_eq!(
            (polls(&registry, "ok"), polls(&registry, "error")),
            (Some(ok), Some(error)),
            "{seconds} s"
        );
    }
}

#[tokio::test(start_paused = true)]
async fn the_wait_has_a_limit() {
    let registry = Registry::new();
    let _poll = start(&registry, |_| Err("no"));
    // 2 + 4 + 8 + 16 + 32 periods, and then 32 each time.
    sleep(PERIOD * (62 + 3 * 32) + PERIOD / 2).await;
    assert_eq!(polls(&registry, "error"), Some(9.0));
}

#[tokio::test(start_paused = true)]
async fn a_closure_that_panics_is_called_again() {
    let registry = Registry::new();
    let mut number = 0;
    let poll = move || {
        number += 1;
        assert_ne!(number, 1, "the first call");
        async { Ok::<_, &str>(()) }
    };
    let _poll = registry.poll_every(PERIOD, "quota", &Handle::current(), poll).unwrap();
    sleep(PERIOD * 2 + PERIOD / 2).await;
    assert_eq!((polls(&registry, "ok"), polls(&registry, "error")), (Some(1.0), Some(1.0)));
}

#[tokio::test(start_paused = true)]
async fn one_poll_at_once_and_none_after_the_drop() {
    let registry = Registry::new();
    let (running, most) = (Arc::new(AtomicU32::new(0)), Arc::new(AtomicU32::new(0)));
    let (of_poll, of_most) = (Arc::clone(&running), Arc::clone(&most));
    let poll = move || {
        let (running, most) = (Arc::clone(&of_poll), Arc::clone(&of_most));
        async move {
            most.fetch_max(running.fetch_add(1, Relaxed) + 1, Relaxed);
            sleep(PERIOD * 3).await;
            running.fetch_sub(1, Relaxed);
            Ok::<_, &str>(())
        }
    };
    let poll = registry.poll_every(PERIOD, "quota", &Handle::current(), poll).unwrap();
    sleep(PERIOD * 9).await;
    assert_eq!(most.load(Relaxed), 1);
    assert_eq!(running.load(Relaxed), 1, "the third poll is running");
    drop(poll);
    while Arc::strong_count(&running) > 1 {
        yield_now().await;
    }
    assert_eq!(registry.text(), "");
}
