//! Receiving end of a page, with its deadline.

use std::{
    future::poll_fn,
    task::{Context, Poll},
};

use super::{
    deadline::Deadline,
    page_queue::{PageOutcome, QueueReceiver},
};
use crate::exposition::Chunk;

/// Receiver of a page's chunks until the deadline.
#[derive(Debug)]
pub(super) struct PageReceiver {
    queue: QueueReceiver,
    deadline: Deadline,
}

impl PageReceiver {
    pub(super) const fn new(queue: QueueReceiver, deadline: Deadline) -> Self {
        Self { queue, deadline }
    }

    /// Returns the next chunk; the error is the outcome of an ended page.
    pub(super) async fn next(&mut self) -> Result<Chunk, PageOutcome> {
        poll_fn(|context| self.poll(context)).await
    }

    /// Ends the page as complete, although the rest is not sent.
    pub(super) fn finish(&self) {
        self.queue.finish();
    }

    pub(super) fn poll(&mut self, context: &Context<'_>) -> Poll<Result<Chunk, PageOutcome>> {
        if self.deadline.has_passed() {
            return Poll::Ready(Err(self.queue.time_out()));
        }
        match self.queue.poll(context) {
            Poll::Ready(next) => Poll::Ready(next),
            Poll::Pending => self.deadline.poll(context).map(|()| Err(self.queue.time_out())),
        }
    }
}
