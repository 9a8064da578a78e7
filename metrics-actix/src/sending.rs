//! A request whose response has been given up to its body, which comes piece by piece.

use std::mem;

use actix_web::{body::BodySize, web::Bytes};

use crate::{
    exchange::{Answer, Begun, lost},
    labels::Outcome,
};

/// A request whose body is being sent, or none. It is counted when this is dropped, as in [`Exchange`](crate::exchange::Exchange).
///
/// It is one word, as responses are moved from one place to another as they go through services.
#[derive(Debug)]
pub(crate) struct Sending(Option<Box<State>>);

#[derive(Debug)]
struct State {
    begun: Begun,
    answer: Answer,
    /// How much is still to come, where that is known.
    remaining: Option<u64>,
}

impl Sending {
    /// No request.
    pub(crate) const NONE: Self = Self(None);

    pub(crate) fn new(begun: Begun, answer: Answer, size: BodySize) -> Self {
        let remaining = match size {
            BodySize::Sized(size) => Some(size),
            BodySize::None | BodySize::Stream => None,
        };
        Self(Some(Box::new(State { begun, answer, remaining })))
    }

    /// Takes note of what the body has given.
    pub(crate) fn given<E>(&mut self, next: Option<&Result<Bytes, E>>) {
        let Some(state) = &mut self.0 else { return };
        match next {
            Some(Ok(chunk)) => {
                state.begun.sent(&state.answer, chunk.len());
                if let Some(remaining) = &mut state.remaining {
                    *remaining = remaining.saturating_sub(chunk.len() as u64);
                }
                // The server may drop a body without asking for what comes after its last byte.
                if state.remaining == Some(0) {
                    self.complete();
                }
            }
            Some(Err(_)) => self.break_off(Outcome::BODY),
            None => self.complete(),
        }
    }

    /// Takes note of the whole body, which has been given at once.
    pub(crate) fn given_whole(&mut self, body: &Bytes) {
        if let Some(state) = &mut self.0 {
            state.begun.sent(&state.answer, body.len());
            self.complete();
        }
    }

    /// Ends the request with the status of its response, which has been given in full.
    fn complete(&mut self) {
        if let Some(state) = self.0.take() {
            state.begun.end(state.answer);
        }
    }

    /// Ends the request before its body was given in full. Where the response has no body by its method or status nothing is
    /// amiss: after 101 this is how a connection ends.
    fn break_off(&mut self, outcome: Outcome) {
        match &self.0 {
            Some(state) if state.answer.is_unread() => self.complete(),
            _ => self.end_with(outcome),
        }
    }

    fn end_with(&mut self, outcome: Outcome) {
        if let Some(mut state) = self.0.take() {
            state.answer.set_outcome(outcome);
            state.begun.end(state.answer);
        }
    }

    /// Asks the inner body. A panic in it ends the request, and goes on, see
    /// [`Exchange::watch`](crate::exchange::Exchange::watch).
    pub(crate) fn watch<R>(&mut self, inner: impl FnOnce() -> R) -> R {
        /// Only dropped by a panic.
        struct Watch<'a>(&'a mut Sending);

        impl Drop for Watch<'_> {
            fn drop(&mut self) {
                self.0.end_with(Outcome::PANIC);
            }
        }

        let Some(state) = &self.0 else { return inner() };
        let _called = state.begun.call();
        let watch = Watch(self);
        let result = inner();
        mem::forget(watch);
        result
    }
}

impl Drop for Sending {
    #[inline]
    fn drop(&mut self) {
        if self.0.is_some() {
            self.break_off(lost());
        }
    }
}
