//! A request whose response has been given up to its body, which comes piece by piece.

use std::mem;

use actix_web::{body::BodySize, web::Bytes};
use metrics_core::{
    __private::{count_with_exemplar, take_exemplar},
    ExemplarLabels,
};

use crate::{
    exchange::{Answer, Begun, lost},
    labels::Outcome,
};

/// A request whose body is being sent, or none: one that has ended. It is counted when this is dropped, as in
/// [`Exchange`](crate::exchange::Exchange).
#[derive(Debug)]
pub(crate) struct Sending(Option<State>);

#[derive(Debug)]
struct State {
    begun: Begun,
    answer: Answer,
    /// How much is still to come, where that is known.
    remaining: Option<u64>,
    /// Whether nobody has to read the body to its end.
    unread: bool,
    /// The exemplar of the span that the response's head was made in: the body may be given outside of it.
    exemplar: Option<Box<ExemplarLabels>>,
}

const SWITCHING_PROTOCOLS: u16 = 101;

impl Sending {
    pub(crate) fn new(begun: Begun, answer: Answer, size: BodySize, unread: bool) -> Self {
        let remaining = match size {
            BodySize::Sized(size) => Some(size),
            BodySize::None | BodySize::Stream => None,
        };
        Self(Some(State { begun, answer, remaining, unread, exemplar: take_exemplar() }))
    }

    /// Takes note of what the body has given.
    pub(crate) fn given<E>(&mut self, next: Option<&Result<Bytes, E>>) {
        let Some(state) = &mut self.0 else { return };
        match next {
            Some(Ok(chunk)) => {
                state.gave(chunk.len() as u64);
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

    /// Ends the request with the status of its response, which has been given in full.
    fn complete(&mut self) {
        if let Some(state) = self.0.take() {
            state.end();
        }
    }

    /// Ends the request before its body was given in full. Where the response has no body by its method or status nothing is
    /// amiss: after 101 this is how a connection ends.
    fn break_off(&mut self, outcome: Outcome) {
        match &self.0 {
            Some(state) if state.unread => self.complete(),
            _ => self.end_with(outcome),
        }
    }

    fn end_with(&mut self, outcome: Outcome) {
        if let Some(mut state) = self.0.take() {
            state.answer.set_outcome(outcome);
            state.end();
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

impl State {
    /// Takes note of bytes of the body that were given. Where the server asks for a body that the response does not have by its
    /// method or status, it sends none of it; after 101 it does.
    fn gave(&mut self, bytes: u64) {
        if !self.unread || self.answer.status() == SWITCHING_PROTOCOLS {
            self.begun.gave(bytes);
        }
    }

    fn end(self) {
        let Self { begun, answer, exemplar, .. } = self;
        match exemplar {
            Some(exemplar) => count_with_exemplar(exemplar, || begun.end(&answer)),
            None => begun.end(&answer),
        }
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
