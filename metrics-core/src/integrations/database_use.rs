//! Database operations of one request: their number and their time.

use std::{cell::Cell, future::poll_fn, pin::pin, time::Duration};

thread_local! {
    /// Operations that have ended on this thread.
    static ENDED: Cell<Totals> = const { Cell::new(Totals { operations: 0, nanos: 0 }) };
}

#[derive(Clone, Copy, Debug, Default)]
struct Totals {
    operations: u64,
    nanos: u64,
}

/// Number and time of the database operations of a request, see [`count_database_use`].
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct DatabaseUse {
    /// Operations that have ended, also with an error or because they were dropped.
    pub operations: u64,
    /// Sum of their durations. Operations that run at the same time count in full.
    pub duration: Duration,
}

/// Counts a database operation for the request whose future is polled on this thread.
///
/// The integrations call it themselves; a service calls it for a client that none of them measures.
///
/// ```
/// use std::time::Duration;
/// use metrics_core::record_database_operation;
///
/// record_database_operation(Duration::from_millis(3));
/// ```
#[inline]
pub fn record_database_operation(duration: Duration) {
    let nanos = u64::try_from(duration.as_nanos()).unwrap_or(u64::MAX);
    // A thread that ends has no request.
    let _ended = ENDED.try_with(|ended| {
        let Totals { operations, nanos: sum } = ended.get();
        ended.set(Totals { operations: operations.wrapping_add(1), nanos: sum.wrapping_add(nanos) });
    });
}

/// Runs a future and counts the database operations that end while it is polled.
///
/// Use it in the middleware of a web framework; `HttpMetrics::database_use` of `metrics-actix` has it built in. An operation of a
/// task that the future spawns, or of another thread, is not counted: only those that the future itself waits for are.
///
/// ```
/// # use std::{future::ready, time::Duration};
/// use metrics_core::{count_database_use, record_database_operation};
///
/// # async fn handler() { record_database_operation(Duration::from_millis(2)); ready(()).await; }
/// # async fn example() {
/// let (response, used) = count_database_use(handler()).await;
/// assert_eq!((used.operations, used.duration), (1, Duration::from_millis(2)));
/// # }
/// # let mut example = std::pin::pin!(example());
/// # let waker = std::task::Waker::noop();
/// # assert!(example.as_mut().poll(&mut std::task::Context::from_waker(waker)).is_ready());
/// ```
pub async fn count_database_use<F: Future>(future: F) -> (F::Output, DatabaseUse) {
    let scope = DatabaseUseScope::default();
    let mut future = pin!(future);
    // The closure owns the scope, so that the future can be sent to other threads.
    poll_fn(move |context| {
        scope.enter();
        let poll = future.as_mut().poll(context);
        scope.exit();
        poll.map(|output| (output, scope.total()))
    })
    .await
}

/// Count of the database operations that end between [`enter`](Self::enter) and [`exit`](Self::exit), on the thread of both.
///
/// It is what [`count_database_use`] consists of, for a middleware with a future of its own: enter before each poll, and exit after
/// it. Scopes may be inside one another; an operation counts in all of them.
///
/// ```
/// use std::time::Duration;
/// use metrics_core::{DatabaseUseScope, record_database_operation};
///
/// let scope = DatabaseUseScope::default();
/// scope.enter();
/// record_database_operation(Duration::from_millis(3)); // a poll of the request
/// scope.exit();
/// record_database_operation(Duration::from_millis(5)); // a poll of another one
/// assert_eq!(scope.total().duration, Duration::from_millis(3));
/// ```
#[derive(Debug, Default)]
pub struct DatabaseUseScope {
    counted: Cell<Totals>,
    /// Operations of this thread when the scope was entered; `None` outside of it.
    entered: Cell<Option<Totals>>,
}

impl DatabaseUseScope {
    /// Counts the operations of this thread from now on.
    #[inline]
    pub fn enter(&self) {
        self.entered.set(ENDED.try_with(Cell::get).ok());
    }

    /// Ends what [`enter`](Self::enter) has begun. Without it there is no effect.
    #[inline]
    pub fn exit(&self) {
        let (Some(start), Ok(end)) = (self.entered.take(), ENDED.try_with(Cell::get)) else { return };
        let Totals { operations, nanos } = self.counted.get();
        self.counted.set(Totals {
            operations: operations.wrapping_add(end.operations.wrapping_sub(start.operations)),
            nanos: nanos.wrapping_add(end.nanos.wrapping_sub(start.nanos)),
        });
    }

    /// Returns the operations so far, without those since an `enter` that has no `exit` yet.
    pub fn total(&self) -> DatabaseUse {
        let Totals { operations, nanos } = self.counted.get();
        DatabaseUse { operations, duration: Duration::from_nanos(nanos) }
    }
}

#[cfg(test)]
mod tests {
    use std::task::{Context, Poll, Waker};

    use super::*;

    /// Records an operation at each poll, and is ready with the last.
    fn operations(mut number: u64) -> impl Future<Output = ()> {
        poll_fn(move |_| {
            record_database_operation(Duration::from_micros(1));
            number -= 1;
            if number == 0 { Poll::Ready(()) } else { Poll::Pending }
        })
    }

    #[test]
    fn futures_that_take_turns_on_one_thread_do_not_mix() {
        let mut context = Context::from_waker(Waker::noop());
        let mut one = pin!(count_database_use(operations(3)));
        let mut other = pin!(count_database_use(operations(5)));
        let mut counts = [0; 2];
        for _ in 0..5 {
            if counts[0] == 0
                && let Poll::Ready(((), used)) = one.as_mut().poll(&mut context)
            {
                counts[0] = used.operations;
            }
            if let Poll::Ready(((), used)) = other.as_mut().poll(&mut context) {
                counts[1] = used.operations;
            }
        }
        assert_eq!(counts, [3, 5]);
    }

    #[test]
    fn scopes_inside_one_another_all_count() {
        let (outer, inner) = (DatabaseUseScope::default(), DatabaseUseScope::default());
        outer.enter();
        record_database_operation(Duration::from_micros(1));
        inner.enter();
        record_database_operation(Duration::from_micros(2));
        inner.exit();
        outer.exit();
        inner.exit();
        assert_eq!(inner.total(), DatabaseUse { operations: 1, duration: Duration::from_micros(2) });
        assert_eq!(outer.total(), DatabaseUse { operations: 2, duration: Duration::from_micros(3) });
    }
}
