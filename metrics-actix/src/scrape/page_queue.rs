//! From the thread that makes a page to the task that sends it: a queue with an end and a deadline.

use std::{
    collections::VecDeque,
    ops::ControlFlow,
    sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError},
    task::{Context, Poll, Waker},
    time::Instant,
};

use metrics_core::{Chunk, ScrapePermit};

/// How many chunks wait for the scraper at most.
const MOST_WAITING: usize = 2;

/// How a page ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum PageOutcome {
    /// The scraper has it.
    Whole,
    /// It was not finished in time.
    TimedOut,
    /// The scraper went away.
    Abandoned,
    /// It could not be made.
    Failed,
}

#[derive(Debug)]
struct State {
    waiting: VecDeque<Chunk>,
    /// Held while the page takes memory or a thread.
    permit: Option<ScrapePermit>,
    ending: Option<PageOutcome>,
    receiver: Option<Waker>,
}

#[derive(Debug)]
struct Shared {
    state: Mutex<State>,
    /// The sender waits for room, or for the last chunk to be taken.
    taken: Condvar,
    deadline: Instant,
}

impl Shared {
    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Ends the page unless it has ended, and gives back its memory; returns how it has ended.
    fn end(&self, state: &mut State, ending: PageOutcome) -> PageOutcome {
        if let Some(ended) = state.ending {
            return ended;
        }
        if let Some(permit) = &state.permit {
            match ending {
                PageOutcome::Whole | PageOutcome::Failed => permit.finished(),
                PageOutcome::TimedOut => permit.timed_out(),
                PageOutcome::Abandoned => permit.abandoned(),
            }
        }
        state.ending = Some(ending);
        state.waiting = VecDeque::new();
        self.taken.notify_all();
        if let Some(waker) = state.receiver.take() {
            waker.wake();
        }
        ending
    }
}

/// The two ends of a page that is over at the deadline, whatever comes.
pub(super) fn queue(permit: ScrapePermit, deadline: Instant) -> (QueueSender, QueueReceiver) {
    let state = State { waiting: VecDeque::new(), permit: Some(permit), ending: None, receiver: None };
    let shared = Arc::new(Shared { state: Mutex::new(state), taken: Condvar::new(), deadline });
    (QueueSender(Arc::clone(&shared)), QueueReceiver(shared))
}

/// The end of the thread that makes the page. While it lives the scrape counts as one of those that go on.
#[derive(Debug)]
pub(super) struct QueueSender(Arc<Shared>);

impl QueueSender {
    /// Gives a chunk away, and waits while there are others before it: after the last one until it is taken.
    pub(super) fn send(&self, chunk: Chunk) -> ControlFlow<()> {
        let is_last = chunk.is_last;
        let most = if is_last { 0 } else { MOST_WAITING - 1 };
        let mut state = self.0.lock();
        if state.ending.is_none() {
            state.waiting.push_back(chunk);
            if let Some(waker) = state.receiver.take() {
                waker.wake();
            }
        }
        while state.ending.is_none() && state.waiting.len() > most {
            let Some(left) = self.0.deadline.checked_duration_since(Instant::now()) else {
                self.0.end(&mut state, PageOutcome::TimedOut);
                break;
            };
            state = self
                .0
                .taken
                .wait_timeout(state, left)
                .map_or_else(|poisoned| poisoned.into_inner().0, |(state, _)| state);
        }
        match state.ending {
            None => ControlFlow::Continue(()),
            // What was taken to its end was not broken off, and counts as a page.
            Some(PageOutcome::Whole) if is_last => ControlFlow::Continue(()),
            Some(_) => ControlFlow::Break(()),
        }
    }
}

impl Drop for QueueSender {
    fn drop(&mut self) {
        let mut state = self.0.lock();
        // A page that was made has ended by now; this one was not, as its thread panics or did not begin.
        self.0.end(&mut state, PageOutcome::Failed);
        drop(state.permit.take());
    }
}

/// The end of the task that sends the page.
#[derive(Debug)]
pub(super) struct QueueReceiver(Arc<Shared>);

impl QueueReceiver {
    /// The next chunk, or how the page has ended.
    pub(super) fn poll(&self, context: &Context<'_>) -> Poll<Result<Chunk, PageOutcome>> {
        let mut state = self.0.lock();
        if let Some(ending) = state.ending {
            return Poll::Ready(Err(ending));
        }
        let Some(chunk) = state.waiting.pop_front() else {
            state.receiver = Some(context.waker().clone());
            return Poll::Pending;
        };
        if chunk.is_last {
            self.0.end(&mut state, PageOutcome::Whole);
            // Its thread has nothing left to do, and the scraper may ask for the next page before that is over.
            drop(state.permit.take());
        }
        self.0.taken.notify_all();
        Poll::Ready(Ok(chunk))
    }

    /// When the page is over.
    pub(super) fn deadline(&self) -> Instant {
        self.0.deadline
    }

    /// Ends the page as one that was not finished in time; returns how it has ended.
    pub(super) fn time_out(&self) -> PageOutcome {
        self.end(PageOutcome::TimedOut)
    }

    /// Ends the page with what is sent of it.
    pub(super) fn finish(&self) {
        self.end(PageOutcome::Whole);
    }

    fn end(&self, ending: PageOutcome) -> PageOutcome {
        self.0.end(&mut self.0.lock(), ending)
    }
}

impl Drop for QueueReceiver {
    fn drop(&mut self) {
        self.end(PageOutcome::Abandoned);
    }
}
