//! One request from its begin to its response's head. It ends exactly once, here or in [`Sending`].

use std::{mem, rc::Rc, thread, time::Duration};

use actix_web::{
    HttpRequest,
    body::{BodySize, MessageBody},
    dev::{ResponseHead, ServiceRequest, ServiceResponse},
    http::{Method as HttpMethod, StatusCode},
};
use metrics_core::{
    __private::{count_with_exemplar, take_exemplar},
    ExemplarLabels, Stopwatch,
};

use crate::{
    body::MeasuredBody,
    labels::Outcome,
    nested::Called,
    payload,
    routes::Guess,
    sending::Sending,
    series::{Ending, Entry, Measured},
    worker::Worker,
};

/// One request in progress, or none: one that is left out, or has ended. It is counted when this is dropped, so that it is
/// counted exactly once whatever happens.
#[derive(Debug)]
pub(crate) struct Exchange(Option<Begun>);

/// What is known of a request in progress.
#[derive(Debug)]
pub(crate) struct Begun {
    watch: Stopwatch,
    worker: Rc<Worker>,
    /// What the request is in progress under.
    entered: Rc<Entry>,
    /// What the path says of the route; nothing where the request ends under that which it is in progress under.
    guess: Option<Guess>,
    /// What is measured beside the duration, where it is asked for.
    measured: Option<Box<Measured>>,
}

/// What is known of how a request ends, once the response's head is known.
#[derive(Debug)]
pub(crate) struct Answer {
    /// What the request ends under, where that is not what it is in progress under.
    ended: Option<Rc<Entry>>,
    ending: Ending,
    /// Whether nobody has to read the response's body to its end.
    unread: bool,
    /// The exemplar of the span that the response's head was made in: the body may be given outside of it.
    exemplar: Option<Box<ExemplarLabels>>,
}

const SWITCHING_PROTOCOLS: u16 = 101;

impl Exchange {
    /// Begins a request, unless it is one that is left out.
    #[inline]
    pub(crate) fn begin(worker: &Rc<Worker>, request: &mut ServiceRequest) -> Self {
        let watch = Stopwatch::start();
        if worker.leaves_out(request.path()) || worker.outer.counts(&worker.families) {
            return Self(None);
        }
        let (route, guess) = worker.routes.arrive(request.request());
        let entered = worker.entry(route, worker.beginning(request));
        if entered.is_excluded() {
            return Self(None);
        }
        entered.enter(&worker.families);
        let measured = worker.needs_extra.then(|| begin_measuring(worker, request));
        Self(Some(Begun { watch, worker: Rc::clone(worker), entered, guess, measured }))
    }

    /// Takes note of the response's head, and goes on with its body if there is more of it to come.
    #[inline]
    pub(crate) fn respond<B: MessageBody>(
        &mut self,
        response: ServiceResponse<B>,
    ) -> ServiceResponse<MeasuredBody<B>> {
        let watch = Watch(self);
        let (request, response) = response.into_parts();
        let response = response.map_body(|head, body| watch.0.give(&request, head, body));
        mem::forget(watch);
        ServiceResponse::new(request, response)
    }

    /// A body in memory is given in one piece, so that the request ends here.
    #[inline(never)]
    fn give<B: MessageBody>(
        &mut self,
        request: &HttpRequest,
        head: &ResponseHead,
        body: B,
    ) -> MeasuredBody<B> {
        if !self.is_running() {
            return MeasuredBody::streamed(body, Sending::NONE);
        }
        let size = body.size();
        if matches!(size, BodySize::Sized(1..)) && head.status != StatusCode::SWITCHING_PROTOCOLS {
            return match body.try_into_bytes() {
                Ok(bytes) => {
                    self.complete(request, head, bytes.len());
                    MeasuredBody::whole(bytes)
                }
                Err(body) => MeasuredBody::streamed(body, self.send(request, head, size)),
            };
        }
        MeasuredBody::streamed(body, self.send(request, head, size))
    }

    /// Ends the request with its response, whose body has been given in full.
    #[inline]
    fn complete(&mut self, request: &HttpRequest, head: &ResponseHead, bytes: usize) {
        if let Some(begun) = &mut self.0 {
            let answer = begun.answer(request, head);
            begun.sent(&answer, bytes);
            begun.end(answer);
        }
        self.0 = None;
    }

    /// Goes on with the body, if there is any.
    fn send(&mut self, request: &HttpRequest, head: &ResponseHead, size: BodySize) -> Sending {
        let Some(mut begun) = self.0.take() else { return Sending::NONE };
        let answer = begun.answer(request, head);
        if matches!(size, BodySize::None | BodySize::Sized(0)) {
            begun.end(answer);
            return Sending::NONE;
        }
        Sending::new(begun, answer, size)
    }

    /// Ends the request with the status of an error that the inner service gave instead of a response.
    pub(crate) fn refuse(&mut self, status: StatusCode) {
        if let Some(begun) = &mut self.0 {
            begun.take_head();
        }
        self.end_with(Outcome::of(status.as_u16()));
    }

    /// Whether there is a request that has not ended.
    pub(crate) const fn is_running(&self) -> bool {
        self.0.is_some()
    }

    /// Ends a request that has no response.
    #[cold]
    fn end_with(&mut self, outcome: Outcome) {
        let Some(begun) = self.0.take() else { return };
        begun.end(Answer { ended: None, ending: Ending::new(outcome, 0), unread: false, exemplar: None });
    }

    /// Calls a part of the inner service. A panic in it ends the request, and goes on.
    ///
    /// The runtime catches a panic before it drops the connection, so that by then nothing tells of it.
    #[inline]
    pub(crate) fn watch<R>(&mut self, inner: impl FnOnce() -> R) -> R {
        let Some(begun) = &self.0 else { return inner() };
        let _called = begun.call();
        let watch = Watch(self);
        let result = inner();
        mem::forget(watch);
        result
    }
}

/// Only dropped by a panic.
struct Watch<'a>(&'a mut Exchange);

impl Drop for Watch<'_> {
    fn drop(&mut self) {
        self.0.end_with(Outcome::PANIC);
    }
}

impl Drop for Exchange {
    #[inline]
    fn drop(&mut self) {
        if self.is_running() {
            self.end_with(lost());
        }
    }
}

/// How a request has ended that is dropped: its client has gone, or a panic outside of the inner service takes it along.
pub(crate) fn lost() -> Outcome {
    if thread::panicking() { Outcome::PANIC } else { Outcome::CLIENT_GONE }
}

impl Begun {
    /// What the response's head says.
    #[inline]
    fn answer(&mut self, request: &HttpRequest, head: &ResponseHead) -> Answer {
        self.take_head();
        let ended = self.guess.and_then(|guess| {
            let taken = self.worker.routes.taken(request, guess);
            (taken != guess.route).then(|| self.worker.entry(taken, self.entered.beginning))
        });
        let status = head.status.as_u16();
        let ending = Ending::new(Outcome::of(status), self.worker.response_values(request, head));
        // Nobody reads these bodies to their end; after 101 the connection ends when either side likes.
        let unread = matches!(status, 100..200 | 204 | 304) || request.method() == HttpMethod::HEAD;
        Answer { ended, ending, unread, exemplar: take_exemplar() }
    }

    #[inline]
    fn take_head(&mut self) {
        if let Some(measured) = &mut self.measured {
            measured.first_byte = Some(self.watch.elapsed());
        }
    }

    /// Takes note of bytes of the body that were given. Where the server asks for a body that the response does not have by its
    /// method or status, it sends none of it; after 101 it does.
    #[inline]
    pub(crate) fn sent(&mut self, answer: &Answer, bytes: usize) {
        if let Some(measured) = &mut self.measured
            && (!answer.unread || answer.ending.status() == SWITCHING_PROTOCOLS)
        {
            measured.sent += bytes as u64;
        }
    }

    /// Says that the inner service is being called.
    #[inline]
    pub(crate) fn call(&self) -> Called {
        Called::enter(&self.worker.families)
    }

    /// Counts the request, which has ended.
    #[inline]
    pub(crate) fn end(&self, answer: Answer) {
        let duration = self.watch.elapsed();
        self.entered.leave(&self.worker.families);
        let entry = answer.ended.as_ref().unwrap_or(&self.entered);
        if entry.is_excluded() {
            return;
        }
        match answer.exemplar {
            Some(exemplar) => {
                count_with_exemplar(exemplar, || self.count(entry, answer.ending, duration));
            }
            None => self.count(entry, answer.ending, duration),
        }
    }

    #[inline]
    fn count(&self, entry: &Entry, ending: Ending, duration: Duration) {
        self.worker.count(entry, ending, duration, self.measured.as_deref());
    }
}

impl Answer {
    /// Whether nobody has to read the response's body to its end.
    pub(crate) const fn is_unread(&self) -> bool {
        self.unread
    }

    /// The request ends otherwise than the response's head has said.
    pub(crate) const fn set_outcome(&mut self, outcome: Outcome) {
        self.ending = Ending::new(outcome, self.ending.values());
    }
}

#[cold]
#[expect(clippy::unnecessary_box_returns, reason = "it is one word in what it is a part of")]
fn begin_measuring(worker: &Worker, request: &mut ServiceRequest) -> Box<Measured> {
    let counts = !worker.families.request_sizes.is_empty();
    let read = if counts { payload::count(request) } else { None };
    Box::new(Measured { read, ..Measured::default() })
}
