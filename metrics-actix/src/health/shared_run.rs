//! One run at a time, whose result all waiting tasks share.

use std::sync::{Mutex, PoisonError};

use tokio::sync::watch;

/// Run in flight, or the result of the last one.
#[derive(Debug)]
pub(super) struct SharedRun<T>(Mutex<watch::Receiver<Option<T>>>);

/// Sender of a run's result. If it is dropped without a result, a waiting task starts the run anew.
pub(super) type ResultSender<T> = watch::Sender<Option<T>>;

impl<T> Default for SharedRun<T> {
    fn default() -> Self {
        // Without a sender no run is in flight.
        Self(Mutex::new(watch::Sender::new(None).subscribe()))
    }
}

impl<T: Clone> SharedRun<T> {
    /// Returns the last result if it is fresh, or else the result of the run in flight, which is started if there is none.
    ///
    /// The run goes on if all waiting tasks are dropped. `start` must not wait for it.
    pub(super) async fn result(&self, is_fresh: impl Fn(&T) -> bool, start: impl Fn(ResultSender<T>)) -> T {
        loop {
            let mut run = self.join_or_start(&is_fresh, &start);
            if let Ok(result) = run.wait_for(Option::is_some).await
                && let Some(result) = &*result
            {
                return result.clone();
            }
        }
    }

    fn join_or_start(
        &self,
        is_fresh: impl Fn(&T) -> bool,
        start: impl Fn(ResultSender<T>),
    ) -> watch::Receiver<Option<T>> {
        let mut run = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let is_in_flight = matches!(run.has_changed(), Ok(false));
        if is_in_flight || run.borrow().as_ref().is_some_and(is_fresh) {
            return run.clone();
        }
        let (sender, receiver) = watch::channel(None);
        *run = receiver.clone();
        drop(run);
        start(sender);
        receiver
    }
}

#[cfg(test)]
mod tests {
    use std::cell::RefCell;

    use actix_web::rt;

    use super::*;

    #[test]
    fn a_run_is_shared_kept_and_started_anew() {
        let (run, senders) = (SharedRun::default(), RefCell::new(Vec::new()));
        let start = |sender| senders.borrow_mut().push(sender);
        let never = |_: &u8| false;
        let first = run.join_or_start(never, start);
        let second = run.join_or_start(never, start);
        assert_eq!(senders.borrow().len(), 1);
        drop(first);
        senders.borrow()[0].send_replace(Some(1));
        assert_eq!(*second.borrow(), Some(1));
        assert_eq!(*run.join_or_start(|_| true, start).borrow(), Some(1));
        assert_eq!(senders.borrow().len(), 1);
        let third = run.join_or_start(never, start);
        assert_eq!((senders.borrow().len(), *third.borrow()), (2, None));
    }

    #[test]
    fn a_run_that_is_dropped_is_started_again() {
        let (run, count) = (SharedRun::default(), RefCell::new(0));
        let start = |sender: ResultSender<u8>| {
            *count.borrow_mut() += 1;
            if *count.borrow() == 3 {
                sender.send_replace(Some(7));
            }
        };
        let result = rt::System::new().block_on(run.result(|_| false, start));
        assert_eq!((result, *count.borrow()), (7, 3));
    }
}
