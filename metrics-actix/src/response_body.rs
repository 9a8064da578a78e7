//! Body of a measured response that is not in memory: the request ends with its last byte.

use std::{
    mem,
    pin::Pin,
    task::{Context, Poll, ready},
};

use actix_web::{
    body::{BodySize, BoxBody, MessageBody},
    web::Bytes,
};
use metrics_core::{
    __private::{count_with_exemplar, take_exemplar},
    ExemplarLabels,
};
use pin_project_lite::pin_project;

use crate::{
    completion::{ResponseOutcome, outcome_of_drop},
    in_flight::{InFlightRequest, RequestState},
    labels::Outcome,
};

/// Moves the request into a streamed body. A body without a byte to come ends the request with its head.
#[cold]
pub(crate) fn stream<B: MessageBody + 'static>(
    in_flight: &mut InFlightRequest,
    body: B,
    size: BodySize,
    outcome: &mut ResponseOutcome,
) -> BoxBody {
    let is_empty = matches!(size, BodySize::Sized(0));
    match if is_empty { None } else { in_flight.take() } {
        Some(state) => {
            // The one allocation that a body in a box takes anyway.
            BoxBody::new(MeasuredBody { body, streaming: StreamingBody::new(state, outcome.take(), size) })
        }
        None => body.boxed(),
    }
}

pin_project! {
    /// Body that is not in memory. The request ends with its last byte, or when it is dropped before.
    struct MeasuredBody<B> {
        #[pin]
        body: B,
        streaming: StreamingBody,
    }

    impl<B> PinnedDrop for MeasuredBody<B> {
        fn drop(this: Pin<&mut Self>) {
            // The body is dropped next, and with it operations that have not ended.
            if let Some(state) = &this.project().streaming.0 {
                state.request.enter_database_use();
            }
        }
    }
}

impl<B: MessageBody> MessageBody for MeasuredBody<B> {
    type Error = B::Error;

    #[inline]
    fn size(&self) -> BodySize {
        self.body.size()
    }

    #[inline]
    fn poll_next(
        self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Bytes, Self::Error>>> {
        let this = self.project();
        let next = ready!(this.streaming.watch(|| this.body.poll_next(context)));
        this.streaming.record_chunk(next.as_ref());
        Poll::Ready(next)
    }
}

/// Request whose body is being sent; empty once it has ended.
///
/// Dropping it counts the request, as with [`InFlightRequest`].
#[derive(Debug)]
struct StreamingBody(Option<StreamingState>);

#[derive(Debug)]
struct StreamingState {
    request: RequestState,
    outcome: ResponseOutcome,
    /// Bytes to come, if the body has told its size.
    remaining: Option<u64>,
    /// Set if nobody has to read the body to its end.
    is_unread: bool,
    /// Exemplar of the span that the head was made in: the body may be sent outside of it.
    exemplar: Option<Box<ExemplarLabels>>,
}

const SWITCHING_PROTOCOLS: u16 = 101;

impl StreamingBody {
    fn new(request: RequestState, outcome: ResponseOutcome, size: BodySize) -> Self {
        let remaining = match size {
            BodySize::Sized(size) => Some(size),
            BodySize::None | BodySize::Stream => None,
        };
        let is_unread = request.is_unread(&outcome);
        Self(Some(StreamingState { request, outcome, remaining, is_unread, exemplar: take_exemplar() }))
    }

    /// Records what the body has given.
    fn record_chunk<E>(&mut self, next: Option<&Result<Bytes, E>>) {
        let Some(state) = &mut self.0 else { return };
        match next {
            Some(Ok(chunk)) => {
                state.record_sent(chunk.len() as u64);
                if let Some(remaining) = &mut state.remaining {
                    *remaining = remaining.saturating_sub(chunk.len() as u64);
                }
                // The server may drop a body without polling past its last byte.
                if state.remaining == Some(0) {
                    self.complete();
                }
            }
            Some(Err(_)) => self.interrupt(Outcome::BODY_FAILED),
            None => self.complete(),
        }
    }

    /// Ends the request with the status of its response, which was sent in full.
    fn complete(&mut self) {
        if let Some(state) = self.0.take() {
            state.finish();
        }
    }

    /// Ends the request before its body was sent in full. For a body that nobody reads to its end, this is the usual end.
    fn interrupt(&mut self, outcome: Outcome) {
        match &self.0 {
            Some(state) if state.is_unread => self.complete(),
            _ => self.end_with(outcome),
        }
    }

    fn end_with(&mut self, outcome: Outcome) {
        if let Some(mut state) = self.0.take() {
            state.outcome.set_outcome(outcome);
            state.finish();
        }
    }

    /// Polls the inner body. A panic in it ends the request, and unwinds on, as in [`InFlightRequest::watch`].
    fn watch<R>(&mut self, inner: impl FnOnce() -> R) -> R {
        /// Ends a request when it is dropped, which only a panic does.
        struct PanicGuard<'a>(&'a mut StreamingBody);

        impl Drop for PanicGuard<'_> {
            fn drop(&mut self) {
                self.0.end_with(Outcome::PANIC);
            }
        }

        let Some(state) = &self.0 else { return inner() };
        let _active = state.request.activate();
        let guard = PanicGuard(self);
        let result = inner();
        mem::forget(guard);
        if let Some(state) = &self.0 {
            state.request.exit_database_use();
        }
        result
    }
}

impl StreamingState {
    /// Records bytes that were sent. The server sends none of a body that the response does not have by its method or status;
    /// after 101 it does.
    fn record_sent(&mut self, bytes: u64) {
        if !self.is_unread || self.outcome.status() == SWITCHING_PROTOCOLS {
            self.request.record_sent(bytes);
        }
    }

    fn finish(self) {
        let Self { request, outcome, exemplar, .. } = self;
        match exemplar {
            Some(exemplar) => count_with_exemplar(exemplar, || request.finish(&outcome)),
            None => request.finish(&outcome),
        }
    }
}

impl Drop for StreamingBody {
    #[inline]
    fn drop(&mut self) {
        if self.0.is_some() {
            self.interrupt(outcome_of_drop());
        }
    }
}
