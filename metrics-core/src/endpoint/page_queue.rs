//! Queue of chunks from the thread that makes a page to the task that sends it, with an outcome and a deadline.

use std::{
    collections::VecDeque,
    ops::ControlFlow,
    sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError},
    task::{Context, Poll, Waker},
    time::{Duration, Instant},
};

use crate::exposition::{Chunk, ScrapePermit};

/// Maximal number of chunks that wait for the scraper.
const CAPACITY: usize = 2;

/// Outcome of a page.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum PageOutcome {
    /// The scraper received the whole page.
    Complete,
    /// The deadline came, or the scraper took nothing for too long.
    TimedOut,
    /// The scraper went away.
    Abandoned,
    /// The page could not be made.
    Failed,
}

#[derive(Debug)]
struct QueueState {
    waiting: VecDeque<Chunk>,
    /// Permit of the scrape, held while the page uses memory or a thread.
    permit: Option<ScrapePermit>,
    outcome: Option<PageOutcome>,
    receiver: Option<Waker>,
}

#[derive(Debug)]
struct Queue {
    state: Mutex<QueueState>,
    /// Notified when a chunk is taken, and when the page ends.
    taken: Condvar,
    limits: PageLimits,
}

/// Times at which a page is given up.
#[derive(Clone, Copy, Debug)]
pub(super) struct PageLimits {
    /// Time at which the page has to be complete.
    pub(super) deadline: Instant,
    /// Time in which the scraper has to take the next chunk.
    pub(super) send_timeout: Duration,
}

impl PageLimits {
    /// Returns the time for which a chunk may still wait; `None` after the deadline.
    fn remaining(&self) -> Option<Duration> {
        let until_deadline = self.deadline.checked_duration_since(Instant::now());
        until_deadline.filter(|time| !time.is_zero()).map(|time| time.min(self.send_timeout))
    }
}

impl Queue {
    fn lock(&self) -> MutexGuard<'_, QueueState> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Sets the outcome unless there is one, and frees the chunks; returns the outcome.
    fn end(&self, state: &mut QueueState, outcome: PageOutcome) -> PageOutcome {
        if let Some(outcome) = state.outcome {
            return outcome;
        }
        if let Some(permit) = &state.permit {
            match outcome {
                PageOutcome::Complete | PageOutcome::Failed => permit.finished(),
                PageOutcome::TimedOut => permit.timed_out(),
                PageOutcome::Abandoned => permit.abandoned(),
            }
        }
        state.outcome = Some(outcome);
        state.waiting = VecDeque::new();
        self.taken.notify_all();
        if let Some(waker) = state.receiver.take() {
            waker.wake();
        }
        outcome
    }
}

/// Creates the two ends of a queue, which share the permit.
pub(super) fn queue(permit: ScrapePermit, limits: PageLimits) -> (QueueSender, QueueReceiver) {
    let state = QueueState { waiting: VecDeque::new(), permit: Some(permit), outcome: None, receiver: None };
    let shared = Arc::new(Queue { state: Mutex::new(state), taken: Condvar::new(), limits });
    (QueueSender(Arc::clone(&shared)), QueueReceiver(shared))
}

/// Sending end, of the thread that makes the page.
#[derive(Debug)]
pub(super) struct QueueSender(Arc<Queue>);

impl QueueSender {
    /// Sends a chunk. Blocks while the queue is full, and after the last chunk until the queue is empty.
    pub(super) fn send(&self, chunk: Chunk) -> ControlFlow<()> {
        let is_last = chunk.is_last;
        let most = if is_last { 0 } else { CAPACITY - 1 };
        let mut state = self.0.lock();
        if state.outcome.is_none() {
            state.waiting.push_back(chunk);
            if let Some(waker) = state.receiver.take() {
                waker.wake();
            }
        }
        while state.outcome.is_none() && state.waiting.len() > most {
            let waiting = state.waiting.len();
            let Some(remaining) = self.0.limits.remaining() else {
                self.0.end(&mut state, PageOutcome::TimedOut);
                break;
            };
            let is_full = |state: &mut QueueState| state.outcome.is_none() && state.waiting.len() == waiting;
            let (after, timeout) = self
                .0
                .taken
                .wait_timeout_while(state, remaining, is_full)
                .unwrap_or_else(PoisonError::into_inner);
            state = after;
            if timeout.timed_out() {
                self.0.end(&mut state, PageOutcome::TimedOut);
            }
        }
        match state.outcome {
            None => ControlFlow::Continue(()),
            // The scraper took the last chunk.
            Some(PageOutcome::Complete) if is_last => ControlFlow::Continue(()),
            Some(_) => ControlFlow::Break(()),
        }
    }
}

impl Drop for QueueSender {
    fn drop(&mut self) {
        let mut state = self.0.lock();
        // Without effect, unless the thread panicked or did not start.
        self.0.end(&mut state, PageOutcome::Failed);
        drop(state.permit.take());
    }
}

/// Receiving end, of the task that sends the page.
#[derive(Debug)]
pub(super) struct QueueReceiver(Arc<Queue>);

impl QueueReceiver {
    /// Polls for the next chunk; the error is the outcome of an ended page.
    pub(super) fn poll(&self, context: &Context<'_>) -> Poll<Result<Chunk, PageOutcome>> {
        let mut state = self.0.lock();
        if let Some(outcome) = state.outcome {
            return Poll::Ready(Err(outcome));
        }
        let Some(chunk) = state.waiting.pop_front() else {
            state.receiver = Some(context.waker().clone());
            return Poll::Pending;
        };
        if chunk.is_last {
            self.0.end(&mut state, PageOutcome::Complete);
            // The scraper may ask for the next page before this thread has ended.
            drop(state.permit.take());
        }
        self.0.taken.notify_all();
        Poll::Ready(Ok(chunk))
    }

    /// Ends the page at its deadline; returns the outcome, which is another one if the page has ended before.
    pub(super) fn time_out(&self) -> PageOutcome {
        self.end(PageOutcome::TimedOut)
    }

    /// Ends the page as complete, although the rest is not sent.
    pub(super) fn finish(&self) {
        self.end(PageOutcome::Complete);
    }

    fn end(&self, outcome: PageOutcome) -> PageOutcome {
        self.0.end(&mut self.0.lock(), outcome)
    }
}

impl Drop for QueueReceiver {
    fn drop(&mut self) {
        self.end(PageOutcome::Abandoned);
    }
}
