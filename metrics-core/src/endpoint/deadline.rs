//! Deadlines of async code without an async runtime: one thread wakes the tasks whose deadline has come.

use std::{
    future::{Future, poll_fn},
    pin::pin,
    sync::{
        Arc, Mutex, MutexGuard, PoisonError, Weak,
        mpsc::{self, RecvTimeoutError},
    },
    task::{Context, Poll, Waker},
    thread,
    time::{Duration, Instant},
};

/// Replacement for durations that are past the end of the clock.
const YEAR: Duration = Duration::from_secs(365 * 24 * 3600);

/// A point in time for which a task can wait.
#[derive(Debug)]
pub(super) struct Deadline {
    at: Instant,
    /// Created when the task first waits.
    alarm: Option<Arc<Alarm>>,
}

/// A task and the time to wake it.
#[derive(Debug)]
struct Alarm {
    at: Instant,
    waker: Mutex<Option<Waker>>,
}

/// Sender to the thread that wakes tasks, once it is started.
static SCHEDULE: Mutex<Option<mpsc::Sender<Weak<Alarm>>>> = Mutex::new(None);

impl Deadline {
    /// Creates a deadline after a time from now.
    pub(super) fn after(time: Duration) -> Self {
        let now = Instant::now();
        Self { at: now.checked_add(time).unwrap_or_else(|| now + YEAR), alarm: None }
    }

    /// Returns the time of the deadline.
    pub(super) const fn at(&self) -> Instant {
        self.at
    }

    /// Returns whether the deadline has come.
    pub(super) fn has_passed(&self) -> bool {
        Instant::now() >= self.at
    }

    /// Returns the output of a future, or `None` if the deadline comes first.
    pub(super) async fn bound<T>(&mut self, future: impl Future<Output = T>) -> Option<T> {
        let mut future = pin!(future);
        poll_fn(|context| match future.as_mut().poll(context) {
            Poll::Ready(output) => Poll::Ready(Some(output)),
            Poll::Pending => self.poll(context).map(|()| None),
        })
        .await
    }

    /// Polls the deadline: ready once it has come, or at once if no thread can be started to wait for it.
    pub(super) fn poll(&mut self, context: &Context<'_>) -> Poll<()> {
        if let Some(alarm) = &self.alarm {
            *lock(&alarm.waker) = Some(context.waker().clone());
        } else if !self.has_passed() {
            let waker = Mutex::new(Some(context.waker().clone()));
            let alarm = Arc::new(Alarm { at: self.at, waker });
            if !schedule(&alarm) {
                return Poll::Ready(());
            }
            self.alarm = Some(alarm);
        }
        // Checked last, as the alarm may already have woken the former waker.
        if self.has_passed() { Poll::Ready(()) } else { Poll::Pending }
    }
}

/// Sends an alarm to the thread that wakes tasks, which is started if necessary; returns whether that succeeded.
fn schedule(alarm: &Arc<Alarm>) -> bool {
    let mut schedule = lock(&SCHEDULE);
    if let Some(sender) = &*schedule
        && sender.send(Arc::downgrade(alarm)).is_ok()
    {
        return true;
    }
    let (sender, receiver) = mpsc::channel();
    let thread = thread::Builder::new().name("metrics-deadline".into());
    if let Err(error) = thread.spawn(move || run_alarms(&receiver)) {
        log::error!("cannot start a thread for the deadline of a scrape: {error}");
        return false;
    }
    let is_sent = sender.send(Arc::downgrade(alarm)).is_ok();
    *schedule = Some(sender);
    is_sent
}

/// Wakes tasks at their times. Alarms of tasks that no longer wait are dropped.
fn run_alarms(scheduled: &mpsc::Receiver<Weak<Alarm>>) {
    let mut alarms: Vec<Weak<Alarm>> = Vec::new();
    loop {
        let now = Instant::now();
        let mut next: Option<Instant> = None;
        alarms.retain(|alarm| {
            let Some(alarm) = alarm.upgrade() else { return false };
            if alarm.at > now {
                next = Some(next.map_or(alarm.at, |next| next.min(alarm.at)));
                return true;
            }
            let waker = lock(&alarm.waker).take();
            if let Some(waker) = waker {
                waker.wake();
            }
            false
        });
        let time = next.map_or(YEAR, |next| next.saturating_duration_since(now));
        match scheduled.recv_timeout(time) {
            Ok(alarm) => alarms.push(alarm),
            Err(RecvTimeoutError::Timeout) => {}
            Err(RecvTimeoutError::Disconnected) => return,
        }
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use std::{
        future::{pending, ready},
        task::Wake,
    };

    use super::*;

    struct Unpark(thread::Thread);

    impl Wake for Unpark {
        fn wake(self: Arc<Self>) {
            self.0.unpark();
        }
    }

    /// Runs a future on this thread, without a runtime.
    fn block_on<T>(future: impl Future<Output = T>) -> T {
        let waker = Waker::from(Arc::new(Unpark(thread::current())));
        let mut future = pin!(future);
        loop {
            match future.as_mut().poll(&mut Context::from_waker(&waker)) {
                Poll::Ready(output) => return output,
                Poll::Pending => thread::park(),
            }
        }
    }

    #[test]
    fn pending_future_ends_at_the_deadline() {
        // A later deadline does not delay an earlier one.
        let mut later = Deadline::after(YEAR);
        assert!(later.poll(&Context::from_waker(Waker::noop())).is_pending());
        for time in [20, 1, 0] {
            let mut deadline = Deadline::after(Duration::from_millis(time));
            assert_eq!(block_on(deadline.bound(pending::<()>())), None);
            assert!(deadline.has_passed());
        }
        assert!(later.poll(&Context::from_waker(Waker::noop())).is_pending());
    }

    #[test]
    fn ready_future_gives_its_output() {
        for time in [Duration::ZERO, Duration::MAX] {
            assert_eq!(block_on(Deadline::after(time).bound(ready(1))), Some(1));
        }
    }
}
