//! One request from its begin to its response's head. It ends exactly once, here or in [`Sending`].

use std::{mem, rc::Rc, thread};

use actix_web::{
    HttpRequest,
    body::{BodySize, BoxBody, MessageBody},
    dev::{ResponseHead, ServiceRequest, ServiceResponse},
    http::StatusCode,
};
use metrics_core::{__private::elapsed_nanos, Stopwatch};

use crate::{
    body,
    entries::Entries,
    labels::{Method, Outcome},
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
    /// What the request is in progress under.
    entered: Rc<Entry>,
    /// What the path says of the route; nothing where the request ends under that which it is in progress under.
    guess: Option<Guess>,
    /// What is measured beside the duration, where it is asked for.
    measured: Option<Box<Measured>>,
}

/// How a request ends, as its response's head says.
#[derive(Debug)]
pub(crate) struct Answer {
    /// What the request ends under, where that is not what it is in progress under.
    ended: Option<Rc<Entry>>,
    ending: Ending,
}

impl Exchange {
    /// Begins a request, unless it is one that is left out.
    #[inline]
    pub(crate) fn begin(entries: &Entries, request: &mut ServiceRequest) -> Self {
        let watch = Stopwatch::start();
        let worker = &*entries.worker;
        let path = request.path();
        if worker.leaves_out(path) || worker.outer.counts(&worker.families) {
            return Self(None);
        }
        let (entered, guess) = entries.enter(request, path);
        if entered.is_excluded() {
            return Self(None);
        }
        entered.enter();
        let measured = worker.needs_extra.then(|| begin_measuring(worker, request));
        Self(Some(Begun { watch, entered, guess, measured }))
    }

    /// Takes note of the response's head. The request ends here if its body is in memory, as that is given in one piece, and
    /// goes on with the body otherwise.
    #[inline]
    pub(crate) fn respond<B: MessageBody + 'static>(
        &mut self,
        response: ServiceResponse<B>,
    ) -> ServiceResponse {
        let watch = Watch(self);
        let Some(begun) = &mut watch.0.0 else { return response.map_into_boxed_body() };
        let mut answer = begun.answer(response.request(), response.response().head());
        let size = response.response().body().size();
        // Taken apart and put together, as `map_body` is not inlined: it moves all of a response, which is large, once more.
        let (request, response) = response.into_parts();
        let (response, body) = response.into_parts();
        let body = match body::in_memory(body, size) {
            Ok(body) => body,
            Err(body) => watch.0.stream(body, size, &mut answer),
        };
        watch.0.complete(&answer, size);
        let response = response.set_body(body);
        mem::forget(watch);
        ServiceResponse::new(request, response)
    }

    /// Ends the request with its response's head, unless it goes on with the body.
    #[inline]
    fn complete(&mut self, answer: &Answer, size: BodySize) {
        if let Some(begun) = &mut self.0 {
            if begun.measured.is_some() {
                begun.gave_all(answer, size);
            }
            begun.end(answer);
        }
        self.0 = None;
    }

    /// Goes on with a body that comes piece by piece; where there is no piece to come the request ends with its head.
    #[cold]
    fn stream<B: MessageBody + 'static>(&mut self, body: B, size: BodySize, answer: &mut Answer) -> BoxBody {
        match self.0.take_if(|_| !matches!(size, BodySize::Sized(0))) {
            Some(begun) => {
                let unread = begun.is_unread(answer);
                body::measured(body, Sending::new(begun, answer.take(), size, unread))
            }
            None => body.boxed(),
        }
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
        if let Some(begun) = self.0.take() {
            begun.end(&Answer { ended: None, ending: Ending::new(outcome, 0) });
        }
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
        if self.measured.is_some() {
            self.take_head();
        }
        let worker = &*self.entered.worker;
        let ended = self.guess.and_then(|guess| {
            let taken = worker.routes.taken(request, guess);
            (taken != guess.route).then(|| self.entered.elsewhere(taken))
        });
        let values = worker.response_values(request, head);
        Answer { ended, ending: Ending::new(Outcome::of(head.status.as_u16()), values) }
    }

    #[cold]
    fn take_head(&mut self) {
        if let Some(measured) = &mut self.measured {
            measured.first_byte = Some(self.watch.elapsed());
        }
    }

    /// Takes note of a body that was given in one piece. Where the response has no body by its method or status the server sends
    /// none of it.
    #[cold]
    fn gave_all(&mut self, answer: &Answer, size: BodySize) {
        if let BodySize::Sized(bytes) = size
            && !self.is_unread(answer)
        {
            self.gave(bytes);
        }
    }

    /// Takes note of bytes of the body that were given.
    pub(crate) fn gave(&mut self, bytes: u64) {
        if let Some(measured) = &mut self.measured {
            measured.sent += bytes;
        }
    }

    /// Whether nobody reads the response's body to its end, as by its method or status it has none. After 101 it has, and its
    /// connection ends when either side likes.
    fn is_unread(&self, answer: &Answer) -> bool {
        matches!(answer.status(), 100..200 | 204 | 304) || self.entered.beginning.method() == Method::Head
    }

    /// Says that the inner service is being called.
    #[inline]
    pub(crate) fn call(&self) -> Called {
        Called::enter(&self.entered.worker.families)
    }

    /// Counts the request, which has ended.
    #[inline]
    pub(crate) fn end(&self, answer: &Answer) {
        let nanos = elapsed_nanos(self.watch);
        let entry = answer.ended.as_ref().unwrap_or(&self.entered);
        if !entry.finish_quickly(&self.entered, answer.ending, nanos) {
            self.end_slowly(entry, answer.ending, nanos);
        }
    }

    #[inline(never)]
    fn end_slowly(&self, entry: &Entry, ending: Ending, nanos: u64) {
        self.entered.leave();
        if !entry.is_excluded() {
            entry.count(ending, nanos, self.measured.as_deref());
        }
    }
}

impl Answer {
    /// The answer, which is not used here any more.
    fn take(&mut self) -> Self {
        Self { ended: self.ended.take(), ending: self.ending }
    }

    pub(crate) const fn status(&self) -> u16 {
        self.ending.status()
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
