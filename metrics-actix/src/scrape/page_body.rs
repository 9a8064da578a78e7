//! The body of a response with a page.

use std::{
    fmt,
    future::{Future, poll_fn},
    pin::Pin,
    task::{Context, Poll, ready},
};

use actix_web::{
    body::{BodySize, MessageBody},
    rt::time::{Sleep, sleep_until},
    web::Bytes,
};
use metrics_core::Chunk;

use super::page_queue::{PageOutcome, QueueReceiver};

/// A page on its way, which ends in time.
pub(super) struct PageReceiver {
    receiver: QueueReceiver,
    time: Pin<Box<Sleep>>,
}

impl PageReceiver {
    pub(super) fn new(receiver: QueueReceiver) -> Self {
        let time = Box::pin(sleep_until(receiver.deadline().into()));
        Self { receiver, time }
    }

    /// The next chunk, or how the page has ended.
    pub(super) async fn next(&mut self) -> Result<Chunk, PageOutcome> {
        poll_fn(|context| self.poll(context)).await
    }

    /// Ends the page with what there is of it.
    pub(super) fn finish(&self) {
        self.receiver.finish();
    }

    fn poll(&mut self, context: &mut Context<'_>) -> Poll<Result<Chunk, PageOutcome>> {
        if let Poll::Ready(next) = self.receiver.poll(context) {
            return Poll::Ready(next);
        }
        ready!(self.time.as_mut().poll(context));
        Poll::Ready(Err(self.receiver.time_out()))
    }
}

/// A body of a page that is too large for one chunk.
pub(super) struct StreamedPage {
    /// What came before the head was sent.
    first: Option<Bytes>,
    rest: PageReceiver,
    ended: bool,
}

impl StreamedPage {
    pub(super) const fn new(first: Bytes, rest: PageReceiver) -> Self {
        Self { first: Some(first), rest, ended: false }
    }
}

/// Why the rest of a page is missing. The server closes the connection, by which the scraper knows.
#[derive(Debug)]
pub(super) struct StreamAborted(PageOutcome);

impl fmt::Display for StreamAborted {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self.0 {
            PageOutcome::TimedOut => "the metrics page was not finished in time",
            _ => "the metrics page could not be made",
        })
    }
}

impl std::error::Error for StreamAborted {}

impl MessageBody for StreamedPage {
    type Error = StreamAborted;

    fn size(&self) -> BodySize {
        BodySize::Stream
    }

    fn poll_next(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Bytes, Self::Error>>> {
        if let Some(first) = self.first.take() {
            return Poll::Ready(Some(Ok(first)));
        }
        if self.ended {
            return Poll::Ready(None);
        }
        let next = ready!(self.rest.poll(context));
        self.ended = next.as_ref().map_or(true, |chunk| chunk.is_last);
        Poll::Ready(match next {
            // The last chunk may be empty, which would end the body for some that read it.
            Ok(chunk) if chunk.bytes.is_empty() => None,
            Ok(chunk) => Some(Ok(chunk.bytes.into())),
            Err(ending) => Some(Err(StreamAborted(ending))),
        })
    }
}
