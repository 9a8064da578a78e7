//! Integrations of databases: what they add to a query.

use std::{
    cell::Cell,
    hint::black_box,
    pin::pin,
    sync::Arc,
    task::{Context, Waker},
    time::Duration,
};

use metrics_core::{DatabaseUseScope, PoolTimes, Registry, SqlxQueries, record_database_operation};
use tracing::Dispatch;
use tracing_subscriber::layer::SubscriberExt as _;

use crate::{
    contestant,
    harness::{Contestant, compare},
};

pub(crate) const OF_REQUEST: &str = "count a query for its request";
pub(crate) const EVENT: &str = "the event of a query of sqlx";

const DURATION: Duration = Duration::from_millis(3);

thread_local! {
    static COUNT: Cell<u64> = const { Cell::new(0) };
}

/// Measures what a query takes.
pub(crate) fn run() {
    compare(
        OF_REQUEST,
        1,
        &[
            contestant!("limit: an addition in a thread-local", COUNT.set(COUNT.get() + black_box(1))),
            contestant!("ours", record_database_operation(black_box(DURATION))),
            contestant!("ours, with the poll of the request", {
                let scope = DatabaseUseScope::default();
                scope.enter();
                record_database_operation(black_box(DURATION));
                scope.exit();
                scope.total()
            }),
        ],
    );
    let registry = Registry::new();
    let queries = SqlxQueries::register_in(&registry, "sqlite").expect("an empty registry");
    compare(
        EVENT,
        1,
        &[
            events("limit: a subscriber without layers", tracing_subscriber::registry().into()),
            events("ours", tracing_subscriber::registry().with(queries.layer()).into()),
        ],
    );
    let times = PoolTimes::register_in(&registry, "main").expect("a new name");
    compare(
        "wait for a connection and its use",
        1,
        &[contestant!("ours, PoolTimes", {
            let wait = times.wait(std::future::ready(Ok::<_, ()>(1)), |()| false);
            pin!(wait).as_mut().poll(&mut Context::from_waker(Waker::noop())).is_ready()
        })],
    );
}

/// Gives a subscriber the events that sqlx gives.
fn events(name: &'static str, subscriber: Dispatch) -> Contestant {
    let subscriber = Arc::new(subscriber);
    Contestant::new(name, move |iterations| {
        tracing::dispatcher::with_default(&subscriber, || {
            for _ in 0..iterations {
                tracing::event!(
                    target: "sqlx::query",
                    tracing::Level::DEBUG,
                    summary = black_box("SELECT name FROM players …"),
                    db.statement = "",
                    rows_affected = 0_u64,
                    rows_returned = 1_u64,
                    elapsed_secs = black_box(0.003),
                );
            }
        });
    })
}
